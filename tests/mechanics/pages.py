"""The mechanics' reference pages, as tests read them."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "mechanics"


def page(kind: str) -> str:
    """A kind's page."""
    return (PAGES / f"{kind}.md").read_text()


def plan(kind: str) -> str:
    """The plan on a kind's page."""
    return blocks(kind, "yaml")[0]


def blocks(kind: str, language: str) -> list[str]:
    """The fenced blocks of a language on a kind's page."""
    return re.findall(rf"```{language}\n(.*?)```", page(kind), re.DOTALL)
