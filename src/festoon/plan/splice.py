"""The characters to exchange for a change of one value: replace, insert, take out, rename, move.

Each is (from, up to, new text) in a text with line feeds only. What they come to is checked by `edit`: a form of
YAML that is not thought of here is refused, and nothing is broken.
"""

import re
from collections.abc import Sequence
from typing import Any

from festoon.plan.decode import Path
from festoon.plan.spans import Key, Part, Span
from festoon.plan.written import Where, beside, is_plain, item, key_of, on_one_line, scalar

Splice = tuple[int, int, str]


def put(text: str, top: Span, steps: Path, value: Any, order: Sequence[str] = ()) -> list[Splice]:
    """A value at the last step, which is there or is new."""
    around, where = _around(top, steps)
    parts = around.parts or {}
    if steps[-1] in parts:
        return _replace(text, around, parts[steps[-1]], value, where)
    return _insert(text, around, steps[-1], value, where, order)


def take_out(text: str, top: Span, steps: Path) -> list[Splice]:
    """Without the last step; a map or list that is left empty says so."""
    around, where = _around(top, steps)
    parts = around.parts or {}
    keys = list(parts)
    at = keys.index(steps[-1])
    part = parts[steps[-1]]
    if len(keys) == 1:
        return _emptied(text, top, steps, around)
    if where == "brackets":
        before = parts[keys[at - 1]].value.end if at else part.start
        return [(before, part.value.end if at else parts[keys[1]].start, "")]
    start = _dash(text, part.start) if around.listed else part.start
    if text[_line(text, start) : start].strip():  # it stands behind the dash of an item
        after = parts[keys[at + 1]].start
        line_end = _line_end(text, _end(text, part))
        if "#" in text[line_end:after]:  # a comment of what follows stays above it
            return [(len(text[:start].rstrip()), line_end, "")]
        return [(start, _dash(text, after) if around.listed else after, "")]
    return [(_line(text, start), min(_line_end(text, _end(text, part)) + 1, len(text)), "")]


def rename(text: str, top: Span, steps: Path, name: str) -> list[Splice]:
    """Another key, in the quotes that the old one has."""
    around, _ = _around(top, steps)
    part = (around.parts or {})[steps[-1]]
    if text[part.start] in "'\"" and re.fullmatch(r"[\w.-]+", name):
        return [(part.start + 1, part.key_end - 1, name)]
    return [(part.start, part.key_end, key_of(name))]


def move_up(text: str, top: Span, steps: Path) -> list[Splice]:
    """The last step before the one before it."""
    around, where = _around(top, steps)
    parts = around.parts or {}
    keys = list(parts)
    at = keys.index(steps[-1])
    first, second = (_whole(text, around, parts[key], where) for key in keys[at - 1 : at + 1])
    if first[0] > second[0]:
        return []
    if where == "lines" and text[_line(text, first[0]) : first[0]].strip():  # the first stands behind a dash
        first, second = (_bare(text, around, parts[key]) for key in keys[at - 1 : at + 1])
    return [(*first, text[slice(*second)]), (*second, text[slice(*first)])]


def _around(top: Span, steps: Path) -> tuple[Span, Where]:
    """What holds the last step, and whether that stands in brackets."""
    at, flow = top, top.flow
    for step in steps[:-1]:
        at = (at.parts or {})[step].value
        flow = flow or at.flow
    return at, "brackets" if flow else "lines"


def _replace(text: str, around: Span, part: Part, value: Any, where: Where) -> list[Splice]:
    old = part.value
    style = _style(text, old, where)
    commented = bool(text[old.end : _line_end(text, old.end)].strip())
    if where == "brackets" or commented:
        return _inline(
            text, around, part, on_one_line(value) if _many(value) else scalar(value, where, style)
        )
    if around.listed:
        dash = _dash(text, part.start)
        return [(old.start, _end(text, part), item(value, dash - _line(text, dash), style))]
    indent = part.start - _line(text, part.start)
    if not _many(value):
        style = "" if style in ("|", ">") and len(str(value)) < 60 and "\n" not in str(value) else style
    new = beside(value, indent, style)
    colon = text.index(":", part.key_end) + 1
    if old.end <= colon:
        return [(colon, colon, new)]
    if new.startswith("\n") or _below(text, part):
        return [(_line_end(text, colon) if _below(text, part) else colon, old.end, ""), (colon, colon, new)][
            ::-1
        ]
    return [(old.start, old.end, new[1:])]


def _style(text: str, old: Span, where: Where) -> str:
    """How a text is to be written: as the old one was, when that was somebody's choice and no need."""
    inner = text[old.start + 1 : old.end - 1]
    needed = not is_plain(inner, where) or "\\" in inner
    return "" if old.style in ("'", '"') and needed else old.style


def _inline(text: str, around: Span, part: Part, new: str) -> list[Splice]:
    """A value on one line in place of the old one."""
    old = part.value
    if not around.listed and old.end <= (colon := text.index(":", part.key_end) + 1):
        return [(colon, colon, f" {new}")]
    if not around.listed and not old.flow and old.parts is not None and _below(text, part):
        return [(colon, colon, f" {new}"), (_line_end(text, colon), old.end, "")]
    return [(old.start, old.end, new)]


def _insert(
    text: str,
    around: Span,
    key: Key,
    value: Any,
    where: Where,
    order: Sequence[str],
) -> list[Splice]:
    parts = around.parts or {}
    before = place_of(list(parts), key, order) if not around.listed else len(parts)
    if where == "brackets" or not parts:
        said = on_one_line(value) if _many(value) else scalar(value, where)
        said = said if around.listed else f"{key_of(key)}: {said}"
        if not parts:
            return [(around.start + 1, around.end - 1, said)]
        if not before:
            return [(around.start + 1, around.start + 1, f"{said}, ")]
        last = list(parts.values())[before - 1].value.end
        return [(last, last, f", {said}")]
    first = next(iter(parts.values()))
    start = _dash(text, first.start) if around.listed else first.start
    indent = start - _line(text, start)
    room = " " * indent
    said = f"- {item(value, indent)}" if around.listed else f"{key_of(key)}:{beside(value, indent)}"
    if not before:
        return [(start, start, f"{said}\n{room}")]
    last = _line_end(text, _end(text, list(parts.values())[before - 1]))
    return [(last, last, f"\n{room}{said}")]


def place_of(keys: list[Key], key: Key, order: Sequence[str]) -> int:
    """How many of the keys stand before a new one."""
    if key not in order:
        return len(keys)
    earlier = set(order[: order.index(str(key))])
    return max((index + 1 for index, each in enumerate(keys) if each in earlier), default=0)


def _emptied(text: str, top: Span, steps: Path, around: Span) -> list[Splice]:
    nothing: Any = [] if around.listed else {}
    if around.flow:
        return [(around.start + 1, around.end - 1, "")]
    if len(steps) == 1:
        return [(around.start, around.end, "{}")]
    return put(text, top, steps[:-1], nothing)


def _whole(text: str, around: Span, part: Part, where: Where) -> tuple[int, int]:
    """An entry or item from its key or dash; its lines with the comments right above, when it stands on its own."""
    if where == "brackets":
        return part.start, part.value.end
    start, end = _bare(text, around, part)
    if text[_line(text, start) : start].strip():
        return start, end
    start = _line(text, start)
    while start and text[_line(text, start - 1) : start].lstrip().startswith("#"):
        start = _line(text, start - 1)
    return start, _line_end(text, end)


def _bare(text: str, around: Span, part: Part) -> tuple[int, int]:
    return (_dash(text, part.start) if around.listed else part.start), _end(text, part)


def _end(text: str, part: Part) -> int:
    """Where an entry ends, also one that says nothing."""
    return (
        max(part.value.end, text.index(":", part.key_end) + 1)
        if part.key_end > part.start
        else part.value.end
    )


def _below(text: str, part: Part) -> bool:
    """Whether a value begins below its key."""
    return "\n" in text[part.key_end : part.value.start]


def _many(value: Any) -> bool:
    return isinstance(value, dict | list | tuple)


def _dash(text: str, at: int) -> int:
    return text.rindex("-", 0, at)


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
