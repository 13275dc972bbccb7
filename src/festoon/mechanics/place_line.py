"""The line of those who want a place, out of counters alone.

Everybody in line has a number; whose turn it is follows from two counts: how many places there are, and how many were
given back. Number n has his turn as soon as n is no more than both together. So a place that is given back calls
exactly one more number, nobody is passed over, and there are never more holders than places.

Who leaves the line keeps his number, which passes its turn on when that comes. Two more counts say how many such
numbers there are, so that they are not taken for somebody who waits. One that was called and has not looked yet is
still among them: where its turn goes on to, one waits less, so it comes to the same.

A new version may have fewer places than there are holders. Then fewer numbers have their turn than had it before, and
one more count says how many had it and took it: so many do not wait, whatever the places are by now. And whom a lottery
passed over is behind as many numbers as there were places when it began, however many there are later.

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

    def up(self, count: int = 1) -> FromShared:
        """One more, or so many."""
        return FromShared(self.account, count)


def exact(build: Build, name: str) -> Counter:
    """A counter whose every value is given to one event alone: it is read under its lock."""
    return Counter(build.numbered(name, SLIPS, "places"))


def rough(build: Build, name: str) -> Counter:
    """A counter that may be read a moment late."""
    return Counter(build.stock(name, SLIPS, "places"))


class Line(Struct, frozen=True):
    """So many places, and who comes for them. `joined` numbers the line, `freed` counts what was given back. `left`
    counts the numbers that nobody waits behind any more, `cleared` those of them that have passed their turn on or been
    taken up again. `had` counts the numbers that have had their turn: whose owner got a place or an offer, or that have
    passed it on. `first` is, with a lottery, how many numbers it gives out itself: the line is behind them."""

    places: int
    lottery: bool
    joined: Counter
    freed: Counter
    left: Counter
    cleared: Counter
    had: Counter
    first: Counter

    def called(self, view: View) -> int:
        """The last number whose turn it is. A late reading only says too little."""
        return self.places + self.freed.value(view)

    def drawn(self, view: View) -> int:
        """How many numbers the lottery gives out: as many as there were places when it began. It is written once, and
        who reads it a moment late has the same plan, so the same places."""
        return (self.first.value(view) or self.places) if self.lottery else 0

    def next(self, view: View) -> int:
        """The number that who joins now has."""
        return self.drawn(view) + self.joined.value(view) + 1

    def behind(self, view: View) -> int:
        """How many numbers are not in line any more, or need not be: the others wait, but for those who left. A late
        reading only says too little."""
        return max(self.called(view), self.had.value(view))

    def waiting(self, view: View) -> int:
        """How many wait. Late readings only say too much: `cleared`, by which it would be too little, is exact."""
        gone = self.left.value(view) - self.cleared.value(view)
        return self.next(view) - 1 - self.behind(view) - gone

    def passes(self) -> tuple[FromShared, ...]:
        """The turn of a number that nobody waits behind goes on to the next."""
        return self.freed.up(), self.cleared.up(), self.had.up()


def line(build: Build, places: int, *, lottery: bool) -> Line:
    """The line for so many places, behind whom a lottery drew if there is one."""
    return Line(
        places,
        lottery,
        exact(build, "joined"),
        rough(build, "freed"),
        rough(build, "left"),
        exact(build, "cleared"),
        rough(build, "had"),
        rough(build, "first"),
    )


def look_again(ahead: int) -> timedelta:
    """When somebody with so many before him looks again."""
    return LOOK * min(max(ahead, 0) + 1, RARELY)
