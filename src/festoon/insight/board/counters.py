"""What the board reads of the relay's counters: each figure of the last hour, of the same hour yesterday, of today and
altogether, in one statement whose rows do not grow with members or events."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
from msgspec import Struct

from festoon.base.times import local_day, start_of_day
from festoon.outbox.minutes import EVER, MINUTE

DAY = timedelta(days=1)
MINUTES = 60
PLATFORM = ""
"""Under which the events of the whole platform are counted."""


class Span(Struct, frozen=True):
    """A figure over the last sixty minutes, over the same ones yesterday, since midnight, and altogether."""

    hour: int = 0
    before: int = 0
    today: int = 0
    total: int = 0

    @property
    def change(self) -> int | None:
        """How much more than yesterday, in per cent; None where yesterday had none."""
        return 100 * (self.hour - self.before) // self.before if self.before else None

    def __add__(self, other: "Span") -> "Span":
        return Span(
            self.hour + other.hour,
            self.before + other.before,
            self.today + other.today,
            self.total + other.total,
        )


class Counters(Struct, frozen=True):
    """Every counter of a campaign and of the platform: times and amounts by campaign, what and key; and by minute how
    often members took part, for this hour and for the same one yesterday, oldest first."""

    times: Mapping[tuple[str, str, str], Span]
    amounts: Mapping[tuple[str, str, str], Span]
    minutes: list[int]
    minutes_before: list[int]

    def of(self, campaign: str, what: str) -> Iterator[tuple[str, Span]]:
        """The keys of one kind with their spans."""
        for (whose, name, key), span in self.times.items():
            if whose == campaign and name == what:
                yield key, span

    def sum(self, campaign: str, what: str) -> Span:
        """All keys of one kind together."""
        return sum((span for _, span in self.of(campaign, what)), Span())

    def by(self, campaign: str, what: str, key: Callable[[str], str]) -> dict[str, Span]:
        """The keys of one kind, added up by what a function makes of them."""
        found: dict[str, Span] = {}
        for name, span in self.of(campaign, what):
            found[key(name)] = found.get(key(name), Span()) + span
        return found


async def read_counters(
    connection: asyncpg.Connection, campaign: str, zone: ZoneInfo, at: datetime
) -> Counters:
    """The counters as of an instant. The running minute is the last of the hour."""
    running = EVER + (at - EVER) // MINUTE * MINUTE
    hour = running - (MINUTES - 1) * MINUTE
    rows = await connection.fetch(
        """SELECT campaign, what, key,
                  coalesce(sum(times) FILTER (WHERE grain = 'minute' AND at >= $2), 0)::bigint,
                  coalesce(sum(times) FILTER (WHERE grain = 'minute' AND at < $2), 0)::bigint,
                  coalesce(sum(times) FILTER (WHERE grain = 'quarter'), 0)::bigint,
                  coalesce(sum(times) FILTER (WHERE grain = 'total'), 0)::bigint,
                  coalesce(sum(amount) FILTER (WHERE grain = 'minute' AND at >= $2), 0)::bigint,
                  coalesce(sum(amount) FILTER (WHERE grain = 'minute' AND at < $2), 0)::bigint,
                  coalesce(sum(amount) FILTER (WHERE grain = 'quarter'), 0)::bigint,
                  coalesce(sum(amount) FILTER (WHERE grain = 'total'), 0)::bigint
           FROM (SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'minute' AND at BETWEEN $2 AND $3
                 UNION ALL
                 SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'minute' AND at BETWEEN $4 AND $5
                 UNION ALL
                 SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'quarter' AND at BETWEEN $6 AND $3
                 UNION ALL
                 SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'total') AS counted
           GROUP BY campaign, what, key""",
        [campaign, PLATFORM], hour, running, hour - DAY, running - DAY, start_of_day(local_day(at, zone), zone),
    )  # fmt: skip
    times = {(row[0], row[1], row[2]): Span(*row[3:7]) for row in rows}
    amounts = {(row[0], row[1], row[2]): Span(*row[7:11]) for row in rows if any(row[7:11])}
    minutes, before = [await _minutes(connection, campaign, since) for since in (hour, hour - DAY)]
    return Counters(times, amounts, minutes, before)


async def _minutes(connection: asyncpg.Connection, campaign: str, since: datetime) -> list[int]:
    """How often members took part in each of sixty minutes."""
    rows = await connection.fetch(
        """SELECT at, sum(times)::bigint FROM board_count
           WHERE campaign = $1 AND grain = 'minute' AND at >= $2 AND at < $3 AND what = 'took' GROUP BY at""",
        campaign,
        since,
        since + MINUTES * MINUTE,
    )
    found = [0] * MINUTES
    for at, times in rows:
        found[(at - since) // MINUTE] = times
    return found
