"""An asset's transfers as sums by local day and by the two sides, off the facts; and its lots at the end."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
from ibis import Table
from ibis.expr.types import StringColumn, StringValue
from msgspec import Struct

from festoon.base.times import FOREVER
from festoon.insight.facts import Facts
from festoon.insight.scope import Window, local_date
from festoon.ledger.accounts import ISSUER, LAPSED, MEMBER, PARTS, SPENT

ACCOUNTS = (ISSUER, SPENT, LAPSED)
"""The shared accounts that are told apart; all others are one."""
OTHER = "other"


class Flow(Struct, frozen=True):
    """What went from one side to the other on a day: a member's part (whoever he is), one of ACCOUNTS, or OTHER."""

    day: date
    debit: str
    credit: str
    amount: int


def flows(facts: Facts, asset: str, zone: ZoneInfo) -> list[Flow]:
    """Every day's sums, in the order of days."""
    moves = facts.transfers.filter(facts.transfers.asset == asset)
    extent = moves.aggregate(first=moves.at.min(), last=moves.at.max()).to_pyarrow().to_pylist()[0]
    if extent["first"] is None:
        return []
    over = Window(extent["first"], extent["last"] + timedelta(days=1))
    rows = moves.select(
        day=local_date(moves.at, over, zone), debit=_side(moves.debit), credit=_side(moves.credit),
        amount=moves.amount,
    )  # fmt: skip
    sums = rows.group_by("day", "debit", "credit").aggregate(amount=rows.amount.sum().cast("int64"))
    return [Flow(**row) for row in sums.order_by("day").to_pyarrow().to_pylist()]


def lots(facts: Facts, asset: str, until: datetime) -> dict[datetime, int]:
    """What members could spend of an asset at an instant, by when it lapses; without what never does."""
    rows = facts.transfers
    moves = rows.filter(rows.asset == asset, rows.lot.notnull(), rows.at < ibis.literal(until))
    found: dict[datetime, int] = {}
    for side, sign in (("credit", 1), ("debit", -1)):
        for row in _by_lot(moves, side):
            found[row["lot"]] = found.get(row["lot"], 0) + sign * row["amount"]
    return {lot: amount for lot, amount in sorted(found.items()) if amount and lot < FOREVER}


def _by_lot(moves: Table, side: str) -> Iterator[dict[str, Any]]:
    own = moves.filter(_side(moves[side]) == MEMBER)
    yield from own.group_by("lot").aggregate(amount=own.amount.sum().cast("int64")).to_pyarrow().to_pylist()


def _side(holder: StringColumn) -> StringValue:
    """A member's part without his number (`17@held` in a merge), or the shared holder."""
    part = holder.re_replace("^[0-9]+", "")
    return ibis.cases((part.isin(PARTS), part), (holder.isin(ACCOUNTS), holder), else_=OTHER)
