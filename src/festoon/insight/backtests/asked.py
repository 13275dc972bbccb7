"""What somebody asks of a back-test: which plan, on which history, with which assumptions, how often."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from festoon.engine.assumptions import Assumptions

HistoryName = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_一-鿿][A-Za-z0-9_.一-鿿-]{0,79}$", description="The history's name.")
]
Onto = Annotated[
    date | None,
    Meta(
        description="The day that `since` is to stand for. Everything is moved by whole weeks, so that a Saturday "
        "stays one. Nothing is moved without it."
    ),
]
Since = Annotated[
    date | None,
    Meta(
        description="The first day that is to count. What was before it is kept, as what was known of members by then."
    ),
]
Until = Annotated[date | None, Meta(description="The last day that is looked at; to the end without it.")]


class Facts(Struct, frozen=True, tag="facts", tag_field="from", forbid_unknown_fields=True):
    """The platform's own past events, as they were handed on to the facts."""

    since: Since = None
    until: Until = None
    onto: Onto = None


class File(Struct, frozen=True, tag="file", tag_field="from", forbid_unknown_fields=True):
    """A file of events that was put among the histories."""

    name: HistoryName
    since: Since = None
    until: Until = None
    onto: Onto = None


class MadeUp(Struct, frozen=True, tag="made_up", tag_field="from", forbid_unknown_fields=True):
    """A made-up population: for a platform without history, or for what history does not hold. `rates` are events a
    member a day, as `TYPE=NUMBER`; `first` is the campaign's first day when it is not said."""

    members: Annotated[int, Meta(ge=1, le=200_000)] = 1000
    days: Annotated[int, Meta(ge=1, le=730)] = 30
    rates: list[str] = []
    first: date | None = None


History = Facts | File | MadeUp
Seeds = Annotated[int, Meta(ge=1, le=50, description="How many runs, each with its own luck.")]


class Asked(Struct, frozen=True):
    """A back-test as it was asked for. `version` is that of the plan's text, 0 for a draft."""

    source: str
    version: int
    history: History
    seeds: int = 5
    assumptions: Assumptions = Assumptions()
