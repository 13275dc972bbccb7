"""How long a process that serves others stands still while it does something for everybody: the longest pause of its
event loop, in each of a few works over so many members."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import asyncpg
import pyarrow as pa

from benchmarks.effort import Effort
from benchmarks.grand_draws import HOLDERS
from benchmarks.ground import Ground, put_up
from benchmarks.rounds import Check, Findings, Tell
from festoon.audience import lists, refreshes
from festoon.audience.computing import Computed, Sizes
from festoon.audience.membership import CHANGES
from festoon.audience.population import listed
from festoon.engine.appointments import NOBODY
from festoon.engine.compensations import submit
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program, running
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect, connect_hot

GOAL_MS = 250.0
NOW = datetime(2027, 6, 1, 4, 1, tzinfo=UTC)
PLAN = """
festoon: 1
campaign: bench
title: Everybody
timezone: Asia/Shanghai
schedule: {start: 2027-01-01, end: 2027-12-31}
budget: {currency: CNY, lines: {prizes: 1}}
assets: {tickets: {}}
segments: {friends: {title: Friends, list: uploaded}}
mechanics:
  tickets: {kind: gift, on: order.paid, give: [{asset: tickets, amount: 1}]}
  grand:
    kind: grand_draw
    tickets: tickets
    frozen: 2027-06-01 12:00
    prizes: [{id: points, count: 1000, give: {points: 1}}]
"""
SORRY = """
compensation: everybody
campaign: bench
reason: a bench
members: members.csv
give: [{points: 1}]
"""
Work = Callable[[asyncpg.Connection], Awaitable[object]]


def pauses(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """The longest pause in each work, and how long it took in all."""
    dsn, count = ground.database(), effort.tickets
    asyncio.run(put_up(dsn, PLAN))
    tell(f"{count:,} members")
    return asyncio.run(_measured(dsn, count, tell))


async def _measured(dsn: str, count: int, tell: Tell) -> Findings:
    connection = await connect(dsn)
    await connection.execute(HOLDERS, count)
    await connection.execute(
        "INSERT INTO identity (subject, member_id) SELECT subject, id FROM member ON CONFLICT DO NOTHING"
    )
    await connection.execute("VACUUM (FREEZE, ANALYZE) account")
    ids = [f"m{number}" for number in range(1, count + 1)]
    works: dict[str, Work] = {
        "a list is uploaded": lambda one: _uploaded(one, ids),
        "who is on it is read": _listed,
        "a refresh is saved": lambda one: _saved(one, count),
        "a compensation is submitted": lambda one: submit(one, SORRY, "maker", NOW, ids),
        "a grand draw is frozen and drawn": lambda _: _drawn(dsn),
    }
    checks = []
    for name, work in works.items():
        tell(name)
        longest, took = await _longest(work, connection)
        said = f"{longest:.0f} ms, of {took:.1f} s"
        checks.append(
            Check("pauses", f"{name}: {count:,} members", said, f"{GOAL_MS:.0f} ms", longest <= GOAL_MS)
        )
    await connection.close()
    return Findings([], checks)


async def _longest(work: Work, connection: asyncpg.Connection) -> tuple[float, float]:
    """The longest pause of the loop in milliseconds of our own work (what others on the machine do is left out), and
    how long the work took in seconds."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        before = time.process_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.process_time()
            longest, before = max(longest, now - before), now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.01)
    began = time.perf_counter()
    await work(connection)
    took = time.perf_counter() - began
    await asyncio.sleep(0.01)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return 1000 * longest, took


async def _uploaded(connection: asyncpg.Connection, ids: list[str]) -> None:
    given = await asyncio.to_thread(lists.of_ids, ids, "ids")
    await lists.known(connection, given.subjects)
    version = await lists.upload(connection, "bench", "friends", given, "maker", NOW)
    await lists.approve(connection, "bench", "friends", version, "checker", NOW)


async def _listed(connection: asyncpg.Connection) -> None:
    places, _ = await lists.places(connection, "bench", "friends")
    await asyncio.to_thread(listed, places)


async def _saved(connection: asyncpg.Connection, count: int) -> None:
    (campaign,) = await running(connection)
    changes = pa.table([list(range(1, count + 1)), ["friends"] * count, [True] * count], schema=CHANGES)
    sizes = Sizes({"friends": count}, count, {"friends": count}, {"friends": 0})
    await refreshes.save(connection, "bench", Computed(campaign.segments[0], sizes, changes), NOW, NOW)


async def _drawn(dsn: str) -> None:
    hot = await connect_hot(dsn)
    engine = Engine(await load_program(hot), load_program, lambda: NOW)
    await run_batch(engine, hot, [], [await hot.fetchval("SELECT id FROM member WHERE subject = $1", NOBODY)])
    await hot.close()
