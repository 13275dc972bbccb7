"""Bringing the sides of a comparison to one kind: a written date becomes a date, a whole number widens."""

import ast
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from festoon.base.expressions import errors
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.names import unknown
from festoon.base.expressions.text import Source
from festoon.base.expressions.tree import Among, Compare, Const, Node, Part, Widen
from festoon.base.expressions.vocabulary import DATE, DATETIME, NUMBER, FieldType, Kind

Written = tuple[ast.expr, Node]
"""A part as it was written, and as it was checked."""

_ORDER = frozenset({"<", "<=", ">", ">="})
_ORDERED = frozenset({Kind.INT, Kind.NUMBER, Kind.DATE, Kind.DATETIME})
_COMPARED = _ORDERED | {Kind.TEXT, Kind.BOOL}
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def chain(source: Source, at: ast.expr, parts: Sequence[Written], operators: Sequence[str]) -> Compare:
    """`a < b <= c`. Raises ExpressionError when the sides cannot be compared so."""
    operands = align(source, at, parts, operators[0])
    kind = operands[0].type.kind
    for operator in operators:
        if operator in _ORDER and kind not in _ORDERED:
            raise source.error(errors.NOT_COMPARABLE, at, left=kind, right=kind, operator=operator)
    return Compare(tuple(operands), tuple(operators))


def among(source: Source, at: ast.expr, of: Written, operator: str, options: Sequence[Written]) -> Among:
    """`a in (…)`: the options are written out."""
    left, *right = align(source, at, [of, *options], operator)
    return Among(left, operator, tuple(option.value for option in right if isinstance(option, Const)))


def align(source: Source, at: ast.expr, parts: Sequence[Written], operator: str) -> list[Node]:
    """The parts, all of one kind. What is not written out says which; a written text may then be a date."""
    for written, part in parts:
        if part.type.kind not in _COMPARED:
            raise wrong_type(source, written, part, "int, number, str, bool, date, datetime")
    firm = [(written, part) for written, part in parts if not isinstance(part, Const)]
    goal = _goal([part.type.kind for _, part in firm], [part.type.kind for _, part in parts])
    if goal is None:
        raise _not_comparable(source, at, parts, operator)
    choices = _choices([part.type for _, part in firm])
    name = source.written(firm[0][0]) if firm else ""
    return [_fit(source, written, part, goal, choices, name) for written, part in parts]


def _goal(firm: Sequence[Kind], all_kinds: Sequence[Kind]) -> Kind | None:
    """The kind everything is brought to, or None. Only a field can make it a number, a written decimal
    cannot."""
    kinds, written = set(firm or all_kinds), set(all_kinds)
    if Kind.NUMBER in firm and written <= {Kind.INT, Kind.NUMBER}:
        return Kind.NUMBER
    if len(kinds) > 1 or kinds == {Kind.NUMBER}:
        return None
    goal = kinds.pop()
    fits = {Kind.TEXT, goal} if goal in (Kind.DATE, Kind.DATETIME) else {goal}
    return goal if written <= fits else None


def to_day(part: Node) -> Node:
    """A moment's day in the campaign's zone; a day stays what it is."""
    return Part("date", part, type=_like(DATE, part)) if part.type.kind is Kind.DATETIME else part


def wrong_type(source: Source, at: ast.expr, part: Node, wanted: str) -> ExpressionError:
    return source.error(errors.WRONG_TYPE, at, found=source.written(at), kind=part.type.kind, wanted=wanted)


def written_date(source: Source, at: ast.expr, text: str, kind: Kind) -> date | datetime:
    """A date or a moment that was written as a text. A moment without an offset is in the campaign's zone."""
    pattern = _DATE if kind is Kind.DATE else _MOMENT
    try:
        if pattern.fullmatch(text) is None:
            raise ValueError
        if kind is Kind.DATE:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            local = moment.replace(tzinfo=source.zone)
            # A time that the clocks jump over comes back from UTC as another one.
            if local.astimezone(UTC).astimezone(source.zone).replace(tzinfo=None) != moment:
                raise ValueError
            moment = local
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise source.error(errors.WRONG_DATE, at, value=f'"{text}"', kind=kind) from None


def _fit(
    source: Source, at: ast.expr, part: Node, goal: Kind, choices: frozenset[str] | None, name: str
) -> Node:
    kind = part.type.kind
    if not isinstance(part, Const):
        return Widen(part, type=_like(NUMBER, part)) if kind is not goal else part
    if goal is Kind.NUMBER:
        return Const(float(part.value), type=NUMBER)  # type: ignore[arg-type]
    if goal in (Kind.DATE, Kind.DATETIME):
        type = DATE if goal is Kind.DATE else DATETIME
        return Const(written_date(source, at, str(part.value), goal), type=type)
    if kind is Kind.TEXT and choices is not None and part.value not in choices:
        told = unknown(str(part.value), choices)
        if "suggestion" in told:
            told["suggestion"] = f'"{told["suggestion"]}"'
        raise source.error(errors.UNKNOWN_VALUE, at, value=f'"{part.value}"', name=f"`{name}`", **told)
    return part


def _choices(types: Sequence[FieldType]) -> frozenset[str] | None:
    """The only texts that any of the sides can be, or None."""
    known = [type.choices for type in types if type.choices is not None]
    return frozenset().union(*known) if known else None


def _not_comparable(source: Source, at: ast.expr, parts: Sequence[Written], operator: str) -> ExpressionError:
    kinds = [part.type.kind for _, part in parts]
    left, right = kinds[0], next((kind for kind in kinds if kind is not kinds[0]), kinds[0])
    told = {}
    if {left, right} == {Kind.DATE, Kind.DATETIME}:
        moment = next(written for written, part in parts if part.type.kind is Kind.DATETIME)
        told["suggestion"] = f"date({source.written(moment)})"
    return source.error(errors.NOT_COMPARABLE, at, left=left, right=right, operator=operator, **told)


def _like(type: FieldType, part: Node) -> FieldType:
    return type.maybe() if part.type.optional else type
