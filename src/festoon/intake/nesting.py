"""JSON that is nested deeper than a decoder follows: what stands beside it is told apart by brackets alone."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

_MARKS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)
_QUOTE, _COMMA, _OPENING, _LIST = b'"'[0], b","[0], b"[{", b"["


def members_of(body: bytes) -> list[bytes] | None:
    """The members of an array, whatever is wrong within them; None when this is no array with all of its brackets
    closed."""
    if body.lstrip()[:1] != _LIST:
        return None
    ends = _ends_of_members(body)
    return None if ends is None else [body[start + 1 : end] for start, end in pairwise(ends)]


def closes(body: bytes) -> bool:
    """Whether every bracket that is opened is closed."""
    return _ends_of_members(b"[%b]" % body) is not None


def _ends_of_members(body: bytes) -> list[int] | None:
    """Where the outermost bracket opens, its commas, and where it closes."""
    levels, found = 0, []
    for mark in _MARKS.finditer(body):
        at = mark.start()
        sign = body[at]
        if sign == _QUOTE:
            continue
        if sign == _COMMA:
            if levels == 1:
                found.append(at)
            continue
        levels += 1 if sign in _OPENING else -1
        if levels == 0 or (levels == 1 and not found):
            found.append(at)
        if levels == 0:
            return None if body[at + 1 :].strip() else found
    return None


def is_deeper(value: Any, levels: int) -> bool:
    """Whether objects and lists lie within each other more than so many levels deep."""
    inside = [value]
    for _ in range(levels):
        inside = [part for each in inside for part in _parts(each)]
        if not inside:
            return False
    return any(isinstance(each, dict | list) for each in inside)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
