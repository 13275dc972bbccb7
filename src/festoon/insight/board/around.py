"""What the boards of one moment have in common, read once for all: the journal's end, and whether it is counted."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.engine.archiving import archived
from festoon.insight.board.counters import Span
from festoon.insight.board.health import Refused, turned_away
from festoon.insight.board.waiting import Waiting, waiting
from festoon.outbox.relay import LOCK


class Around(Struct, frozen=True):
    """`at` is the boards' time: the wall's, or in a rehearsal that of the last event. `behind` is how many seconds old
    the oldest event is that no counter has yet; `working` says whether a relay runs; `refused` is what was turned away;
    `archived` are the campaigns that were put away.
    """

    at: datetime
    rehearsal: bool
    tail: Waiting
    behind: float
    working: bool
    refused: dict[Refused, Span]
    archived: frozenset[str]


async def around(connection: asyncpg.Connection, now: datetime) -> Around:
    """What is around all campaigns at the wall's time `now`. Reads a bounded number of rows."""
    rehearsal: bool = await connection.fetchval("SELECT mode = 'rehearsal' FROM installation")
    tail = await waiting(connection)
    at = tail.last if rehearsal and tail.last is not None else now
    working, refused = await relay_works(connection), await turned_away(connection, at)
    late = behind(tail, now, rehearsal=rehearsal)
    return Around(at, rehearsal, tail, late, working, refused, await archived(connection))


def behind(tail: Waiting, now: datetime, *, rehearsal: bool) -> float:
    """How old, in seconds, the oldest event is that waits for the relay; a rehearsal's clock is not ours."""
    if rehearsal or tail.oldest is None:
        return 0.0
    return max((now - tail.oldest).total_seconds(), 0.0)


async def relay_works(connection: asyncpg.Connection) -> bool:
    """Whether a relay holds its lock."""
    works: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                          AND (classid::bigint << 32 | objid::bigint) = $1)""",
        LOCK,
    )
    return works
