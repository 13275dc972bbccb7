"""A plan's text cut at its top-level keys, so that what did not change need not be read again.

Cutting is only done where the parts say together exactly what the whole says; where that is not sure, the whole is
one part.
"""

import re
from itertools import pairwise

from msgspec import Struct

_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*:(?=[ \n]|\Z)", re.MULTILINE)
_SEVERAL = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)


class Chunk(Struct, frozen=True):
    """A part of a text: from which character and which line (counted from 0) on it stands there."""

    text: str
    start: int
    line: int


def chunks_of(text: str) -> list[Chunk]:
    """The parts, each with one top-level key as far as one can see. `text` has line feeds only."""
    cuts = [found.start() for found in _KEY.finditer(text)]
    if len(cuts) < 2 or _SEVERAL.search(text):
        return [Chunk(text, 0, 0)]
    chunks: list[Chunk] = []
    line = 0
    for start, end in pairwise([0, *cuts[1:], len(text)]):
        part = text[start:end]
        chunks.append(Chunk(part, start, line))
        line += part.count("\n")
    return chunks
