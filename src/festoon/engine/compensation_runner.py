"""Runs the compensations that somebody has begun, in the background of a serving process.

What is begun is a row, so a process that dies is followed by the next one: each compensation is run by whoever
holds the lock of its name, and a member's part is an event with an id of its own.
"""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from festoon.base.errors import FestoonError
from festoon.engine.compensation_run import run
from festoon.engine.engine import Engine
from festoon.store.pool import GONE, connect_hot, lent

log = structlog.get_logger(__name__)
EVERY = 2.0
"""Seconds between two looks."""
AFTER_TROUBLE = 60.0
"""Seconds before a compensation that could not go on is tried again."""
ACTOR = "festoon"


async def run_begun(pool: asyncpg.Pool, dsn: str, engine: Engine, every: float = EVERY) -> None:
    """Look for compensations that were begun and run them to the end, until cancelled."""
    resting: dict[str, float] = {}
    while True:
        with suppress(*GONE):
            await _look(pool, dsn, engine, resting)
        await asyncio.sleep(every)


async def _look(pool: asyncpg.Pool, dsn: str, engine: Engine, resting: dict[str, float]) -> None:
    now = asyncio.get_running_loop().time()
    async with lent(pool) as looking:
        rows = await looking.fetch("SELECT id FROM compensation WHERE status = 'running' ORDER BY submitted")
    for id in [row["id"] for row in rows if resting.get(row["id"], 0.0) <= now]:
        connection = await connect_hot(dsn)
        try:
            if await _mine(connection, id):
                await run(engine, connection, id, ACTOR)
        except FestoonError as error:
            resting[id] = now + AFTER_TROUBLE
            log.warning("compensation_waits", compensation=id, code=error.code, text=error.text())
        finally:
            await connection.close()


async def _mine(connection: asyncpg.Connection, id: str) -> bool:
    """Whether this process runs it: the lock lasts as long as the connection."""
    found: bool = await connection.fetchval(
        "SELECT pg_try_advisory_lock(hashtextextended('festoon.compensation.' || $1, 0))", id
    )
    return found
