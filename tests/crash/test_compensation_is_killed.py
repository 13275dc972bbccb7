"""A run of a compensation is killed again and again, with no warning: everybody has his part once."""

import asyncio
import multiprocessing
import os
import signal

import pytest

from festoon.engine import compensation_run
from festoon.engine.compensation_run import run
from festoon.engine.compensations import sign, status, submit
from tests.live import HEAD, NOW, Platform, event

pytestmark = pytest.mark.xdist_group("crash")

MEMBERS = 120
PLAN = HEAD + "assets: {points: {cost: 0.01, line: prizes}}\nmechanics: {}\n"
FILE = """
compensation: outage
campaign: spring
reason: everybody was affected
affected: {from: 2027-02-10, until: 2027-02-10, types: [page.viewed]}
give: [{points: 7}]
"""


async def _run(dsn: str) -> None:
    compensation_run.BATCH = 5
    platform = await Platform.open(dsn)
    await run(platform.engine, platform.connection, "outage", "wu")


def run_to_the_end(dsn: str) -> None:
    """What the killed process does."""
    asyncio.run(_run(dsn))


async def test_a_run_that_is_killed_goes_on_and_gives_nobody_anything_twice(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*(event("page.viewed", f"m-{number}", page="x") for number in range(MEMBERS)))
    await submit(platform.connection, FILE, "lin", NOW)
    await sign(platform.connection, "outage", "wu", NOW)
    spawn = multiprocessing.get_context("spawn")
    killed, before = 0, 0
    while (await status(platform.connection, "outage")).status != "done":
        process = spawn.Process(target=run_to_the_end, args=(database,))
        process.start()
        while process.is_alive():
            given = await platform.connection.fetchval(
                "SELECT count(*) FROM event WHERE type = 'compensation.granted'"
            )
            if killed < 4 and given > before + 10:
                assert process.pid is not None
                os.kill(process.pid, signal.SIGKILL)
                killed, before = killed + 1, given
                break
            await asyncio.sleep(0.001)
        await asyncio.to_thread(process.join)
    assert killed
    balances = await platform.connection.fetch(
        "SELECT balance FROM account WHERE asset = 'points' AND part = '@'"
    )
    assert [row["balance"] for row in balances] == [7] * MEMBERS
    assert (await status(platform.connection, "outage")).done == MEMBERS
    assert await platform.shared("spring/cost/prizes", "CNY") == 7 * MEMBERS
    await platform.audit()
    await platform.close()
