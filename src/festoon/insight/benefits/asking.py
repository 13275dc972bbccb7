"""What benefits are worth as a job: asked for, worked out in a process of its own, kept until the next time."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.benefits.benefit import Benefits
from festoon.insight.evaluated import worth
from festoon.insight.jobs import jobs
from festoon.insight.jobs.task import Task
from festoon.store.pool import connect

KIND = "benefits"
_INSTANT = timedelta(microseconds=1)
_asked = msgspec.json.Decoder(str)


class Worth(Struct, frozen=True):
    """What the benefits of a campaign's version were worth as of an instant."""

    as_of: datetime
    version: int
    benefits: Benefits


_worth = msgspec.json.Decoder(Worth)


async def ask_for_benefits(connection: asyncpg.Connection, campaign: str, actor: str, now: datetime) -> int:
    """Have it worked out as of when that is done, and return the job's number; the one that waits or runs already, if
    there is one. Raises NotFound when the campaign is not published."""
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM campaign WHERE id = $1 AND version IS NOT NULL)", campaign
    ):
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="published")
    latest = await jobs.listed(connection, kind=KIND, campaign=campaign, limit=1)
    if latest and latest[0].open:
        return latest[0].number
    return await jobs.ask(connection, KIND, campaign, campaign, campaign, actor, now)


def benefits_job(task: Task) -> Worth:
    """Work it out as of now; in a rehearsal, whose campaigns live in the time of its events, as of the last one."""
    return asyncio.run(_worked_out(task, _asked.decode(task.asked)))


async def _worked_out(task: Task, campaign: str) -> Worth:
    task.tell(0, 1)
    connection = await connect(task.dsn)
    try:
        last: datetime | None = await connection.fetchval(
            "SELECT (SELECT now FROM event ORDER BY seq DESC LIMIT 1) FROM installation WHERE mode = 'rehearsal'"
        )
    finally:
        await connection.close()
    as_of = wall() if last is None else last + _INSTANT
    found, compiled = await worth(task.dsn, campaign, task.folders.facts, as_of)
    return Worth(as_of, compiled.version, found)


async def last_worth(connection: asyncpg.Connection, campaign: str) -> Worth | None:
    """What was worked out last, or None."""
    done = await jobs.listed(connection, kind=KIND, campaign=campaign, state="done", limit=1)
    result = await jobs.result_of(connection, done[0].number) if done else None
    return None if result is None else _worth.decode(result)
