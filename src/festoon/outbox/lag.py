"""How far the facts are behind the journal, and who holds them back."""

import asyncpg
from msgspec import Struct

from festoon.outbox.ranges import CAP, generations, position

OLD_SECONDS = 30
"""A writing transaction that has been open for longer is named: no row written since can be relayed."""


class Holder(Struct, frozen=True):
    """An open transaction that has written. A prepared one has no `pid`, and its id for a name."""

    pid: int | None
    name: str
    state: str
    seconds: float


class Lag(Struct, frozen=True):
    """`rows` wait to be relayed, in about `ranges` files; the oldest was taken `seconds` ago.

    In a rehearsal events are taken at their own time, so `seconds` is 0 there.
    """

    rows: int
    ranges: int
    seconds: float
    holders: tuple[Holder, ...]

    @property
    def held_seconds(self) -> float:
        """How long the oldest open transaction has held everything back; 0 when none is old."""
        return max((holder.seconds for holder in self.holders), default=0.0)


async def measure(connection: asyncpg.Connection) -> Lag:
    """The lag as of now. Reads the waiting rows once, so the longer the wait, the longer this takes."""
    rows, seconds = 0, 0.0
    for generation in await generations(connection):
        [(count, age)] = await connection.fetch(
            """SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(now)), 0)::float8
               FROM event WHERE xid >= $1 AND seq > $2 AND seq <= $3""",
            await position(connection, generation.number),
            generation.event_after,
            generation.event_until,
        )
        rows, seconds = rows + count, max(seconds, age)
    undone = await connection.fetchval("SELECT count(*) FROM relay_range WHERE done IS NULL")
    live = await connection.fetchval("SELECT mode = 'live' FROM installation")
    return Lag(rows, undone + -(-rows // CAP), seconds if live else 0.0, tuple(await _holders(connection)))


async def _holders(connection: asyncpg.Connection) -> list[Holder]:
    rows = await connection.fetch(
        """SELECT pid, application_name, coalesce(state, ''),
                  extract(epoch FROM clock_timestamp() - xact_start)::float8
           FROM pg_stat_activity WHERE backend_xid IS NOT NULL
           UNION ALL
           SELECT NULL, gid, 'prepared', extract(epoch FROM clock_timestamp() - prepared)::float8
           FROM pg_prepared_xacts"""
    )
    return [Holder(*row) for row in rows if row[3] >= OLD_SECONDS]
