"""Lanes side by side and in turns: who comes together is decided together, and nobody waits for what takes long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from asyncpg.transaction import Transaction

from festoon.engine.answer import Answer
from festoon.intake import queue as queues
from festoon.intake.batcher import PATIENCE, Batcher, Bounds
from festoon.intake.queue import MANY, Queue
from festoon.store.pool import connect
from tests.live import SPEND, Platform, event, order

TURNS = Bounds(turns=True)
WAITS = """SELECT count(*) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@asynccontextmanager
async def batching(database: str, bounds: Bounds = TURNS) -> AsyncIterator[tuple[Platform, Batcher]]:
    platform = await Platform.open(database, SPEND)
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    batcher = Batcher(platform.engine, database, bounds)
    batcher.start()
    try:
        yield platform, batcher
    finally:
        await asyncio.wait_for(batcher.stop(), 30)
        await platform.close()


async def _hold_ann(database: str) -> tuple[asyncpg.Connection, Transaction]:
    """Lock a member, as another process does that decides his events."""
    other = await connect(database)
    held = other.transaction()
    await held.start()
    await other.fetchval("SELECT id FROM member WHERE subject = 'ann' FOR NO KEY UPDATE")
    return other, held


async def _after(rounds: int, batcher: Batcher, number: int) -> Answer:
    """Come some rounds of the loop later, as requests do that are read one after the other."""
    for _ in range(rounds):
        await asyncio.sleep(0)
    return await batcher.submit(order(f"member-{number}", 500, f"o{number}"))


BOTH = pytest.mark.parametrize("bounds", [TURNS, Bounds()], ids=["turns", "side by side"])


@BOTH
async def test_requests_that_are_read_one_after_the_other_are_one_batch(
    bounds: Bounds, database: str
) -> None:
    async with batching(database, bounds) as (platform, batcher):
        answers = await asyncio.gather(*(_after(number, batcher, number) for number in range(12)))
        assert [answer.kind for answer in answers] == ["new"] * 12
        batches = "SELECT count(DISTINCT xmin::text) FROM event WHERE type = 'order.paid'"
        assert await platform.connection.fetchval(batches) == 1


async def test_many_that_come_together_are_two_batches_side_by_side(database: str) -> None:
    async with batching(database, Bounds()) as (platform, batcher):
        await asyncio.gather(*(_after(number, batcher, number) for number in range(MANY + 1)))
        sizes = "SELECT count(*) AS size FROM event WHERE type = 'order.paid' GROUP BY xmin::text"
        found = sorted(row["size"] for row in await platform.connection.fetch(sizes))
        assert found == [MANY // 2, MANY // 2 + 1]


@pytest.mark.parametrize(
    ("queue", "number", "most", "batches"),
    [
        (Queue(), MANY - 1, 1_000, [MANY - 1]),
        (Queue(), MANY, 1_000, [MANY // 2, MANY // 2]),
        (Queue(), MANY + 1, 1_000, [MANY // 2, MANY // 2 + 1]),
        (Queue(), MANY, 10, [10, 10]),
        (Queue(turns=True), MANY, 1_000, [MANY]),
        (Queue(lanes=1), MANY, 1_000, [MANY]),
    ],
    ids=["few", "many", "odd", "more than fit", "in turns", "one lane"],
)
async def test_a_lane_leaves_half_of_many_to_another_that_may_run_beside_it(
    queue: Queue, number: int, most: int, batches: list[int]
) -> None:
    for each in range(number):
        queue.put([order(f"member-{each}", 100, f"o{each}")], lambda _: None)
    queue.bell.clear()
    taken = [one for _ in batches if (one := queue.take(most))]
    assert [len(one.events) for one in taken] == batches
    assert queue.bell.is_set() == (len(batches) > 1)  # the other is told
    assert queue.take(most) is None
    for one in taken:
        queue.leave(one)


async def test_a_batch_is_never_larger_than_its_cap_however_many_come(database: str) -> None:
    platform = await Platform.open(database, SPEND)
    batcher = Batcher(platform.engine, database, Bounds(batch=4, turns=True))
    batcher.start()
    answers = await asyncio.gather(*(_after(number, batcher, number) for number in range(12)))
    assert [answer.kind for answer in answers] == ["new"] * 12
    sizes = await platform.connection.fetch(
        "SELECT count(*) AS size FROM event WHERE type = 'order.paid' GROUP BY xmin::text"
    )
    assert max(row["size"] for row in sizes) == 4
    await batcher.stop()
    await platform.close()


@BOTH
async def test_who_comes_while_a_larger_batch_takes_long_is_decided_beside_it(
    bounds: Bounds, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "LONG", 0.05)
    async with batching(database, bounds) as (platform, batcher):
        other, held = await _hold_ann(database)
        # More than are put off: the last of them waits for the member itself, and its batch with it.
        waiting = [
            asyncio.create_task(batcher.submit(order("ann", 100, f"o{number}")))
            for number in range(PATIENCE + 3)
        ]
        while not await platform.connection.fetchval(WAITS):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        answered = await asyncio.wait_for(batcher.submit(order("ben", 500, "b1")), 30)
        assert answered.kind == "new"
        assert not any(task.done() for task in waiting)
        await held.rollback()
        answers = await asyncio.wait_for(asyncio.gather(*waiting), 30)
        assert [answer.kind for answer in answers] == ["new"] * len(waiting)
        assert (await platform.balance("ann"), await platform.balance("ben")) == (PATIENCE + 3, 5)
        await other.close()


async def test_the_next_batch_waits_for_its_turn_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "LONG", 0.05)
    queue = Queue(turns=True)
    queue.put([order("ann", 100, "a1")], lambda _: None)
    first = queue.take(10)
    assert first is not None
    queue.bell.clear()
    assert not queue.late.is_set()
    queue.put([order("ben", 100, "b1")], lambda _: None)
    assert queue.take(10) is None
    assert not queue.bell.is_set()
    await asyncio.wait_for(queue.late.wait(), 30)  # though nothing else comes
    second = queue.take(10)
    assert second is not None
    assert [each.event.id for each in second.events] == ["b1"]
    queue.put([order("eve", 100, "e1")], lambda _: None)
    assert queue.take(10) is None  # it is the second one's turn
    queue.leave(second)
    third = queue.take(10)
    assert third is not None
    queue.leave(third)
    queue.leave(first)
    assert queue.empty
    assert queue.idle


async def test_a_lane_that_waits_for_its_turn_ends_with_the_other(database: str) -> None:
    async with batching(database) as (_, batcher):
        other, held = await _hold_ann(database)
        ann = asyncio.create_task(batcher.submit(order("ann", 100, "a1")))
        await asyncio.sleep(0.001)  # his batch runs
        ben = asyncio.create_task(batcher.submit(order("ben", 100, "b1")))
        await asyncio.sleep(0)
        stopped = asyncio.create_task(batcher.stop())
        await asyncio.sleep(0)
        await held.rollback()
        await asyncio.wait_for(stopped, 30)
        assert [answer.kind for answer in await asyncio.gather(ann, ben)] == ["new"] * 2
        await other.close()
