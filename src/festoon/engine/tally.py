"""What a run came to: who would have won what, what it cost, when stock ran out, who was refused and why."""

from collections import Counter, defaultdict
from datetime import datetime

from msgspec import Struct

from festoon.base.events import Event
from festoon.engine.decide import Decided
from festoon.engine.outcome import MechanicOutcome, Refusal
from festoon.engine.world import World
from festoon.ledger.accounts import SHELF, shared
from festoon.ledger.book import BUDGET_SHORT, STOCK_EMPTY
from festoon.ledger.transfers import Transfer

Thing = tuple[str, str, str]
"""A mechanic's key, the kind of what it gave, and which one."""


class Winner(Struct, frozen=True):
    """One member who would have won one thing, and when."""

    subject: str
    mechanic: str
    kind: str
    ref: str
    at: datetime


class Tally:
    """Counts decided events. `scarce` kinds are remembered winner by winner."""

    scarce = frozenset({"gift", "item"})
    most_winners = 10_000

    def __init__(self) -> None:
        self.events = 0
        self.by_type: Counter[str] = Counter()
        self.refused_requests = 0
        self.grants: Counter[Thing] = Counter()
        self.amounts: Counter[Thing] = Counter()
        self.members: defaultdict[str, set[str]] = defaultdict(set)
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.passed_over: Counter[tuple[str, str]] = Counter()
        self.booked: Counter[tuple[str, str]] = Counter()
        self.empty: dict[str, datetime] = {}
        """When a stock or a budget line ran out: nothing was left of it, or for the first time too little for what
        was to be given."""
        self.transfers = 0
        self.winners: list[Winner] = []
        self._lines: dict[tuple[str, str], str] = {}

    def add(self, event: Event, now: datetime, decided: Decided, world: World) -> None:
        """Count one decided event."""
        self.events += 1
        self.by_type[event.type] += 1
        outcome = decided.outcome
        if outcome.status == "refused":
            self.refused_requests += 1
        for reason, mechanics in outcome.passed_over.items():
            for mechanic in mechanics:
                self.passed_over[mechanic, reason] += 1
        for result in outcome.mechanics:
            if result.refused is not None:
                self.refusals[result.mechanic, result.refused.code] += 1
            if short := self._short(result, world):
                self.empty.setdefault(short, now)
            for given in result.given:
                thing = (result.mechanic, given.kind, given.ref)
                self.grants[thing] += 1
                self.amounts[thing] += given.amount
                if given.kind in self.scarce and len(self.winners) < self.most_winners:
                    self.winners.append(Winner(event.subject, *thing, at=now))
            if result.given:
                self.members[result.mechanic].add(event.subject)
        if decided.transfers:
            self._book(decided.transfers, now, world)

    def _short(self, result: MechanicOutcome, world: World) -> str:
        """The shared account that had too little left for what a mechanic wanted to give, or ""."""
        if result.refused is not None:
            return self._refused_by(result.refused, result.mechanic, world)
        for given in result.given:
            if given.wanted is not None and given.line:
                left = world.shared.balances[given.line]
                if left * given.amount < given.cost:  # not even one more unit: the line clipped it, not a cap
                    return given.line
        return ""

    def _refused_by(self, refused: Refusal, mechanic: str, world: World) -> str:
        if refused.code == STOCK_EMPTY:
            return shared(SHELF, refused.data["asset"])
        if refused.code != BUDGET_SHORT:
            return ""
        campaign, line = mechanic.partition("/")[0], refused.data["line"]
        if (campaign, line) not in self._lines:
            holder = f"{campaign}/budget/{line}|"
            self._lines[campaign, line] = next(key for key in world.shared.floors if key.startswith(holder))
        return self._lines[campaign, line]

    def _book(self, transfers: list[Transfer], now: datetime, world: World) -> None:
        self.transfers += len(transfers)
        for move in transfers:
            if move.debit[0] != "@" and ("/budget/" in move.debit or move.debit == "shelf"):
                key = f"{move.debit}|{move.asset}"
                self.booked[key, move.credit.partition("/")[2].partition("/")[0]] += move.amount
                if key not in self.empty and world.shared.balances[key] <= (world.shared.floors[key] or 0):
                    self.empty[key] = now

    def reached(self) -> int:
        """How many members were given anything."""
        return len(set().union(*self.members.values())) if self.members else 0

    def cost(self) -> dict[str, int]:
        """What every budget line paid or committed, in the currency's smallest unit."""
        found: Counter[str] = Counter()
        for (account, _), amount in self.booked.items():
            if "/budget/" in account:
                found[account.partition("|")[0].rpartition("/")[2]] += amount
        return dict(found)
