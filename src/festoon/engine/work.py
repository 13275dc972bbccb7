"""How far the work of a campaign is, and what state its risks are in: set by people while it is carried out.

The plan says what was meant when it was signed; what is set here stands over it, with who set it and when. It is no
part of the plan, so nobody signs a version because a poster is ready.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import asyncpg
from msgspec import Struct

from festoon.base.errors import Invalid, NotFound, define
from festoon.base.times import add_months
from festoon.engine.published import written_for
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.plan.parse import load_plan
from festoon.plan.running import Task
from festoon.plan.schema import Plan
from festoon.plan.values import Rhythm
from festoon.store.trail import record

TASK_UNKNOWN = define(
    "work.task_unknown",
    404,
    "the plan of '{campaign}' has no task '{task}'",
    "活动“{campaign}”的方案中没有任务“{task}”",
)
RISK_UNKNOWN = define(
    "work.risk_unknown",
    404,
    "the plan of '{campaign}' has no risk '{risk}'",
    "活动“{campaign}”的方案中没有风险“{risk}”",
)
STATE_UNKNOWN = define(
    "work.state_unknown",
    400,
    "there is no state '{given}'; there are {known}",
    "不存在状态“{given}”；可用：{known}",
)
Status = Literal["planned", "doing", "done", "dropped"]
STATUSES: tuple[Status, ...] = ("planned", "doing", "done", "dropped")
RISK_STATES = ("open", "watched", "happened", "closed")
LONGEST_NOTE = 1_000
_DAYS: Mapping[str, int] = {"daily": 1, "weekly": 7, "fortnightly": 14}
_MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3}


class Set(Struct, frozen=True):
    """The state of a task or a risk as somebody set it. `next_review` is when a risk is to be looked at again, where he
    said it."""

    state: str
    by: str
    at: datetime
    note: str
    next_review: date | None = None


States = Mapping[tuple[str, str], Set]
"""By campaign and id."""


def tasks_of(plan: Plan) -> dict[str, Task]:
    """The tasks of a plan by id, sub-tasks among them; ids are unique in a plan."""
    found: dict[str, Task] = {}
    waiting = dict(plan.work)
    while waiting:
        id, task = waiting.popitem()
        found[id] = task
        waiting |= task.tasks
    return found


def next_review(rhythm: Rhythm, since: datetime) -> datetime | None:
    """When a risk is looked at again, after so long; None for one that is looked at once."""
    if rhythm in _DAYS:
        return since + timedelta(days=_DAYS[rhythm])
    months = _MONTHS.get(rhythm)
    return None if months is None else datetime.combine(add_months(since.date(), months), since.timetz())


async def set_task(
    connection: asyncpg.Connection,
    campaign: str,
    task: str,
    status: str,
    actor: str,
    now: datetime,
    note: str = "",
) -> None:
    """Say how far a task is. Raises NotFound for a task that the plan does not have, Invalid for another status."""
    if status not in STATUSES:
        raise Invalid(STATE_UNKNOWN, "state", given=status[:40], known=", ".join(STATUSES))
    if task not in tasks_of(await _plan(connection, campaign)):
        raise NotFound(TASK_UNKNOWN, campaign=campaign, task=task)
    await _set(connection, "task", campaign, task, Set(status, actor, now, note))


async def review_risk(
    connection: asyncpg.Connection,
    campaign: str,
    risk: str,
    state: str,
    actor: str,
    now: datetime,
    note: str = "",
    next_on: date | None = None,
) -> None:
    """Say that a risk was looked at, what state it is in, and, where it is not by its rhythm, when it is looked at
    next. Raises NotFound for a risk that the plan does not have, Invalid for another state."""
    if state not in RISK_STATES:
        raise Invalid(STATE_UNKNOWN, "state", given=state[:40], known=", ".join(RISK_STATES))
    if risk not in (await _plan(connection, campaign)).risks:
        raise NotFound(RISK_UNKNOWN, campaign=campaign, risk=risk)
    await _set(connection, "risk", campaign, risk, Set(state, actor, now, note, next_on))


async def _set(connection: asyncpg.Connection, kind: str, campaign: str, id: str, new: Set) -> None:
    note = new.note.strip()[:LONGEST_NOTE]
    async with connection.transaction():
        before = await connection.fetchval(
            "SELECT state FROM work_state WHERE kind = $1 AND campaign = $2 AND id = $3", kind, campaign, id
        )
        await connection.execute(
            """INSERT INTO work_state (kind, campaign, id, state, by, at, note, next_review)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (kind, campaign, id) DO UPDATE SET state = EXCLUDED.state, by = EXCLUDED.by,
                   at = EXCLUDED.at, note = EXCLUDED.note, next_review = EXCLUDED.next_review""",
            kind, campaign, id, new.state, new.by, new.at, note, new.next_review,
        )  # fmt: skip
        await record(
            connection, at=new.at, actor=new.by, act=f"work.{kind}", object=f"{campaign}/{id}", before=before,
            after={"state": new.state, "note": note, "next_review": new.next_review},
        )  # fmt: skip


async def states(connection: asyncpg.Connection, kind: str, campaigns: Sequence[str]) -> States:
    """What was set of the tasks (`task`) or risks (`risk`) of some campaigns, by campaign and id."""
    rows = await connection.fetch(
        "SELECT campaign, id, state, by, at, note, next_review FROM work_state WHERE kind = $1 AND campaign = ANY($2)",
        kind, list(campaigns),
    )  # fmt: skip
    return {(row["campaign"], row["id"]): Set(*tuple(row)[2:]) for row in rows}


async def _plan(connection: asyncpg.Connection, campaign: str) -> Plan:
    """The plan that runs, or the newest one of a campaign that does not yet."""
    row = await connection.fetchrow(
        """SELECT v.source, v.kinds FROM campaign c JOIN plan_version v ON v.campaign = c.id
           WHERE c.id = $1 ORDER BY (v.version = c.version) DESC NULLS LAST, v.version DESC LIMIT 1""",
        campaign,
    )
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="any")
    return load_plan(row["source"], written_for=written_for(row["kinds"]))
