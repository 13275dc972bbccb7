"""Daily check-in (签到, 打卡): a reward a day, a ladder for streaks, cumulative days, make-up cards."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from festoon.base.effects import Effect, Give, Keep, Note, Take
from festoon.base.errors import Invalid, Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import local_day
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.giving import Giving, spec
from festoon.mechanics.streak import (
    Runs,
    has,
    joined,
    length_at,
    reached_daily,
    reached_in_cycle,
    reached_once,
    total,
)

ALREADY = define("check_in.already_that_day", 200, "you have already checked in for {day}", "{day}已签到")
FUTURE = define("check_in.future_day", 200, "{day} has not come yet", "{day}尚未到来")
NO_MAKE_UP = define("check_in.no_make_up", 200, "a missed day cannot be made up here", "本活动不支持补签")
NOT_A_DAY = define("check_in.not_a_day", 200, "'{repair}' is not a day", "“{repair}”不是有效日期")
NOT_MISSED = define(
    "check_in.not_missed", 200, "{day} is not over: check in instead", "{day}还没有结束，请直接签到"
)
BEFORE_START = define(
    "check_in.before_start",
    200,
    "check-ins began on {first}; {day} was before",
    "签到从{first}开始，{day}不能补签",
)
TOO_LONG_AGO = define(
    "check_in.too_long_ago",
    200,
    "{day} is too long ago: a day can be made up within {days} day(s)",
    "{day}已超过补签期限，只能补签{days}天以内的日期",
)
REPAIRS_USED = define(
    "check_in.repairs_used",
    200,
    "{limit} day(s) of a month can be made up, and have been",
    "每月最多补签{limit}天，本月已用完",
)
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


class CheckInDays(Struct, frozen=True, omit_defaults=True):
    """The days of one member.

    `ahead` holds, by rung, how often it was given more than the days as they now stand ask for: two streaks
    that a late day joins were each paid from the bottom, so the next ones have that much less to come.
    `reached` holds the rungs that are given once and have been.
    """

    runs: Runs = ()
    repaired: tuple[int, ...] = ()
    ahead: tuple[tuple[int, int], ...] = ()
    reached: tuple[int, ...] = ()


class CheckIn(Mechanic, kind="check_in"):
    """Daily check-in with a streak ladder.

    A day is a calendar day in the campaign's time zone, taken from the event's own time. The streak is read
    off the days, so a late event lands in its place and gives what thereby becomes due, once.
    """

    Params = CheckInParams
    State = CheckInDays

    def __init__(self, params: CheckInParams, build: Build) -> None:
        super().__init__(params, build)
        _check(params)
        self.campaign = build.campaign
        self.zone = build.zone
        self.first_day = local_day(build.start, build.zone)
        self.daily = None if params.daily is None else Give(build.reward(spec(params.daily), "daily"))
        self.ladder = {
            rung: build.reward(spec(give), f"ladder.{rung}") for rung, give in sorted(params.ladder.items())
        }
        self.cumulative = {
            days: build.reward(spec(give), f"cumulative.{days}") for days, give in params.cumulative.items()
        }
        self.rungs = {rung: _reached(params, rung) for rung in self.ladder}
        self.card = "" if params.make_up is None else build.asset(params.make_up.asset, "make_up.asset")

    def needs(self) -> Needs:
        return Needs(assets=(self.card,) if self.card else ())

    def fields(self) -> frozenset[str]:
        return frozenset({"repair", "campaign", "mechanic"})

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        every_day = () if self.daily is None else self.daily.reward.gifts
        if self.daily is not None:
            yield self.daily.reward, None
        for reward in (*self.ladder.values(), *self.cumulative.values()):
            yield Reward(reward.name, every_day + reward.gifts), None

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        if not self._concerns(event):
            return
        if view.day > view.local_date(view.now):
            raise Refused(FUTURE, day=view.day.isoformat())
        state: CheckInDays = view.state
        if (repair := event.data.get("repair")) is None:
            yield from self._day(state, view.day)
            return
        day = self._repairable(state, repair, view)
        yield Take(self.card, 1)
        yield from self._joined(replace(state, repaired=(*state.repaired, day.toordinal())), day)

    def _concerns(self, event: Event) -> bool:
        named = event.data.get("campaign"), event.data.get("mechanic")
        return named[0] in (None, self.campaign) and named[1] in (None, self.id)

    def _day(self, state: CheckInDays, day: date) -> Iterator[Effect]:
        if has(state.runs, day.toordinal()):
            raise Refused(ALREADY, day=day.isoformat())
        if self.daily is not None:
            yield self.daily
        yield from self._joined(state, day)

    def _repairable(self, state: CheckInDays, repair: Any, view: View) -> date:
        """The missed day that a card may repair. Raises Refused."""
        rule: MakeUp | None = self.params.make_up
        if rule is None:
            raise Refused(NO_MAKE_UP)
        day, said = _day_of(repair), {"day": repair}
        if day > view.day:
            raise Refused(FUTURE, **said)
        if has(state.runs, day.toordinal()):
            raise Refused(ALREADY, **said)
        if day == view.day:
            raise Refused(NOT_MISSED, **said)
        registered = view.member.registered
        first = self.first_day if registered is None else max(self.first_day, view.local_date(registered))
        if day < first:
            raise Refused(BEFORE_START, first=first.isoformat(), **said)
        if rule.within_days is not None and (view.day - day).days > rule.within_days:
            raise Refused(TOO_LONG_AGO, days=rule.within_days, **said)
        if rule.per_month is not None and _in_month(state.repaired, day) >= rule.per_month:
            raise Refused(REPAIRS_USED, limit=rule.per_month, **said)
        return day

    def _joined(self, state: CheckInDays, day: date) -> Iterator[Effect]:
        """One more day, and every rung that it makes due."""
        runs, before, after = joined(state.runs, day.toordinal())
        streak, days = before + 1 + after, total(runs)
        state = replace(state, runs=runs)
        climb = self._climbed_once if self.params.each == "campaign" else self._climbed
        state, due = climb(state, before, after, streak)
        for rung, times in due:
            yield Give(self.ladder[rung], times)
        if (reward := self.cumulative.get(days)) is not None:
            yield Give(reward)
        yield Keep(state)
        yield Note({"day": day.isoformat(), "streak": streak, "days": days})

    def _climbed(
        self, state: CheckInDays, before: int, after: int, streak: int
    ) -> tuple[CheckInDays, list[tuple[int, int]]]:
        """What the joined streak reaches beyond what its parts had, less what was given ahead."""
        ahead, due = dict(state.ahead), []
        for rung, reached in self.rungs.items():
            more = reached(streak) - reached(before) - reached(after)
            if more == 0:
                continue
            open_ = more - ahead.pop(rung, 0)
            if open_ > 0:
                due.append((rung, open_))
            elif open_ < 0:
                ahead[rung] = -open_
        return replace(state, ahead=tuple(sorted(ahead.items()))), due

    def _climbed_once(
        self, state: CheckInDays, before: int, after: int, streak: int
    ) -> tuple[CheckInDays, list[tuple[int, int]]]:
        new = [
            rung for rung in self.ladder if max(before, after) < rung <= streak and rung not in state.reached
        ]
        return replace(state, reached=tuple(sorted((*state.reached, *new)))), [(rung, 1) for rung in new]

    def shows(self, state: CheckInDays, day: date) -> dict[str, Any]:
        today = day.toordinal()
        streak = length_at(state.runs, today)
        return {
            "streak": streak,
            "days": total(state.runs),
            "today": has(state.runs, today),
            "next_rung": self._next_rung(state, streak),
            "checked_in": [
                [date.fromordinal(first).isoformat(), date.fromordinal(first + length - 1).isoformat()]
                for first, length in state.runs
            ],
            "repaired": [date.fromordinal(day).isoformat() for day in state.repaired],
        }

    def _next_rung(self, state: CheckInDays, streak: int) -> int | None:
        """The streak length at which the ladder gives next, or None when it has given all."""
        if self.params.each == "campaign":
            left = [rung for rung in self.ladder if rung > streak and rung not in state.reached]
            return min(left, default=None)
        span = max(self.ladder, default=0) + (self.params.cycle or 0) + 1
        return next(
            (length for length in range(streak + 1, streak + 1 + span) if self._gives_at(length)), None
        )

    def _gives_at(self, length: int) -> bool:
        return any(reached(length) > reached(length - 1) for reached in self.rungs.values())


def _check(params: CheckInParams) -> None:
    if params.cycle is None:
        return
    if params.top == "daily":
        raise Invalid(TOP_IN_CYCLE, "top")
    for rung in params.ladder:
        if rung > params.cycle:
            raise Invalid(CYCLE_SHORT, f"ladder.{rung}", rung=rung, cycle=params.cycle)


def _reached(params: CheckInParams, rung: int) -> Callable[[int], int]:
    """How often a streak of so many days reaches a rung."""
    if params.cycle is not None:
        return partial(reached_in_cycle, rung=rung, cycle=params.cycle)
    if params.top == "daily" and rung == max(params.ladder):
        return partial(reached_daily, rung=rung)
    return partial(reached_once, rung=rung)


def _day_of(repair: Any) -> date:
    try:
        return date.fromisoformat(repair)
    except (TypeError, ValueError):
        raise Refused(NOT_A_DAY, repair=str(repair)[:32]) from None


def _in_month(repaired: tuple[int, ...], day: date) -> int:
    months = (date.fromordinal(other) for other in repaired)
    return sum((other.year, other.month) == (day.year, day.month) for other in months)
