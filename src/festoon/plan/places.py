"""Where in the file a path stands, and the problems collected on the way."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from festoon.base.errors import FestoonError
from festoon.base.expressions import ExpressionError
from festoon.plan.decode import Path, shown
from festoon.plan.problems import Problem, problem
from festoon.plan.source import Node


class Place(Struct, frozen=True):
    """Line and column, counted from 1, and how the value there is written (see `Node.style`)."""

    line: int = 0
    column: int = 0
    style: str = ""


Places = Mapping[str, Place]
"""Places by path, as `shown` writes it."""


def places_of(node: Node) -> dict[str, Place]:
    """The place of every value."""
    found: dict[str, Place] = {}
    rest: list[tuple[Path, Node]] = [((), node)]
    while rest:
        path, at = rest.pop()
        found[shown(path)] = Place(at.line, at.column, at.style)
        if isinstance(at.value, dict):
            rest += [((*path, key), entry.node) for key, entry in at.value.items()]
        elif isinstance(at.value, list):
            rest += [((*path, index), item) for index, item in enumerate(at.value)]
    return found


class Findings:
    """Problems by path; the place is that of the path, or of the nearest value around it."""

    def __init__(self, places: Places | None = None) -> None:
        self.places = places or {}
        self.problems: list[Problem] = []

    def say(self, code: str, path: str = "", /, **data: Any) -> None:
        path = self._written(path)
        place = self.place(path)
        self._add(problem(code, path, place.line, place.column, **data))

    def caught(self, wrong: FestoonError, within: str) -> None:
        """An error raised by whoever knows nothing of the file: its place is a path inside `within`."""
        if isinstance(wrong, ExpressionError):
            self._expression(wrong, within)
        else:
            self.say(wrong.code, joined(within, wrong.place), **wrong.data)

    def place(self, path: str) -> Place:
        while path and path not in self.places:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.places.get(path, Place())

    def _written(self, path: str) -> str:
        """The path as the file has it: what may be written without a list (`give: {points: 5}`) often is."""
        at = path.find("[0]")
        while at >= 0:
            if path[:at] in self.places and f"{path[:at]}[0]" not in self.places:
                path = path[:at] + path[at + 3 :]
            at = path.find("[0]", at + 1)
        return path

    def _expression(self, wrong: ExpressionError, path: str) -> None:
        """An expression counts lines and columns from its own beginning."""
        path = self._written(path)
        at = self.place(path)
        line, column = at.line, at.column
        if at.style in ("|", ">"):
            line, column = line + wrong.line, wrong.column
        elif at.line and wrong.line == 1:
            column += wrong.column - 1 + (1 if at.style else 0)
        data = {name: value for name, value in wrong.data.items() if name not in ("line", "column")}
        self._add(problem(wrong.code, path, line, column, **data))

    def _add(self, found: Problem) -> None:
        """What is used in several places is wrong once."""
        if found not in self.problems:
            self.problems.append(found)


def joined(path: str, below: str) -> str:
    """A path inside another."""
    if not path or not below:
        return path or below
    return f"{path}{below}" if below.startswith("[") else f"{path}.{below}"
