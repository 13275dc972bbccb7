"""The kinds of value that event data is made of, and the base of every type's data.

A platform may add fields of its own to any type: they are kept, and not checked. The fields named here are
checked strictly: a whole number is not a float, not text and not a truth value.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.amounts import MAX_AMOUNT


class Data(Struct, frozen=True, kw_only=True, gc=False):
    """The base of every event type's `data`."""


def says(description: str) -> Meta:
    """What a field means, for the JSON Schema and the reference page."""
    return Meta(description=description)


PERSONAL = Meta(extra={"personal": True}, extra_json_schema={"x-personal": True})
"""Marks a field that identifies a person: it goes to the member's own record, never into journal or facts."""

Amount = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
"""A whole number of an asset's smallest unit: fen for CNY, cents for USD, points for points."""

Change = Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
"""An amount that may also take away."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
"""How many. At most what JSON readers everywhere hold exactly."""

Id = Annotated[str, Meta(min_length=1, max_length=200)]
"""A name that the sender chose for something, compared character by character."""

Word = Annotated[str, Meta(min_length=1, max_length=200)]
"""A short value out of a list that the platform keeps: a category, a channel, a reason."""

Text = Annotated[str, Meta(max_length=10_000)]

Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
"""An ISO 4217 code. Its minor unit is the unit of the amounts beside it."""

Instant = Annotated[datetime, Meta(tz=True)]
"""An RFC 3339 timestamp with its offset."""

Score = Annotated[int, Meta(ge=0, le=10)]

Plain = str | int | float | bool | None
"""A value of a field that the platform names itself."""
