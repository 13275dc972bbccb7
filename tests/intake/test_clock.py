"""Timers: whatever is due fires, exactly once, with any number of processes that look at it."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from festoon.base.clock import wall
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.intake.clock import due_members
from festoon.store.pool import connect, connect_hot
from tests.crash.test_server_is_killed import zygote
from tests.live import Platform, event, put_up
from tests.serving import free_port, head, serving, wait_until

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(300)]

MEMBERS = 60
HOLDS = 5
PROCESSES = 4
PLAN = head() + "mechanics: {gift: {kind: gift, on: member.registered, give: [{points: 100}]}}\n"


async def hold(dsn: str, due: datetime) -> None:
    """Members who hold some of their points until an instant, each several times."""
    platform = await Platform.open(dsn, now=datetime.now(UTC))
    for number in range(MEMBERS):
        member = f"member-{number}"
        holds = [
            event("hold.placed", member, f"h{nth}", platform.at, hold=f"h{nth}", asset="points", amount=10 + nth,
                  until=due.isoformat())
            for nth in range(HOLDS)
        ]  # fmt: skip
        await platform.outcomes(event("member.registered", member, at=platform.at), *holds)
    await platform.close()


async def fired(dsn: str) -> tuple[int, int]:
    """How many timer events there are, and how many different ones."""
    connection = await connect(dsn)
    try:
        row = await connection.fetchrow(
            """SELECT count(*) AS all, count(DISTINCT (member_id, data::jsonb ->> 'name')) AS different
               FROM event WHERE type = 'timer.due'"""
        )
        assert row is not None
        return row["all"], row["different"]
    finally:
        await connection.close()


async def all_is_back(dsn: str) -> None:
    platform = await Platform.open(dsn)
    assert await fired(dsn) == (MEMBERS * HOLDS, MEMBERS * HOLDS)
    for number in (0, MEMBERS - 1):
        assert await platform.balance(f"member-{number}") == 100
        assert await platform.balance(f"member-{number}", part="@held") == 0
    await platform.audit()
    await platform.close()


async def test_timers_of_one_member_that_are_due_together_fire_one_by_one(database: str) -> None:
    await put_up(database, PLAN)
    now = datetime.now(UTC)
    await hold(database, now + timedelta(minutes=1))
    platform = await Platform.open(database, now=now + timedelta(minutes=2))
    await platform.wake(*(f"member-{number}" for number in range(MEMBERS)))
    await platform.wake(*(f"member-{number}" for number in range(MEMBERS)))
    keys = await platform.connection.fetch("SELECT source, id, key FROM event")
    assert all(event_of(row["source"], row["id"]) == row["key"] for row in keys)
    await platform.close()
    await all_is_back(database)


def event_of(source: str, id: str) -> bytes:
    return event("x.y", "anybody", id, source=source).key


def peek_and_fire(dsn: str) -> int:
    """What a process without the clock's lock would do: look at what is due, and fire it."""

    async def go() -> int:
        connection = await connect_hot(dsn)
        engine = Engine(await load_program(connection), load_program, wall)
        looked = 0
        while members := await due_members(connection, engine.now()):
            looked += len(members)
            await run_batch(engine, connection, [], [member for member, _ in members])
        await connection.close()
        return looked

    return asyncio.run(go())


def test_processes_that_all_peek_at_the_same_timers_fire_each_once(database: str) -> None:
    asyncio.run(put_up(database, PLAN))
    asyncio.run(hold(database, datetime.now(UTC) + timedelta(seconds=1)))
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as processes:
        looked = list(processes.map(peek_and_fire, [database] * PROCESSES))
    assert sum(looked) >= MEMBERS
    asyncio.run(all_is_back(database))


def test_two_servers_with_clocks_fire_each_timer_once(database: str) -> None:
    asyncio.run(put_up(database, PLAN))
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(serving(database))
        asyncio.run(hold(database, datetime.now(UTC) + timedelta(seconds=1)))
        wait_until(lambda: asyncio.run(fired(database))[0] >= MEMBERS * HOLDS)
    asyncio.run(all_is_back(database))


@pytest.fixture
def clockless(database: str) -> Iterator[str]:
    asyncio.run(put_up(database, PLAN))
    with serving(database, clock=False):
        yield database


def test_when_the_process_that_holds_the_clock_dies_another_takes_it_over(clockless: str) -> None:
    with zygote(clockless, free_port()) as first:
        holder = first.serve()
        asyncio.run(hold(clockless, datetime.now(UTC) + timedelta(seconds=1)))
        wait_until(lambda: asyncio.run(fired(clockless))[0] > 0)
        with serving(clockless):
            os.kill(holder, signal.SIGKILL)
            wait_until(lambda: asyncio.run(fired(clockless))[0] >= MEMBERS * HOLDS)
            asyncio.run(all_is_back(clockless))


def test_a_phase_that_has_begun_is_noted_once_by_however_many_clocks(database: str) -> None:
    asyncio.run(put_up(database, PLAN))
    with serving(database) as running, serving(database):
        wait_until(lambda: bool(running.fetch("SELECT FROM phase_change")))
        phases = [row["phase"] for row in running.fetch("SELECT phase FROM phase_change ORDER BY at")]
    assert phases[-1] == "running"
    assert len(phases) == len(set(phases))
