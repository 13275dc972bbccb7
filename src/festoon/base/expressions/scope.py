"""What a compiled expression is called with: the event's data, what is known of the member, and the context.

`condition.holds(event, member, context)` reads nothing else. Whatever these objects raise goes through: that
is how a fact that was not loaded makes the engine load it and decide the event again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

EventData = Mapping[str, Any]
"""The event's data, as decoded from JSON: a dict of ints, floats, strings, booleans, lists and dicts."""


class MemberFacts(Protocol):
    """The event's subject. `fact` is read most: an object that keeps its facts in a dict can make `fact` that
    dict's own `get`, which saves a call.
    """

    def fact(self, name: str) -> Any:
        """The value of `member.<name>`, or None when it is missing."""

    def days_since(self, name: str) -> int | None:
        """Whole days in the campaign's zone from the named moment's day to the event's day; None if it never
        was."""

    def in_segment(self, name: str) -> bool:
        """Whether the member is in a segment."""

    def count(self, key: str) -> int:
        """How often a mechanic of the campaign has given the member something."""

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        """Whether the member registered between the campaign's first and last day."""


class Context(Protocol):
    """The event's envelope and the campaign it is looked at for. Times are aware."""

    @property
    def type(self) -> str:
        """`event.type`"""

    @property
    def source(self) -> str:
        """`event.source`"""

    @property
    def time(self) -> datetime:
        """`event.time`: when it happened."""

    @property
    def now(self) -> datetime:
        """`event.received`: when it was taken in."""

    @property
    def local(self) -> datetime:
        """`time` in the campaign's zone: `event.date`, `event.hour` and `event.weekday` are read off it."""

    @property
    def campaign(self) -> Mapping[str, Any]:
        """`campaign.<name>`: `id`, and `start` and `end` as its first and last local day."""
