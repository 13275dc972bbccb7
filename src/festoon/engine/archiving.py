"""Putting a campaign away (归档) once it is settled or stopped: it leaves the lists, and nothing of it is lost.

The clock does the same at the plan's `archive`. What members got stays on their statements, and reports stay where they
are.
"""

from collections.abc import Collection
from datetime import datetime

import asyncpg

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.reload import compile_version
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.phases import phase
from festoon.store.trail import record

NOT_SETTLED = define(
    "campaign.not_settled",
    409,
    "'{campaign}' is {phase}; only what is settled, stopped or was never published is put away",
    "活动“{campaign}”的阶段为{phase}；只有已结算、已停止或从未发布的活动可以归档",
    todo="wait until it is settled, or stop it",
    todo_zh="请等待结算，或先停止活动",
)
ALREADY = define(
    "campaign.archived_already", 409, "'{campaign}' was put away on {at}", "活动“{campaign}”已于{at}归档"
)
NOT_ARCHIVED = define(
    "campaign.not_archived", 409, "'{campaign}' is not put away", "活动“{campaign}”尚未归档"
)


async def archive(connection: asyncpg.Connection, campaign: str, actor: str, now: datetime) -> None:
    """Put a campaign away. Raises NotFound, and Conflict for one that still runs or was put away."""
    async with connection.transaction():
        row = await _held(connection, campaign)
        if row["archived"] is not None:
            raise Conflict(ALREADY, campaign=campaign, at=f"{row['archived']:%Y-%m-%d %H:%M}")
        if row["source"] is not None and row["stopped"] is None:
            schedule = compile_version(row["source"], row["kinds"], row["version"]).schedule
            current = phase(schedule, await _clock(connection, now))
            if current not in ("settled", "archived"):
                raise Conflict(NOT_SETTLED, campaign=campaign, phase=str(current))
        await connection.execute("UPDATE campaign SET archived = $2 WHERE id = $1", campaign, now)
        await record(connection, at=now, actor=actor, act="campaign.archive", object=campaign)


async def bring_back(connection: asyncpg.Connection, campaign: str, actor: str, now: datetime) -> None:
    """Put a campaign back into the lists. Raises NotFound, and Conflict for one that was not put away."""
    async with connection.transaction():
        row = await _held(connection, campaign)
        if row["archived"] is None:
            raise Conflict(NOT_ARCHIVED, campaign=campaign)
        await connection.execute("UPDATE campaign SET archived = NULL WHERE id = $1", campaign)
        await record(connection, at=now, actor=actor, act="campaign.bring_back", object=campaign)


async def archived(connection: asyncpg.Connection) -> frozenset[str]:
    """The campaigns that somebody put away."""
    rows = await connection.fetch("SELECT id FROM campaign WHERE archived IS NOT NULL")
    return frozenset(row["id"] for row in rows)


def phase_now(campaign: CompiledCampaign, now: datetime, away: Collection[str]) -> str:
    """Where in its life a campaign is: archived, if it is among those put away; otherwise what the clock says."""
    return "archived" if campaign.campaign in away else str(phase(campaign.schedule, now))


async def _held(connection: asyncpg.Connection, campaign: str) -> asyncpg.Record:
    row = await connection.fetchrow(
        """SELECT c.stopped, c.archived, v.version, v.source, v.kinds FROM campaign c
           LEFT JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
           WHERE c.id = $1 FOR UPDATE OF c""",
        campaign,
    )
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="any")
    return row


async def _clock(connection: asyncpg.Connection, now: datetime) -> datetime:
    """A rehearsal lives in the time of its last event."""
    last: datetime | None = await connection.fetchval(
        "SELECT (SELECT now FROM event ORDER BY seq DESC LIMIT 1) FROM installation WHERE mode = 'rehearsal'"
    )
    return last or now
