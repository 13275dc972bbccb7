"""What is left of a campaign's budget and stock, exactly: off the shared accounts, found by their names."""

from collections.abc import Mapping

import asyncpg
from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.insight.views.reader import Reader
from festoon.ledger.accounts import committed, cost, holder_and_asset, shared
from festoon.plan.compiled import CompiledCampaign, Line

Texts = Mapping[str, str]


class LineStanding(Struct, frozen=True):
    """A budget line in smallest units: what the plan put there, what of it is used, committed and left."""

    name: str
    title: Texts
    amount: int
    actual: int
    committed: int
    remaining: int


class StockNow(Struct, frozen=True):
    """A stock: what was put in, and what is left."""

    name: str
    title: Texts
    opening: int
    left: int


class Standing(Struct, frozen=True):
    """Every line and every stock of a campaign."""

    lines: list[LineStanding]
    stocks: list[StockNow]


async def standing(connection: asyncpg.Connection, campaign: CompiledCampaign) -> Standing:
    """What is left of a campaign's budget and stock, in one statement."""
    names = [holder_and_asset(account.key) for account in campaign.shared]
    rows = await connection.fetch(
        """SELECT s.holder, s.asset, s.balance
           FROM unnest($1::text[], $2::text[]) AS wanted (holder, asset)
           JOIN shared_account s USING (holder, asset)""",
        [holder for holder, _ in names],
        [asset for _, asset in names],
    )
    balances = {shared(row["holder"], row["asset"]): row["balance"] for row in rows}
    return Standing(
        [_line(line, campaign, balances) for line in campaign.lines.values()], _stocks(campaign, balances)
    )


def _line(line: Line, campaign: CompiledCampaign, balances: Mapping[str, int]) -> LineStanding:
    id, currency = campaign.campaign, campaign.currency
    return LineStanding(
        name=line.name,
        title=line.title,
        amount=line.amount,
        actual=balances.get(cost(id, line.name, currency), 0),
        committed=balances.get(committed(id, line.name, currency), 0),
        remaining=balances.get(line.account, line.amount),
    )


def _stocks(campaign: CompiledCampaign, balances: Mapping[str, int]) -> list[StockNow]:
    prefix = f"{campaign.campaign}/stock/"
    return [
        StockNow(
            name := account.asset.removeprefix(prefix),
            {language: Reader(language, campaign).stock(name) for language in LANGUAGES},
            account.opening,
            balances.get(account.key, account.opening),
        )
        for account in campaign.stocks
    ]
