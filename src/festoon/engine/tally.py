"""What a run came to: who would have won what, what it cost, when stock ran out, who was refused and why."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from festoon.base.events import Event
from festoon.base.visitors import is_visitor
from festoon.engine.decide import Decided
from festoon.engine.outcome import Given, MechanicOutcome, Refusal
from festoon.engine.world import World
from festoon.ledger.accounts import SHELF, shared
from festoon.ledger.book import BUDGET_SHORT, STOCK_EMPTY, SharedBook
from festoon.ledger.transfers import Transfer

Thing = tuple[str, str, str]
"""A mechanic's key, the kind of what it gave, and which one."""
PAID = frozenset({"cost", "committed"})
"""Where a budget line's money is once something was given for it."""
OWED = "owed"
"""Said of what a member could not return, and owes."""

_SHORT = frozenset({BUDGET_SHORT, STOCK_EMPTY})
_DEBIT = attrgetter("debit")


class Winner(Struct, frozen=True):
    """One member who would have won one thing, and when."""

    subject: str
    mechanic: str
    kind: str
    ref: str
    at: datetime


class Sum:
    """How often one thing was given, and how much of it; of what is `scarce` each winner is remembered."""

    __slots__ = ("amount", "count", "scarce")

    def __init__(self, *, scarce: bool) -> None:
        self.count = 0
        self.amount = 0
        self.scarce = scarce


class Tally:
    """Counts what decided events came to. `scarce` kinds are remembered winner by winner."""

    scarce = frozenset({"gift", "item"})
    most_winners = 10_000

    def __init__(self) -> None:
        self.given: dict[Thing, Sum] = {}
        self.members: defaultdict[str, set[str]] = defaultdict(set)
        """Whom every mechanic gave anything, visitors included."""
        self.refusals: dict[tuple[str, str], int] = {}
        self.spent: defaultdict[str, int] = defaultdict(int)
        """What every budget line paid or committed, less what was taken back, by its account."""
        self.empty: dict[str, datetime] = {}
        """When a stock or a budget line ran out: nothing was left of it, or for the first time too little for what
        was to be given."""
        self.transfers = 0
        self.winners: list[Winner] = []
        self._lines: dict[tuple[str, str], str] = {}

    def add(self, event: Event, now: datetime, decided: Decided, world: World) -> None:
        """Count one decided event. Of one without transfers, for which no mechanic did anything, there is nothing to
        count."""
        for result in decided.outcome.mechanics:
            if result.refused is not None:
                self._refused(result.refused, result.mechanic, now, world)
            else:
                if result.given:
                    self._gave(result, event.subject, now, world.shared)
                if result.taken or OWED in result.note:
                    self._came_back(result.mechanic, decided.transfers)
        if transfers := decided.transfers:
            self.transfers += len(transfers)
            if SHELF in map(_DEBIT, transfers):
                for move in transfers:
                    if move.debit == SHELF:
                        self._left(shared(SHELF, move.asset), now, world.shared)

    def _refused(self, refused: Refusal, mechanic: str, now: datetime, world: World) -> None:
        code = refused.code
        why = (mechanic, code)
        self.refusals[why] = self.refusals.get(why, 0) + 1
        if code in _SHORT and (short := self._refused_by(refused, mechanic, world)):
            self.empty.setdefault(short, now)

    def _gave(self, result: MechanicOutcome, subject: str, now: datetime, book: SharedBook) -> None:
        mechanic, empty = result.mechanic, self.empty
        for given in result.given:
            thing = (mechanic, given.kind, given.ref)
            try:
                sum_ = self.given[thing]
            except KeyError:
                sum_ = self.given[thing] = Sum(scarce=given.kind in self.scarce)
            sum_.count += 1
            sum_.amount += given.amount
            if line := given.line:
                self.spent[line] += given.cost
                if given.wanted is not None:
                    self._clipped(given, now, book)
                elif line not in empty and book.read[line] + book.deltas[line] <= (book.floors[line] or 0):
                    empty[line] = now
            if sum_.scarce and len(self.winners) < self.most_winners:
                self.winners.append(Winner(subject, *thing, at=now))
        self.members[mechanic].add(subject)

    def _came_back(self, mechanic: str, transfers: Iterable[Transfer]) -> None:
        """What a mechanic took back has cost nothing in the end."""
        for move in transfers:
            campaign, _, paid = move.debit.partition("/")
            kind, _, line = paid.partition("/")
            if kind in PAID and move.why == mechanic:
                self.spent[shared(f"{campaign}/budget/{line}", move.asset)] -= move.amount

    def _clipped(self, given: Given, now: datetime, book: SharedBook) -> None:
        """Note a line of which not enough is left for even one more unit of what it clipped, or nothing."""
        if book.balance(given.line) * given.amount < given.cost:
            self.empty.setdefault(given.line, now)
        else:
            self._left(given.line, now, book)

    def _left(self, account: str, now: datetime, book: SharedBook) -> None:
        """Note an account that nothing is left of."""
        if account not in self.empty and book.read[account] + book.deltas[account] <= (
            book.floors[account] or 0
        ):
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
        return {who for who in set[str]().union(*self.members.values()) if not is_visitor(who)}

    def participants(self) -> dict[str, int]:
        """To how many members every mechanic gave anything."""
        return {
            mechanic: sum(not is_visitor(who) for who in subjects)
            for mechanic, subjects in self.members.items()
        }

    def cost(self) -> dict[str, int]:
        """What every budget line paid or committed, less what was taken back, by its name, in the currency's smallest
        unit."""
        return {
            account.partition("|")[0].rpartition("/")[2]: amount for account, amount in self.spent.items()
        }
