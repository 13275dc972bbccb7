"""The line of those who want a place, out of counters alone.

Everybody in line has a number; whose turn it is follows from two counts: how many places there are, and how many were
given back. Number n has his turn as soon as n is no more than both together. So a place that is given back calls
exactly one more number, nobody is passed over, and there are never more holders than places.

A mechanic can change nobody but the event's subject, so nobody is called: who waits looks by himself, the next in line
every few minutes, those far behind less often.
"""

from datetime import timedelta

from msgspec import Struct

from festoon.base.effects import FromShared
from festoon.mechanics.base import Build, View

SLIPS = 10**12
"""A counter is a stock of so many slips: what has left it is the count."""

LOOK = timedelta(minutes=5)
"""How often the next in line looks whether it is his turn; the n-th every n times as long."""
RARELY = 12
"""At most this many times as long: once an hour."""


class Counter(Struct, frozen=True):
    """A number that only grows, in a shared account."""

    account: str

    def value(self, view: View) -> int:
        return SLIPS - view.shared(self.account)

    def up(self) -> FromShared:
        """One more."""
        return FromShared(self.account)


def exact(build: Build, name: str) -> Counter:
    """A counter whose every value is given to one event alone: it is read under its lock."""
    return Counter(build.numbered(name, SLIPS, "places"))


def rough(build: Build, name: str) -> Counter:
    """A counter that may be read a moment late."""
    return Counter(build.stock(name, SLIPS, "places"))


class Line(Struct, frozen=True):
    """So many places, and who comes for them. `joined` numbers the line, `freed` counts what was given back."""

    places: int
    joined: Counter
    freed: Counter

    def called(self, view: View) -> int:
        """The last number whose turn it is. A late reading only says too little."""
        return self.places + self.freed.value(view)


def look_again(ahead: int) -> timedelta:
    """When somebody with so many before him looks again."""
    return LOOK * min(max(ahead, 0) + 1, RARELY)
