"""A campaign told in events: a plan that runs in memory, members who do things, and what came of it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.events import Event
from festoon.engine.outcome import MechanicOutcome, Outcome
from festoon.engine.replay import Decision, Replay, program_in_memory
from festoon.ledger.book import asset_and_part
from festoon.plan.check import check_plan
from festoon.plan.compiled import CompiledCampaign

SPRING = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-30}
budget: {currency: CNY, lines: {prizes: 5000}}
"""
"""How a plan begins when nothing in its head matters: March in Shanghai, and enough money."""


class Story:
    """One plan, or several that run together, from the first event on.

    Times are local: `"2027-03-01"` is that day's noon, `"2027-03-01 23:30"` that minute.
    """

    def __init__(self, plan: str, *beside: str) -> None:
        compiled = [_compiled(text) for text in (plan, *beside)]
        self.campaign = compiled[0].campaign
        self.zone: ZoneInfo = compiled[0].zone
        self.replay = Replay(program_in_memory(compiled))
        self.timers: list[MechanicOutcome] = []
        """What became of timers, in their order."""
        self._ids = count(1)

    def happens(self, type: str, who: str, at: str, **data: Any) -> dict[str, MechanicOutcome]:
        """One event, and then whatever is due. What each mechanic made of it, by its name."""
        outcome = self.send(type, who, at, **data)
        self.passes(at)
        return {made.mechanic.partition("/")[2]: made for made in outcome.mechanics}

    def send(self, type: str, who: str, at: str, **data: Any) -> Outcome:
        """One event and its outcome."""
        event = Event("app", str(next(self._ids)), type, who, self.instant(at), data)
        *due, (_, _, decided) = self.replay.run([event])
        self._note(due)
        return decided.outcome

    def passes(self, at: str) -> None:
        """Time goes on until then."""
        self._note(self.replay.until(self.instant(at)))

    def points(self, who: str, asset: str = "points") -> int:
        """What a member has of an asset of the plan's own, or of points; of a part of it, such as `points@pending`."""
        plain = asset.partition("@")[0] in ("points", "growth")
        code = asset if plain else f"{self.campaign}/{asset}"
        return self.replay.world.members[who].book.balance(code)

    def items(self, who: str) -> Counter[str]:
        """How many of each thing a member owns, by the names of the plan."""
        held = {item.id: item for item in self.replay.world.members[who].items.values() if item is not None}
        return Counter(item.ref.rpartition("/")[2] for item in held.values())

    def shows(self, who: str, mechanic: str, at: str) -> dict[str, Any]:
        """The progress that a member sees."""
        listener = self.replay.program.by_key[f"{self.campaign}/{mechanic}"]
        progress = self.replay.world.members[who].progress_of(listener.key)
        state = listener.mechanic.State() if progress is None or progress.state is None else progress.state
        return listener.mechanic.shows(state, self.instant(at).date())

    def due(self, who: str, mechanic: str) -> list[datetime]:
        """When the timers come due that a mechanic has of a member."""
        owner = f"{self.campaign}/{mechanic}"
        timers = self.replay._live.items()
        return sorted(timer.due for (whose, _), timer in timers if (whose, timer.owner) == (who, owner))

    def books_balance(self) -> bool:
        """Whether for every asset all balances sum to zero."""
        sums: Counter[str] = Counter()
        for key, balance in self.replay.world.shared.balances.items():
            sums[key.partition("|")[2]] += balance
        for member in self.replay.world.members.values():
            for key, balance in member.book.balances.items():
                sums[asset_and_part(key)[0]] += balance
        return not any(sums.values())

    def set_aside(self) -> Counter[str]:
        """What is set aside for members, by what it is of and where it waits; it is what the accounts there hold."""
        world, waiting = self.replay.world, Counter[str]()
        for member in world.members.values():
            for grant in member.open_grants().values():
                for leg in grant.aside.legs:
                    waiting[f"{leg.asset}|{leg.beside}"] += leg.amount
            for item in {item.id: item for item in member.items.values() if item is not None}.values():
                if item.line and item.kind in ("coupon", "gift") and item.state in ("owned", "awaiting"):
                    holder, _, currency = item.line.partition("|")
                    waiting[f"{currency}|{holder.replace('/budget/', '/committed/')}"] += item.cost
        there = Counter[str]()
        for key, balance in world.shared.balances.items():
            holder, _, asset = key.partition("|")
            if holder == "reserved" or "/committed/" in holder:
                there[f"{asset}|{holder}"] += balance
        for member in world.members.values():
            for key, balance in member.book.balances.items():
                if key.endswith("@pending"):
                    there[key.replace("@", "|@")] += balance
        assert +there == +waiting
        return +waiting

    def instant(self, at: str) -> datetime:
        local = datetime.fromisoformat(at if " " in at else f"{at} 12:00")
        return local.replace(tzinfo=self.zone)

    def _note(self, decisions: Iterable[Decision]) -> None:
        for _, _, decided in decisions:
            self.timers += decided.outcome.mechanics


def _compiled(plan: str) -> CompiledCampaign:
    checked = check_plan(plan)
    assert checked.compiled is not None, checked.errors
    return checked.compiled


def code(made: MechanicOutcome) -> str:
    """What a mechanic refused with; "" when it did not."""
    return "" if made.refused is None else made.refused.code
