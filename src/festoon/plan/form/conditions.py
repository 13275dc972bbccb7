"""Conditions as people build them: groups of tests, of which all, any or none must hold, to and from their text.

What a builder cannot show (arithmetic, loops, a comparison of two fields) stays as it is written, as a `Written`.
Reading what was written gives the same groups again, and writing what was read means the same.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.base.expressions import Kind, Vocabulary
from festoon.base.expressions.text import read as read_text
from festoon.base.expressions.writing import written

NOT_WRITABLE = define(
    "condition.not_writable",
    400,
    "a condition cannot hold {value}",
    "条件中不能使用 {value}",
    todo="leave out control characters, and quotes of both kinds in one text",
    todo_zh="请去掉控制字符，且同一文本中不要同时使用两种引号",
)

Mode = Literal["all", "any", "none"]
Operator = Literal[
    "==", "!=", "<", "<=", ">", ">=", "between", "in", "not in", "has", "has not", "is", "is not", "present", "missing"
]  # fmt: skip
# A float is what somebody wrote into a condition (`member.rating >= 4.5`), never an amount: those are whole numbers.
Value = str | int | float | bool


class Comparison(Struct, frozen=True, tag="test", tag_field="is"):
    """One comparison: `event.amount >= 100`. A `field` may be a call, such as `member.days_since("registered")`."""

    field: str
    operator: Operator
    values: tuple[Value, ...] = ()


class Written(Struct, frozen=True, tag="written", tag_field="is"):
    """A part that is only there as text, in its normal form."""

    text: str


class Group(Struct, frozen=True, tag="group", tag_field="is"):
    """Parts of which all, any or none hold. An empty group asks nothing."""

    mode: Mode
    parts: tuple["Comparison | Written | Group", ...] = ()


Part = Comparison | Written | Group

_COMPARED: Mapping[type[ast.cmpop], Operator] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_TURNED: Mapping[Operator, Operator] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

ORDERED: tuple[Operator, ...] = (
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "between",
    "in",
    "not in",
    "present",
    "missing",
)
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.INT: ORDERED,
    Kind.NUMBER: ORDERED,
    Kind.DATE: ORDERED,
    Kind.DATETIME: ("<", "<=", ">", ">=", "between", "present", "missing"),
    Kind.TEXT: ("==", "!=", "in", "not in", "present", "missing"),
    Kind.BOOL: ("is", "is not", "present", "missing"),
    Kind.TEXTS: ("has", "has not", "present", "missing"),
    Kind.OBJECT: ("present", "missing"),
    Kind.LINES: ("present", "missing"),
}
"""What can be asked of a field of each kind."""


def read_condition(text: str, vocabulary: Vocabulary) -> Group:
    """The groups of a condition. Raises ExpressionError for a text that is no expression; names are not checked."""
    if not text.strip():
        return Group("all")
    part = _part(read_text(text, vocabulary.zone).tree, vocabulary)
    return part if isinstance(part, Group) else Group("all", (part,))


def write_condition(group: Group) -> str:
    """The text of a condition in its normal form; of an empty group nothing. Raises Invalid for a value that no text
    can hold, ExpressionError for what is no expression."""
    said = _said(group)
    return read_text(said).normal() if said else ""


def _part(at: ast.expr, vocabulary: Vocabulary) -> Part:
    match at:
        case ast.BoolOp(op=op, values=values):
            mode: Mode = "all" if isinstance(op, ast.And) else "any"
            return Group(mode, tuple(_part(each, vocabulary) for each in values))
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.Or(), values=values)):
            return Group("none", tuple(_part(each, vocabulary) for each in values))
        case ast.UnaryOp(op=ast.Not(), operand=of):
            if _field(of, vocabulary) is Kind.BOOL:
                return Comparison(written(of), "is not")
            return Group("none", (_part(of, vocabulary),))
    return _test(at, vocabulary) or Written(written(at))


def _test(at: ast.expr, vocabulary: Vocabulary) -> Comparison | None:
    """A comparison of a known field with what is written out, or None."""
    match at:
        case ast.Name() | ast.Attribute() | ast.Call() if _field(at, vocabulary) is Kind.BOOL:
            return Comparison(written(at), "is")
        case ast.Call(func=ast.Name(id="present" | "missing" as word), args=[of], keywords=[]):
            return (
                Comparison(written(of), word)
                if _field(of, vocabulary) and not isinstance(of, ast.Call)
                else None
            )
        case ast.Call(func=ast.Name(id="between"), args=[of, low, high], keywords=[]):
            return _compared(of, "between", (low, high), vocabulary)
        case ast.Compare(left=low, ops=[ast.LtE(), ast.LtE()], comparators=[of, high]):
            return _compared(of, "between", (low, high), vocabulary)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[right]):
            return _among(left, right, "not " if isinstance(op, ast.NotIn) else "", vocabulary)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            operator = _COMPARED[type(op)]
            return _compared(left, operator, (right,), vocabulary) or _compared(
                right, _TURNED[operator], (left,), vocabulary
            )
    return None


def _among(left: ast.expr, right: ast.expr, no: str, vocabulary: Vocabulary) -> Comparison | None:
    if isinstance(right, ast.Tuple | ast.List) and right.elts:
        return _compared(left, "not in" if no else "in", tuple(right.elts), vocabulary)
    kind = _field(right, vocabulary)
    if kind is Kind.TEXTS and isinstance(left, ast.Constant) and isinstance(left.value, str):
        return Comparison(written(right), "has not" if no else "has", (left.value,))
    return None


def _compared(
    of: ast.expr, operator: Operator, values: tuple[ast.expr, ...], vocabulary: Vocabulary
) -> Comparison | None:
    kind = _field(of, vocabulary)
    told = tuple(_value(each) for each in values)
    if kind is None or operator not in OPERATORS[kind] or any(each is None for each in told):
        return None
    return Comparison(written(of), operator, tuple(each for each in told if each is not None))


def _field(at: ast.expr, vocabulary: Vocabulary) -> Kind | None:
    """The kind of a known field, or of a known function of the member with arguments that are written out."""
    if isinstance(at, ast.Call):
        name = written(at.func)
        sound = all(isinstance(each, ast.Constant | ast.Name) for each in at.args) and not at.keywords
        return vocabulary.functions[name].returns.kind if name in vocabulary.functions and sound else None
    if not isinstance(at, ast.Attribute):
        return None
    known = dict(_known(vocabulary))
    return known.get(written(at))


def _known(vocabulary: Vocabulary) -> Iterator[tuple[str, Kind]]:
    for name, type_ in vocabulary.fields.items():
        yield name, type_.kind
        if type_.kind is Kind.OBJECT:
            yield from ((f"{name}.{part}", inner.kind) for part, inner in type_.fields.items())


def _value(at: ast.expr) -> Value | None:
    """What is compared with, as it stands in the condition. It may be no whole number, as figures that are asked for
    (a share, an average) need not be; nothing is given, taken or rounded here."""
    match at:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    return None


def _said(part: Part) -> str:
    """The text of a part; where it is put, brackets may be needed."""
    match part:
        case Written(text=text):
            return text
        case Group(mode=mode, parts=parts):
            said = [_bound(each, len(parts) > 1 or mode == "none") for each in parts]
            said = [each for each in said if each]
            if mode == "none" and said:
                return f"not ({' or '.join(said)})"
            return (" and " if mode == "all" else " or ").join(said)
        case Comparison(field=field, operator=operator, values=values):
            return _said_test(field, operator, [_literal(each) for each in values])


def _bound(part: Part, together: Any) -> str:
    said = _said(part)
    return f"({said})" if said and together and not isinstance(part, Comparison) else said


def _said_test(field: str, operator: Operator, values: list[str]) -> str:
    match operator:
        case "is":
            return field
        case "is not":
            return f"not {field}"
        case "present" | "missing":
            return f"{operator}({field})"
        case "between":
            return f"between({field}, {values[0]}, {values[1]})"
        case "in" | "not in":
            return f"{field} {operator} ({', '.join(values)},)"
        case "has" | "has not":
            return f"{values[0]} {'not in' if operator == 'has not' else 'in'} {field}"
    return f"{field} {operator} {values[0]}"


def _literal(value: Value) -> str:
    if isinstance(value, str) and (
        ('"' in value and "'" in value) or not value.isprintable() or "\\" in value
    ):
        raise Invalid(NOT_WRITABLE, value=value)
    return written(ast.Constant(value))
