"""What a run came to: who would have won what, what it cost, when stock ran out, who was refused and why."""

from collections import Counter, defaultdict
from datetime import datetime

from msgspec import Struct

from festoon.base.events import Event
from festoon.engine.decide import Decided
from festoon.engine.outcome import Given, Refusal
from festoon.engine.world import World
from festoon.ledger.accounts import SHELF, shared
from festoon.ledger.book import BUDGET_SHORT, STOCK_EMPTY

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
        self.grants: Counter[Thing] = Counter()
        self.amounts: Counter[Thing] = Counter()
        self.members: defaultdict[str, set[str]] = defaultdict(set)
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.spent: defaultdict[str, int] = defaultdict(int)
        """What every budget line paid or committed, by its account."""
        self.empty: dict[str, datetime] = {}
        """When a stock or a budget line ran out: nothing was left of it, or for the first time too little for what
        was to be given."""
        self.transfers = 0
        self.winners: list[Winner] = []
        self._lines: dict[tuple[str, str], str] = {}

    def add(self, event: Event, now: datetime, decided: Decided, world: World) -> None:
        """Count one decided event."""
        self.events += 1
        for result in decided.outcome.mechanics:
            mechanic, refused = result.mechanic, result.refused
            if refused is not None:
                self.refusals[mechanic, refused.code] += 1
                if short := self._refused_by(refused, mechanic, world):
                    self.empty.setdefault(short, now)
            elif result.given:
                self.members[mechanic].add(event.subject)
                for given in result.given:
                    thing = (mechanic, given.kind, given.ref)
                    self.grants[thing] += 1
                    self.amounts[thing] += given.amount
                    if given.line:
                        self._spent(given, now, world)
                    if given.kind in self.scarce and len(self.winners) < self.most_winners:
                        self.winners.append(Winner(event.subject, *thing, at=now))
        if decided.transfers:
            self.transfers += len(decided.transfers)
            for asset in [move.asset for move in decided.transfers if move.debit == SHELF]:
                self._left(shared(SHELF, asset), now, world)

    def _spent(self, given: Given, now: datetime, world: World) -> None:
        """Count what a gift cost its budget line, and note when nothing is left of the line, or not enough for even one
        more unit of what it clipped."""
        line, book = given.line, world.shared
        self.spent[line] += given.cost
        if given.wanted is not None and book.balance(line) * given.amount < given.cost:
            self.empty.setdefault(line, now)
        else:
            self._left(line, now, world)

    def _left(self, account: str, now: datetime, world: World) -> None:
        """Note an account that nothing is left of."""
        book = world.shared
        if account not in self.empty and book.balance(account) <= (book.floors[account] or 0):
            self.empty[account] = now

    def _refused_by(self, refused: Refusal, mechanic: str, world: World) -> str:
        """The shared account that had too little left for what a mechanic wanted to give, or ""."""
        if refused.code == STOCK_EMPTY:
            return shared(SHELF, refused.data["asset"])
        if refused.code != BUDGET_SHORT:
            return ""
        campaign, line = mechanic.partition("/")[0], refused.data["line"]
        if (campaign, line) not in self._lines:
            holder = f"{campaign}/budget/{line}|"
            self._lines[campaign, line] = next(key for key in world.shared.floors if key.startswith(holder))
        return self._lines[campaign, line]

    def subjects(self) -> set[str]:
        """The ids of the members who were given anything."""
        return set[str]().union(*self.members.values())

    def cost(self) -> dict[str, int]:
        """What every budget line paid or committed, by its name, in the currency's smallest unit."""
        return {
            account.partition("|")[0].rpartition("/")[2]: amount for account, amount in self.spent.items()
        }
