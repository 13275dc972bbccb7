"""A lane begins its next transaction with the commit of the last one: nobody is held up, and the server hears of it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from festoon.base.errors import Unavailable
from festoon.engine.changing import program_locked
from festoon.engine.run_batch import Manner, run_batch
from festoon.intake import batcher as lanes
from festoon.intake.batcher import Batcher, Bounds
from festoon.store.pool import connect
from festoon.store.script import COMMIT_AND_BEGIN
from tests.live import SPEND, Platform, order

STATES = """SELECT state FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%COMMIT%'"""


async def becomes(onlooker: asyncpg.Connection, states: list[str]) -> None:
    """Wait until the sessions of lanes are in these states."""
    for _ in range(3_000):
        found = [row[0] for row in await onlooker.fetch(STATES)]
        if found == states:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(found)


AHEAD = Manner(end=COMMIT_AND_BEGIN)


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, SPEND)
    yield platform
    await platform.close()


@pytest.fixture
async def onlooker(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees how the others are."""
    connection = await connect(database)
    yield connection
    await connection.close()


@pytest.fixture
async def batcher(platform: Platform, database: str) -> AsyncIterator[Batcher]:
    batcher = Batcher(platform.engine, database, Bounds(lanes=1))
    batcher.start()
    yield batcher
    await batcher.stop()


async def test_what_was_committed_stands_though_the_next_transaction_is_open(
    platform: Platform, onlooker: asyncpg.Connection
) -> None:
    for number in range(3):
        (answer,) = await run_batch(
            platform.engine, platform.connection, [order("ann", 500, f"o{number}")], (), AHEAD
        )
        assert answer.kind == "new"
        assert platform.connection.is_in_transaction()
        assert await onlooker.fetchval("SELECT count(*) FROM event") == number + 1
    await platform.connection.execute("ROLLBACK")
    assert await platform.balance("ann") == 15


async def test_a_batch_that_fails_leaves_the_next_one_to_begin_by_itself(platform: Platform) -> None:
    good, bad = order("ann", 500, "o1"), order("ben\0", 500, "o2")
    for kinds in (["new", "turned_away"], ["again", "turned_away"]):
        answers = await run_batch(platform.engine, platform.connection, [good, bad], (), AHEAD)
        assert [answer.kind for answer in answers] == kinds
    if platform.connection.is_in_transaction():
        await platform.connection.execute("ROLLBACK")
    assert await platform.balance("ann") == 5


async def test_a_lane_at_rest_holds_nothing_and_soon_ends_what_it_began(
    batcher: Batcher, onlooker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "REST_SECONDS", 0.2)
    monkeypatch.setattr(lanes, "SPEAK_SECONDS", 60.0)
    for number in range(2):  # the first time a lane commits, it begins nothing
        await batcher.submit(order("ann", 500, f"o{number}"))
    await becomes(onlooker, ["idle in transaction"])
    async with program_locked(onlooker):  # publishing does not wait for it
        pass
    await becomes(onlooker, ["idle"])
    assert (await batcher.submit(order("ann", 500, "o2"))).kind == "new"


async def test_a_lane_whose_session_ends_while_it_rests_goes_on_with_another(
    batcher: Batcher, onlooker: asyncpg.Connection
) -> None:
    for number in range(2):
        await batcher.submit(order("ann", 500, f"o{number}"))
    assert await onlooker.fetchval(
        f"SELECT count(pg_terminate_backend(pid)) FROM ({STATES.replace('state', 'pid')})"
    )
    await becomes(onlooker, [])
    answer = await batcher.submit(order("ann", 500, "o2"))
    if isinstance(answer.error, Unavailable):  # the news had not come yet; whoever is told so sends it again
        answer = await batcher.submit(order("ann", 500, "o2"))
    assert answer.kind == "new"


async def test_the_server_hears_of_what_changed_while_a_lane_never_rests(
    batcher: Batcher, onlooker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else nobody would tidy up behind it: a session tells what it changed only between two transactions."""
    monkeypatch.setattr(lanes, "SPEAK_SECONDS", 0.2)
    number = 0
    while not await onlooker.fetchval(
        "SELECT n_tup_ins > 0 FROM pg_stat_user_tables WHERE relname = 'account'"
    ):
        await batcher.submit(order(f"m{number}", 500, f"o{number}"))
        number += 1
