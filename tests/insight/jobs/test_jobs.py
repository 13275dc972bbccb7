"""Jobs run in processes of their own, so many at once, and none is lost or stuck whatever ends."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from festoon.base.clock import wall
from festoon.base.errors import Conflict, NotFound
from festoon.engine.assumptions import Assumptions
from festoon.insight.backtests.asked import Asked, MadeUp
from festoon.insight.backtests.asking import KIND, ask_for_backtest
from festoon.insight.jobs import jobs, steps
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from festoon.store.pool import connect
from tests.live import HEAD, NOW

PLAN = HEAD + "mechanics: {welcome: {kind: gift, on: member.registered, give: [{growth: 5}]}}"
QUICK = MadeUp(members=20, days=2)
ENDLESS = MadeUp(members=5000, days=400, rates=["member.logged_in=10"])


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()


def runner(database: str, tmp_path: Path, most: int = 1) -> Runner:
    return Runner(Settings(database, Folders(tmp_path, tmp_path, tmp_path), most), wall)


async def asked(connection: asyncpg.Connection, history: MadeUp = QUICK, plan: str = PLAN) -> int:
    question = Asked(plan, 0, history, 1, Assumptions())
    return await ask_for_backtest(connection, question, "ann", NOW)


async def until(connection: asyncpg.Connection, number: int, *states: str) -> jobs.Job:
    """Wait until a job is in one of these states; the test's own timeout is the bound."""

    async def reached() -> bool:
        return (await jobs.job(connection, number)).state in states

    await eventually(reached)
    return await jobs.job(connection, number)


async def eventually(true: Callable[[], Awaitable[object]]) -> None:
    while True:
        if await true():
            return
        await asyncio.sleep(0.02)


async def test_a_job_is_done_with_its_result_beside_it_or_says_why_it_cannot_be(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    number = await asked(connection)
    wrong = await jobs.ask(connection, KIND, "spring", "spring", Asked("festoon: 1", 0, QUICK), "ann", NOW)
    await runner(database, tmp_path).run_once()
    found = await jobs.job(connection, number)
    assert (found.state, found.percent, found.actor, found.campaign) == ("done", 100, "ann", "spring")
    assert found.started is not None
    assert found.finished is not None
    assert await jobs.result_of(connection, number) is not None
    failed = await jobs.job(connection, wrong)
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.code == "plan.invalid"
    assert failed.error.text("zh-Hans") != failed.error.text("en")


async def test_what_a_job_knew_when_it_failed_by_a_mistake_of_ours_is_not_in_the_log(
    connection: asyncpg.Connection, database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    number = await jobs.ask(connection, KIND, "spring", "spring", {"member": "Li Hua"}, "ann", NOW)
    await runner(database, tmp_path).run_once()
    assert (await jobs.job(connection, number)).state == "failed"
    said = capfd.readouterr()
    [line] = [json.loads(line) for line in said.err.splitlines()]
    assert (line["event"], line["number"]) == ("job.failed", number)
    assert "Traceback" in line["exception"]
    assert "Li Hua" not in said.err + said.out


async def test_a_job_is_taken_for_dead_when_its_process_has_let_go_of_it(
    connection: asyncpg.Connection, database: str
) -> None:
    number = await asked(connection)
    other = await connect(database)
    assert await steps.take(other, 1, NOW) is not None
    assert await steps.bury(connection, NOW) == [], "it lives as long as its connection does"
    await other.close()
    await eventually(lambda: steps.bury(connection, NOW))
    found = await jobs.job(connection, number)
    assert (found.state, found.error and found.error.code) == ("failed", jobs.DIED)


async def test_a_running_job_that_is_cancelled_stops_and_leaves_nothing(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    number, stop = await asked(connection, ENDLESS), asyncio.Event()
    running = asyncio.create_task(runner(database, tmp_path).run(stop))
    await until(connection, number, "running")
    assert await jobs.somebody_works(connection)
    await jobs.cancel(connection, number, "ben", NOW)
    await eventually(
        lambda: connection.fetchval(
            "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = $1)", jobs.LOCK
        )
    )
    stop.set()
    await running
    assert (await jobs.job(connection, number)).state == "cancelled"
    assert await jobs.result_of(connection, number) is None


async def test_what_runs_when_its_worker_is_told_to_stop_waits_again(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    number, stop = await asked(connection, ENDLESS), asyncio.Event()
    running = asyncio.create_task(runner(database, tmp_path).run(stop))
    await until(connection, number, "running")
    stop.set()
    await running
    assert (await until(connection, number, "queued")).started is None
    assert not await jobs.somebody_works(connection)


async def test_so_many_jobs_run_at_once_and_no_more(connection: asyncpg.Connection, database: str) -> None:
    for _ in range(3):
        await asked(connection)
    others = [await connect(database) for _ in range(3)]
    taken = [await steps.take(each, 2, NOW) for each in others]
    assert [each and each.number for each in taken] == [1, 2, None]
    assert not await steps.waiting(connection, 2)
    assert await steps.waiting(connection, 3)
    for each in others:
        await each.close()


async def test_only_what_is_open_is_cancelled_and_only_what_failed_starts_again(
    connection: asyncpg.Connection,
) -> None:
    number = await asked(connection)
    with pytest.raises(Conflict):
        await jobs.again(connection, number, "ann", NOW)
    await jobs.cancel(connection, number, "ann", NOW)
    with pytest.raises(Conflict):
        await jobs.cancel(connection, number, "ann", NOW)
    with pytest.raises(NotFound):
        await jobs.cancel(connection, 99, "ann", NOW)
    acts = await connection.fetch("SELECT actor, act FROM audit_entry ORDER BY number")
    assert [tuple(row) for row in acts] == [("ann", "backtest.ask"), ("ann", "backtest.cancel")]


async def test_a_list_of_jobs_goes_on_where_the_page_before_ended(connection: asyncpg.Connection) -> None:
    numbers = [await asked(connection) for _ in range(5)]
    first = await jobs.listed(connection, kind=KIND, limit=2)
    rest = await jobs.listed(connection, kind=KIND, before=first[-1].number)
    assert [each.number for each in (*first, *rest)] == numbers[::-1]
    assert await jobs.listed(connection, kind=KIND, campaign="autumn") == []


def test_a_job_that_is_not_done_is_never_at_a_hundred_per_cent() -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    assert jobs.Job(1, KIND, "spring", "", "ann", at, "running", 30, 20).percent == 99
    assert jobs.Job(1, KIND, "spring", "", "ann", at, "running").percent == 0


async def test_a_job_whose_process_is_killed_is_marked_and_can_be_started_again(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    number, stop = await asked(connection, ENDLESS), asyncio.Event()
    made = runner(database, tmp_path)
    running = asyncio.create_task(made.run(stop))
    await until(connection, number, "running")
    for each in made.processes:
        os.kill(each, signal.SIGKILL)
    assert (await until(connection, number, "failed")).error == jobs.Failure(jobs.DIED)
    await jobs.again(connection, number, "ben", NOW)
    assert (await until(connection, number, "running")).error is None
    stop.set()
    await running
