"""The live board: what a campaign is doing, against its goals and against the same hour yesterday.

Money and stock are exact, off the shared accounts. Everything else is off counters that the relay keeps, a few seconds
behind; the board says how many. It reads as many rows with a million members as with none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import LANGUAGES
from festoon.engine.archiving import phase_now
from festoon.insight.board.around import Around, around
from festoon.insight.board.counters import Counters, Span, read_counters
from festoon.insight.board.goals import GoalNow, goals_now
from festoon.insight.board.health import Health, health
from festoon.insight.board.standing import LineStanding, StockNow, Texts, standing
from festoon.insight.reasons import reason_of
from festoon.insight.views.reader import Reader
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.money import CURRENCIES

HOUR = timedelta(hours=1)
MOST = 12
"""So many reasons are shown."""


class LineNow(LineStanding, frozen=True):
    """A budget line with what the last hour and the same one yesterday took of it, and when it would run out at the
    pace of the last hour."""

    spent: Span
    runs_out: datetime | None


class MechanicNow(Struct, frozen=True):
    """One mechanic's funnel, in events: those it looked at, those it did something for, those it gave something for;
    and those it refused."""

    id: str
    title: Texts
    looked: Span
    took: Span
    rewarded: Span
    gave: Span
    refused: Span


class RefusedNow(Struct, frozen=True):
    """A refusal by its code. `kind` is `planned`, `look` or `misuse`."""

    code: str
    title: Texts
    kind: str
    times: Span


class Board(Struct, frozen=True):
    """One campaign as of `at`: the wall's time, or in a rehearsal that of its last event.

    `came`, `participants` and `rewarded` count members: who could have taken part, did, was given something. Their
    spans are of those who came so far for the first time. `working` says whether the relay runs; `behind_seconds` is
    how old the oldest event is that no counter has yet.
    """

    campaign: str
    title: Texts
    version: int
    phase: str
    at: datetime
    timezone: str
    rehearsal: bool
    currency: str
    places: int
    working: bool
    behind_seconds: float
    waiting: int
    last_event: datetime | None
    events: Span
    came: Span
    participants: Span
    rewarded: Span
    grants: Span
    refused: Span
    minutes: list[int]
    minutes_before: list[int]
    lines: list[LineNow]
    stocks: list[StockNow]
    mechanics: list[MechanicNow]
    reasons: list[RefusedNow]
    goals: list[GoalNow]
    goals_at: datetime | None
    health: Health

    @property
    def empty(self) -> bool:
        """Whether nothing has happened yet."""
        return not self.came.total and not self.grants.total


async def board(connection: asyncpg.Connection, campaign: CompiledCampaign, now: datetime) -> Board:
    """The board of a campaign. Reads a bounded number of rows, each by an index."""
    return await _board(connection, campaign, await around(connection, now))


async def boards(
    connection: asyncpg.Connection, campaigns: Iterable[CompiledCampaign], now: datetime
) -> dict[str, Board]:
    """The boards of several campaigns by their ids, as of one moment: what they have in common is read once."""
    about = await around(connection, now)
    return {each.campaign: await _board(connection, each, about) for each in campaigns}


async def _board(connection: asyncpg.Connection, campaign: CompiledCampaign, about: Around) -> Board:
    id, at = campaign.campaign, about.at
    counters = await read_counters(connection, id, campaign.zone, at)
    left = await standing(connection, campaign)
    goals = await goals_now(connection, id)
    reached = dict(counters.of(id, "reached"))
    return Board(
        campaign=id,
        title=campaign.title,
        version=campaign.version,
        phase=phase_now(campaign, at, about.archived),
        at=at,
        timezone=campaign.zone.key,
        rehearsal=about.rehearsal,
        currency=campaign.currency,
        places=CURRENCIES.get(campaign.currency, 2),
        working=about.working,
        behind_seconds=about.behind,
        waiting=about.tail.rows,
        last_event=about.tail.last,
        events=counters.sum("", "event"),
        came=reached.get("1", Span()),
        participants=reached.get("2", Span()),
        rewarded=reached.get("3", Span()),
        grants=counters.sum(id, "gave"),
        refused=counters.sum(id, "refused"),
        minutes=counters.minutes,
        minutes_before=counters.minutes_before,
        lines=[_line(line, campaign, counters, at) for line in left.lines],
        stocks=left.stocks,
        mechanics=_mechanics(campaign, counters),
        reasons=_reasons(id, counters),
        goals=goals.goals if goals else [],
        goals_at=goals.at if goals else None,
        health=health(campaign, counters, about.refused),
    )


def _line(left: LineStanding, campaign: CompiledCampaign, counters: Counters, at: datetime) -> LineNow:
    spent = counters.amounts.get((campaign.campaign, "spent", left.name), Span())
    runs_out = _runs_out(left.remaining, spent.hour, campaign, at)
    return LineNow(**msgspec.structs.asdict(left), spent=spent, runs_out=runs_out)


def _runs_out(remaining: int, an_hour: int, campaign: CompiledCampaign, at: datetime) -> datetime | None:
    """When a line is used up at the pace of the last hour, if that is before the campaign ends."""
    if an_hour <= 0 or at >= campaign.schedule.end:
        return None
    hours = remaining / an_hour
    if hours > (campaign.schedule.end - at) / HOUR:
        return None
    return at + hours * HOUR


def _mechanics(campaign: CompiledCampaign, counters: Counters) -> list[MechanicNow]:
    id = campaign.campaign
    took, rewarded, gave = (dict(counters.of(id, what)) for what in ("took", "rewarded", "gave"))
    refused, passed = (
        counters.by(id, what, lambda key: key.partition(" ")[2]) for what in ("refused", "passed")
    )
    found = []
    for each in (*campaign.mechanics, *campaign.modifiers):
        name, none = each.id, Span()
        looked = took.get(name, none) + refused.get(name, none) + passed.get(name, none)
        found.append(
            MechanicNow(
                name,
                {language: Reader(language, campaign).mechanic(name) for language in LANGUAGES},
                looked,
                took.get(name, none),
                rewarded.get(name, none),
                gave.get(name, none),
                refused.get(name, none),
            )
        )
    return found


def _reasons(id: str, counters: Counters) -> list[RefusedNow]:
    codes = counters.by(id, "refused", lambda key: key.partition(" ")[0])
    ordered = sorted(codes.items(), key=lambda pair: (-pair[1].hour, -pair[1].total))
    return [
        RefusedNow(
            code,
            {language: reason_of(code, "", language).text for language in LANGUAGES},
            reason_of(code, "", "en").kind,
            span,
        )
        for code, span in ordered[:MOST]
    ]
