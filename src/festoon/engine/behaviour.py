"""The figures of what members did, kept event by event: for back-tests and simulations, where nothing is stored.

The declarations are in `plan/behaviour.py`; what comes of them is the same as `audience/behaviour.py` computes from
the facts.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.events import Event
from festoon.base.times import days_in, local_day
from festoon.base.vocabulary.activity import NOT_ACTIVITY
from festoon.plan.behaviour import FIGURES, Taken

_OWN: tuple[str, ...] = ()


class Behaviour:
    """What the members of one campaign did so far. Days are local days of its zone."""

    def __init__(
        self,
        taken: Iterable[Taken],
        away: Iterable[tuple[str, ...]],
        zone: ZoneInfo,
        start: datetime,
        currency: str,
    ) -> None:
        self._zone, self._start, self._currency = zone, start, currency
        self._local_days = days_in(zone)
        figures = [FIGURES[name] for name in sorted({each.figure for each in taken})]
        self._sums: list[tuple[str, frozenset[str], frozenset[str], bool]] = []
        self._days: set[tuple[str, ...]] = set(away)
        for figure in figures:
            if figure.what in ("count", "amount"):
                self._sums.append(
                    (figure.name, frozenset(figure.types), frozenset(figure.minus), figure.what == "amount")
                )
            else:
                self._days.add(figure.types)
        self._by_day: dict[str, defaultdict[str, dict[date, int]]] = {
            name: defaultdict(dict) for name, *_ in self._sums
        }
        self._on: dict[tuple[str, ...], defaultdict[str, set[date]]] = {
            types: defaultdict(set) for types in self._days
        }

    def takes(self, type_: str) -> bool:
        """Whether events of a type come into any figure."""
        return (
            any(type_ in types for types in self._days)
            or (_OWN in self._days and type_ not in NOT_ACTIVITY)
            or any(type_ in plus or type_ in minus for _, plus, minus, _ in self._sums)
        )

    def add(self, event: Event, status: str) -> None:
        """Take note of an event and of whether it was accepted."""
        type_, who = event.type, event.subject
        day = self._local_days.of(event.time)
        for types in self._days:
            own = types == _OWN and type_ not in NOT_ACTIVITY
            if own or (status == "accepted" and type_ in types):
                self._on[types][who].add(day)
        if status != "accepted":
            return
        for name, plus, minus, money in self._sums:
            if type_ in plus or type_ in minus:
                units = self._units(event.data) if money else 1
                days = self._by_day[name][who]
                days[day] = days.get(day, 0) + (-units if type_ in minus else units)

    def merge(self, into: str, gone: str) -> None:
        """Two accounts turn out to be one person's: what one did, the other did."""
        for sums in self._by_day.values():
            for day, many in sums.pop(gone, {}).items():
                sums[into][day] = sums[into].get(day, 0) + many
        for days in self._on.values():
            days[into] |= days.pop(gone, set())

    def forget(self, who: str) -> None:
        """What somebody did is nobody's any more."""
        for sums in self._by_day.values():
            sums.pop(who, None)
        for days in self._on.values():
            days.pop(who, None)

    def _units(self, data: dict[str, Any]) -> int:
        """What an event is worth in the campaign's currency."""
        amount = data.get("amount")
        ours = data.get("currency") == self._currency
        return amount if ours and type(amount) is int else 0

    def value(self, who: str, each: Taken, at: datetime) -> int | None:
        """A member's figure at an instant; None when it is missing."""
        figure = FIGURES[each.figure]
        if figure.what == "since":
            last = self.last(who, figure.types)
            return None if last is None else (local_day(at, self._zone) - last).days
        since = each.over.since(at, self._start, self._zone)
        first = date.min if since is None else local_day(since, self._zone)
        if figure.what == "days":
            return sum(day >= first for day in self._on[figure.types].get(who, ()))
        days = self._by_day[figure.name].get(who, {})
        return sum(many for day, many in days.items() if day >= first)

    def last(self, who: str, types: tuple[str, ...]) -> date | None:
        """The last local day on which a member did something of these types; of none: anything of his own."""
        return max(self._on[types].get(who, ()), default=None)
