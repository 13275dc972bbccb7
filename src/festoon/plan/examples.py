"""The example plans that a new campaign can start from: `examples/plans` of the repository, packed with the library."""

from functools import cache
from pathlib import Path

from msgspec import Struct

from festoon.plan.source import plain, read_source

_PACKED = Path(__file__).with_name("example_plans")
_WRITTEN = Path(__file__).parents[3] / "examples" / "plans"

BLANK = """\
festoon: 1
campaign: {campaign}
title: {title}
timezone: Asia/Shanghai
schedule: {{start: {start}, end: {end}}}
budget:
  currency: CNY
  lines: {{}}
mechanics: {{}}
"""
"""What a campaign begins with that starts from nothing. It is not whole yet."""


class Example(Struct, frozen=True):
    """An example plan: its name, what it is called and why, in the languages it is written in, and its text."""

    name: str
    title: dict[str, str]
    background: dict[str, str]
    text: str


@cache
def examples() -> tuple[Example, ...]:
    """All of them, by name."""
    folder = _PACKED if _PACKED.is_dir() else _WRITTEN
    return tuple(_example(path) for path in sorted(folder.glob("*.yaml")))


def example(name: str) -> Example | None:
    """The example of a name, or None."""
    return next((each for each in examples() if each.name == name), None)


def _example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    node, _ = read_source(text)
    said = plain(node) if node is not None else {}
    return Example(path.stem, said["title"], said["background"], text)
