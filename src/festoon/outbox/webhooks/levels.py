"""Budget lines and stocks that run low or out: told once when they do, and again after they were filled."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.engine.program import Program
from festoon.outbox.webhooks.kinds import BUDGET_KINDS, STOCK_KINDS, BudgetLeft, StockLeft
from festoon.outbox.webhooks.message import Message, message
from festoon.plan.compiled import CompiledCampaign

FROM_LEVELS = frozenset({*BUDGET_KINDS, *STOCK_KINDS})
LOW_PART = 10
"""What is left is low when it is a tenth of what was put in, or less."""


class Filled(Struct, frozen=True):
    """A shared account that a plan puts something into. `line` is the budget line's name; "" for a stock."""

    campaign: str
    holder: str
    asset: str
    opening: int
    floor: int
    line: str

    def level(self, balance: int) -> str:
        """`out`, `low`, or "" when there is enough."""
        if balance <= self.floor:
            return "out"
        return "low" if balance * LOW_PART <= self.opening else ""


async def levels_told(
    connection: asyncpg.Connection, program: Program, secret: str, now: datetime
) -> list[Message]:
    """Accounts whose level is another than was told, as messages; notes it in the caller's transaction."""
    accounts = {f"{each.holder}|{each.asset}": each for each in _filled(program.campaigns.values())}
    rows = await connection.fetch(
        """SELECT s.holder || '|' || s.asset AS account, s.balance, coalesce(l.level, '') AS level
           FROM unnest($1::text[], $2::text[]) AS w (holder, asset)
           JOIN shared_account s USING (holder, asset)
           LEFT JOIN webhook_level l ON l.account = s.holder || '|' || s.asset""",
        [each.holder for each in accounts.values()],
        [each.asset for each in accounts.values()],
    )
    told: list[Message] = []
    for row in rows:
        account, balance = accounts[row["account"]], row["balance"]
        if (level := account.level(balance)) != row["level"]:
            await _note(connection, row["account"], level)
            told += _said(account, level, balance, secret, now)
    return told


def _filled(campaigns: Iterable[CompiledCampaign]) -> Iterator[Filled]:
    for one in campaigns:
        budget = f"{one.campaign}/budget/"
        for each in (*(s for s in one.shared if s.source and s.holder.startswith(budget)), *one.stocks):
            line = each.holder.removeprefix(budget) if each.holder.startswith(budget) else ""
            if each.opening > 0:
                yield Filled(one.campaign, each.holder, each.asset, each.opening, each.floor or 0, line)


async def _note(connection: asyncpg.Connection, account: str, level: str) -> None:
    if level:
        await connection.execute(
            """INSERT INTO webhook_level (account, level) VALUES ($1, $2)
               ON CONFLICT (account) DO UPDATE SET level = excluded.level""",
            account, level,
        )  # fmt: skip
    else:
        await connection.execute("DELETE FROM webhook_level WHERE account = $1", account)


def _said(account: Filled, level: str, balance: int, secret: str, now: datetime) -> Iterator[Message]:
    if not level:
        return
    of = (secret, account.holder, account.asset, now.isoformat())
    if account.line:
        data = BudgetLeft(account.campaign, account.line, account.asset, balance, account.opening)
        yield message(f"budget.{level}", account.campaign, now, data, *of)
    else:
        stock = account.asset.removeprefix(f"{account.campaign}/stock/")
        left = StockLeft(account.campaign, stock, balance, account.opening)
        yield message(f"stock.{level}", account.campaign, now, left, *of)
