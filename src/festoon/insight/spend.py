"""What the budget lines cost: committed, actual, given back, day by day, with the burn rate and a forecast.

All of it is read off the transfers between a line's three accounts (what is left, what is committed, what
it cost), so that it agrees with the books to the last unit. Amounts are in the smallest unit of the
campaign's currency.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import ceil
from typing import Literal

from ibis import Table
from msgspec import Struct

from festoon.base.amounts import scaled
from festoon.insight.facts import Facts
from festoon.insight.scope import Window, local_date, within
from festoon.ledger.accounts import MAKER, SHELF
from festoon.plan.compiled import CompiledCampaign, Line

BURN_DAYS = 7
"""The burn rate is what a line lost a day over so many days before the forecast is made."""

Part = Literal["budget", "committed", "cost"]


class LineSpend(Struct, frozen=True):
    """One budget line as of an instant. `days` are local days; the daily series say what stood at each
    day's end.

    `burn` is what a line lost over the last `burn_days` days; `forecast` what it will have used at the
    campaign's end if that goes on, never more than the line; `runs_out` the day on which it would be used
    up, or None.
    """

    name: str
    title: Mapping[str, str]
    source: str
    amount: int
    actual: int
    committed: int
    given_back: int
    burn: int
    burn_days: int
    forecast: int
    runs_out: date | None
    days: tuple[date, ...]
    actual_by_day: tuple[int, ...]
    used_by_day: tuple[int, ...]
    """Actual and committed together."""

    @property
    def used(self) -> int:
        return self.actual + self.committed

    @property
    def remaining(self) -> int:
        return self.amount - self.used


class _Moves(Struct):
    """What moved between a line's accounts, by local day."""

    commits: dict[date, int]
    spends: dict[date, int]
    uses: dict[date, int]
    returns: dict[date, int]
    brought: int = 0
    """What other lines gave to it, less what it gave to them: what a pool or a draw did not need goes home."""


def line_spend(facts: Facts, campaign: CompiledCampaign, as_of: datetime) -> tuple[LineSpend, ...]:
    """Every budget line of a campaign, in plan order, as of an instant."""
    first = campaign.schedule.warm_up
    window = Window(first, max(first, min(as_of, campaign.schedule.archive)))
    moved = _moves(facts, campaign, window)
    return tuple(_line(line, moved.get(name), window, campaign) for name, line in campaign.lines.items())


def _moves(facts: Facts, campaign: CompiledCampaign, window: Window) -> dict[str, _Moves]:
    """Sums by line and day of what went from one of its accounts to another."""
    rows = within(facts.transfers, window, "at")
    ours = f"{campaign.campaign}/"
    rows = rows.filter(
        rows.asset == campaign.currency, rows.debit.startswith(ours), rows.credit.startswith(ours)
    )
    counted = rows.group_by("debit", "credit", day=local_date(rows.at, window, campaign.zone)).aggregate(
        amount=rows.amount.sum()
    )
    found: dict[str, _Moves] = {}
    for row in counted.to_pyarrow().to_pylist():
        (source, line), (target, other) = _part(row["debit"]), _part(row["credit"])
        moves = found.setdefault(line, _Moves({}, {}, {}, {}))
        into = {
            ("budget", "committed"): moves.commits,
            ("budget", "cost"): moves.spends,
            ("committed", "cost"): moves.uses,
            ("committed", "budget"): moves.returns,
            ("cost", "budget"): moves.returns,
        }.get((source, target))
        day, amount = row["day"], int(row["amount"])
        if line != other:
            moves.brought -= amount
            found.setdefault(other, _Moves({}, {}, {}, {})).brought += amount
        if into is None:
            continue
        into[day] = into.get(day, 0) + amount
        if source == "cost":
            moves.spends[day] = moves.spends.get(day, 0) - amount
            moves.commits[day] = moves.commits.get(day, 0) + amount
    return found


def _part(holder: str) -> tuple[str, str]:
    """Which of a line's accounts a holder is: `campaign/committed/prizes` is the committed part of prizes."""
    _, part, line = holder.split("/", 2)
    return part, line


def _line(line: Line, moves: _Moves | None, window: Window, campaign: CompiledCampaign) -> LineSpend:
    days = window.days(campaign.zone)
    moves = moves or _Moves({}, {}, {}, {})
    amount = line.amount + moves.brought
    actual = committed = 0
    actual_by_day, used_by_day = [], []
    for day in days:
        used = moves.uses.get(day, 0)
        actual += moves.spends.get(day, 0) + used
        committed += moves.commits.get(day, 0) - used - moves.returns.get(day, 0)
        actual_by_day.append(actual)
        used_by_day.append(actual + committed)
    burn, over = _burn(used_by_day, window, campaign)
    left = max(_whole_days(window.end, campaign.schedule.end), 0)
    expected = actual + committed + (scaled(burn, left, over) if over else 0)
    rest = amount - actual - committed
    runs_out = None
    if days and burn > 0 and expected > amount:
        runs_out = days[-1] + timedelta(days=max(ceil(rest * over / burn), 0))
    return LineSpend(
        name=line.name,
        title=line.title,
        source=line.source,
        amount=amount,
        actual=actual,
        committed=committed,
        given_back=sum(moves.returns.values()),
        burn=burn,
        burn_days=over,
        forecast=min(expected, amount),
        runs_out=runs_out,
        days=tuple(days),
        actual_by_day=tuple(actual_by_day),
        used_by_day=tuple(used_by_day),
    )


def _burn(used: list[int], window: Window, campaign: CompiledCampaign) -> tuple[int, int]:
    """What was used over the last days before the window's end, and over how many days of the campaign that
    was."""
    running = Window(max(window.start, campaign.schedule.start), min(window.end, campaign.schedule.end))
    over = min(BURN_DAYS, len(running.days(campaign.zone)))
    if over == 0 or not used:
        return 0, 0
    before = used[-over - 1] if len(used) > over else 0
    return max(used[-1] - before, 0), over


def _whole_days(start: datetime, end: datetime) -> int:
    return ceil((end - start) / timedelta(days=1))


class StockLeft(Struct, frozen=True):
    """One stock: what went in, and what was left at each local day's end."""

    name: str
    opening: int
    days: tuple[date, ...]
    left: tuple[int, ...]

    @property
    def now(self) -> int:
        return self.left[-1] if self.left else self.opening


def stock_left(facts: Facts, campaign: CompiledCampaign, as_of: datetime) -> tuple[StockLeft, ...]:
    """Every stock of a campaign by day: a coupon's, a gift's, a draw's prize."""
    prefix = f"{campaign.campaign}/stock/"
    openings = {stock.asset: stock.opening for stock in campaign.stocks}
    window = Window(
        campaign.schedule.start, max(campaign.schedule.start, min(as_of, campaign.schedule.settle))
    )
    taken = _taken(within(facts.transfers, window, "at"), prefix, window, campaign)
    days = tuple(window.days(campaign.zone))
    found = []
    for asset, opening in openings.items():
        left, by_day = opening, []
        for day in days:
            left -= taken.get((asset, day), 0)
            by_day.append(left)
        found.append(StockLeft(asset.removeprefix(prefix), opening, days, tuple(by_day)))
    return tuple(found)


def _taken(
    rows: Table, prefix: str, window: Window, campaign: CompiledCampaign
) -> dict[tuple[str, date], int]:
    """What left each shelf a day, less what came back to it."""
    rows = rows.filter(rows.asset.startswith(prefix))
    moved = rows.mutate(
        out=(rows.debit == SHELF).cast("int64") * rows.amount,
        back=(rows.credit == SHELF).cast("int64") * rows.amount,
        day=local_date(rows.at, window, campaign.zone),
    ).filter(rows.debit != MAKER, rows.credit != MAKER)
    counted = moved.group_by("asset", "day").aggregate(out=moved.out.sum(), back=moved.back.sum())
    return {
        (row["asset"], row["day"]): int(row["out"] - row["back"]) for row in counted.to_pyarrow().to_pylist()
    }
