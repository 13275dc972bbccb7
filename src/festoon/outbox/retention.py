"""Drop partitions of the journal that nobody needs any more; the facts keep what was in them.

A partition goes when all of its events are in the facts, told to webhooks, and were taken before a given instant: the
start of the window in which an event sent again is still known again. What its transfers summed to is added to
`journal_opening` in the same transaction, so the books still balance: for every account, opening plus
transfers is the balance. There a member's account is held by his number and the part (`17@`, `17@held`,
`17@pending`), as the audit names it; a shared one by its holder.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg
import structlog

from festoon.engine import handed_in
from festoon.outbox import minutes, ranges
from festoon.outbox.partitions import Partition, partitions
from festoon.outbox.ranges import Generation
from festoon.store.pool import GONE, connect

LOCK = 0x64726F70
EVERY_SECONDS = 3600.0
LOCK_TIMEOUT = "3s"
BUSY_SECONDS = 60.0
"""How long to wait after the journal was too busy to let a partition go."""

log = structlog.get_logger(__name__)
SIGHTINGS = timedelta(days=100)
"""How long it is kept where members were seen; rules about risk look back no further than 90 days."""


class Retention:
    """Drops what is older than `keep`, every hour. Of any number that run, one works at a time."""

    def __init__(self, dsn: str, keep: timedelta, now: Callable[[], datetime]) -> None:
        self._dsn = dsn
        self._keep = keep
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Drop what may go until `stop` is set. Whatever fails is said, and tried again."""
        while not stop.is_set():
            wait = EVERY_SECONDS
            try:
                await self.run_once()
            except asyncpg.LockNotAvailableError:
                log.info("retention.journal_busy", again_in=BUSY_SECONDS)
                wait = BUSY_SECONDS
            except (*GONE, asyncpg.PostgresError) as error:
                log.warning("retention.store_gone", reason=str(error), again_in=BUSY_SECONDS)
                wait = BUSY_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)

    async def run_once(self) -> list[str]:
        """Drop what may go now, and return the names; none while another process does it, or in a rehearsal.

        Raises `asyncpg.LockNotAvailableError` when the journal is too busy, and what the connection raises.
        """
        connection = await connect(self._dsn)
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                return []
            now = self._now()
            await connection.execute("DELETE FROM sighting WHERE seen < $1", (now - SIGHTINGS).date())
            await handed_in.forget(connection, now - handed_in.KEPT)
            before = await needed_since(connection, now - self._keep)
            if before is not None:
                await minutes.forget(connection, now)
            return [] if before is None else await drop_partitions(connection, before)
        finally:
            await connection.close()


async def needed_since(connection: asyncpg.Connection, window: datetime) -> datetime | None:
    """From when on the journal is needed: since the window's start, or since a draw opened whose plays are still to be
    published. None for all of it: a rehearsal lives on another clock, and is kept whole.

    A draw's plays are exported from the journal once its seed is revealed; for that there is as long as the window.
    """
    if not await connection.fetchval("SELECT mode = 'live' FROM installation"):
        return None
    draw = await connection.fetchrow(
        """SELECT campaign, mechanic, name, opens FROM draw_epoch
           WHERE opens < $1 AND (revealed IS NULL OR revealed > $1) ORDER BY opens LIMIT 1""",
        window,
    )
    if draw is None:
        return window
    log.info(
        "retention.kept_for_draw",
        campaign=draw["campaign"],
        mechanic=draw["mechanic"],
        epoch=draw["name"],
        since=draw["opens"].isoformat(),
    )
    opens: datetime = draw["opens"]
    return opens


async def drop_partitions(connection: asyncpg.Connection, before: datetime) -> list[str]:
    """Drop, oldest first, the partitions whose events were all taken before `before`. Returns their names.

    Stops at the first one that has to stay. Raises `asyncpg.LockNotAvailableError` when the journal is too
    busy to let one go within seconds; then that one is still whole, and the call can be made again.
    """
    dropped: list[str] = []
    if not await ranges.settled(connection):
        return dropped  # on another server ids mean something else, and the relay has not looked yet
    known = await ranges.generations(connection)
    for partition in await partitions(connection):
        async with connection.transaction():
            await connection.execute(
                f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; SET LOCAL statement_timeout = 0"
            )
            # Whoever still writes to it is waited for, and nobody can start to: what is summed is dropped.
            await connection.execute(f"LOCK TABLE {partition.name} IN SHARE MODE")
            if not await _may_go(connection, partition, known, before):
                break
            await _open(connection, partition)
            await connection.execute(f"DROP TABLE {partition.name}")
        log.info("retention.dropped", partition=partition.name, first=partition.low, last=partition.high - 1)
        dropped.append(partition.name)
    return dropped


async def _may_go(
    connection: asyncpg.Connection, partition: Partition, known: list[Generation], before: datetime
) -> bool:
    if partition.high > await connection.fetchval("SELECT last_value FROM event_seq"):
        return False
    if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {partition.name} WHERE now >= $1)", before):
        return False
    for generation in known:
        if await connection.fetchval(
            f"SELECT EXISTS (SELECT FROM {partition.name} WHERE xid >= $1 AND seq > $2 AND seq <= $3)",
            await ranges.done_below(connection, generation.number),
            generation.event_after,
            generation.event_until,
        ):
            return False
    return not await _to_be_told(connection, partition, known)


async def _to_be_told(connection: asyncpg.Connection, partition: Partition, known: list[Generation]) -> bool:
    """Whether a webhook that is on has yet to be told of what is in it."""
    rows = await connection.fetch(
        "SELECT generation, min(position) FROM webhook_endpoint WHERE state = 'on' GROUP BY 1 ORDER BY 1 LIMIT 1"
    )
    for number, position in rows:
        for generation in known[number:]:
            low = position if generation.number == number else 0
            if await connection.fetchval(
                f"SELECT EXISTS (SELECT FROM {partition.name} WHERE xid >= $1 AND seq > $2 AND seq <= $3)",
                low,
                generation.event_after,
                generation.event_until,
            ):
                return True
    return False


async def _open(connection: asyncpg.Connection, partition: Partition) -> None:
    await connection.execute(
        f"""INSERT INTO journal_opening AS opening (holder, asset, amount)
            SELECT CASE WHEN side.holder LIKE '@%' THEN e.member_id::text || side.holder
                        ELSE side.holder END,
                   move ->> 0, sum(side.sign * (move ->> 3)::bigint)::bigint
            FROM {partition.name} e
            CROSS JOIN jsonb_array_elements(e.transfers::jsonb) AS move
            CROSS JOIN LATERAL (VALUES (move ->> 1, -1), (move ->> 2, 1)) AS side (holder, sign)
            WHERE e.transfers IS NOT NULL
            GROUP BY 1, 2
            ON CONFLICT (holder, asset) DO UPDATE SET amount = opening.amount + EXCLUDED.amount"""
    )
