"""One mechanic is paused or let run again, now and in every process, without a new version of the plan."""

from datetime import datetime

import asyncpg

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.changing import changing_program
from festoon.engine.published import written_for
from festoon.plan.parse import load_plan
from festoon.store.trail import record

UNKNOWN = define(
    "pause.unknown",
    404,
    "nothing called '{mechanic}' runs in '{campaign}'",
    "活动“{campaign}”中没有正在运行的“{mechanic}”",
)
ALL_PAUSED = define(
    "pause.all_paused",
    409,
    "the whole of '{campaign}' is paused",
    "活动“{campaign}”已整体暂停",
    todo="resume the campaign; then pause what has to stay paused",
    todo_zh="请先恢复整个活动，再单独暂停相应玩法",
)
ALREADY = define("pause.already", 409, "'{mechanic}' is {state} already", "“{mechanic}”已处于该状态：{state}")
WHOLE = "*"


async def pause_mechanic(
    connection: asyncpg.Connection, campaign: str, mechanic: str, reason: str, actor: str, now: datetime
) -> list[str]:
    """Pause one mechanic beside those that are paused. Returns all that are. Raises NotFound, Conflict."""
    return await _change(
        connection, campaign, mechanic, reason, actor, now, "mechanic.pause", frozenset({mechanic})
    )


async def resume_mechanic(
    connection: asyncpg.Connection, campaign: str, mechanic: str, reason: str, actor: str, now: datetime
) -> list[str]:
    """Let one mechanic run again. Returns those that are still paused. Raises NotFound, Conflict."""
    return await _change(connection, campaign, mechanic, reason, actor, now, "mechanic.resume", frozenset())


async def _change(
    connection: asyncpg.Connection, campaign: str, mechanic: str, reason: str, actor: str, now: datetime, act: str,
    add: frozenset[str],
) -> list[str]:  # fmt: skip
    async with changing_program(connection):
        before = await _paused(connection, campaign, mechanic)
        if WHOLE in before:
            raise Conflict(ALL_PAUSED, campaign=campaign)
        if (mechanic in before) == bool(add):
            raise Conflict(ALREADY, mechanic=mechanic, state="paused" if add else "running")
        after = sorted((frozenset(before) - {mechanic}) | add)
        await connection.execute("UPDATE campaign SET paused = $2 WHERE id = $1", campaign, after)
        await record(
            connection, at=now, actor=actor, act=act, object=f"{campaign}/{mechanic}", before=before,
            after={"paused": after, "reason": reason},
        )  # fmt: skip
    return after


async def _paused(connection: asyncpg.Connection, campaign: str, mechanic: str) -> list[str]:
    """What is paused of a campaign. Raises NotFound when the plan that runs has no such mechanic."""
    row = await connection.fetchrow(
        """SELECT c.paused, v.source, v.kinds FROM campaign c
           JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
           WHERE c.id = $1 AND c.stopped IS NULL FOR UPDATE OF c""",
        campaign,
    )
    if (
        row is None
        or mechanic not in load_plan(row["source"], written_for=written_for(row["kinds"])).mechanics
    ):
        raise NotFound(UNKNOWN, campaign=campaign, mechanic=mechanic)
    return list(row["paused"])
