"""The second compiler: a checked expression becomes an Ibis expression over the columns of a table.

It gives for every row what the Python function gives for that row's event and member; a property test holds
the two together on DuckDB. Import this module on its own: Ibis is heavy, and the engine has no use for it.

Nothing here can raise in the database. Whole numbers are computed as doubles, in which every number of
fifteen digits is exact, and come back through a decimal of fifteen digits that is NULL when they have more.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from msgspec import Struct

from festoon.base.expressions import errors, tree
from festoon.base.expressions.condition import Condition, ValueExpression
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.tree import Node
from festoon.base.expressions.vocabulary import Kind, Reference

_UTC = dt.Timestamp(timezone="UTC")
_FIFTEEN_DIGITS = dt.Decimal(15, 0)
_LONG_SUM = dt.Decimal(38, 0)

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
)
_FITS: Mapping[Kind, Callable[[dt.DataType], bool]] = MappingProxyType(
    {
        Kind.INT: lambda type: type.is_integer(),
        Kind.NUMBER: lambda type: type.is_numeric(),
        Kind.TEXT: lambda type: type.is_string(),
        Kind.BOOL: lambda type: type.is_boolean(),
        Kind.DATE: lambda type: type.is_date(),
        Kind.DATETIME: lambda type: type.is_timestamp() and type.timezone is not None,
        Kind.TEXTS: lambda type: type.is_array() and type.value_type.is_string(),
        Kind.LINES: lambda type: type.is_array() and type.value_type.is_struct(),
        Kind.OBJECT: lambda type: type.is_struct(),
    }
)
_TYPES: Mapping[Kind, dt.DataType] = MappingProxyType(
    {
        Kind.INT: dt.int64,
        Kind.NUMBER: dt.float64,
        Kind.TEXT: dt.string,
        Kind.BOOL: dt.boolean,
        Kind.DATE: dt.date,
        Kind.DATETIME: _UTC,
    }
)
_READ_AGAIN = (tree.Const, tree.Read, tree.Item, tree.Call)


@ibis.udf.scalar.builtin(name="timezone")  # type: ignore[untyped-decorator]
def _timezone(zone: str, moment: _UTC) -> dt.timestamp:  # type: ignore[valid-type]
    """DuckDB's own: a moment as the clock in a zone shows it."""


def duckdb_local(moment: ir.TimestampValue, zone: str) -> ir.TimestampValue:
    """A moment as the clock in a zone shows it, on DuckDB. Another engine has its own function for this."""
    return _timezone(zone, moment.cast(_UTC))


class Columns(Struct, frozen=True):
    """Where an expression's names are found in a table.

    `fields` gives a column for each declared field (`event.amount`); one for a field inside an object
    (`event.address.city`) comes before the object's own. `functions` gives for each function what makes a
    column of its arguments as written, a bare name such as `campaign` as a text. `local` turns a moment into
    the local time of a zone.
    """

    fields: Mapping[str, ir.Value]
    functions: Mapping[str, Callable[..., ir.Value]] = {}
    local: Callable[[ir.TimestampValue, str], ir.TimestampValue] = duckdb_local


def to_ibis(expression: Condition | ValueExpression, columns: Columns) -> ir.Value:
    """The expression over a table's columns: a boolean that is never NULL for a condition, a value otherwise.

    Raises ExpressionError for a name without a column, or with a column of another type than was declared.
    """
    writer = _Writer(columns, expression.vocabulary.zone)
    if isinstance(expression, Condition):
        return writer.truth(expression.tree)
    return writer.value(expression.tree)


class _Writer:
    """Writes one expression. `item` is the element of the list whose loop is being written, if any."""

    def __init__(self, columns: Columns, zone: tzinfo, item: ir.Value | None = None) -> None:
        self.columns = columns
        self.zone = zone
        self.item = item

    def truth(self, node: Node) -> ir.BooleanValue:
        """A node that is true or false, as a boolean that is never NULL."""
        match node:
            case tree.Logic(operator=operator, parts=parts):
                return reduce(and_ if operator == "and" else or_, map(self.truth, parts))
            case tree.Not(of=of):
                return ~self.truth(of)
            case tree.Choose(test=test, yes=yes, no=no):
                return ibis.ifelse(self.truth(test), self.truth(yes), self.truth(no))
            case tree.Present(of=of):
                return self.value(of).notnull()
            case tree.Compare():
                return _never_null(self._comparison(node))
            case tree.Among(of=of, operator=operator, options=options):
                held = [ibis.literal(each, type=_TYPES[of.type.kind]) for each in options]
                found = self.value(of).isin(held)
                return _never_null(found if operator == "in" else ~found)
            case tree.Contains(of=of, operator=operator, texts=texts):
                return self._once((of, texts), _holds if operator == "in" else _lacks)
            case tree.Each():
                return self._any_or_all(node)
        return _never_null(self.value(node))

    def value(self, node: Node) -> ir.Value:
        """A node as a value that is NULL when it is missing."""
        match node:
            case tree.Const(value=known):
                return ibis.literal(known, type=_TYPES[node.type.kind])
            case tree.Read() | tree.Item() | tree.Call():
                return self._typed(node, *self._read(node))
            case tree.Widen(of=of):
                return self.value(of).cast(dt.float64)
            case tree.Bounded(of=of):
                return _bounded(self.value(of))
            case tree.Arithmetic() | tree.Negate() | tree.Extreme() | tree.DaysBetween():
                return self._computed(node)
            case tree.Part(part=part, of=of):
                return self._part(part, self.value(of))
            case tree.Each(what="sum" | "count"):
                return self._sum_or_count(node)
            case tree.Choose(test=test, yes=yes, no=no):
                return ibis.ifelse(self.truth(test), self.value(yes), self.value(no))
        return self.truth(node)

    def _comparison(self, node: tree.Compare) -> ir.Value:
        def compared(*sides: ir.Value) -> ir.Value:
            pairs = zip(sides, node.operators, sides[1:], strict=False)
            return reduce(and_, (_COMPARE[operator](left, right) for left, operator, right in pairs))

        if len(node.operands) == 2:
            return compared(*map(self.value, node.operands))
        return self._once(node.operands, compared)

    def _computed(self, node: Node) -> ir.Value:
        match node:
            case tree.Negate(of=of):
                return -self.value(of)
            case tree.DaysBetween(first=first, last=last):
                days = self.value(last).delta(self.value(first), unit="day")
                return days.cast(dt.int64)
            case tree.Extreme(operator=operator, parts=parts):
                return self._once(parts, _smallest if operator == "min" else _largest)
            case tree.Arithmetic(operator="%", left=left, right=right):
                return self._once((left, right), _remainder)
            case tree.Arithmetic(operator=operator, left=left, right=right):
                return _ARITHMETIC[operator](_double(self.value(left)), _double(self.value(right)))
        raise AssertionError(f"{type(node).__name__} is not computed")

    def _once(self, nodes: Sequence[Node], body: Callable[..., ir.Value]) -> ir.Value:
        """What `body` makes of values that it uses more than once.

        SQL has no names inside an expression, so nested ones would double in length with every level. A value
        that is more than a column is therefore bound to the parameter of a function over a list of one.
        """
        values = [self.value(each) for each in nodes]
        if all(isinstance(each, _READ_AGAIN) for each in nodes):
            return body(*values)
        names = [f"v{index}" for index in range(len(values))]
        held = ibis.struct(dict(zip(names, values, strict=True)))
        return ibis.array([held]).map(lambda bound: body(*(bound[name] for name in names)))[0]

    def _part(self, part: str, of: ir.Value) -> ir.Value:
        if part in ("date", "hour"):
            of = self.columns.local(of, _zone_name(self.zone))
        if part == "date":
            return of.date()
        if part == "weekday":
            index = of.day_of_week.index()
            return index.cases(*enumerate(tree.WEEKDAYS))
        return getattr(of, part)().cast(dt.int64)

    def _any_or_all(self, node: tree.Each) -> ir.BooleanValue:
        """Whether an element is found that decides: one that meets an `any`, one that fails an `all`."""
        decides = node.element if node.what == "any" else tree.Not(node.element or node)
        found = self._those(node, decides).length()
        return _never_null(found > 0 if node.what == "any" else found == 0)

    def _sum_or_count(self, node: tree.Each) -> ir.Value:
        those = self._those(node, None)
        if node.element is None:
            return those.length()
        element = node.element
        total = those.map(lambda item: self._inside(item).value(element).cast(_LONG_SUM)).sums()
        return ibis.ifelse(self.value(node.over).isnull(), ibis.null(dt.int64), _bounded(total.fill_null(0)))

    def _those(self, node: tree.Each, test: Node | None) -> ir.ArrayValue:
        """The elements that are there, and meet the loop's condition and `test`."""
        tests = [each for each in (node.condition, test) if each is not None]

        def meets(item: ir.Value) -> ir.BooleanValue:
            inside = self._inside(item)
            return reduce(and_, [item.notnull(), *map(inside.truth, tests)])

        return self.value(node.over).filter(meets)

    def _inside(self, item: ir.Value) -> "_Writer":
        return _Writer(self.columns, self.zone, item)

    def _read(self, node: Node) -> tuple[str, ir.Value]:
        """A column, and the name it goes by."""
        match node:
            case tree.Item(path=path) if self.item is not None:
                return ".".join(("item", *path)), _inside_of(self.item, path)
            case tree.Read(name=name, path=path):
                for length in range(len(path), -1, -1):
                    key = ".".join((name, *path[:length]))
                    if key in self.columns.fields:
                        return key, _inside_of(self.columns.fields[key], path[length:])
                raise ExpressionError(errors.NO_COLUMN, name=".".join((name, *path)))
            case tree.Call(name=name, arguments=arguments):
                if name not in self.columns.functions:
                    raise ExpressionError(errors.NO_COLUMN, name=name)
                told = (each.name if isinstance(each, Reference) else each for each in arguments)
                return name, self.columns.functions[name](*told)
        raise AssertionError(f"{type(node).__name__} is not read")

    def _typed(self, node: Node, name: str, column: ir.Value) -> ir.Value:
        """A column of the declared kind, in the one form this compiler works with."""
        kind = node.type.kind
        if not _FITS[kind](column.type()):
            raise ExpressionError(errors.WRONG_COLUMN, name=name, found=str(column.type()), wanted=kind)
        if kind is Kind.INT:
            return column.try_cast(dt.int64) if column.type().is_unsigned_integer() else column.cast(dt.int64)
        if kind is Kind.NUMBER:
            double = column.cast(dt.float64)
            return ibis.ifelse(double.isnan() | double.isinf(), ibis.null(dt.float64), double)
        return column.cast(_UTC) if kind is Kind.DATETIME else column


def _inside_of(column: ir.Value, path: Sequence[str]) -> ir.Value:
    for word in path:
        if not column.type().is_struct() or word not in column.names:
            raise ExpressionError(errors.NO_COLUMN, name=word)
        column = column[word]
    return column


def _zone_name(zone: tzinfo) -> str:
    """The name by which a database knows a zone."""
    name = "UTC" if zone is UTC else getattr(zone, "key", "")
    if not name:
        raise ValueError(f"{zone} has no name that a database would know")
    return str(name)


def _double(value: ir.Value) -> ir.FloatingValue:
    return value.cast(dt.float64)


def _bounded(value: ir.Value) -> ir.Value:
    """NULL for a whole number of more than fifteen digits."""
    return value.try_cast(_FIFTEEN_DIGITS).cast(dt.int64)


def _quotient(left: ir.FloatingValue, right: ir.FloatingValue) -> ir.Value:
    return (left / right.nullif(0)).floor().cast(dt.int64)


def _remainder(left: ir.Value, right: ir.Value) -> ir.Value:
    """The remainder that goes with rounding down; it has the divisor's sign."""
    whole = _double(_quotient(_double(left), _double(right)))
    return (_double(left) - whole * _double(right)).cast(dt.int64)


def _holds(sought: ir.Value, texts: ir.Value) -> ir.BooleanValue:
    return _never_null(texts.contains(sought))


def _lacks(sought: ir.Value, texts: ir.Value) -> ir.BooleanValue:
    return ~_holds(sought, texts) & sought.notnull() & texts.notnull()


def _smallest(*values: ir.Value) -> ir.Value:
    """The smallest, or NULL when any is; a database's own would skip those."""
    return ibis.ifelse(
        reduce(or_, (each.isnull() for each in values)), ibis.null(dt.int64), ibis.least(*values)
    )


def _largest(*values: ir.Value) -> ir.Value:
    return ibis.ifelse(
        reduce(or_, (each.isnull() for each in values)), ibis.null(dt.int64), ibis.greatest(*values)
    )


_ARITHMETIC: Mapping[str, Callable[[ir.FloatingValue, ir.FloatingValue], ir.Value]] = MappingProxyType(
    {
        "+": lambda left, right: _bounded(left + right),
        "-": lambda left, right: _bounded(left - right),
        "*": lambda left, right: _bounded(left * right),
        "//": _quotient,
    }
)


def _never_null(test: ir.Value) -> ir.BooleanValue:
    """A comparison with something missing is false."""
    return test.fill_null(False)
