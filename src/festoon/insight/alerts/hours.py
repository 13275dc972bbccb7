"""The counters of everything that runs, of this hour and of the same one yesterday, in one statement."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from festoon.insight.board.counters import DAY, MINUTES, PLATFORM, Counters, Span
from festoon.outbox.minutes import EVER, MINUTE

LOOKED_AT = ("event", "late", "took", "refused", "spent")


async def hours(connection: asyncpg.Connection, campaigns: Sequence[str], at: datetime) -> Counters:
    """The counters of some campaigns and of the platform. Of their spans, `today` is not read."""
    running = EVER + (at - EVER) // MINUTE * MINUTE
    hour = running - (MINUTES - 1) * MINUTE
    rows = await connection.fetch(
        """SELECT campaign, what, key,
                  coalesce(sum(times) FILTER (WHERE grain = 'minute' AND at >= $2), 0)::bigint,
                  coalesce(sum(times) FILTER (WHERE grain = 'minute' AND at < $2), 0)::bigint,
                  coalesce(sum(times) FILTER (WHERE grain = 'total'), 0)::bigint,
                  coalesce(sum(amount) FILTER (WHERE grain = 'minute' AND at >= $2), 0)::bigint
           FROM (SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'minute' AND at BETWEEN $2 AND $3
                 UNION ALL
                 SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'minute' AND at BETWEEN $4 AND $5
                 UNION ALL
                 SELECT * FROM board_count WHERE campaign = ANY($1) AND grain = 'total') AS counted
           WHERE what = ANY($6) GROUP BY campaign, what, key""",
        [*campaigns, PLATFORM], hour, running, hour - DAY, running - DAY, list(LOOKED_AT),
    )  # fmt: skip
    times = {(row[0], row[1], row[2]): Span(row[3], row[4], 0, row[5]) for row in rows}
    amounts = {(row[0], row[1], row[2]): Span(row[6]) for row in rows if row[6]}
    return Counters(times, amounts, [], [])
