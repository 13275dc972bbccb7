"""Counting towards a goal within a window, so that a late event lands in its place.

What counts is kept by slot: a local day (its ordinal), the first day of a calendar period, or 0 where the
window is one and the order does not matter. Either units are summed, or different targets are counted. How
many rounds are complete is read off what is kept, so the same marks give the same rounds in whatever order
they came.

Size: one pair a slot for units, so at most one a day of the campaign; for targets at most `MAX_TARGETS`.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Collection, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.times import add_months, start_of_week
from festoon.base.vocabulary.kinds import says

MAX_TARGETS = 1000
_COUNT = itemgetter(1)
ANY_DAY = date.min
"""For who asks only how many rounds are complete, which is the same on every day."""

Pair = tuple[int, int]
Target = tuple[int, str]


class Within(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The time in which the goal must be reached: so many days, or a calendar period."""

    days: Annotated[
        Annotated[int, Meta(ge=1, le=3660)] | None, says("So many local days, the first one included.")
    ] = None
    since: Annotated[
        Literal["any", "first", "registered", "invited", "campaign"],
        says(
            "Where the days begin: at the member's registration (`registered`), when he accepted an invitation"
            " (`invited`), at the first event that counts (`first`), at the start of the campaign"
            " (`campaign`), or anywhere (`any` so many days in a row)."
        ),
    ] = "any"
    period: Annotated[
        Literal["day", "week", "month"] | None,
        says("Instead of `days`: each calendar period for itself; a week begins on Monday."),
    ] = None


class Marks(Struct, frozen=True, omit_defaults=True, gc=False):
    """What has counted so far, sorted. `folded` are the rounds of targets that are no longer kept."""

    units: tuple[Pair, ...] = ()
    targets: tuple[Target, ...] = ()
    folded: int = 0


def with_units(marks: Marks, slot: int, units: int) -> Marks:
    """More units in a slot."""
    known = marks.units
    if not known or known[-1][0] < slot:  # most things come in their order
        return Marks((*known, (slot, units)), marks.targets, marks.folded)
    if known[-1][0] == slot:
        return Marks((*known[:-1], (slot, known[-1][1] + units)), marks.targets, marks.folded)
    at = bisect_left(known, (slot, 0))
    there = known[at][0] == slot
    sum_ = units + (known[at][1] if there else 0)
    return Marks((*known[:at], (slot, sum_), *known[at + there :]), marks.targets, marks.folded)


def has_slot(marks: Marks, slot: int) -> bool:
    """Whether anything has counted in a slot."""
    if not marks.units or marks.units[-1][0] < slot:  # most things come in their order
        return False
    at = bisect_left(marks.units, (slot, 0))
    return at < len(marks.units) and marks.units[at][0] == slot


def has_target(marks: Marks, slot: int, target: str) -> bool:
    """Whether a target has counted in a slot."""
    at = bisect_left(marks.targets, (slot, target))
    return at < len(marks.targets) and marks.targets[at] == (slot, target)


def with_target(marks: Marks, slot: int, target: str) -> Marks:
    """One more target in a slot, in which it is not yet."""
    at = bisect_left(marks.targets, (slot, target))
    return Marks(marks.units, (*marks.targets[:at], (slot, target), *marks.targets[at:]), marks.folded)


def together(one: Marks, other: Marks, *, once_a_slot: bool) -> Marks:
    """The marks of two accounts of one person. What can count once a slot counts once, and every target once."""
    units = dict(one.units)
    for slot, count in other.units:
        units[slot] = max(units.get(slot, 0), count) if once_a_slot else units.get(slot, 0) + count
    targets = tuple(sorted({*one.targets, *other.targets}))
    return Marks(tuple(sorted(units.items())), targets, one.folded + other.folded)


class Window:
    """How marks are put together. `goal` is what one round takes."""

    def slot(self, day: date) -> int:
        """Where something of a local day is kept."""
        return day.toordinal()

    def with_target(self, marks: Marks, day: date, target: str) -> Marks | None:
        """The marks with one more target, or None when it has counted already."""
        slot = self.slot(day)
        return None if has_target(marks, slot, target) else with_target(marks, slot, target)

    def rounds(self, marks: Marks, goal: int) -> int:
        """How many rounds are complete."""
        return self.standing(marks, goal, ANY_DAY)[0]

    def towards(self, marks: Marks, goal: int, day: date) -> int:
        """How much counts towards the round that is open on a day."""
        return self.standing(marks, goal, day)[1]

    def standing(self, marks: Marks, goal: int, day: date) -> tuple[int, int]:
        """Both: the rounds that are complete, and what counts towards the open one."""
        rounds, towards = divmod(_measure(marks.units, marks.targets), goal)
        return marks.folded + rounds, towards

    def completed(self, marks: Marks, goal: int, given: int) -> list[int]:
        """The slots in which rounds were complete, earliest first and each once; without the first `given` rounds."""
        slots = sorted({pair[0] for pairs in (marks.units, marks.targets) for pair in pairs})
        found: list[int] = []
        rounds = self.rounds(marks, goal)
        while slots and rounds > given:
            last = slots.pop()
            marks = Marks(
                tuple([pair for pair in marks.units if pair[0] < last]),
                tuple([pair for pair in marks.targets if pair[0] < last]),
                marks.folded,
            )
            if (fewer := self.rounds(marks, goal)) < rounds:
                rounds = fewer
                found.append(last)
        return found[::-1]

    def in_both(self, one: Marks, other: Marks, goal: int) -> int:
        """How many rounds are complete in the marks of two accounts, and one round for both together."""
        return 0


class Whole(Window):
    """One window, in which everything counts together."""

    def slot(self, day: date) -> int:
        return 0

    def completed(self, marks: Marks, goal: int, given: int) -> list[int]:
        """No days are kept."""
        return []


class DaysApart(Window):
    """One window, in which days are counted."""


class FromFirst(Window):
    """One window of so many days that begins with the first day on which anything counted."""

    def __init__(self, days: int) -> None:
        self.days = days

    def with_target(self, marks: Marks, day: date, target: str) -> Marks | None:
        """A target is kept with its earliest day: it is in the window when that is."""
        slot = day.toordinal()
        kept = [pair for pair in marks.targets if pair[1] != target or pair[0] <= slot]
        earlier = any(pair[1] == target for pair in kept)
        return None if earlier else with_target(Marks(marks.units, tuple(kept), marks.folded), slot, target)

    def standing(self, marks: Marks, goal: int, day: date) -> tuple[int, int]:
        return divmod(_measure(*self._inside(marks)), goal)

    def lapsed(self, marks: Marks, day: date) -> bool:
        """Whether a day lies behind the window."""
        first = _first_slot(marks)
        return first is not None and day.toordinal() >= first + self.days

    def _inside(self, marks: Marks) -> tuple[list[Pair], list[Target]]:
        end = (_first_slot(marks) or 0) + self.days
        return [pair for pair in marks.units if pair[0] < end], [
            pair for pair in marks.targets if pair[0] < end
        ]


class FromInvitation(DaysApart):
    """One window of so many days that begins when the member accepted an invitation.

    What counts is kept by day whether or not an invitation is known yet: when it comes late, what was done
    after it counts all the same.
    """

    def __init__(self, days: int) -> None:
        self.days = days

    def last_day(self, invited: int) -> str | None:
        """The last day of the window, for the member; None when there was no invitation."""
        return date.fromordinal(invited + self.days - 1).isoformat() if invited else None

    def inside(self, marks: Marks, invited: int) -> Marks:
        """What lies in the window that begins on that day; nothing for 0, when there was no invitation."""
        if not invited:
            return Marks()
        end = invited + self.days
        return Marks(
            tuple(pair for pair in marks.units if invited <= pair[0] < end),
            tuple(pair for pair in marks.targets if invited <= pair[0] < end),
        )


class InARow(Window):
    """Days, weeks or months in a row: a missed one begins the round again. Each counts once.

    `working` says which days are worked: then a missed day off breaks nothing, and one on which something
    was done counts like any other.
    """

    def __init__(self, period: str, working: Callable[[date], bool] | None = None) -> None:
        self.period = period
        self.working = working

    def slot(self, day: date) -> int:
        if self.period == "week":
            return start_of_week(day).toordinal()
        return (day.replace(day=1) if self.period == "month" else day).toordinal()

    def standing(self, marks: Marks, goal: int, day: date) -> tuple[int, int]:
        wanted = self.slot(day)
        rounds, row, before = 0, 0, 0
        row_then, last_then = 0, 0
        for slot, _ in marks.units:
            row = row + 1 if before and self._follows(before, slot) else 1
            rounds += row % goal == 0
            before = slot
            if slot <= wanted:
                row_then, last_then = row, slot
        alive = last_then and (last_then == wanted or self._follows(last_then, wanted))
        return rounds, row_then % goal if alive else 0

    def _follows(self, slot: int, later: int) -> bool:
        """Whether nothing was missed between the two."""
        if self.period == "week":
            return later == slot + 7
        if self.period == "month":
            return later == add_months(date.fromordinal(slot), 1).toordinal()
        if self.working is None:
            return later == slot + 1
        return not any(self.working(date.fromordinal(missed)) for missed in range(slot + 1, later))


class EachPeriod(Window):
    """A window for each calendar period. A period holds one round."""

    def __init__(self, period: str, *, days_apart: bool) -> None:
        self.period = period
        self.days_apart = days_apart

    def slot(self, day: date) -> int:
        return day.toordinal() if self.days_apart else self._period(day.toordinal())

    def standing(self, marks: Marks, goal: int, day: date) -> tuple[int, int]:
        counts = list(self._counts(marks))
        wanted = self._period(day.toordinal())
        towards = min(next((count for period, count in counts if period == wanted), 0), goal)
        return marks.folded + sum(count >= goal for _, count in counts), towards

    def completed(self, marks: Marks, goal: int, given: int) -> list[int]:
        """The first days of the periods that are complete."""
        complete = sorted(period for period, count in self._counts(marks) if count >= goal)
        return complete[max(given - marks.folded, 0) :]

    def in_both(self, one: Marks, other: Marks, goal: int) -> int:
        complete = (set(self.completed(each, goal, each.folded)) for each in (one, other))
        return len(set.intersection(*complete))

    def _counts(self, marks: Marks) -> Iterator[Pair]:
        for period, pairs in groupby(marks.units, lambda pair: self._period(pair[0])):
            yield period, sum(units for _, units in pairs)
        for period, targets in groupby(marks.targets, lambda pair: self._period(pair[0])):
            yield period, len({target for _, target in targets})

    def _period(self, slot: int) -> int:
        day = date.fromordinal(slot)
        if self.period == "week":
            return start_of_week(day).toordinal()
        return day.replace(day=1).toordinal() if self.period == "month" else slot


class Rolling(Window):
    """Any so many days in a row. What a round has used counts for no other round.

    A round of units takes the oldest that still count; a round of targets takes everything until its last
    day. Taking the round that is complete earliest, again and again, makes as many as can be.
    """

    def __init__(self, days: int) -> None:
        self.days = days

    def standing(self, marks: Marks, goal: int, day: date) -> tuple[int, int]:
        since = day.toordinal() - self.days
        if marks.targets:
            rounds, used = self._of_targets(marks, goal)
            towards = len({target for slot, target in marks.targets if slot > max(since, used)})
        else:
            rounds, left = self._of_units(marks, goal)
            towards = sum(units for slot, units in left if slot > since)
        return marks.folded + rounds, towards

    def _of_units(self, marks: Marks, goal: int) -> tuple[int, deque[Pair]]:
        """Rounds, and the units that are left at the end."""
        rounds, open_, sum_ = 0, deque[Pair](), 0
        for slot, units in marks.units:
            while open_ and open_[0][0] <= slot - self.days:
                sum_ -= open_.popleft()[1]
            open_.append((slot, units))
            complete, left = divmod(sum_ + units, goal)
            rounds += complete
            if complete:
                # The oldest go first, and less than a round was open before: what is left is of this day.
                open_ = deque([(slot, left)])
            sum_ = left if complete else sum_ + units
        return rounds, open_

    def _of_targets(self, marks: Marks, goal: int) -> tuple[int, int]:
        """Rounds, and the last day that one has used."""
        rounds, used, days = 0, 0, deque[tuple[int, list[str]]]()
        for slot, pairs in groupby(marks.targets, lambda pair: pair[0]):
            days.append((slot, [target for _, target in pairs]))
            while days[0][0] <= slot - self.days:
                days.popleft()
            if len({target for _, targets in days for target in targets}) >= goal:
                rounds, used = rounds + 1, slot
                days.clear()
        return rounds, used


def folded(marks: Marks, window: Window, goal: int) -> Marks:
    """The same marks with the oldest slots of targets left out, as long as there are too many."""
    if len(marks.targets) <= MAX_TARGETS:
        return marks
    cut = len(marks.targets) - MAX_TARGETS
    last = marks.targets[cut - 1][0]
    kept = Marks(marks.units, tuple(pair for pair in marks.targets[cut:] if pair[0] > last), marks.folded)
    lost = window.rounds(marks, goal) - window.rounds(kept, goal)
    return Marks(kept.units, kept.targets, kept.folded + max(lost, 0))


def _measure(units: Collection[Pair], targets: Collection[Target]) -> int:
    """How much counts. It is asked for with every event that counts, and most tasks count no targets."""
    counted: int = sum(map(_COUNT, units))
    return counted + len({target for _, target in targets}) if targets else counted


def _first_slot(marks: Marks) -> int | None:
    slots = [pairs[0][0] for pairs in (marks.units, marks.targets) if pairs]
    return min(slots, default=None)
