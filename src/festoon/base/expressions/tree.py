"""An expression after checking: every part with its type. Both compilers read this, and nothing else.

A comparison, a test and a loop of tests are never missing; they are true or false. Every other part may come
out missing, and whatever is made from a missing part is missing.
"""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from festoon.base.expressions.vocabulary import BOOL, FieldType, Reference

Value = int | float | str | bool | date | datetime

FIFTEEN_DIGITS = 10**15 - 1
"""Arithmetic is done on whole numbers of at most this size; beyond it, going in or coming out, they are
missing.

A double and every database hold such numbers exactly, so both compilers agree to the last unit.
"""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Node(Struct, frozen=True, kw_only=True):
    """A part of an expression."""

    type: FieldType = BOOL


class Const(Node, frozen=True):
    value: Value


class Read(Node, frozen=True):
    """A declared field, and the way down into it when it is an object."""

    name: str
    path: tuple[str, ...] = ()


class Item(Node, frozen=True):
    """The element a loop stands at, or a field of it."""

    path: tuple[str, ...] = ()


class Call(Node, frozen=True):
    """A function of the vocabulary, with the arguments as written."""

    name: str
    method: str
    arguments: tuple[str | int | Reference, ...]

    @property
    def key(self) -> str:
        """What is read, such as `member.segment:returning`."""
        told = (each.name if isinstance(each, Reference) else str(each) for each in self.arguments)
        return ":".join((self.name, *told))


class Widen(Node, frozen=True):
    """A whole number as a double, to be compared with one."""

    of: Node


class Bounded(Node, frozen=True):
    """A whole number that is missing when it has more than fifteen digits."""

    of: Node


class Compare(Node, frozen=True):
    """`a < b <= c`: the operands are all of one kind; `operators` has one fewer."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]


class Among(Node, frozen=True):
    """`a in (…)` or `a not in (…)`, by `operator`."""

    of: Node
    operator: str
    options: tuple[Value, ...]


class Contains(Node, frozen=True):
    """`a in list` or `a not in list`, by `operator`."""

    of: Node
    operator: str
    texts: Node


class Logic(Node, frozen=True):
    """`and` or `or`, by `operator`."""

    operator: str
    parts: tuple[Node, ...]


class Not(Node, frozen=True):
    of: Node


class Present(Node, frozen=True):
    of: Node


class Choose(Node, frozen=True):
    """`yes if test else no`."""

    test: Node
    yes: Node
    no: Node


class Arithmetic(Node, frozen=True):
    """`+ - * // %` of two bounded whole numbers; a result of more than fifteen digits is missing."""

    operator: str
    left: Node
    right: Node


class Negate(Node, frozen=True):
    of: Node


class Extreme(Node, frozen=True):
    """`min` or `max`, by `operator`; missing when any part is."""

    operator: str
    parts: tuple[Node, ...]


class Part(Node, frozen=True):
    """The `date` or `hour` of a moment in the campaign's zone; the `weekday`, `day`, `month` or `year` of a
    day."""

    part: str
    of: Node


class DaysBetween(Node, frozen=True):
    first: Node
    last: Node


class Each(Node, frozen=True):
    """`any`, `all`, `sum` or `count` over a list's elements that meet `condition`.

    An element that is not what the list is declared to hold is left out; so is a missing one of a `sum`.
    """

    what: str
    over: Node
    condition: Node | None = None
    element: Node | None = None


def parts_of(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for name in node.__struct_fields__:
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield from parts_of(part)
