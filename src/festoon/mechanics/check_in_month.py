"""The calendar of a check-in as a member sees it: his days of a month, and what lies ahead if he keeps on."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from festoon.base.rewards import Reward
from festoon.base.times import add_months
from festoon.mechanics.check_in_params import CheckInParams
from festoon.mechanics.giving import said
from festoon.mechanics.proof import Proofs
from festoon.mechanics.streak import Excused, Runs, has, total


class Days(Protocol):
    """What is remembered of a member (`CheckInDays`)."""

    @property
    def runs(self) -> Runs: ...
    @property
    def repaired(self) -> tuple[int, ...]: ...
    @property
    def ahead(self) -> tuple[tuple[int, int], ...]: ...
    @property
    def reached(self) -> tuple[int, ...]: ...
    @property
    def since(self) -> int: ...
    @property
    def proofs(self) -> Proofs: ...


class Rules(Protocol):
    """What the calendar must know of the check-in."""

    @property
    def params(self) -> CheckInParams: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def excused(self) -> Excused | None: ...
    @property
    def ladder(self) -> Mapping[int, Reward]: ...
    @property
    def cumulative(self) -> Mapping[int, Reward]: ...
    @property
    def rungs(self) -> Mapping[int, Callable[[int], int]]: ...


class Month:
    """A member's month, seen on one of its days."""

    def __init__(self, rules: Rules, state: Days, today: date) -> None:
        self.rules = rules
        self.state = state
        self.today = today
        first = max(today.replace(day=1), rules.first_day)
        last = min(add_months(today.replace(day=1), 1) - timedelta(days=1), rules.last_day)
        self.span = [first + timedelta(days=day) for day in range((last - first).days + 1)]

    def days(self) -> dict[str, str]:
        """What became of each day: checked_in, repaired, in_review, rejected, repairable, excused or missed; open
        today, ahead later. Days outside the campaign are left out."""
        return {day.isoformat(): self._of(day) for day in self.span}

    def _of(self, day: date) -> str:
        number = day.toordinal()
        if has(self.state.runs, number):
            return "repaired" if number in self.state.repaired else "checked_in"
        if any(proof.day == number for proof in self.state.proofs.open):
            return "in_review"
        if any(proof.day == number for proof in self.state.proofs.rejected):
            return "rejected"
        if day >= self.today:
            return "open" if day == self.today else "ahead"
        if self._repairable(day):
            return "repairable"
        excused = self.rules.excused
        return "excused" if excused is not None and excused(number) else "missed"

    def _repairable(self, day: date) -> bool:
        rule = self.rules.params.make_up
        if rule is None or day.toordinal() < self.state.since:
            return False
        if rule.within_days is not None and (self.today - day).days > rule.within_days:
            return False
        return rule.per_month is None or in_month(self.state.repaired, day) < rule.per_month

    def ahead(self, streak: int) -> list[dict[str, Any]]:
        """The rewards beside the daily one that come this month if no further day is missed: the day, the streak and
        the total by then, and what they give."""
        found = []
        days, given = total(self.state.runs), dict(self.state.ahead)
        for day in self.span:
            if day < self.today or has(self.state.runs, day.toordinal()):
                continue
            streak, days = streak + 1, days + 1
            rewards = [*self._rungs(streak, given)]
            if (reward := self.rules.cumulative.get(days)) is not None:
                rewards.append(reward)
            if rewards:
                gives = [gift for reward in rewards for gift in said(reward)]
                found.append({"day": day.isoformat(), "streak": streak, "days": days, "gives": gives})
        return found

    def next_rung(self, streak: int) -> int | None:
        """The streak length at which the ladder gives next, or None when it has given all."""
        rules, given = self.rules, dict(self.state.ahead)
        cycle = rules.params.cycle or 0
        span = max(rules.ladder, default=0) + cycle + 1 + max(cycle, 1) * sum(given.values())
        lengths = range(streak + 1, streak + 1 + span)
        return next((length for length in lengths if list(self._rungs(length, given))), None)

    def _rungs(self, streak: int, given: dict[int, int]) -> Iterator[Reward]:
        """What the ladder gives at a length, less what was given ahead."""
        for rung, times in self.rules.rungs.items():
            if self.rules.params.each == "campaign":
                due = rung == streak and rung not in self.state.reached
            else:
                due = times(streak) > times(streak - 1)
                if due and given.get(rung):
                    given[rung] -= 1
                    due = False
            if due:
                yield self.rules.ladder[rung]


def in_month(repaired: tuple[int, ...], day: date) -> int:
    """How many days of a day's month were repaired."""
    months = (date.fromordinal(other) for other in repaired)
    return sum((other.year, other.month) == (day.year, day.month) for other in months)
