"""How far the goals of running campaigns are: measured off the facts every few minutes, shown by the board."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import asyncpg
import msgspec
import structlog
from msgspec import Struct

from festoon.base.errors import FestoonError
from festoon.engine.outside import OutsideFigure, signed_figures
from festoon.engine.published import written_for
from festoon.insight.evaluation import measured_goals
from festoon.insight.facts import Facts
from festoon.insight.goals import Status
from festoon.outbox.reach import reaches
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.goals import Direction
from festoon.plan.parse import load_plan
from festoon.plan.schema import Plan
from festoon.store.pool import connect
from festoon.store.repeating import repeat

log = structlog.get_logger(__name__)

LOCK = 0x676F616C73
EVERY_SECONDS = 300.0


class GoalNow(Struct, frozen=True):
    """A goal and how far it is; values in the metric's unit, money in smallest units. `expected` is what should be
    there by now. Of one from outside, `source` says who measured it, and `measured` when."""

    metric: str
    title: Mapping[str, str]
    unit: str
    direction: Direction
    due: datetime
    result: float | None
    target: float | None
    expected: float | None
    status: Status
    source: str = ""
    measured: date | None = None

    @property
    def percent(self) -> int | None:
        return int(100 * self.result / self.target) if self.result is not None and self.target else None


class GoalsNow(Struct, frozen=True):
    """The goals of a campaign as they were at an instant."""

    at: datetime
    goals: list[GoalNow]


_goals = msgspec.json.Decoder(list[GoalNow])


async def goals_now(connection: asyncpg.Connection, campaign: str) -> GoalsNow | None:
    """How far a campaign's goals were when they were last measured; None before that."""
    row = await connection.fetchrow("SELECT at, goals FROM board_goal WHERE campaign = $1", campaign)
    return None if row is None else GoalsNow(row["at"], _goals.decode(row["goals"]))


class GoalKeeper:
    """Measures the goals of every campaign that runs, and of one that is settled for the last time. Of any number of
    workers, one does."""

    def __init__(self, dsn: str, facts: Path, now: Callable[[], datetime]) -> None:
        self._dsn = dsn
        self._facts = facts
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Measure until `stop` is set. Whatever fails is said, and tried again."""
        await repeat(
            self.run_once, stop, EVERY_SECONDS, lambda error: log.warning("goals.wait", reason=str(error))
        )

    async def run_once(self) -> list[str]:
        """Measure the goals that are to be measured now, and return their campaigns."""
        connection = await connect(self._dsn)
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                return []
            now = await self._clock(connection)
            measured = []
            for row in await connection.fetch(
                """SELECT c.id, v.source, v.kinds, v.version, g.at
                   FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version
                   LEFT JOIN board_goal g ON g.campaign = c.id
                   WHERE c.stopped IS NULL ORDER BY c.id"""
            ):
                found = _wanted(row, now)
                if found is None:
                    continue
                plan, campaign, at = found
                if at == now or await reaches(connection, self._facts, at):
                    outside = await signed_figures(connection, row["id"], at)
                    goals = await asyncio.to_thread(self._measured, plan, campaign, at, outside)
                    await _keep(connection, row["id"], at, goals)
                    measured.append(row["id"])
            return measured
        finally:
            await connection.close()

    async def _clock(self, connection: asyncpg.Connection) -> datetime:
        """A rehearsal's clock is its last event's."""
        if await connection.fetchval("SELECT mode = 'live' FROM installation"):
            return self._now()
        last: datetime | None = await connection.fetchval("SELECT now FROM event ORDER BY seq DESC LIMIT 1")
        return last or self._now()

    def _measured(
        self, plan: Plan, campaign: CompiledCampaign, at: datetime, outside: Mapping[str, OutsideFigure]
    ) -> list[GoalNow]:
        return [
            GoalNow(
                each.metric, each.title, each.unit, each.direction, each.due, each.result, each.target,
                each.expected, each.status, each.source, each.measured,
            )
            for each in measured_goals(Facts.reading(self._facts), plan, campaign, at, outside)
        ]  # fmt: skip


def _wanted(row: asyncpg.Record, now: datetime) -> tuple[Plan, CompiledCampaign, datetime] | None:
    """A plan whose goals are to be measured, and as of when: now while it runs, and as it was settled once it is."""
    try:
        plan = load_plan(row["source"], written_for=written_for(row["kinds"]))
        campaign = compile_plan(plan, version=row["version"])
    except FestoonError:
        return None  # set aside, and said so by whoever serves
    settle = campaign.schedule.settle
    if not plan.goals or now < campaign.schedule.start or (row["at"] is not None and row["at"] >= settle):
        return None
    return plan, campaign, min(now, settle)


async def _keep(connection: asyncpg.Connection, campaign: str, now: datetime, goals: list[GoalNow]) -> None:
    await connection.execute(
        """INSERT INTO board_goal (campaign, at, goals) VALUES ($1, $2, $3)
           ON CONFLICT (campaign) DO UPDATE SET at = EXCLUDED.at, goals = EXCLUDED.goals""",
        campaign, now, msgspec.json.encode(goals).decode(),
    )  # fmt: skip
