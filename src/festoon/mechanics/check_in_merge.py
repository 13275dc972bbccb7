"""Two accounts of one person: the days of both are one calendar, and no rung of a ladder is given twice."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from festoon.base.effects import Effect
from festoon.mechanics.check_in_days import CheckInDays
from festoon.mechanics.check_in_ladder import Rungs
from festoon.mechanics.proof import let_go
from festoon.mechanics.streak import Excused, Runs, has, joined, total
from festoon.mechanics.task_merge import proofs_of_both


def days_of_both(one: Runs, other: Runs) -> Runs:
    """The days on which either checked in."""
    for first, length in other:
        for day in range(first, first + length):
            if not has(one, day):
                one, _, _ = joined(one, day)
    return one


def streaks(runs: Runs, excused: Excused | None) -> list[int]:
    """The lengths of the streaks, where missed days that are excused break none."""
    found: list[int] = []
    end = 0
    for first, length in runs:
        linked = bool(found) and excused is not None and all(map(excused, range(end, first)))
        if linked:
            found[-1] += length
        else:
            found.append(length)
        end = first + length
    return found


def given(runs: Runs, ahead: Mapping[int, int], rungs: Rungs, excused: Excused | None) -> dict[int, int]:
    """How often each rung was given for these days."""
    lengths = streaks(runs, excused)
    return {rung: sum(map(times, lengths)) + ahead.get(rung, 0) for rung, times in rungs.items()}


Both = tuple[CheckInDays, dict[str, int]]
"""The days of both accounts, and how often each rung is due."""


def again(kept: CheckInDays, gone: CheckInDays, rungs: Rungs, excused: Excused | None) -> Both:
    """For a ladder that every streak climbs: what both were given is held against what all days ask for."""
    days = _days(kept, gone)
    had = [given(each.runs, dict(each.ahead), rungs, excused) for each in (kept, gone)]
    asked = given(days.runs, {}, rungs, excused)
    left = {rung: asked[rung] - sum(each[rung] for each in had) for rung in rungs}
    ahead = tuple((rung, -times) for rung, times in sorted(left.items()) if times < 0)
    return replace(days, ahead=ahead), {str(rung): times for rung, times in left.items() if times > 0}


def once(kept: CheckInDays, gone: CheckInDays, rungs: Rungs, excused: Excused | None) -> Both:
    """For a ladder that is climbed once: a rung that either has reached was reached."""
    days = _days(kept, gone)
    longest = max(streaks(days.runs, excused), default=0)
    new = [rung for rung in rungs if rung <= longest and rung not in days.reached]
    return replace(days, reached=tuple(sorted((*days.reached, *new)))), {str(rung): 1 for rung in new}


def twice(
    kept: CheckInDays, gone: CheckInDays, rungs: Rungs, cumulative: Iterable[int], *, climbed_once: bool
) -> Iterator[str]:
    """What both were given that a person is given once."""
    if climbed_once:
        yield from (f"rung:{rung}" for rung in rungs if rung in kept.reached and rung in gone.reached)
    both = min(total(kept.runs), total(gone.runs))
    yield from (f"days:{days}" for days in cumulative if days <= both)


def looked_at_no_more(kept: CheckInDays, gone: CheckInDays, both: CheckInDays) -> list[Effect]:
    """Photos of days that count already, or for which another photo waits, are not to be looked at."""
    return let_go((kept.proofs, gone.proofs), both.proofs)


def _days(kept: CheckInDays, gone: CheckInDays) -> CheckInDays:
    runs = days_of_both(kept.runs, gone.runs)
    proofs = proofs_of_both(kept.proofs, gone.proofs)
    waiting = {proof.day: proof for proof in reversed(proofs.open) if not has(runs, proof.day)}
    return CheckInDays(
        runs,
        tuple(sorted({*kept.repaired, *gone.repaired})),
        (),
        tuple(sorted({*kept.reached, *gone.reached})),
        min(filter(None, (kept.since, gone.since)), default=0),
        replace(proofs, open=tuple(reversed(waiting.values()))),
    )
