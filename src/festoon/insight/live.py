"""The live board: what a campaign is doing at this moment.

What is left of budget and stock is exact, off the shared accounts. What happened lately is read off the end of the
journal, never more than the last rows of it, so that the board costs the same on a small journal and on a large one.
Participants and grants since the campaign began come from the facts, which the caller may keep for a while.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import jinja2
from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.engine.outcome import MechanicOutcome, decode
from festoon.insight import taking_part
from festoon.insight.facts import Facts
from festoon.insight.reasons import reason_of
from festoon.insight.scope import Scope, Window
from festoon.insight.tail import Tail, tail
from festoon.insight.texts import words
from festoon.insight.views.reader import Reader
from festoon.ledger.accounts import committed, cost, holder_and_asset, shared
from festoon.plan.compiled import CompiledCampaign, Line
from festoon.plan.money import CURRENCIES
from festoon.plan.phases import phase

HOUR = timedelta(hours=1)
MINUTES = 60
MOST = 12
"""So many rows a list shows."""


class Bounds(Struct, frozen=True):
    """How many of the journal's last events are counted at the most, and of how many the outcomes are looked into."""

    counted: int = 20_000
    inspected: int = 5_000


BOUNDS = Bounds()

_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("festoon.insight"), autoescape=True, undefined=jinja2.StrictUndefined
)

Texts = Mapping[str, str]


class LiveLine(Struct, frozen=True):
    """A budget line, in smallest units. `an_hour` is what it loses an hour at the pace of the inspected events."""

    name: str
    title: Texts
    amount: int
    actual: int
    committed: int
    remaining: int
    an_hour: int


class LiveStock(Struct, frozen=True):
    """A stock: what was put in, and what is left."""

    name: str
    title: Texts
    opening: int
    left: int


class Named(Struct, frozen=True):
    """How often something happened, by what it is called."""

    id: str
    title: Texts
    times: int
    kind: str = ""


class Recent(Struct, frozen=True):
    """The last hour, or as much of it as the bounds let see.

    `by_minute` is oldest first, the last one being the running minute. `counted_since` and `inspected_since` say how
    far back the events and their outcomes were looked at.
    """

    events: int
    by_minute: list[int]
    counted_since: datetime
    inspected: int
    inspected_since: datetime
    participants: int
    given: int
    refused: int
    grants: list[Named]
    refusals: list[Named]


class Totals(Struct, frozen=True):
    """Since the campaign began, as far as the facts go."""

    upto: datetime | None
    participants: int
    grants: int


class LiveBoard(Struct, frozen=True):
    """One campaign as of `at`: the wall's time, or in a rehearsal that of its last event."""

    campaign: str
    title: Texts
    version: int
    phase: str
    at: datetime
    timezone: str
    rehearsal: bool
    currency: str
    places: int
    lines: list[LiveLine]
    stocks: list[LiveStock]
    recent: Recent
    last_event: datetime | None
    behind_seconds: float
    """How long ago the last event was taken; 0 in a rehearsal."""
    facts_behind: int
    """Events that were not handed on to the facts yet, counted up to the bound."""
    totals: Totals | None = None


async def live_board(
    connection: asyncpg.Connection,
    campaign: CompiledCampaign,
    now: datetime,
    totals: Totals | None = None,
    bounds: Bounds = BOUNDS,
) -> LiveBoard:
    """The board of a campaign. Reads a bounded number of rows, each by an index."""
    end: int = await connection.fetchval("SELECT last_value FROM event_seq")
    rehearsal: bool = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
    counted, inspected = [await tail(connection, end, rows) for rows in (bounds.counted, bounds.inspected)]
    last: datetime | None = await connection.fetchval(
        f"SELECT now FROM {inspected.table} AS last ORDER BY seq DESC LIMIT 1"
    )
    at = last if rehearsal and last is not None else now
    recent, costs = await _recent(connection, campaign, at, counted, inspected)
    balances = await _balances(connection, campaign)
    hours = max((at - recent.inspected_since) / HOUR, 1 / MINUTES)
    return LiveBoard(
        campaign=campaign.campaign,
        title=campaign.title,
        version=campaign.version,
        phase=str(phase(campaign.schedule, at)),
        at=at,
        timezone=campaign.zone.key,
        rehearsal=rehearsal,
        currency=campaign.currency,
        places=CURRENCIES.get(campaign.currency, 2),
        lines=[_line(line, campaign, balances, costs, hours) for line in campaign.lines.values()],
        stocks=_stocks(campaign, balances),
        recent=recent,
        last_event=last,
        behind_seconds=0.0 if rehearsal or last is None else max((now - last).total_seconds(), 0.0),
        facts_behind=await _facts_behind(connection, counted),
        totals=totals,
    )


class Standing(Struct, frozen=True):
    """What is left of a campaign's budget and stock, exactly."""

    lines: list[LiveLine]
    stocks: list[LiveStock]


async def standing(connection: asyncpg.Connection, campaign: CompiledCampaign) -> Standing:
    """The same as the board says of budget and stock, without a look at the journal: `an_hour` is 0."""
    balances = await _balances(connection, campaign)
    lines = [_line(line, campaign, balances, Counter(), 1.0) for line in campaign.lines.values()]
    return Standing(lines, _stocks(campaign, balances))


def totals_of(facts: Facts, campaign: CompiledCampaign) -> Totals:
    """Participants and grants since the campaign began, as far as the facts go."""
    schedule, facts = campaign.schedule, facts.without_testers(campaign.campaign)
    scope = Scope(Window(schedule.warm_up, schedule.archive), campaign.zone, campaign.campaign)
    _, _, upto = facts.extent
    return Totals(
        upto,
        taking_part.participants(facts, scope).top,
        taking_part.grant_count(facts, scope).top,
    )


def live_page(campaign: CompiledCampaign, language: str) -> str:
    """The page that shows a campaign's board and keeps it fresh. It fetches `/v1/campaigns/<id>/live`, nothing else."""
    known = words(language)
    return _templates.get_template("live.html.jinja").render(
        language=language,
        campaign=campaign.campaign,
        title=Reader(language, campaign).of(campaign.title),
        t=known,
        texts={name: text for name, text in known.items() if name.startswith(("live_", "phase_"))},
        css=Path(__file__).with_name("templates").joinpath("live.css").read_text(encoding="utf-8"),
    )


async def _balances(connection: asyncpg.Connection, campaign: CompiledCampaign) -> dict[str, int]:
    """The balances of the campaign's shared accounts, each found by its name."""
    keys = [account.key for account in campaign.shared if account.key.count(campaign.campaign)]
    names = [holder_and_asset(key) for key in keys]
    rows = await connection.fetch(
        """SELECT s.holder, s.asset, s.balance
           FROM unnest($1::text[], $2::text[]) AS wanted (holder, asset)
           JOIN shared_account s USING (holder, asset)""",
        [holder for holder, _ in names],
        [asset for _, asset in names],
    )
    return {shared(row["holder"], row["asset"]): row["balance"] for row in rows}


def _line(
    line: Line, campaign: CompiledCampaign, balances: Mapping[str, int], costs: Counter[str], hours: float
) -> LiveLine:
    id, currency = campaign.campaign, campaign.currency
    remaining = balances.get(line.account, line.amount)
    actual = balances.get(cost(id, line.name, currency), 0)
    promised = balances.get(committed(id, line.name, currency), 0)
    return LiveLine(
        name=line.name,
        title=line.title,
        amount=actual + promised + remaining,
        actual=actual,
        committed=promised,
        remaining=remaining,
        an_hour=round(costs[line.account] / hours),
    )


def _stocks(campaign: CompiledCampaign, balances: Mapping[str, int]) -> list[LiveStock]:
    prefix = f"{campaign.campaign}/stock/"
    found = []
    for account in campaign.stocks:
        name = account.asset.removeprefix(prefix)
        title = {language: Reader(language, campaign).stock(name) for language in LANGUAGES}
        left = balances.get(account.key, account.opening)
        found.append(LiveStock(name, title, account.opening, left))
    return found


async def _recent(
    connection: asyncpg.Connection, campaign: CompiledCampaign, at: datetime, counted: Tail, inspected: Tail
) -> tuple[Recent, Counter[str]]:
    """The last hour, and what it cost by budget line's account."""
    since = at - HOUR
    minutes = await connection.fetch(
        f"""SELECT floor(extract(epoch FROM $2 - now) / 60)::int AS ago, count(*) AS events, min(now) AS first
            FROM {counted.table} AS last WHERE now > $1 AND now <= $2 GROUP BY 1""",
        since, at,
    )  # fmt: skip
    by_minute = [0] * MINUTES
    for row in minutes:
        by_minute[MINUTES - 1 - min(row["ago"], MINUTES - 1)] += row["events"]
    looked = _Looked(campaign.campaign)
    rows = await connection.fetch(
        f"SELECT member_id, now, outcome FROM {inspected.table} AS last WHERE now > $1 AND now <= $2",
        since,
        at,
    )
    for row in rows:
        looked.take(row["member_id"], row["outcome"])
    recent = Recent(
        events=sum(by_minute),
        by_minute=by_minute,
        counted_since=min((row["first"] for row in minutes), default=since) if counted.low else since,
        inspected=len(rows),
        inspected_since=min((row["now"] for row in rows), default=since) if inspected.low else since,
        participants=len(looked.members),
        given=looked.given,
        refused=sum(looked.refused.values()),
        grants=_by_mechanic(looked.grants, campaign),
        refusals=_by_code(looked.refused),
    )
    return recent, looked.costs


class _Looked:
    """What the outcomes of some events came to for one campaign."""

    def __init__(self, campaign: str) -> None:
        self.campaign = campaign
        self.prefix = f"{campaign}/"
        self.members: set[int] = set()
        self.given = 0
        self.grants: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.costs: Counter[str] = Counter()

    def take(self, member: int, text: str) -> None:
        outcome = decode(text)
        tested = self.campaign in outcome.tests
        for one in outcome.mechanics:
            if not one.mechanic.startswith(self.prefix):
                continue
            for given in one.given:
                if given.line:
                    self.costs[given.line] += given.cost
            if not tested:
                self._take(member, one)

    def _take(self, member: int, one: MechanicOutcome) -> None:
        """Count what came of it, for anybody but testers: what they cost is all that counts of them."""
        if one.refused is not None:
            self.refused[one.refused.code] += 1
            return
        self.members.add(member)
        self.given += len(one.given)
        if one.given:
            self.grants[one.mechanic.removeprefix(self.prefix)] += len(one.given)


def _by_mechanic(grants: Counter[str], campaign: CompiledCampaign) -> list[Named]:
    return [
        Named(id, {language: Reader(language, campaign).mechanic(id) for language in LANGUAGES}, times)
        for id, times in grants.most_common(MOST)
    ]


def _by_code(refused: Counter[str]) -> list[Named]:
    return [
        Named(
            code,
            {language: reason_of(code, "", language).text for language in LANGUAGES},
            times,
            reason_of(code, "", "en").kind,
        )
        for code, times in refused.most_common(MOST)
    ]


async def _facts_behind(connection: asyncpg.Connection, last: Tail) -> int:
    """Of the last events, those that the relay has not handed on."""
    high = await connection.fetchval(
        "SELECT high FROM relay_range WHERE done IS NOT NULL ORDER BY generation DESC, low DESC LIMIT 1"
    )
    behind: int = await connection.fetchval(
        f"SELECT count(*) FROM {last.table} AS last WHERE xid >= $1", high or 0
    )
    return behind
