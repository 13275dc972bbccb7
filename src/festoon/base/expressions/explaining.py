"""Why a condition holds or does not: every part of it that can be asked for itself, with the values that it read.

For people who look at one decision, not for deciding: a condition is taken apart along its `and`, `or` and `not`, and
each part is compiled and asked alone.
"""

import ast
from typing import Any, Literal

from msgspec import Struct

from festoon.base.expressions import text as texts
from festoon.base.expressions import to_python, tree
from festoon.base.expressions.condition import Condition, compile_condition
from festoon.base.expressions.scope import Context, EventData, MemberFacts
from festoon.base.expressions.writing import written

How = Literal["all", "any", "not", ""]


class Explained(Struct, frozen=True, omit_defaults=True):
    """A part of a condition, and whether it holds.

    `how` says how it is made of `parts`: `all` (and), `any` (or), `not`; "" for one that is not taken apart further,
    which has the `values` that it read, by name; one that is missing is None.
    """

    text: str
    holds: bool
    how: How = ""
    parts: tuple["Explained", ...] = ()
    values: dict[str, Any] = {}


def explain(condition: Condition, event: EventData, member: MemberFacts, context: Context) -> Explained:
    """Take a condition apart over what it is asked with. Raises what these objects raise."""
    root = texts.read(condition.text, condition.vocabulary.zone).tree
    return _part(root, condition, event, member, context)


def why_not(explained: Explained) -> list[Explained]:
    """The smallest parts that are behind its being false (or true, under a `not`), in the order they are written."""
    if not explained.parts:
        return [explained]
    if explained.how == "not":
        return why_not(explained.parts[0])
    behind = [part for part in explained.parts if part.holds == explained.holds]
    return [found for part in behind for found in why_not(part)]


def _part(
    at: ast.expr, condition: Condition, event: EventData, member: MemberFacts, context: Context
) -> Explained:
    match at:
        case ast.BoolOp(op=op, values=values):
            parts = tuple(_part(each, condition, event, member, context) for each in values)
            how: How = "all" if isinstance(op, ast.And) else "any"
            joined = all if how == "all" else any
            return Explained(written(at), joined(part.holds for part in parts), how, parts)
        case ast.UnaryOp(op=ast.Not(), operand=of):
            inner = _part(of, condition, event, member, context)
            return Explained(written(at), not inner.holds, "not", (inner,))
    alone = compile_condition(written(at), condition.vocabulary)
    read = _values(alone, event, member, context)
    return Explained(alone.text, alone(event, member, context), values=read)


def _values(condition: Condition, event: EventData, member: MemberFacts, context: Context) -> dict[str, Any]:
    """What a part reads, in the order it is written, each once."""
    zone = condition.vocabulary.zone
    found: dict[str, Any] = {}
    for node in tree.parts_of(condition.tree):
        if isinstance(node, tree.Read):
            name = ".".join((node.name, *node.path))
        elif isinstance(node, tree.Call):
            name = node.key
        else:
            continue
        if name not in found:
            found[name] = to_python.value(node, zone)(event, member, context)
    return found
