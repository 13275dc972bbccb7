"""What the counters do not have yet, as far as a page may look: bounded, whatever waits."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.insight.tail import tail

LOOKED = 10_000


class Waiting(Struct, frozen=True):
    """How many of the journal's last events wait for the relay, when the oldest of them was taken, and when the last
    event of all was."""

    rows: int
    oldest: datetime | None
    last: datetime | None


async def waiting(connection: asyncpg.Connection) -> Waiting:
    """Of the last events, those that the relay has not handed on."""
    end: int = await connection.fetchval("SELECT last_value FROM event_seq")
    high = await connection.fetchval(
        "SELECT high FROM relay_range WHERE done IS NOT NULL ORDER BY generation DESC, low DESC LIMIT 1"
    )
    looked = await tail(connection, end, LOOKED)
    [row] = await connection.fetch(
        f"""SELECT count(*) FILTER (WHERE xid >= $1) AS rows, min(now) FILTER (WHERE xid >= $1) AS oldest,
                   max(now) AS last FROM {looked.table} AS last""",
        high or 0,
    )
    return Waiting(row["rows"], row["oldest"], row["last"])
