"""Two processes and the same member: nobody else waits, his events keep their order, and none is lost."""

import asyncio

from festoon.engine.run_batch import BUSY, Manner, run_batch
from festoon.intake.batcher import PATIENCE, Batcher
from festoon.store.pool import connect
from tests.live import SPEND, Platform, event, order

LOCK = "SELECT id FROM member WHERE subject = $1 FOR NO KEY UPDATE"


async def test_events_of_a_member_who_is_busy_elsewhere_are_left_and_their_neighbours_decided(
    database: str,
) -> None:
    platform = await Platform.open(database, SPEND)
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    other = await connect(database)
    async with other.transaction():
        await other.fetchval(LOCK, "ann")
        answers = await run_batch(
            platform.engine,
            platform.connection,
            [order("ann", 500, "o1"), order("ben", 500, "o2"), order("ann", 700, "o3")],
            manner=Manner(only_free=True),
        )
        assert [answer.error for answer in answers] == [BUSY, None, BUSY]
        assert await other.fetchval("SELECT count(*) FROM event WHERE id IN ('o1', 'o3')") == 0
    again = await run_batch(
        platform.engine, platform.connection, [order("ann", 500, "o1")], manner=Manner(only_free=True)
    )
    assert [answer.kind for answer in again] == ["new"]
    assert (await platform.balance("ann"), await platform.balance("ben")) == (5, 5)
    await other.close()
    await platform.close()


async def test_who_waits_for_a_busy_member_is_answered_when_he_is_free(database: str) -> None:
    platform = await Platform.open(database, SPEND)
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    batcher = Batcher(platform.engine, database)
    batcher.start()
    other = await connect(database)
    held = other.transaction()
    await held.start()
    await other.fetchval(LOCK, "ann")
    # More than are put off: the last of them waits for the member itself.
    waiting = [asyncio.create_task(batcher.submit(order("ann", 100, f"o{n}"))) for n in range(PATIENCE + 3)]
    await asyncio.sleep(0)
    answered = await asyncio.wait_for(batcher.submit(order("ben", 500, "b1")), 30)
    assert answered.kind == "new"
    assert not any(task.done() for task in waiting)
    await held.commit()
    assert {(await task).kind for task in waiting} == {"new"}
    sent = await other.fetch("SELECT id FROM event WHERE member_id = 1 AND type = 'order.paid' ORDER BY seq")
    await batcher.stop()
    await other.close()
    assert [row["id"] for row in sent] == [f"o{n}" for n in range(PATIENCE + 3)]
    assert await platform.balance("ann") == PATIENCE + 3
    await platform.close()
