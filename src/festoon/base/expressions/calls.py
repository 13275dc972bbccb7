"""The functions an expression can call: the built-in ones, and those of the vocabulary."""

import ast
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from festoon.base.expressions import errors
from festoon.base.expressions.comparing import Written, align, chain, to_day, written_date, wrong_type
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.names import closest, unknown, usage
from festoon.base.expressions.text import Source
from festoon.base.expressions.tree import (
    WEEKDAYS,
    Call,
    Const,
    DaysBetween,
    Extreme,
    Item,
    Node,
    Not,
    Part,
    Present,
    Read,
)
from festoon.base.expressions.vocabulary import (
    DATE,
    INT,
    FieldType,
    Kind,
    Literal,
    Reference,
    Vocabulary,
    one_of,
)

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "missing": "missing(event.amount)",
        "present": "present(event.amount)",
        "between": 'between(event.date, "2027-02-05", "2027-02-20")',
        "date": "date(event.time)",
        "hour": "hour(event.time)",
        "weekday": "weekday(event.date)",
        "day": "day(event.date)",
        "month": "month(event.date)",
        "year": "year(event.date)",
        "days_between": "days_between(campaign.start, event.date)",
        "min": "min(event.amount, 100)",
        "max": "max(event.amount, 100)",
        "any": 'any(line.category == "tea" for line in event.lines)',
        "all": 'all(line.category == "tea" for line in event.lines)',
        "sum": "sum(line.amount for line in event.lines)",
        "count": "count(event.lines)",
    }
)
"""Every built-in function with an example of its use."""

_PARTS: Mapping[str, FieldType] = MappingProxyType(
    {"date": DATE, "hour": INT, "weekday": one_of(*WEEKDAYS), "day": INT, "month": INT, "year": INT}
)


def built_in(source: Source, at: ast.Call, name: str, given: Sequence[Written]) -> Node:
    """A call of a built-in function whose arguments have been checked. Loops are not made here."""
    nodes = [node for _, node in given]
    match name, nodes:
        case "present" | "missing", [Read() | Item() | Call() as node]:
            return Present(node) if name == "present" else Not(Present(node))
        case "between", [_, _, _]:
            return chain(source, at, [given[1], given[0], given[2]], ("<=", "<="))
        case (("date" | "hour"), [node]):
            if node.type.kind is not Kind.DATETIME:
                raise wrong_type(source, at.args[0], node, Kind.DATETIME)
            return _part(name, node)
        case (("weekday" | "day" | "month" | "year"), [node]):
            return _part(name, _day(source, given[0]))
        case "days_between", [_, _]:
            first, last = (_day(source, each) for each in given)
            return DaysBetween(first, last, type=_maybe(INT, first, last))
        case (("min" | "max"), [_, _, *_]):
            parts = align(source, at, given, name)
            if parts[0].type.kind is not Kind.INT:
                raise wrong_type(source, at.args[0], parts[0], Kind.INT)
            return Extreme(name, tuple(parts), type=_maybe(INT, *parts))
    raise source.error(errors.WRONG_ARGUMENTS, at, name=name, usage=BUILT_IN[name])


def of_member(source: Source, vocabulary: Vocabulary, at: ast.Call, name: str) -> Call:
    """A call of one of the vocabulary's functions; its arguments are written out."""
    function = vocabulary.functions.get(name)
    if function is None:
        raise no_function(source, vocabulary, at, name)
    if len(at.args) != len(function.parameters):
        raise source.error(errors.WRONG_ARGUMENTS, at, name=name, usage=usage(vocabulary, name))
    arguments = []
    for argument, parameter in zip(at.args, function.parameters, strict=True):
        told = _argument(argument, parameter)
        if told is None:
            raise source.error(errors.WRONG_ARGUMENTS, argument, name=name, usage=usage(vocabulary, name))
        choices = parameter.choices if isinstance(parameter, Literal) else None
        if choices is not None and told not in choices:
            known = unknown(str(told), choices)
            known |= {"suggestion": f'"{known["suggestion"]}"'} if "suggestion" in known else {}
            raise source.error(errors.UNKNOWN_VALUE, argument, value=f'"{told}"', name=f"`{name}`", **known)
        arguments.append(told)
    return Call(name, function.method, tuple(arguments), type=function.returns)


def no_function(source: Source, vocabulary: Vocabulary, at: ast.Call, name: str) -> ExpressionError:
    told = unknown(name, [*BUILT_IN, *vocabulary.functions])
    if name in vocabulary.fields:
        told["suggestion"] = name
    elif found := closest(name, vocabulary.functions):
        told["suggestion"] = usage(vocabulary, found)
    return source.error(errors.UNKNOWN_FUNCTION, at, name=name, **told)


def _argument(argument: ast.expr, parameter: Literal | Reference) -> str | int | Reference | None:
    match argument, parameter:
        case ast.Name(id=name), Reference(name=wanted) if name == wanted:
            return parameter
        case ast.Constant(value=str(text)), Literal(kind=Kind.TEXT):
            return text
        case ast.Constant(value=int(number)), Literal(kind=Kind.INT) if not isinstance(number, bool):
            return number
    return None


def _day(source: Source, given: Written) -> Node:
    """A date: as it is, of a moment, or written out."""
    at, node = given
    if isinstance(node, Const) and isinstance(node.value, str):
        return Const(written_date(source, at, node.value, Kind.DATE), type=DATE)
    if node.type.kind not in (Kind.DATE, Kind.DATETIME):
        raise wrong_type(source, at, node, f"{Kind.DATE}, {Kind.DATETIME}")
    return to_day(node)


def _part(part: str, of: Node) -> Part:
    return Part(part, of, type=_maybe(_PARTS[part], of))


def _maybe(type: FieldType, *parts: Node) -> FieldType:
    return type.maybe() if any(part.type.optional for part in parts) else type
