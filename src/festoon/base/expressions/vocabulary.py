"""What an expression may speak of: fields and functions with their types, as data given by the caller."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from enum import StrEnum
from keyword import iskeyword
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

ROOTS = frozenset({"event", "member", "campaign"})


class Kind(StrEnum):
    """What a value is. The names are those a plan uses for the fields of its own event types."""

    INT = "int"
    NUMBER = "number"
    """A measurement held as a double (a rating, a distance). Never an amount; it can only be compared."""
    TEXT = "str"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "list of str"
    OBJECT = "object"
    LINES = "list of objects"


class FieldType(Struct, frozen=True):
    """The type of a field or of what a function returns.

    `choices` are the only values a text can have, or None for any: a misspelt one is then an error. `fields`
    are those of an object, or of every object of a list. `optional` says that it may be missing; at run time
    everything may be, and `optional` only lets a plan warn of a value that can come out missing.
    """

    kind: Kind
    optional: bool = False
    choices: frozenset[str] | None = None
    fields: Mapping[str, "FieldType"] = {}

    def maybe(self) -> "FieldType":
        """The same type, but it may be missing."""
        return replace(self, optional=True)


INT = FieldType(Kind.INT)
NUMBER = FieldType(Kind.NUMBER)
TEXT = FieldType(Kind.TEXT)
BOOL = FieldType(Kind.BOOL)
DATE = FieldType(Kind.DATE)
DATETIME = FieldType(Kind.DATETIME)
TEXTS = FieldType(Kind.TEXTS)


def one_of(*choices: str) -> FieldType:
    """A text that has one of these values."""
    return FieldType(Kind.TEXT, choices=frozenset(choices))


def object_of(**fields: FieldType) -> FieldType:
    """An object with these fields: `event.address.city`."""
    return FieldType(Kind.OBJECT, fields=fields)


def lines_of(**fields: FieldType) -> FieldType:
    """A list of objects with these fields: `any(line.category == "tea" for line in event.lines)`."""
    return FieldType(Kind.LINES, fields=fields)


class Literal(Struct, frozen=True):
    """A parameter that is written out as a text or a whole number. `choices` are the texts it can be; None:
    any."""

    kind: Kind = Kind.TEXT
    choices: frozenset[str] | None = None


class Reference(Struct, frozen=True):
    """A parameter that is a bare name, such as `campaign`, and stands for that attribute of the context."""

    name: str


class FunctionType(Struct, frozen=True):
    """A function of the member. In Python it is the method `method` of the member's facts, called with the
    arguments as written; in Ibis the caller gives a function of the same arguments that returns a column.
    """

    method: str
    parameters: tuple[Literal | Reference, ...]
    returns: FieldType


class Vocabulary(Struct, frozen=True):
    """The fields (`event.amount`, `member.level`, `campaign.start`) and functions (`member.segment`) that are
    known.

    `zone` is the campaign's: dates and hours of a moment are taken in it, and moments are written in it.
    `partial` holds what `in_common` left out, with the reason.
    """

    fields: Mapping[str, FieldType] = {}
    functions: Mapping[str, FunctionType] = {}
    zone: tzinfo = UTC
    partial: Mapping[str, "Partial"] = {}

    def __post_init__(self) -> None:
        for name in (*self.fields, *self.functions):
            root, *rest = name.split(".")
            if root not in ROOTS or not rest or not all(map(is_name, rest)):
                raise ValueError(f"no expression can speak of {name!r}")
        for name, function in self.functions.items():
            if not name.startswith("member.") or not is_name(function.method):
                raise ValueError(f"{name!r} is not a function of the member")

    @classmethod
    def in_common(cls, by_type: Mapping[str, Self]) -> "Vocabulary":
        """What is known for every one of several event types; all of them have the same zone."""
        first, *others = by_type.values()
        names = dict.fromkeys(name for each in by_type.values() for name in each.fields)
        fields: dict[str, FieldType] = {}
        partial: dict[str, Partial] = {}
        for name in names:
            known = {type: each.fields[name] for type, each in by_type.items() if name in each.fields}
            both = _in_common(list(known.values()))
            if len(known) == len(by_type) and both is not None:
                fields[name] = both
            else:
                partial[name] = Partial(tuple(known), tuple(type for type in by_type if type not in known))
        functions = {
            name: function
            for name, function in first.functions.items()
            if all(each.functions.get(name) == function for each in others)
        }
        return Vocabulary(fields, functions, first.zone, partial)


class Partial(Struct, frozen=True):
    """A field that only some event types have, or (`without` is empty) that they have with different
    kinds."""

    known_to: tuple[str, ...]
    without: tuple[str, ...]


def is_name(name: str) -> bool:
    """Whether an expression can write `name` after a dot."""
    return name.isidentifier() and not name.startswith("_") and not iskeyword(name)


def _in_common(types: list[FieldType]) -> FieldType | None:
    """The type that a value of any of these types has, or None when they are of different kinds."""
    first = types[0]
    if any(each.kind != first.kind for each in types):
        return None
    fields = {
        name: both
        for name in first.fields
        if all(name in each.fields for each in types)
        and (both := _in_common([each.fields[name] for each in types])) is not None
    }
    return FieldType(
        first.kind,
        optional=any(each.optional for each in types),
        choices=_all_choices(types),
        fields=fields,
    )


def _all_choices(types: list[FieldType]) -> frozenset[str] | None:
    choices: frozenset[str] = frozenset()
    for each in types:
        if each.choices is None:
            return None
        choices |= each.choices
    return choices
