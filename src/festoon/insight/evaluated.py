"""The evaluation of a published campaign, and what its benefits are worth, from the facts and the plan that runs."""

import asyncio
from datetime import datetime
from pathlib import Path

import asyncpg

from festoon.base.errors import NotFound
from festoon.engine.outside import signed_figures
from festoon.engine.published import written_for
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.benefits.benefit import Benefits
from festoon.insight.evaluation import Evaluation, evaluate, measured_benefits
from festoon.insight.facts import Facts
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan
from festoon.plan.schema import Plan
from festoon.store.pool import connect


async def evaluated(dsn: str, campaign: str, facts_in: Path, as_of: datetime) -> tuple[Evaluation, bool]:
    """Evaluate a published campaign; and whether it is a rehearsal. Raises NotFound when it is not published."""
    connection = await connect(dsn)
    try:
        plan, compiled, rehearsal = await _published(connection, campaign)
        chain = await connection.fetchval(
            "SELECT chain FROM relay_range WHERE done IS NOT NULL ORDER BY done DESC LIMIT 1"
        )
        outside = await signed_figures(connection, campaign, as_of)
    finally:
        await connection.close()
    facts = Facts.reading(facts_in, chain or "")
    found = await asyncio.to_thread(evaluate, facts, plan, compiled, as_of, outside)
    return found, rehearsal


async def worth(
    dsn: str, campaign: str, facts_in: Path, as_of: datetime
) -> tuple[Benefits, CompiledCampaign]:
    """What each benefit of a published campaign is worth. Raises NotFound when it is not published."""
    connection = await connect(dsn)
    try:
        plan, compiled, _ = await _published(connection, campaign)
    finally:
        await connection.close()
    facts = Facts.reading(facts_in)
    return await asyncio.to_thread(measured_benefits, facts, plan, compiled, as_of), compiled


async def _published(connection: asyncpg.Connection, campaign: str) -> tuple[Plan, CompiledCampaign, bool]:
    """The plan that runs, compiled, and whether it is a rehearsal. Raises NotFound."""
    row = await connection.fetchrow(
        """SELECT v.source, v.kinds, v.version, (SELECT mode = 'rehearsal' FROM installation) AS rehearsal
           FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version WHERE c.id = $1""",
        campaign,
    )
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="published")
    plan = read_plan(row["source"], written_for=written_for(row["kinds"]))
    return plan, compile_plan(plan, version=row["version"]), row["rehearsal"]
