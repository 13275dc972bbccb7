"""The names of a plan's own things that an expression mentions, each with the characters where it stands.

`member.segment("vip")` names a segment, `member.count("draw")` a mechanic, `member.kids` an attribute; and so does a
comparison with a text: `event.mechanic == "draw"`, `member.level in ("gold", "platinum")`.
"""

import ast
from collections.abc import Iterator

from msgspec import Struct

ANYWHERE = "*"
"""Stands for whatever a name of that sort is within."""

_ASKED = {"segment": "segment", "count": "mechanic", "days_since": "attribute"}
_COMPARED = {
    "event.mechanic": ("mechanic", ""),
    "event.segment": ("segment", ""),
    "event.type": ("event", ""),
    "event.level": ("level", ANYWHERE),
}


class Mention(Struct, frozen=True):
    """A name from the character `start` of an expression on. `within` says of which attribute a level is."""

    sort: str
    name: str
    within: str
    start: int


def mentions(said: str) -> list[Mention]:
    """What an expression mentions, in its order; of a text that is none nothing."""
    try:
        tree = ast.parse(f"({said}\n)", mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    lines = f"({said}\n)".splitlines(keepends=True)
    return sorted(set(_mentions(tree, lines)), key=lambda each: each.start)


def _mentions(tree: ast.AST, lines: list[str]) -> Iterator[Mention]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("member"), attr=asked), args=[first, *_]):
                yield from _literals(first, _ASKED.get(asked, ""), "", lines)
            case ast.Attribute(value=ast.Name("member"), attr=name) if id(node) not in called:
                end = _at(lines, node.end_lineno, node.end_col_offset)
                yield Mention("attribute", name, "", end - len(name))
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                for one, other in [*zip(sides, others, strict=False), *zip(others, sides, strict=False)]:
                    sort, within = _compared(one)
                    yield from _literals(other, sort, within, lines)


def _compared(node: ast.expr) -> tuple[str, str]:
    """What a text is that is compared with a field: its sort, and within what."""
    match node:
        case ast.Attribute(value=ast.Name("member"), attr=name):
            return "level", name
        case ast.Attribute(value=ast.Name(of), attr=name):
            return _COMPARED.get(f"{of}.{name}", ("", ""))
    return "", ""


def _literals(node: ast.expr, sort: str, within: str, lines: list[str]) -> Iterator[Mention]:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            yield from _literals(each, sort, within, lines)
    elif sort and isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Mention(sort, node.value, within, _at(lines, node.lineno, node.col_offset) + 1)


def _at(lines: list[str], line: int | None, column: int | None) -> int:
    """The character of an expression at a line and a column, which Python counts in bytes."""
    before = lines[: (line or 1) - 1]
    return sum(map(len, before)) + len(lines[len(before)].encode()[: column or 0].decode()) - 1
