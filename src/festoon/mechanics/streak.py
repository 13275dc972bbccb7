"""Days as runs of consecutive days, and how often a run reaches the rungs of a ladder.

A day is its proleptic Gregorian ordinal (`date.toordinal`). Runs are sorted, never empty and never touch, so
the same days are the same runs in whatever order they came.
"""

from bisect import bisect_left
from collections.abc import Callable
from operator import itemgetter

Run = tuple[int, int]
"""The first day and how many."""

Runs = tuple[Run, ...]
_LENGTH = itemgetter(1)


def place(runs: Runs, day: int) -> int:
    """The index of the last run that starts on or before `day`; -1 when there is none."""
    return bisect_left(runs, (day + 1,)) - 1


def has(runs: Runs, day: int) -> bool:
    """Whether `day` is among them."""
    if not runs or sum(runs[-1]) <= day:  # most things come in their order
        return False
    index = place(runs, day)
    return index >= 0 and day < runs[index][0] + runs[index][1]


def total(runs: Runs) -> int:
    """How many days there are."""
    return sum(map(_LENGTH, runs))


def length_at(runs: Runs, day: int) -> int:
    """The streak that is alive on `day`: the run that ends on it or on the day before; 0 without one."""
    index = place(runs, day)
    if index < 0:
        return 0
    first, length = runs[index]
    return min(length, day - first + 1) if day <= first + length else 0


def joined(runs: Runs, day: int) -> tuple[Runs, int, int]:
    """The runs with one more day, and the lengths of the runs before and after that it joined (0 for none).

    The day must not be there yet.
    """
    if not runs or (next_ := sum(runs[-1])) < day:
        return (*runs, (day, 1)), 0, 0
    if next_ == day:
        first, before = runs[-1]
        return (*runs[:-1], (first, before + 1)), before, 0
    index = place(runs, day)
    before, after = 0, 0
    start, stop = index + 1, index + 1
    if index >= 0 and runs[index][0] + runs[index][1] == day:
        before, start = runs[index][1], index
    if index + 1 < len(runs) and runs[index + 1][0] == day + 1:
        after, stop = runs[index + 1][1], index + 2
    run = (day - before, before + 1 + after)
    return (*runs[:start], run, *runs[stop:]), before, after


def reached_once(length: int, rung: int) -> int:
    """How often a run of `length` days reaches a rung that is reached once: on its day."""
    return 1 if length >= rung else 0


def reached_daily(length: int, rung: int) -> int:
    """The same for a rung on which one stays: on its day, and on every day after."""
    return max(length - rung + 1, 0)


def reached_in_cycle(length: int, rung: int, cycle: int) -> int:
    """The same when the ladder starts again after `cycle` days."""
    return (length - rung) // cycle + 1 if length >= rung else 0


Excused = Callable[[int], bool]
"""Whether a day, when it is missed, breaks no streak."""


def linked(runs: Runs, day: int, excused: Excused) -> tuple[int, int]:
    """How many days the streaks hold that end just before `day` and begin just after it, when missed days that are
    excused break nothing.

    The day must not be there yet. When it is itself excused, what is before and after it is one streak already.
    """
    index = place(runs, day)
    before, edge = 0, day
    for first, length in reversed(runs[: index + 1]):
        if not all(map(excused, range(first + length, edge))):
            break
        before, edge = before + length, first
    after, edge = 0, day + 1
    for first, length in runs[index + 1 :]:
        if not all(map(excused, range(edge, first))):
            break
        after, edge = after + length, first + length
    return (before + after, 0) if before and after and excused(day) else (before, after)


def linked_at(runs: Runs, day: int, excused: Excused) -> int:
    """The streak that is alive on `day` when missed days that are excused break nothing; 0 without one."""
    index = place(runs, day)
    if index < 0:
        return 0
    first, length = runs[index]
    if not all(map(excused, range(first + length, day))):
        return 0
    return min(length, day - first + 1) + linked(runs[:index], first, excused)[0]
