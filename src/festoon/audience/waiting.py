"""Before segments are computed, the facts catch up with what was taken until then."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import structlog

from festoon.base.errors import Conflict
from festoon.outbox.lag import measure
from festoon.outbox.relay import RUNS_ALREADY, Relay
from festoon.store.pool import connect

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 1.0


async def facts_until(dsn: str, directory: Path, at: datetime) -> float:
    """Relay, or wait for who relays, until the facts hold what had been taken by `at`. Returns by how many seconds
    they are behind when patience ends; what comes later corrects the segments at their next refresh."""
    try:
        while not (await Relay(dsn, directory).run_once()).caught_up:
            pass
        return 0.0
    except Conflict as error:
        if error.code != RUNS_ALREADY:
            raise
    behind = 0.0
    connection = await connect(dsn)
    try:
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            behind = await _behind(connection, at)
            if not behind:
                return 0.0
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await connection.close()
    log.warning("segment.facts_behind", seconds=round(behind))
    return behind


async def _behind(connection: asyncpg.Connection, at: datetime) -> float:
    """Seconds by which the facts lack what had been taken by an instant; 0 when they lack nothing of it."""
    begun = await connection.fetchval("SELECT count(*) FROM relay_range WHERE done IS NULL")
    lag = await measure(connection)
    if not begun and not lag.rows:
        return 0.0
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    oldest = now - timedelta(seconds=lag.seconds)
    # In a rehearsal nothing says how old an event is, so all of them are waited for.
    live = await connection.fetchval("SELECT mode = 'live' FROM installation")
    return 0.0 if live and not begun and oldest > at else max(lag.seconds, LOOK_SECONDS)
