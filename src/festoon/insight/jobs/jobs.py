"""Jobs: what somebody asks for and takes its time. A row each, from the question to the result.

`festoon work` runs them, each in a process of its own, so that nobody who serves is ever held up. Whoever runs a job
holds an advisory lock in its name: where the lock is free and the row still says `running`, the process has died.
"""

from datetime import datetime
from typing import Any, Literal

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Conflict, FestoonError, NotFound, define
from festoon.store.trail import record

UNKNOWN = define("job.unknown", 404, "there is no job {number}", "不存在编号为{number}的任务")
NOT_OPEN = define(
    "job.not_open",
    409,
    "the job {number} is over already; it is {state}",
    "任务{number}已结束，状态为{state}",
)
NOT_OVER = define(
    "job.not_over",
    409,
    "the job {number} is {state}; only one that failed or was cancelled is started again",
    "任务{number}的状态为{state}；只有失败或已取消的任务可以重新开始",
)
DIED = define(
    "job.died",
    500,
    "the process that ran it ended before it was done",
    "执行该任务的进程在完成前已终止",
    todo="start it again; when that happens every time, give the machine more memory or ask for less",
    todo_zh="请重新开始；若反复出现，请增加内存或缩小范围",
)
FAILED = define(
    "job.failed",
    500,
    "something went wrong that nobody had thought of: {reason}",
    "发生意外错误：{reason}",
    todo="the log of festoon work tells the rest",
    todo_zh="详情见 festoon work 的日志",
)
State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: tuple[State, ...] = ("queued", "running", "done", "failed", "cancelled")
LOCK = 0x6A6F6262
"""With a job's number: held by the process that runs it."""
WORKER = 0x6A6F6277
"""Held, shared, by every process that starts jobs."""
MOST = 200
_COLUMNS = "number, kind, campaign, title, actor, at, state, progress, expected, started, finished, error"


class Failure(Struct, frozen=True):
    """Why a job failed, to be worded for the reader."""

    code: str
    data: dict[str, Any] = {}

    def text(self, language: str = "en") -> str:
        return FestoonError(self.code, **self.data).text(language)

    def todo(self, language: str = "en") -> str:
        return FestoonError(self.code, **self.data).todo(language)


class Job(Struct, frozen=True):
    """One job, as it stands. `progress` of `expected` steps are done; `expected` is 0 until that is known. `title` says
    to its owner which one it is."""

    number: int
    kind: str
    campaign: str
    title: str
    actor: str
    at: datetime
    state: State
    progress: int = 0
    expected: int = 0
    started: datetime | None = None
    finished: datetime | None = None
    error: Failure | None = None

    @property
    def open(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def percent(self) -> int:
        """How far it is. A job that is not done is never at a hundred, whatever it had expected."""
        if self.state == "done":
            return 100
        return min(99, 100 * self.progress // self.expected) if self.expected else 0


_failure = msgspec.json.Decoder(Failure)


async def ask(
    connection: asyncpg.Connection,
    kind: str,
    campaign: str,
    title: str,
    asked: Any,
    actor: str,
    now: datetime,
) -> int:
    """Ask for a job and return its number. `asked` is what its kind needs to know."""
    async with connection.transaction():
        number: int = await connection.fetchval(
            """INSERT INTO job (kind, campaign, title, asked, actor, at)
               VALUES ($1, $2, $3, $4, $5, $6) RETURNING number""",
            kind, campaign, title, msgspec.json.encode(asked).decode(), actor, now,
        )  # fmt: skip
        await record(connection, at=now, actor=actor, act=f"{kind}.ask", object=str(number), after=title)
    return number


async def cancel(connection: asyncpg.Connection, number: int, actor: str, now: datetime) -> None:
    """Let go of a job that waits or runs; the process that runs it notices within a second. Raises NotFound, and
    Conflict when it is over."""
    async with connection.transaction():
        kind = await connection.fetchval(
            """UPDATE job SET state = 'cancelled', finished = $2
               WHERE number = $1 AND state IN ('queued', 'running') RETURNING kind""",
            number, now,
        )  # fmt: skip
        if kind is None:
            raise Conflict(NOT_OPEN, number=number, state=(await job(connection, number)).state)
        await record(connection, at=now, actor=actor, act=f"{kind}.cancel", object=str(number))


async def again(connection: asyncpg.Connection, number: int, actor: str, now: datetime) -> None:
    """Start a job that failed or was cancelled once more. Raises NotFound, and Conflict for any other."""
    async with connection.transaction():
        kind = await connection.fetchval(
            """UPDATE job SET state = 'queued', at = $2, started = NULL, finished = NULL, error = NULL, progress = 0
               WHERE number = $1 AND state IN ('failed', 'cancelled') RETURNING kind""",
            number, now,
        )  # fmt: skip
        if kind is None:
            raise Conflict(NOT_OVER, number=number, state=(await job(connection, number)).state)
        await record(connection, at=now, actor=actor, act=f"{kind}.again", object=str(number))


async def job(connection: asyncpg.Connection, number: int, kind: str | None = None) -> Job:
    """A job, of one kind. Raises NotFound."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM job WHERE number = $1 AND ($2::text IS NULL OR kind = $2)", number, kind
    )
    if row is None:
        raise NotFound(UNKNOWN, number=number)
    return _job(row)


async def listed(
    connection: asyncpg.Connection,
    *,
    kind: str,
    campaign: str | None = None,
    state: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Job]:
    """Jobs of a kind, newest first, with numbers below `before`."""
    rows = await connection.fetch(
        f"""SELECT {_COLUMNS} FROM job
            WHERE kind = $1 AND ($2::text IS NULL OR campaign = $2) AND ($3::text IS NULL OR state = $3)
                  AND ($4::bigint IS NULL OR number < $4)
            ORDER BY number DESC LIMIT $5""",
        kind, campaign, state, before, min(limit, MOST),
    )  # fmt: skip
    return [_job(row) for row in rows]


async def asked_of(connection: asyncpg.Connection, number: int) -> str:
    """What was asked for, as JSON."""
    asked: str = await connection.fetchval("SELECT asked FROM job WHERE number = $1", number)
    return asked


async def result_of(connection: asyncpg.Connection, number: int) -> str | None:
    """What came of it, as JSON; None while there is nothing."""
    result: str | None = await connection.fetchval("SELECT result FROM job WHERE number = $1", number)
    return result


async def somebody_works(connection: asyncpg.Connection) -> bool:
    """Whether a process is there that would start a job: `festoon work`."""
    works: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                          AND (classid::bigint << 32 | objid::bigint) = $1)""",
        WORKER,
    )
    return works


def _job(row: asyncpg.Record) -> Job:
    error = row["error"]
    return Job(**{**row, "error": None if error is None else _failure.decode(error)})
