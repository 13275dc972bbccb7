"""Everything that can be wrong with a plan: one declaration per code, and the problem that carries it.

An error keeps a plan from being published; a warning says what will happen if it is.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Literal

from msgspec import Struct

from festoon.base.errors import Invalid, define, text_of, todo_of

Severity = Literal["error", "warning"]

WARNINGS: set[str] = set()

INVALID = define(
    "plan.invalid",
    400,
    "the plan has {count} mistake(s); the first: {first}",
    "方案有 {count} 处错误；第一处：{first}",
    todo="Every mistake is listed with its line; `festoon plan check` prints them all.",
    todo_zh="每处错误都附有行号；可用 `festoon plan check` 全部列出。",
)


class Problem(Struct, frozen=True):
    """One mistake and its place. Lines and columns count from 1; 0 when the plan was not read from text."""

    code: str
    severity: Severity
    path: str = ""
    line: int = 0
    column: int = 0
    data: dict[str, Any] = {}

    def text(self, language: str = "en") -> str:
        """One sentence for the reader."""
        return text_of(self.code, self.data, language)

    def todo(self, language: str = "en") -> str:
        """What to do about it: what was probably meant, if that is known, else the code's own advice."""
        if suggestion := self.data.get("suggestion"):
            said = "是否应为 {}？" if language.startswith("zh") else "Did you mean {}?"
            return said.format(suggestion)
        return todo_of(self.code, self.data, language)

    def shown(self, language: str = "en") -> str:
        """The problem with its place, as a compiler would print it."""
        place = f"{self.line}:{self.column}: " if self.line else ""
        path = f"{self.path}: " if self.path else ""
        return f"{place}{path}{self.text(language)}"


class PlanInvalid(Invalid):
    """A plan that cannot run, or another file that is read as one is. `problems` are all that were found, warnings too,
    in the order of the file."""

    def __init__(self, problems: Iterable[Problem], code: str = INVALID) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path))
        errors = [problem for problem in self.problems if problem.severity == "error"]
        first = errors[0] if errors else self.problems[0]
        super().__init__(code, f"{first.line}:{first.column}", count=len(errors), first=first.text())
        self.first = first

    def text(self, language: str = "en") -> str:
        return text_of(
            self.code, {"count": self.data["count"], "first": self.first.shown(language)}, language
        )

    def problem(self, language: str = "en") -> dict[str, Any]:
        listed = [
            {
                "code": each.code,
                "severity": each.severity,
                "path": each.path,
                "line": each.line,
                "column": each.column,
                "title": each.text(language),
                "detail": each.todo(language),
                "data": each.data,
            }
            for each in self.problems
        ]
        return super().problem(language) | {"problems": listed}


def problem(code: str, path: str = "", line: int = 0, column: int = 0, /, **data: Any) -> Problem:
    """A problem with the severity its code was declared with."""
    severity: Severity = "warning" if code in WARNINGS else "error"
    return Problem(code, severity, path, line, column, data)


def warning(code: str, en: str, zh: str, *, todo: str = "", todo_zh: str = "") -> str:
    """Declare a code that does not keep a plan from being published."""
    WARNINGS.add(code)
    return define(code, 200, en, zh, todo=todo, todo_zh=todo_zh)


def error(code: str, en: str, zh: str, *, todo: str = "", todo_zh: str = "") -> str:
    return define(code, 400, en, zh, todo=todo, todo_zh=todo_zh)


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    return [each for each in problems if each.severity == "error"]


def suggestion(given: str, known: Iterable[str]) -> Mapping[str, str]:
    """`{"suggestion": …}` when one of the known names is close to what was given, else nothing."""
    return {"suggestion": close} if (close := closest(given, known)) else {}


def closest(given: str, known: Iterable[str]) -> str:
    """The known name most like what was given, or ""."""
    found = get_close_matches(given[:100], sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""
