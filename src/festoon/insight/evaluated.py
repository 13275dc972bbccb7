"""The evaluation of a published campaign, from the facts and the plan that runs."""

import asyncio
from datetime import datetime
from pathlib import Path

from festoon.base.errors import NotFound
from festoon.engine.outside import signed_figures
from festoon.engine.published import written_for
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.facts import Facts
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.store.pool import connect


async def evaluated(dsn: str, campaign: str, facts_in: Path, as_of: datetime) -> tuple[Evaluation, bool]:
    """Evaluate a published campaign; and whether it is a rehearsal. Raises NotFound when it is not published."""
    connection = await connect(dsn)
    try:
        row = await connection.fetchrow(
            """SELECT v.source, v.kinds, v.version, (SELECT mode = 'rehearsal' FROM installation) AS rehearsal
               FROM campaign c JOIN plan_version v ON v.campaign = c.id AND v.version = c.version WHERE c.id = $1""",
            campaign,
        )
        chain = await connection.fetchval(
            "SELECT chain FROM relay_range WHERE done IS NOT NULL ORDER BY done DESC LIMIT 1"
        )
        outside = await signed_figures(connection, campaign, as_of)
    finally:
        await connection.close()
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version="published")
    plan = read_plan(row["source"], written_for=written_for(row["kinds"]))
    compiled = compile_plan(plan, version=row["version"])
    facts = Facts.reading(facts_in, chain or "")
    found = await asyncio.to_thread(evaluate, facts, plan, compiled, as_of, outside)
    return found, row["rehearsal"]
