"""Quotes of a page: fenced blocks that name the file they are taken from."""

import re
from collections.abc import Iterator

from tests.docs.pages import Block
from tests.house.sources import ROOT

OMITTED = "..."


def squeezed(text: str) -> str:
    """Code without what a formatter may change: white space, and commas before a bracket."""
    return re.sub(r",([)\]}])", r"\1", re.sub(r"\s", "", text))


def parts(quote: Block) -> Iterator[str]:
    """The pieces of a quote between its omissions."""
    for piece in re.split(rf"^ *{re.escape(OMITTED)} *$", quote.text, flags=re.MULTILINE):
        if piece.strip():
            yield squeezed(piece)


def stands(quote: Block) -> None:
    """Fails when a quote does not stand in its file, piece after piece."""
    source, at = squeezed((ROOT / quote.told).read_text(encoding="utf-8")), 0
    for piece in parts(quote):
        found = source.find(piece, at)
        assert found >= 0, f"{quote.told} no longer says: {piece[:80]}"
        at = found + len(piece)
