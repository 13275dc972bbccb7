"""Opening a campaign by hand, and how far it is open."""

from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, NotFound, define
from festoon.engine.changing import changing_program
from festoon.engine.reload import load_program
from festoon.plan.rollout import PARTS
from festoon.store.trail import record

NO_ROLLOUT = define(
    "plan.no_rollout",
    409,
    "the plan of '{campaign}' has no rollout: it is open to everybody",
    "活动“{campaign}”的方案没有灰度设置：已对所有会员开放",
    todo="declare `rollout` in the plan, or pause the campaign: festoon plan pause {campaign}",
    todo_zh="请在方案中声明 `rollout`，或暂停活动：festoon plan pause {campaign}",
)
NOT_RUNNING = define(
    "plan.not_running", 404, "no campaign '{campaign}' is published", "没有已发布的活动“{campaign}”"
)


class Opened(Struct, frozen=True):
    """How far a campaign is open: members in ten thousand now, and the steps to come."""

    campaign: str
    share: int
    testers: int
    to_come: tuple[tuple[datetime, int], ...]

    @property
    def percent(self) -> float:
        return self.share * 100 / PARTS


async def opened(connection: asyncpg.Connection, campaign: str, now: datetime) -> Opened:
    """How far a campaign is open. Raises NotFound, and Conflict when its plan has no rollout."""
    program = await load_program(connection)
    if campaign not in program.campaigns:
        raise NotFound(NOT_RUNNING, campaign=campaign)
    opening = program.openings.get(campaign)
    if opening is None:
        raise Conflict(NO_ROLLOUT, campaign=campaign)
    to_come = tuple(sorted(step for step in opening.steps if step[0] > now))
    return Opened(campaign, opening.share(now), len(opening.testers), to_come)


async def roll_out(
    connection: asyncpg.Connection, campaign: str, share: int, actor: str, now: datetime
) -> Opened:
    """Open a campaign to `share` members in ten thousand from now on; the plan's later steps count no more. Less than
    before is possible, when something is wrong. Raises as `opened` does."""
    async with changing_program(connection):
        before = await opened(connection, campaign, now)
        await connection.execute(
            """INSERT INTO rollout_step (campaign, at, share) VALUES ($1, $2, $3)
               ON CONFLICT (campaign, at) DO UPDATE SET share = excluded.share""",
            campaign, now, share,
        )  # fmt: skip
        await record(
            connection,
            at=now,
            actor=actor,
            act="campaign.rollout",
            object=campaign,
            before=before.share,
            after=share,
        )
        return await opened(connection, campaign, now)
