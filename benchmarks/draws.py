"""B8: draws all at once on a hundred prizes. Nothing is oversold, and the odds are those that were published."""

import asyncio
from collections import Counter
from contextlib import ExitStack

import asyncpg
import msgspec
from scipy.stats import chisquare  # type: ignore[import-untyped]

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.load import Spec
from benchmarks.over_http import platform
from benchmarks.plans import SCARCE, hundred_prizes
from benchmarks.rounds import Check, Findings, Tell
from benchmarks.serving import put_load
from festoon.base.clock import wall
from festoon.engine.audit import audit
from festoon.store.pool import connect

CONNECTIONS = 256
EACH = 10
"""Draws of one request."""
PLAYED = "SELECT outcome FROM event WHERE type = 'draw.played'"
UNLIKELY = 0.001
"""A fair draw fails the test once in a thousand runs."""


def draws(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """Draw, then look at what the journal says."""
    with ExitStack() as stack:
        tell("publishing a hundred prizes")
        running = platform(ground, stack, effort, max(effort.workers), hundred_prizes(wall().date()))
        tell(f"drawing {effort.draws} times")
        load = put_load(
            Spec(
                running.serving.port, running.key, CONNECTIONS, 3600, "draws", wall().isoformat(), kind="draw",
                events=EACH, members=effort.members, requests=max(effort.draws // EACH, 1),
            )
        )  # fmt: skip
        tell("counting")
        return asyncio.run(_counted(running.dsn, load.events, load.rate))


async def _counted(dsn: str, sent: int, rate: float) -> Findings:
    connection = await connect(dsn)
    try:
        return await _checks(connection, sent, rate)
    finally:
        await connection.close()


async def _checks(connection: asyncpg.Connection, sent: int, rate: float) -> Findings:
    rolled, expected, given = Counter[str](), Counter[str](), Counter[str]()
    async with connection.transaction():
        async for row in connection.cursor(PLAYED, prefetch=5_000):
            note = msgspec.json.decode(row["outcome"])["mechanics"][0]["note"]
            rolled[note["rolled"]] += 1
            given[note["given"]] += 1
            for prize, weight in note["table"]:
                expected[prize] += weight / note["total"]
    stock = dict.fromkeys((f"p{number}" for number in range(0, 100, 3)), SCARCE)
    oversold = sum(max(given[prize] - most, 0) for prize, most in stock.items())
    below = await connection.fetchval("SELECT count(*) FROM shared_account WHERE balance < floor")
    gone = sum(given[prize] >= most for prize, most in stock.items())
    found = chisquare([rolled[prize] for prize in expected], list(expected.values()))
    audited = await audit(connection)
    return Findings(
        checks=[
            Check("B8", f"{sent} draws at {CONNECTIONS} connections: decided", str(rolled.total()), str(sent),
                  rolled.total() == sent),
            Check("B8", f"sold over the stock, {gone} of {len(stock)} scarce prizes gone", str(oversold + below), "0",
                  oversold + below == 0),
            Check("B8", "odds: chi-square over the rows of the table", f"p = {found.pvalue:.3f}",
                  f"p above {UNLIKELY}", found.pvalue > UNLIKELY),
            Check("B8", "the books balance", "yes" if audited.holds else "no", "yes", audited.holds),
        ],
        notes=[f"B8: {rate:.0f} draws/s, {EACH} a request"],
    )  # fmt: skip
