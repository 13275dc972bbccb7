"""Where every value of a plan's text stands, to the character, so that one can be exchanged and nothing else.

Spans count characters of a text that has line feeds only. The end of a block is the end of the last value in it, not of
the comments and empty lines that follow.
"""

from typing import Any

import ruamel.yaml
from msgspec import Struct
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

Key = str | int


class Span(Struct, frozen=True):
    """A value from `start` up to `end`. `parts` are the entries of a mapping or the items of a list; of a scalar None.

    `style` is how a scalar is written (see `Node.style`); `flow` says that a mapping or list stands in brackets.
    """

    start: int
    end: int
    parts: "dict[Key, Part] | None" = None
    listed: bool = False
    flow: bool = False
    style: str = ""


class Part(Struct, frozen=True):
    """An entry from its key, or an item from its value."""

    start: int
    key_end: int
    value: Span


class _Open(Struct):
    start: int
    parts: dict[Key, Part]
    listed: bool
    flow: bool
    key: tuple[str, int, int] | None = None


def spans_of(text: str) -> Span:
    """The spans of a text that `read_source` has found sound."""
    open_: list[_Open] = []
    top: Span | None = None
    for event in ruamel.yaml.YAML(typ="safe", pure=True).parse(text):
        done: Span | None = None
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            flow = bool(event.flow_style)
            listed = isinstance(event, SequenceStartEvent)
            open_.append(_Open(event.start_mark.index, {}, listed, flow))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            closed = open_.pop()
            done = _closed(closed, event.end_mark.index)
        elif isinstance(event, ScalarEvent):
            done = _scalar(text, event, open_[-1].key if open_ else None)
        elif isinstance(event, NodeEvent):
            raise ValueError("a plan has no aliases")
        if done is None:
            continue
        if open_:
            _put(open_[-1], done, event)
        else:
            top = done
    if top is None:
        raise ValueError("there is nothing in the text")
    return top


def _closed(of: _Open, end: int) -> Span:
    if not of.flow:
        end = max((part.value.end for part in of.parts.values()), default=of.start)
    return Span(of.start, end, of.parts, of.listed, of.flow)


def _scalar(text: str, event: Any, key: tuple[str, int, int] | None) -> Span:
    start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
    if style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    elif not style and not event.value:  # the library says where the next thing is
        start = end = text.index(":", key[2]) + 1 if key else text.rindex("-", 0, start) + 1
    return Span(start, end, style=style)


def _put(inside: _Open, value: Span, event: Any) -> None:
    if inside.listed:
        inside.parts[len(inside.parts)] = Part(value.start, value.start, value)
    elif inside.key is None:
        inside.key = (event.value, value.start, value.end)
    else:
        key, start, end = inside.key
        inside.parts[key] = Part(start, end, value)
        inside.key = None
