"""Daily check-in (签到, 打卡): a reward a day, a ladder for streaks, cumulative days, make-up cards, photos."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from festoon.base.effects import Effect, Give, Keep, Note, Start, Take, had_twice
from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import local_day
from festoon.mechanics.base import MERGED, Build, Mechanic, Needs, View
from festoon.mechanics.check_in_days import CheckInDays
from festoon.mechanics.check_in_ladder import climbed, climbed_once
from festoon.mechanics.check_in_merge import again, looked_at_no_more, once, twice
from festoon.mechanics.check_in_month import Month, in_month
from festoon.mechanics.check_in_params import CheckInParams, DaysOff, MakeUp, check, reached
from festoon.mechanics.giving import spec
from festoon.mechanics.promised import MORE, honour, left, of_both, promise, still_wanted
from festoon.mechanics.proof import IN_REVIEW, VERDICTS, Proof, Proofs, Reviewing, Verdict, settled, shown
from festoon.mechanics.streak import Runs, has, joined, length_at, linked, linked_at, total

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
NOT_REJECTED = define(
    "check_in.not_rejected",
    200,
    "no photo for {day} was rejected in the last {days} day(s)",
    "最近{days}天内没有{day}的照片被驳回",
)

DAILY, OFF, RUNG, TOTAL = "daily", "off", "rung/", "total/"
"""The rewards by name; of a rung or a total with its length."""
Due = dict[str, int]
"""How often each reward is due."""
Said = dict[str, Any]


class CheckIn(Mechanic, kind="check_in"):
    """Daily check-in with a streak ladder.

    A day is a calendar day in the campaign's time zone, taken from the event's own time. The streak is read
    off the days, so a late event lands in its place and gives what thereby becomes due, once.
    """

    Params = CheckInParams
    State = CheckInDays
    reaches = "streak"

    def __init__(self, params: CheckInParams, build: Build) -> None:
        super().__init__(params, build)
        check(params)
        self.campaign = build.campaign
        self.zone = build.zone
        self.first_day = local_day(build.start, build.zone)
        self.last_day = local_day(build.end - timedelta(microseconds=1), build.zone)
        daily = None if params.daily is None else build.reward(spec(params.daily), "daily")
        self.daily = None if daily is None else Give(daily)
        self.off = None if params.days_off is None else _off(params.days_off, build)
        self.excused = (
            self.off if params.days_off is not None and params.days_off.missed == "excused" else None
        )
        self.daily_off = (
            None if daily is None or params.days_off is None else Give(daily, params.days_off.daily)
        )
        self.ladder = {
            rung: build.reward(spec(give), f"ladder.{rung}") for rung, give in sorted(params.ladder.items())
        }
        self.cumulative = {
            days: build.reward(spec(give), f"cumulative.{days}") for days, give in params.cumulative.items()
        }
        self.gives = {
            **{name: give for name, give in ((DAILY, self.daily), (OFF, self.daily_off)) if give is not None},
            **{f"{RUNG}{rung}": Give(reward) for rung, reward in self.ladder.items()},
            **{f"{TOTAL}{days}": Give(reward) for days, reward in self.cumulative.items()},
        }
        self.rungs = {rung: reached(params, rung) for rung in self.ladder}
        self.climb = partial(climbed_once if params.each == "campaign" else climbed, self.rungs)
        self.review = None if params.review is None else Reviewing(params.review, build, "event.photo")
        self.sets_aside = self.review is not None
        self.card = "" if params.make_up is None else build.asset(params.make_up.asset, "make_up.asset")

    @classmethod
    def listens(cls, params: CheckInParams) -> tuple[str, ...]:
        """Check-ins, and verdicts on their photos."""
        return (*super().listens(params), *cls.beside(params))

    @classmethod
    def beside(cls, params: CheckInParams) -> tuple[str, ...]:
        return () if params.review is None else VERDICTS

    def needs(self) -> Needs:
        return Needs(assets=(self.card,) if self.card else ())

    def fields(self) -> frozenset[str]:
        own = frozenset({"repair", "campaign", "mechanic"})
        return own if self.review is None else own | self.review.fields | {"day"}

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        daily = self.daily_off or self.daily
        every_day = () if daily is None else daily.reward.gifts * daily.times
        if daily is not None:
            yield Reward(daily.reward.name, every_day), None
        for reward in (*self.ladder.values(), *self.cumulative.values()):
            yield Reward(reward.name, every_day + reward.gifts), None

    def decide(self, event: Event, view: View) -> Iterable[Effect]:
        state: CheckInDays = view.state
        if self.review is not None and event.type in VERDICTS:
            verdict = self.review.verdict(event, state.proofs, view)
            return () if verdict is None else self._decided(state, verdict, view)
        if not self._concerns(event):
            return ()
        day = view.day
        if day > view.local_date(view.now):
            raise Refused(FUTURE, day=day.isoformat())
        if (repair := event.data.get("repair")) is not None:
            return self._repaired(state, repair, view)
        if self.review is not None:
            return self._handed_in(state, self.review, day, event, view)
        return self._day(state, day, view.member.registered if self.card else None)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterable[Effect]:
        if name.partition(":")[0] == MERGED:
            return self._due_of_both(data)
        state: CheckInDays = view.state
        if name == MORE:
            wanted = self._wanted(state, state.proofs)
            return *promise(state.held, wanted, self.gives), Keep(replace(state, held=wanted))
        verdict = self.review and self.review.overdue(data, state.proofs, view)
        return self._decided(state, verdict, view) if verdict else ()

    def passed_by(self, name: str, data: dict[str, Any], view: View) -> Iterable[Effect]:
        state: CheckInDays = view.state
        then = self.review and self.review.passed_by(name, data, state.proofs, view)
        if isinstance(then, Verdict):
            return self._decided(state, then, view)
        return (then,) if then else ()

    def _concerns(self, event: Event) -> bool:
        named = event.data.get
        return named("campaign") in (None, self.campaign) and named("mechanic") in (None, self.id)

    def _day(self, state: CheckInDays, day: date, registered: datetime | None) -> Iterable[Effect]:
        if has(state.runs, day.toordinal()):
            raise Refused(ALREADY, day=day.isoformat())
        if registered is not None and not state.since:
            state = replace(state, since=local_day(registered, self.zone).toordinal())
        state, due, streak = self._counted(state, day.toordinal())
        return *self._given(due), Keep(state), Note(_said(state, day, streak))

    def _given(self, due: Due) -> Iterable[Effect]:
        dues = [(self.gives[name], times) for name, times in due.items()]
        return [give if times == 1 else Give(give.reward, times * give.times) for give, times in dues]

    def _repaired(self, state: CheckInDays, repair: Any, view: View) -> Iterable[Effect]:
        """A day that a card mends. What it makes due comes first out of what waits for photos that would have brought
        it."""
        day = self._repairable(state, repair, view)
        due: Due = {}
        repaired, proofs = (*state.repaired, day.toordinal()), state.proofs.without_rejected(day.toordinal())
        mended, streak = self._joined(replace(state, repaired=repaired, proofs=proofs), day.toordinal(), due)
        wanted = self._wanted(mended, proofs)
        return (
            Take(self.card, 1),
            *honour(state.held, due, wanted, self.gives),
            Keep(replace(mended, held=left(state.held, due, wanted))),
            Note(_said(mended, day, streak)),
        )

    # Photos that somebody looks at

    def _handed_in(
        self, state: CheckInDays, review: Reviewing, day: date, event: Event, view: View
    ) -> Iterable[Effect]:
        """A photo waits for its verdict, and so does the day."""
        if (again := event.data.get("day")) is not None:
            day = self._rejected_day(state, review, again, view)
        proofs, ordinal = state.proofs, day.toordinal()
        if has(state.runs, ordinal):
            raise Refused(ALREADY, day=day.isoformat())
        proof = Proof(review.new(event, proofs), ordinal)
        if ordinal in [other.day for other in proofs.open]:
            raise Refused(IN_REVIEW)
        proofs = replace(proofs, open=(*proofs.open, proof))
        wanted = self._wanted(state, proofs)
        return (
            review.waits(proof, event, view),
            *promise(state.held, wanted, self.gives),
            Keep(replace(state, proofs=proofs, held=wanted)),
            Note({"day": day.isoformat(), "proof": proof.id, "review": "open"}),
        )

    def _rejected_day(self, state: CheckInDays, review: Reviewing, again: Any, view: View) -> date:
        """The day for which another photo may come. Raises Refused."""
        day, days = _day_of(again), review.rule.again_days
        late = view.day.toordinal() - days
        if day != view.day and not any(
            (other.day, other.on >= late) == (day.toordinal(), True) for other in state.proofs.rejected
        ):
            raise Refused(NOT_REJECTED, day=day.isoformat(), days=days)
        return day

    def _decided(self, state: CheckInDays, verdict: Verdict, view: View) -> Iterable[Effect]:
        """An approved day counts where it belongs; for a rejected one another photo may come."""
        proof, proofs = verdict.proof, verdict.proofs
        day = date.fromordinal(proof.day)
        due: Due = {}
        counted = state
        if verdict.approved:
            proofs = proofs.without_rejected(proof.day)
            counted, due, streak = self._counted(state, proof.day)
            said = {"proof": proof.id, "review": "approved", **_said(counted, day, streak)}
        else:
            said = {"proof": proof.id, "day": day.isoformat(), "review": "rejected", "reason": verdict.reason}
        wanted = self._wanted(counted, proofs)
        held = left(state.held, due, wanted)
        return (
            settled(verdict),
            *honour(state.held, due, wanted, self.gives, None if verdict.approved else day),
            *still_wanted(held, wanted, view),
            Keep(replace(counted, proofs=proofs, held=held)),
            Note(said),
        )

    def _wanted(self, state: CheckInDays, proofs: Proofs) -> dict[str, int]:
        """What would be given if every photo that waits were approved, one after the other."""
        wanted: dict[str, int] = {}
        for proof in proofs.open:
            if not has(state.runs, proof.day):
                state, due, _ = self._counted(state, proof.day)
                for name, times in due.items():
                    wanted[name] = wanted.get(name, 0) + times
        return wanted

    # Cards

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
        if any(proof.day == day.toordinal() for proof in state.proofs.open):
            raise Refused(IN_REVIEW)
        registered = view.member.registered
        first = self.first_day if registered is None else max(self.first_day, view.local_date(registered))
        if day < first:
            raise Refused(BEFORE_START, first=first.isoformat(), **said)
        if rule.within_days is not None and (view.day - day).days > rule.within_days:
            raise Refused(TOO_LONG_AGO, days=rule.within_days, **said)
        if rule.per_month is not None and in_month(state.repaired, day) >= rule.per_month:
            raise Refused(REPAIRS_USED, limit=rule.per_month, **said)
        return day

    # Days and rungs

    def _counted(self, state: CheckInDays, day: int) -> tuple[CheckInDays, Due, int]:
        """A day on which the member checked in himself, by its ordinal; what is due for it, and the streak."""
        due: Due = {}
        if self.off is not None and self.daily_off is not None and self.off(day):
            due[OFF] = 1
        elif self.daily is not None:
            due[DAILY] = 1
        state, streak = self._joined(state, day, due)
        return state, due, streak

    def _joined(self, state: CheckInDays, day: int, due: Due) -> tuple[CheckInDays, int]:
        """One more day, and its streak; every rung that it makes due is put to what is due."""
        runs, before, after = joined(state.runs, day)
        if self.excused is not None:
            before, after = linked(state.runs, day, self.excused)
        streak = before + 1 + after
        state = replace(state, runs=runs)
        if self.ladder:
            state, rungs = self.climb(state, before, after, streak)
            for rung, times in rungs:
                due[f"{RUNG}{rung}"] = times
        if self.cumulative and (days := total(runs)) in self.cumulative:
            due[f"{TOTAL}{days}"] = 1
        return state, streak

    def merge(self, kept: CheckInDays, gone: CheckInDays, other: int, view: View) -> Iterator[Effect]:
        """The days of both; what their streaks then reach beyond what either was given is due, once."""
        climb = once if self.params.each == "campaign" else again
        yield from had_twice(twice(kept, gone, self.rungs, self.cumulative, climbed_once=climb is once))
        days, due = climb(kept, gone, self.rungs, self.excused)
        passed = max(total(kept.runs), total(gone.runs))
        reached = [at for at in self.cumulative if passed < at <= total(days.runs)]
        if due or reached:
            yield Start(f"{MERGED}:{other}", view.now, {"rungs": due, "days": reached})
        wanted = self._wanted(days, days.proofs)
        released, held = of_both(kept.held, gone.held, wanted)
        yield from (
            *released,
            *still_wanted(held, wanted, view),
            *looked_at_no_more(kept, gone, days),
            Keep(replace(days, held=held)),
        )

    def _due_of_both(self, data: dict[str, Any]) -> Iterator[Effect]:
        for rung, times in data["rungs"].items():
            if (reward := self.ladder.get(int(rung))) is not None:
                yield Give(reward, times)
        for days in data["days"]:
            if (reward := self.cumulative.get(days)) is not None:
                yield Give(reward)

    def shows(self, state: CheckInDays, day: date) -> dict[str, Any]:
        today = day.toordinal()
        streak, month = self._streak(state.runs, today), Month(self, state, day)
        said: Said = {
            "streak": streak,
            "days": total(state.runs),
            "today": has(state.runs, today),
            "next_rung": month.next_rung(streak),
            "checked_in": [
                [date.fromordinal(first).isoformat(), date.fromordinal(first + length - 1).isoformat()]
                for first, length in state.runs
            ],
            "repaired": [date.fromordinal(day).isoformat() for day in state.repaired],
            "month": month.days(),
            "ahead": month.ahead(streak),
        }
        if self.review is not None:
            said |= {**shown(state.proofs), "promised": self._promised(state, today)}
        return said

    def _streak(self, runs: Runs, today: int) -> int:
        return length_at(runs, today) if self.excused is None else linked_at(runs, today, self.excused)

    def _promised(self, state: CheckInDays, today: int) -> int:
        """The streak as it would be if every photo that waits were approved."""
        runs = state.runs
        for proof in state.proofs.open:
            runs = joined(runs, proof.day)[0]
        return self._streak(runs, today)


def _said(state: CheckInDays, day: date, streak: int) -> Said:
    """What a member is told of a day that counts."""
    return {"day": day.isoformat(), "streak": streak, "days": total(state.runs)}


def _day_of(repair: Any) -> date:
    try:
        return date.fromisoformat(repair)
    except (TypeError, ValueError):
        raise Refused(NOT_A_DAY, repair=str(repair)[:32]) from None


def _off(rule: DaysOff, build: Build) -> Callable[[int], bool]:
    """Whether a day is not like the others, by its ordinal."""
    listed = frozenset(day.toordinal() for day in rule.dates)
    working = build.is_working_day
    return listed.__contains__ if listed else lambda day: not working(date.fromordinal(day))
