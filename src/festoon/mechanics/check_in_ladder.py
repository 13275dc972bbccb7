"""The rungs of a ladder that a day makes due, when it joins what stood before and after it to one streak."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from festoon.mechanics.check_in_days import CheckInDays

Rungs = Mapping[int, Callable[[int], int]]
"""By rung: how often a streak of a length reaches it."""
Climbed = tuple[CheckInDays, list[tuple[int, int]]]
"""The days with what they remember of the ladder, and how often each rung is due."""


def climbed(rungs: Rungs, state: CheckInDays, before: int, after: int, streak: int) -> Climbed:
    """For a ladder that every streak climbs: what the joined streak reaches beyond what its parts had, less what was
    given ahead."""
    ahead, due = dict(state.ahead), []
    for rung, times in rungs.items():
        more = times(streak) - times(before) - times(after)
        if more == 0:
            continue
        open_ = more - ahead.pop(rung, 0)
        if open_ > 0:
            due.append((rung, open_))
        elif open_ < 0:
            ahead[rung] = -open_
    return replace(state, ahead=tuple(sorted(ahead.items()))), due


def climbed_once(rungs: Rungs, state: CheckInDays, before: int, after: int, streak: int) -> Climbed:
    """For a ladder that is climbed once: a rung that was reached is reached."""
    longest = max(before, after)
    new = [rung for rung in rungs if longest < rung <= streak and rung not in state.reached]
    if new:
        state = replace(state, reached=tuple(sorted((*state.reached, *new))))
    return state, [(rung, 1) for rung in new]
