"""The steps of a job from the side of who runs it: taken up, under way, done, failed, given back, found dead."""

from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import FestoonError
from festoon.insight.jobs.jobs import DIED, LOCK, Failure

SLOT = 0x6A6F6273
"""With a small number: so many jobs run at once on an installation, whoever starts them."""


class Taken(Struct, frozen=True):
    """A job that this process runs from now on."""

    number: int
    kind: str
    asked: str


async def waiting(connection: asyncpg.Connection, most: int) -> bool:
    """Whether a job waits and there is room for it."""
    waits: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM job WHERE state = 'queued')
                  AND (SELECT count(*) FROM job WHERE state = 'running') < $1""",
        most,
    )
    return waits


async def take(connection: asyncpg.Connection, most: int, now: datetime) -> Taken | None:
    """Take up the job that has waited longest; None when there is none, or no room. The connection holds its lock."""
    if not await _slot(connection, most):
        return None
    async with connection.transaction():
        row = await connection.fetchrow(
            """SELECT number, kind, asked FROM job WHERE state = 'queued'
               ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED"""
        )
        if row is None or not await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, $2)", LOCK, row["number"]
        ):
            return None
        await connection.execute(
            "UPDATE job SET state = 'running', started = $2, progress = 0 WHERE number = $1",
            row["number"],
            now,
        )
    return Taken(**row)


async def _slot(connection: asyncpg.Connection, most: int) -> bool:
    for slot in range(most):
        if await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", SLOT, slot):
            return True
    return False


async def under_way(connection: asyncpg.Connection, number: int, progress: int, expected: int) -> bool:
    """Note how far it is. False when it was cancelled meanwhile."""
    done: str = await connection.execute(
        "UPDATE job SET progress = $2, expected = $3 WHERE number = $1 AND state = 'running'",
        number, progress, expected,
    )  # fmt: skip
    return done == "UPDATE 1"


async def done(connection: asyncpg.Connection, number: int, result: bytes, now: datetime) -> None:
    """Keep what came of it."""
    await connection.execute(
        """UPDATE job SET state = 'done', finished = $3, result = $2, progress = expected
           WHERE number = $1 AND state = 'running'""",
        number, result.decode(), now,
    )  # fmt: skip


async def failed(connection: asyncpg.Connection, number: int, error: FestoonError, now: datetime) -> bool:
    """Keep why nothing came of it. False when it does not run any more."""
    said = msgspec.json.encode(Failure(error.code, error.data), enc_hook=str).decode()
    written: str = await connection.execute(
        "UPDATE job SET state = 'failed', finished = $3, error = $2 WHERE number = $1 AND state = 'running'",
        number, said, now,
    )  # fmt: skip
    return written == "UPDATE 1"


async def give_back(connection: asyncpg.Connection, number: int) -> None:
    """Let it wait again: who runs it was told to stop."""
    await connection.execute(
        "UPDATE job SET state = 'queued', started = NULL, progress = 0 WHERE number = $1 AND state = 'running'",
        number,
    )


async def bury(connection: asyncpg.Connection, now: datetime) -> list[int]:
    """Mark the jobs whose process has died as failed, and return their numbers. They are not begun again by
    themselves: one that ends the process that runs it would do so for ever."""
    found = []
    for row in await connection.fetch("SELECT number FROM job WHERE state = 'running' ORDER BY number"):
        number = row["number"]
        async with connection.transaction():
            free = await connection.fetchval("SELECT pg_try_advisory_xact_lock($1, $2)", LOCK, number)
            if free and await failed(connection, number, FestoonError(DIED), now):
                found.append(number)
    return found
