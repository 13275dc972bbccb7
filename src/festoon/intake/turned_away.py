"""Events that were turned away, written down by the minute: the journal does not have them, the live board shows them.

Counted in memory by the door; each process adds its own to the table every few seconds. One that is killed loses the
last of them, which is no loss to anybody: an event that was turned away has not happened.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import asyncpg
import structlog

from festoon.intake.door import Door
from festoon.store.pool import GONE, lent

log = structlog.get_logger(__name__)
EVERY_SECONDS = 5.0


async def write_down(connection: asyncpg.Connection, door: Door, now: datetime) -> None:
    """Add what was turned away since the last time to the minute of `now`."""
    counted = dict(door.turned_away)
    if not counted:
        return
    await connection.execute(
        """INSERT INTO intake_count AS c (minute, code, type, times)
           SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[])
           ON CONFLICT (minute, code, type) DO UPDATE SET times = c.times + EXCLUDED.times""",
        now.replace(second=0, microsecond=0),
        *zip(*((code, type_, times) for (code, type_), times in sorted(counted.items())), strict=True),
    )
    door.turned_away.subtract(counted)
    for key in [key for key, times in door.turned_away.items() if not times]:
        del door.turned_away[key]


async def keep_writing_down(pool: asyncpg.Pool, door: Door, clock: Callable[[], datetime]) -> None:
    """Write it down every few seconds, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            async with lent(pool) as connection:
                await write_down(connection, door, clock())
        except (*GONE, asyncpg.PostgresError) as error:
            log.warning("turned_away_not_written", reason=str(error))
