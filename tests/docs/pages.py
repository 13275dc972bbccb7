"""The pages as tests read them: fenced blocks with what their first line says, links, headings."""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from tests.house.sources import ROOT

DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples"
_FENCE = re.compile(r"^(?P<indent> *)```(?P<told>.*)\n(?P<text>(?:.*\n)*?)(?P=indent)```$", re.MULTILINE)
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Block(Struct, frozen=True):
    """A fenced block: its language, what else its first line says, and its text."""

    page: str
    language: str
    told: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.language} {self.told or self.text.partition(chr(10))[0]}"


def pages() -> list[Path]:
    """Every page that is published."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), *sorted(EXAMPLES.rglob("*.md"))]


def text_of(name: str) -> str:
    """A page by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, *languages: str) -> list[Block]:
    """The fenced blocks of a page, of these languages or of all."""
    found = (_block(name, match) for match in _FENCE.finditer(text_of(name)))
    return [block for block in found if not languages or block.language in languages]


def all_blocks(*languages: str) -> list[Block]:
    """The same, of every page."""
    return [block for page in pages() for block in blocks(str(page.relative_to(ROOT)), *languages)]


def links(name: str) -> Iterator[str]:
    """The targets of a page's links and images, outside of code."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text_of(name)))
    return (match["target"] for match in _LINK.finditer(prose))


def anchors(path: Path) -> set[str]:
    """The places of a page that a link can lead to."""
    return {slug(heading) for heading in _HEADING.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))}


def slug(heading: str) -> str:
    """A heading as forges write it in a link."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _block(name: str, match: re.Match[str]) -> Block:
    language, _, told = match["told"].strip().partition(" ")
    indent = len(match["indent"])
    return Block(name, language, told, "".join(line[indent:] for line in match["text"].splitlines(True)))
