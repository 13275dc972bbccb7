"""A text as an editor shows it: its mistakes with their places, its outline, and what it says."""

from typing import Any

from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.plan.check import Checked, check_plan
from festoon.plan.form.sections import Section, outline, section_of
from festoon.plan.places import Place
from festoon.plan.problems import Problem
from festoon.plan.source import plain, read_source
from festoon.plan.values import texts


class Mark(Struct, frozen=True):
    """One mistake as an editor marks it: from a line and column (counted from 1) on."""

    line: int
    column: int
    severity: str
    path: str
    section: str
    text: str
    todo: str


class Look(Struct, frozen=True):
    """A text looked at. `data` is what it says as plain data, or None when it cannot be read."""

    data: dict[str, Any] | None
    checked: Checked

    def marks(self, language: str) -> list[Mark]:
        return [mark(each, language) for each in self.checked.problems]

    def outline(self) -> list[Section]:
        return outline(self.data or {}, self.checked.problems)

    def places(self) -> dict[str, Place]:
        return dict(self.checked.places)


def look(text: str) -> Look:
    """What an editor needs to know of a text. Never raises."""
    node, _ = read_source(text)
    data = plain(node) if node is not None and isinstance(node.value, dict) else None
    return Look(data, check_plan(text))


def mark(problem: Problem, language: str) -> Mark:
    return Mark(
        max(problem.line, 1),
        max(problem.column, 1),
        problem.severity,
        problem.path,
        section_of(problem.path),
        problem.text(language),
        problem.todo(language),
    )


def title_of(text: str, language: str) -> str:
    """What a plan is called, or its id; of a text that cannot be read nothing."""
    node, _ = read_source(text)
    said = plain(node) if node is not None else None
    if not isinstance(said, dict):
        return ""
    title, campaign = said.get("title"), said.get("campaign")
    if (
        isinstance(title, dict)
        and set(title) <= set(LANGUAGES)
        and all(isinstance(each, str) for each in title.values())
    ):
        title = texts(title)[language]
    name = title if isinstance(title, str) and title else campaign
    return name[:200] if isinstance(name, str) else ""
