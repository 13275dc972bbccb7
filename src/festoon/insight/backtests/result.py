"""What came of a back-test, small enough to be kept beside the question: figures over the seeds, and days.

Amounts are in the currency's smallest unit. Every `Interval` is over the seeds; what is by day or by who was reached is
the first seed's, but for stocks, whose days have an interval too. No member is named: whoever asks to be erased is not
remembered here.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import Backtest, Interval, Run, interval
from festoon.engine.reach import Reach
from festoon.insight.views.reader import Reader
from festoon.ledger.accounts import holder_and_asset
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.money import CURRENCIES

Texts = Mapping[str, str]
MOST_ROWS = 200
MOST_DAYS = 150
"""Days that are kept of each stock; of a longer campaign every second, third … one."""


class LineCost(Struct, frozen=True):
    """What a budget line would have cost, and by day what was left of it."""

    name: str
    title: Texts
    budget: int
    cost: Interval
    left: list[int]


class Given(Struct, frozen=True):
    """How often a mechanic would have given something, and how much of it altogether."""

    mechanic: str
    title: Texts
    kind: str
    ref: str
    what: Texts
    times: Interval
    amount: Interval


class TakingPart(Struct, frozen=True):
    """How many members would have been given something by a mechanic."""

    mechanic: str
    title: Texts
    members: Interval


class Refusals(Struct, frozen=True):
    """How often a mechanic would have refused, by code."""

    mechanic: str
    title: Texts
    code: str
    times: Interval


class StockLeft(Struct, frozen=True):
    """A stock: what was put in, and what was left at the end of each day over the seeds."""

    name: str
    title: Texts
    opening: int
    low: list[int]
    middle: list[int]
    high: list[int]


class RunOut(Struct, frozen=True):
    """A stock or budget line that runs out: in how many seeds, and the first and last time."""

    name: str
    title: Texts
    seeds: int
    earliest: datetime
    latest: datetime


class Result(Struct, frozen=True):
    """The whole result. `days` are those of the charts; `first` and `last` are when the history, as it was moved,
    begins and ends. `cut_short` is until when what comes due was counted, where the history ends before the campaign
    does; `missed` says that nothing of it lies in the campaign's time."""

    campaign: str
    version: int
    title: Texts
    currency: str
    places: int
    timezone: str
    seeds: int
    assumptions: Assumptions
    events: int
    first: datetime | None
    last: datetime | None
    members: int
    reached: Interval
    costs: list[LineCost]
    given: list[Given]
    taking_part: list[TakingPart]
    refusals: list[Refusals]
    days: list[date]
    stocks: list[StockLeft]
    run_outs: list[RunOut]
    reach: list[Reach]
    lists_empty: list[str]
    kept_by_platform: list[str]
    cut_short: datetime | None = None
    missed: bool = False

    @property
    def cost(self) -> int:
        """What everything costs, in the middle of the seeds of each line."""
        return sum(line.cost.middle for line in self.costs)


def result_of(
    found: Backtest, campaign: CompiledCampaign, version: int, first: datetime | None, last: datetime | None
) -> Result:
    """The result of a back-test, with the plan's own names of things."""
    named, runs = _Named(campaign), found.runs
    days, kept = _days(runs)
    return Result(
        campaign=campaign.campaign,
        version=version,
        title=campaign.title,
        currency=campaign.currency,
        places=CURRENCIES.get(campaign.currency, 2),
        timezone=campaign.zone.key,
        seeds=len(runs),
        assumptions=found.assumptions,
        events=found.first.events,
        first=first,
        last=last,
        members=sum(one.members for one in found.first.reach if one.field == "joined"),
        reached=interval([run.reached for run in runs]),
        costs=_costs(found, campaign, kept),
        given=_given(runs, named),
        taking_part=[
            TakingPart(key, named.mechanic(key), _over((run.participants for run in runs), key))
            for key in _keys(run.participants for run in runs)
        ],
        refusals=_refusals(runs, named),
        days=days,
        stocks=_stocks(runs, campaign, named, kept),
        run_outs=[
            RunOut(account, named.account(account), *when) for account, when in found.run_outs().items()
        ],
        reach=list(found.first.reach),
        lists_empty=list(found.lists_empty),
        kept_by_platform=list(found.kept_by_platform),
        cut_short=found.cut_short,
        missed=found.first.missed,
    )


class _Named:
    """What the plan calls its things, in every language."""

    def __init__(self, campaign: CompiledCampaign) -> None:
        self._readers = {language: Reader(language, campaign) for language in LANGUAGES}
        self._campaign = campaign

    def _said(self, say: Callable[[Reader], str]) -> Texts:
        return {language: say(reader) for language, reader in self._readers.items()}

    def mechanic(self, key: str) -> Texts:
        return self._said(lambda reader: reader.mechanic(key.partition("/")[2]))

    def thing(self, kind: str, ref: str) -> Texts:
        return self._said(lambda reader: reader.thing(kind, ref))

    def stock(self, name: str) -> Texts:
        return self._said(lambda reader: reader.stock(name))

    def account(self, key: str) -> Texts:
        """A shared account that can run out: a budget line, or a stock."""
        for line in self._campaign.lines.values():
            if line.account == key:
                return line.title
        holder, asset = holder_and_asset(key)
        prefix = f"{self._campaign.campaign}/stock/"
        if asset.startswith(prefix):
            return self.stock(asset.removeprefix(prefix))
        return dict.fromkeys(LANGUAGES, holder)


def _over(counts: Iterable[Mapping[str, int]], key: str) -> Interval:
    return interval([each.get(key, 0) for each in counts])


def _keys(counts: Iterable[Mapping[str, int]]) -> list[str]:
    """Every key that occurs, in the order in which the first one has them."""
    return list(dict.fromkeys(key for each in counts for key in each))


def _days(runs: tuple[Run, ...]) -> tuple[list[date], list[int]]:
    """The days that are shown, and the places of those days in each run's lists."""
    first = runs[0]
    many = max((len(left) for run in runs for left in run.left.values()), default=0)
    if first.first_day is None or not many:
        return [], []
    step = -(-many // MOST_DAYS)
    kept = list(range((many - 1) % step, many, step))
    return [first.first_day + timedelta(days=place) for place in kept], kept


def _at(left: list[int], kept: list[int]) -> list[int]:
    """A run's balances on the days that are kept; it stays at its last where the run ended sooner."""
    return [left[min(place, len(left) - 1)] for place in kept] if left else []


def _costs(found: Backtest, campaign: CompiledCampaign, kept: list[int]) -> list[LineCost]:
    costs = found.costs()
    return [
        LineCost(
            line.name,
            line.title,
            line.amount,
            costs[line.name],
            _at(found.first.left.get(line.account, []), kept),
        )
        for line in campaign.lines.values()
    ]


def _given(runs: tuple[Run, ...], named: _Named) -> list[Given]:
    rows = []
    for key in _keys(run.grants for run in runs):
        mechanic, kind, ref = key.split(" ", 2)
        rows.append(
            Given(
                mechanic,
                named.mechanic(mechanic),
                kind,
                ref,
                named.thing(kind, ref),
                _over((run.grants for run in runs), key),
                _over((run.amounts for run in runs), key),
            )
        )
    return sorted(rows, key=lambda row: -row.times.middle)[:MOST_ROWS]


def _refusals(runs: tuple[Run, ...], named: _Named) -> list[Refusals]:
    rows = []
    for key in _keys(run.refusals for run in runs):
        mechanic, code = key.split(" ", 1)
        times = _over((run.refusals for run in runs), key)
        rows.append(Refusals(mechanic, named.mechanic(mechanic), code, times))
    return sorted(rows, key=lambda row: -row.times.middle)[:MOST_ROWS]


def _stocks(
    runs: tuple[Run, ...], campaign: CompiledCampaign, named: _Named, kept: list[int]
) -> list[StockLeft]:
    rows = []
    for account in campaign.stocks:
        name = account.asset.removeprefix(f"{campaign.campaign}/stock/")
        lists = [_at(run.left[account.key], kept) for run in runs if run.left.get(account.key)]
        spread = [interval(day) for day in zip(*lists, strict=True)]
        rows.append(
            StockLeft(
                name,
                named.stock(name),
                account.opening,
                [day.low for day in spread],
                [day.middle for day in spread],
                [day.high for day in spread],
            )
        )
    return rows
