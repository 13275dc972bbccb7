"""How far a directory of facts reaches: whether it holds all that was taken before an instant."""

from datetime import datetime
from pathlib import Path

import asyncpg

from festoon.outbox import facts
from festoon.outbox.ranges import generations, position, recorded


async def reaches(connection: asyncpg.Connection, directory: Path, at: datetime) -> bool:
    """Whether every event taken before an instant is in the files of this directory. False also for a directory that
    another machine's relay does not write to."""
    known = await generations(connection)
    here = set(facts.names(directory))
    for one in await recorded(connection, known):
        if one.digest is None or (one.digest and one.range.name not in here):
            return False
    for generation in known:
        if await connection.fetchval(
            "SELECT EXISTS (SELECT FROM event WHERE xid >= $1 AND seq > $2 AND seq <= $3 AND now < $4)",
            await position(connection, generation.number),
            generation.event_after,
            generation.event_until,
            at,
        ):
            return False
    return bool(known)
