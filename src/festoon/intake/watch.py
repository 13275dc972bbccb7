"""The watch: notices that another program was published, also while no event comes.

A batch compares the program's version under its lock and never runs an old one; this is for whoever only looks: the
door with the types that plans declare, the list of campaigns.
"""

import asyncio

import asyncpg
import structlog

from festoon.engine.engine import Engine
from festoon.store.pool import GONE, lent

log = structlog.get_logger(__name__)

REST_SECONDS = 1.0


async def watch_program(pool: asyncpg.Pool, engine: Engine) -> None:
    """Run until cancelled."""
    while True:
        await asyncio.sleep(REST_SECONDS)
        try:
            async with lent(pool) as connection:
                if await connection.fetchval("SELECT version FROM program") != engine.program.version:
                    await engine.reload(connection)
        except GONE:
            continue  # whoever needs the store says that it is gone
        except Exception:
            log.exception("program_not_read")
