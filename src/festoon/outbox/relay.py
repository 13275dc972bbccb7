"""The relay: what was committed to the journal goes on to the facts, every row once, whatever is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import structlog
from msgspec import Struct

from festoon.base.errors import Conflict, FestoonError, define
from festoon.outbox import facts, journal, minutes, ranges
from festoon.outbox.journal import Progress, quiet
from festoon.outbox.lag import Lag, measure
from festoon.outbox.ranges import CAP, Generation, Range
from festoon.store.pool import CONNECT_SECONDS, GONE, SESSION

RUNS_ALREADY = define(
    "relay.runs_already",
    409,
    "another process relays this database (server process {pid}, since {since})",
    "另一进程正在转存该数据库（服务器进程 {pid}，自 {since} 起）",
    todo="one is enough; this one takes over when the other ends",
    todo_zh="只需一个；另一进程结束后由本进程接管",
)
STRAY_FILES = define(
    "facts.stray_files",
    409,
    "{directory} holds {count} ranges that this database never wrote, {first} for one",
    "{directory} 中有{count}个区段不属于该数据库，例如 {first}",
    todo="name the right directory; if the database was set back in time, move those files elsewhere first",
    todo_zh="请指定正确的目录；若数据库已恢复到较早时间，请先移走这些文件",
)
LOST_FILES = define(
    "facts.lost_files",
    409,
    "{directory} lacks {count} ranges that this database has written, {first} for one",
    "{directory} 中缺少该数据库已写出的{count}个区段，例如 {first}",
    todo="name the right directory, or bring the files back from a backup",
    todo_zh="请指定正确的目录，或从备份中恢复这些文件",
)
STORE_GONE = "relay.store_gone"
LOCK = 0x72656C6179
PACE_SECONDS = 3.0
"""How long to wait for more once nothing is left. Shorter means fresher figures, and more files."""
RETRY_SECONDS = 0.2
LONGEST_RETRY_SECONDS = 30.0
LAG_ALARM_SECONDS = 60.0
ALARM_EVERY_SECONDS = 30.0

# A range may take its time; and what it was read from has to be durable before it is written elsewhere.
_SESSION = SESSION | {
    "application_name": "festoon relay",
    "statement_timeout": "0",
    "synchronous_commit": "on",
}

log = structlog.get_logger(__name__)


class Relayed(Struct, frozen=True):
    """What one pass did. `caught_up` says that no committed row is left waiting."""

    rows: int
    files: int
    caught_up: bool


class _Session(Struct, frozen=True):
    """A connection that holds the relay's lock."""

    connection: asyncpg.Connection
    generations: list[Generation]


class Relay:
    """Relays the database at `dsn` to the facts in `directory`. Of any number that run, one works."""

    def __init__(self, dsn: str, directory: Path, *, cap: int = CAP, pace: float = PACE_SECONDS) -> None:
        self._dsn = dsn
        self._directory = directory
        self._cap = cap
        self._pace = pace
        self._alarmed = -ALARM_EVERY_SECONDS

    async def run_once(self, on_progress: Progress | None = None) -> Relayed:
        """Relay all that can be relayed now.

        Raises Conflict (`relay.runs_already`, `relay.ids_went_back`, `facts.stray_files`,
        `facts.lost_files`), Unavailable (`facts.disk_full`, `facts.not_writable`), and what the connection
        raises.
        """
        async with self._session() as session:
            return await self._pass(session, on_progress or quiet, asyncio.Event())

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set. Whatever fails is said, and tried again, ever more slowly."""
        failures = 0
        while not stop.is_set():
            try:
                async with self._session() as session:
                    while not stop.is_set():
                        relayed = await self._pass(session, quiet, stop)
                        failures = 0
                        await self._watch(session)
                        if relayed.rows < self._cap:
                            await _pause(stop, self._pace)
            except FestoonError as error:
                log.warning(error.code, text=error.text(), todo=error.todo(), **error.data)
            except (*GONE, asyncpg.PostgresError) as error:
                log.warning(STORE_GONE, reason=str(error))
            await _pause(stop, min(RETRY_SECONDS * 2 ** min(failures, 10), LONGEST_RETRY_SECONDS))
            failures += 1

    async def _pass(self, session: _Session, tell: Progress, stop: asyncio.Event) -> Relayed:
        """First what was recorded and not finished, then range by range what has come since."""
        connection, known = session.connection, session.generations
        await self._count_late(session)
        rows = files = 0
        for range in await ranges.unfinished(connection, known):
            made = await self._relay(connection, range, tell)
            rows, files = rows + made.rows, files + made.files
        for range in await ranges.next_ranges(connection, known, self._cap):
            if stop.is_set():
                break
            await ranges.record(connection, range)
            made = await self._relay(connection, range, tell)
            rows, files = rows + made.rows, files + made.files
        return Relayed(rows, files, not await ranges.waiting(connection, known))

    async def _relay(self, connection: asyncpg.Connection, range: Range, tell: Progress) -> Relayed:
        rows, tables = await journal.read(connection, range, tell)
        written = await asyncio.to_thread(facts.write, self._directory, range.name, tables)
        counts = await asyncio.to_thread(minutes.count, tables)
        chain = await ranges.finish(connection, range, rows, written.digest, counts)
        log.info("relay.range_done", range=range.name, rows=rows, chain=chain)
        return Relayed(rows, written.files, caught_up=False)

    async def _count_late(self, session: _Session) -> None:
        """What an earlier release handed on without counting it."""
        for range in await ranges.uncounted(session.connection, session.generations):
            counts = await asyncio.to_thread(
                lambda name: minutes.count(facts.read(self._directory, name)), range.name
            )
            await ranges.count_late(session.connection, range, counts)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[_Session]:
        connection = await asyncpg.connect(self._dsn, server_settings=_SESSION, timeout=CONNECT_SECONDS)
        try:
            await _take_lock(connection)
            await ranges.settle(connection)
            known = await ranges.generations(connection)
            await asyncio.to_thread(facts.sweep, self._directory)
            await self._check_directory(connection, known)
            yield _Session(connection, known)
        finally:
            with suppress(*GONE, asyncpg.PostgresError):  # the server ends a session when it comes to it
                await connection.execute("SELECT pg_advisory_unlock_all()", timeout=CONNECT_SECONDS)
            with suppress(*GONE, asyncpg.PostgresError):
                await connection.close(timeout=CONNECT_SECONDS)

    async def _check_directory(self, connection: asyncpg.Connection, known: list[Generation]) -> None:
        """The directory holds what was written to it and nothing else: it is the right one, of this time."""
        recorded = await ranges.recorded(connection, known)
        found = set(await asyncio.to_thread(facts.names, self._directory))
        stray = sorted(found - {one.range.name for one in recorded})
        lost = [one.range.name for one in recorded if one.digest and one.range.name not in found]
        for code, names in ((STRAY_FILES, stray), (LOST_FILES, lost)):
            if names:
                raise Conflict(code, directory=str(self._directory), count=len(names), first=names[0])

    async def _watch(self, session: _Session) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._alarmed >= ALARM_EVERY_SECONDS:
            self._alarmed = now
            sound(await measure(session.connection))


def sound(lag: Lag) -> None:
    """Warn when the facts are far behind, and of every transaction that holds them back."""
    if lag.seconds >= LAG_ALARM_SECONDS:
        log.warning("relay.lags", rows=lag.rows, ranges=lag.ranges, seconds=round(lag.seconds))
    for holder in lag.holders:
        log.warning(
            "relay.held_back",
            pid=holder.pid,
            name=holder.name,
            state=holder.state,
            seconds=round(holder.seconds),
        )


async def _take_lock(connection: asyncpg.Connection) -> None:
    """Held by the session, so a relay that dies lets go. Never waited for: waiting would hold a snapshot."""
    if await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
        return
    row = await connection.fetchrow(
        """SELECT a.pid, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
           FROM pg_locks l JOIN pg_stat_activity a USING (pid)
           WHERE l.locktype = 'advisory' AND l.granted AND l.database = a.datid
                 AND a.datname = current_database() AND (l.classid::bigint << 32 | l.objid::bigint) = $1""",
        LOCK,
    )
    raise Conflict(RUNS_ALREADY, pid=row and row["pid"], since=row and row["since"])


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
