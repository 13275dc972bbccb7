"""What is left of stock and budget at the end of each day of a run: how a back-test shows when things run out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from festoon.base.times import FOREVER, end_of_day, local_day
from festoon.engine.program import Program
from festoon.engine.world import World
from festoon.ledger.accounts import shared
from festoon.ledger.transfers import Transfer


class DayEnds:
    """Balances of shared accounts at the end of every local day, from a campaign's first day on.

    `first` is that day, `left` holds by account what was left at the end of it and of each day after it.
    """

    def __init__(self, accounts: Iterable[str], zone: ZoneInfo, start: datetime, until: datetime) -> None:
        self.first: date = local_day(start, zone)
        self.left: dict[str, list[int]] = {account: [] for account in accounts}
        self._zone = zone
        self.next = end_of_day(self.first, zone)
        self._until = until

    @classmethod
    def of(cls, program: Program) -> "DayEnds":
        """For the one campaign of a back-test: the stocks that people are shown, and its budget lines."""
        [campaign] = program.campaigns.values()
        accounts = [stock.key for stock in campaign.stocks] + [
            line.account for line in campaign.lines.values()
        ]
        schedule = campaign.schedule
        return cls(accounts, campaign.zone, schedule.start, schedule.settle)

    def pass_to(self, now: datetime, transfers: Iterable[Transfer], world: World) -> None:
        """Close every day that had ended when the `transfers` of `now` were made; they belong to the day after. Before
        `next` there is nothing to close."""
        since: Counter[str] = Counter()
        for move in transfers:
            since[shared(move.credit, move.asset)] += move.amount
            since[shared(move.debit, move.asset)] -= move.amount
        while self.next <= now:
            self._close(world, since)

    def close(self, world: World) -> None:
        """Close the day that a run stops in."""
        if self.next < FOREVER:
            self._close(world, {})

    def _close(self, world: World, since: Mapping[str, int]) -> None:
        for account, balances in self.left.items():
            balances.append(world.shared.balance(account) - since.get(account, 0))
        following = end_of_day(local_day(self.next, self._zone), self._zone)
        self.next = following if following <= self._until else FOREVER
