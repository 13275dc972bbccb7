"""The clock: timers that are due come in as events, phases are noted, the journal gets its next partition.

Any number of processes may run one; whoever holds the clock's lock acts, the others wait their turn. A timer
is deleted under its member's lock in the batch that decides it, so it fires once whoever peeks at it.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import asyncpg
import structlog

from festoon.engine.appointments import NOBODY
from festoon.engine.program import Program
from festoon.intake.batcher import Batcher
from festoon.intake.measures import TIMERS_FIRED
from festoon.plan.phases import passed
from festoon.store.pool import GONE, connect

log = structlog.get_logger(__name__)

CLOCK_LOCK = 0x636C6F636B
AT_ONCE = 1000
REST_SECONDS = 0.5
CHORES_SECONDS = 20.0
SET_ASIDE_SECONDS = 60.0
"""How long a member whose timers fail is left alone, so that he does not hold up everybody behind him."""
SETTLING = timedelta(minutes=1)
"""Appointments are kept this long after their time, when every batch from before it is in the books."""
MOST_SET_ASIDE = 10_000


class Clock:
    """The clock of one process."""

    def __init__(self, dsn: str, batcher: Batcher, seconds: Callable[[], float]) -> None:
        self.dsn = dsn
        self.batcher = batcher
        self._seconds = seconds
        self._set_aside: dict[int, float] = {}

    async def run(self) -> None:
        """Run until cancelled; a lost database is waited for, a mistake of ours does not stop the clock."""
        while True:
            try:
                await self._hold()
            except GONE as gone:
                log.warning("clock_waits_for_store", error=type(gone).__name__)
            except Exception:
                log.exception("clock_failed")
            await asyncio.sleep(1)

    async def _hold(self) -> None:
        connection = await connect(self.dsn)
        try:
            while True:
                if await connection.fetchval("SELECT pg_try_advisory_lock($1)", CLOCK_LOCK):
                    break
                await asyncio.sleep(REST_SECONDS * 2)
            chores = 0.0
            while True:
                if self._seconds() >= chores:
                    await self._chores(connection)
                    chores = self._seconds() + CHORES_SECONDS
                if await self.tick(connection) < AT_ONCE:
                    await asyncio.sleep(REST_SECONDS)
        finally:
            connection.terminate()

    async def tick(self, connection: asyncpg.Connection) -> int:
        """Wake the members whose timers are due; how many could be fired."""
        seconds = self._seconds()
        self._set_aside = {member: until for member, until in self._set_aside.items() if until > seconds}
        now = self.batcher.engine.now()
        members = await due_members(connection, now, self._set_aside, now - SETTLING)
        if not members:
            return 0
        failed = await self.batcher.wake(members)
        for member in failed[: MOST_SET_ASIDE - len(self._set_aside)]:
            self._set_aside[member] = seconds + SET_ASIDE_SECONDS
        TIMERS_FIRED.inc(len(members) - len(failed))
        return len(members) - len(failed)

    async def _chores(self, connection: asyncpg.Connection) -> None:
        await connection.fetchval("SELECT journal_extend(2)")
        await note_phases(connection, self.batcher.engine.program, self.batcher.engine.now())


async def due_members(
    connection: asyncpg.Connection,
    until: datetime,
    without: Iterable[int] = (),
    settled: datetime | None = None,
) -> list[tuple[int, str]]:
    """Members with a due timer, the longest due first: number and external id. Peeks; locks nothing. Nobody's
    appointments are due that came before `settled`, or before `until` without it."""
    rows = await connection.fetch(
        """SELECT m.id, m.subject FROM member m
           JOIN (SELECT member_id, min(due) AS first
                 FROM (SELECT member_id, due FROM timer WHERE due <= $1 AND member_id <> ALL ($3::bigint[])
                       ORDER BY due LIMIT $2) AS next
                 GROUP BY member_id) AS waiting ON waiting.member_id = m.id
           WHERE m.subject <> $4 OR waiting.first <= $5
           ORDER BY waiting.first, m.id""",
        until,
        AT_ONCE,
        list(without),
        NOBODY,
        settled or until,
    )
    return [(row[0], row[1]) for row in rows]


async def note_phases(connection: asyncpg.Connection, program: Program, now: datetime) -> None:
    """Write down, once, the phases that every campaign has entered by now."""
    rows = [
        (campaign.campaign, phase, at)
        for campaign in program.campaigns.values()
        for phase, at in passed(campaign.schedule, now)
    ]
    if rows:
        await connection.execute(
            """INSERT INTO phase_change (campaign, phase, at, noticed)
               SELECT *, $4::timestamptz FROM unnest($1::text[], $2::text[], $3::timestamptz[])
               ON CONFLICT DO NOTHING""",
            *(list(column) for column in zip(*rows, strict=True)),
            now,
        )
