"""What a plan says of checking in, and what cannot be right about it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Literal

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.giving import Giving
from festoon.mechanics.proof import Review
from festoon.mechanics.streak import reached_daily, reached_in_cycle, reached_once

CYCLE_SHORT = define(
    "check_in.cycle_short",
    400,
    "the ladder's rung {rung} lies past the cycle of {cycle} days",
    "第{rung}天的阶梯超出了{cycle}天的周期",
)
TOP_IN_CYCLE = define(
    "check_in.top_in_cycle",
    400,
    "a ladder that starts again has no top to stay on: leave out `top` or `cycle`",
    "循环阶梯没有停留的最高级：请去掉 `top` 或 `cycle`",
)

Days = Annotated[int, Meta(ge=1, le=3660)]
Rungs = dict[Days, Giving]


class MakeUp(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Cards that repair a missed day (补签卡).

    A repaired day counts for the streak and for the total; it has no daily reward.
    """

    asset: Annotated[str, says("The asset that the cards are; one is used up for each day.")]
    per_month: Annotated[Days | None, says("How many days of a calendar month can be repaired.")] = None
    within_days: Annotated[Days | None, says("How long ago the missed day may be; 1 is yesterday.")] = None


class DaysOff(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Days that are not like the others (节假日): what missing one does, and what checking in on one gives.

    A check-in on such a day counts for streak and total like any other.
    """

    dates: Annotated[
        tuple[date, ...],
        says("Which days; by default every day off of the plan's calendar, weekends included."),
    ] = ()
    missed: Annotated[
        Literal["excused", "breaks"],
        says("A missed one leaves the streak alive (`excused`), or breaks it like any other day (`breaks`)."),
    ] = "excused"
    daily: Annotated[
        int, Meta(ge=1, le=100), says("How many times the daily reward a check-in on such a day gives.")
    ] = 1


class CheckInParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of checking in."""

    on: Annotated[str | tuple[str, ...], says("The event type, or types, that check in.")] = "check_in.made"
    daily: Annotated[Giving | None, says("Given for every day.")] = None
    ladder: Annotated[Rungs, says("Streak length in days, and what it gives.")] = {}
    cycle: Annotated[
        Days | None, says("After so many days of a streak the ladder starts again; it never does by default.")
    ] = None
    top: Annotated[
        Literal["once", "daily"],
        says(
            "Past its end the ladder gives nothing more (`once`), or its last rung every further day"
            " (`daily`)."
        ),
    ] = "once"
    each: Annotated[
        Literal["streak", "campaign"],
        says("Whether a new streak climbs the ladder anew, or each rung is given once."),
    ] = "streak"
    cumulative: Annotated[Rungs, says("Days checked in altogether, and what they give.")] = {}
    make_up: Annotated[MakeUp | None, says("Cards that repair a missed day; none by default.")] = None
    days_off: Annotated[
        DaysOff | None, says("Days that are not like the others; all days are alike by default.")
    ] = None
    review: Annotated[
        Review | None,
        says("A check-in comes with a photo that somebody looks at, and its day counts when it is approved."),
    ] = None


def check(params: CheckInParams) -> None:
    """Raises Invalid for what contradicts itself."""
    if params.cycle is None:
        return
    if params.top == "daily":
        raise Invalid(TOP_IN_CYCLE, "top")
    for rung in params.ladder:
        if rung > params.cycle:
            raise Invalid(CYCLE_SHORT, f"ladder.{rung}", rung=rung, cycle=params.cycle)


def reached(params: CheckInParams, rung: int) -> Callable[[int], int]:
    """How often a streak of so many days reaches a rung."""
    if params.cycle is not None:
        return partial(reached_in_cycle, rung=rung, cycle=params.cycle)
    if params.top == "daily" and rung == max(params.ladder):
        return partial(reached_daily, rung=rung)
    return partial(reached_once, rung=rung)
