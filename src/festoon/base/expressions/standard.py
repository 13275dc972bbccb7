"""The fields and functions every campaign has, for putting a vocabulary together."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from festoon.base.expressions.tree import WEEKDAYS
from festoon.base.expressions.vocabulary import (
    BOOL,
    DATE,
    DATETIME,
    INT,
    TEXT,
    FieldType,
    FunctionType,
    Literal,
    Reference,
    is_name,
    one_of,
)

EVENT: Mapping[str, FieldType] = MappingProxyType(
    {
        "event.type": TEXT,
        "event.source": TEXT,
        "event.time": DATETIME,
        "event.received": DATETIME,
        "event.date": DATE,
        "event.hour": INT,
        "event.weekday": one_of(*WEEKDAYS),
    }
)
"""What every event has besides its data; date, hour and weekday are in the campaign's zone."""

CAMPAIGN: Mapping[str, FieldType] = MappingProxyType(
    {"campaign.id": TEXT, "campaign.start": DATE, "campaign.end": DATE}
)
"""The campaign's id, and its first and last local day."""


def event_fields(data: Mapping[str, FieldType]) -> dict[str, FieldType]:
    """The fields of an event with this data, together with those that every event has.

    A data field that is called like one of the event's own is read as `event.data.<name>`. One whose name
    cannot be written in an expression (`order-id`) is left out.
    """
    fields = dict(EVENT)
    for name, type in data.items():
        if is_name(name):
            taken = name == "data" or f"event.{name}" in EVENT
            fields[f"event.data.{name}" if taken else f"event.{name}"] = type
    return fields


def member_fields(profile: Mapping[str, FieldType]) -> dict[str, FieldType]:
    """The fields of a member with this profile."""
    return {f"member.{name}": type for name, type in profile.items() if is_name(name)}


def member_functions(
    moments: Iterable[str] | None = None,
    segments: Iterable[str] | None = None,
    mechanics: Iterable[str] | None = None,
) -> dict[str, FunctionType]:
    """The functions of a member, each held to the names it is given; None lets any name through.

    `moments` are what `days_since` may count from, `mechanics` what `count` may count.
    """
    return {
        "member.days_since": FunctionType("days_since", (_name(moments),), INT.maybe()),
        "member.segment": FunctionType("in_segment", (_name(segments),), BOOL),
        "member.count": FunctionType("count", (_name(mechanics),), INT),
        "member.registered_in": FunctionType("registered_in", (Reference("campaign"),), BOOL),
    }


def _name(choices: Iterable[str] | None) -> Literal:
    return Literal(choices=None if choices is None else frozenset(choices))
