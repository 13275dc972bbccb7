"""The worker is killed again and again while it tells and sends: every message arrives, each under one id."""

import asyncio
import os
import random
from datetime import UTC, datetime, timedelta

from festoon.outbox.webhooks.endpoints import Wanted, make
from festoon.outbox.webhooks.service import Webhooks
from festoon.store.pool import connect
from tests.crash.telling import LOOPBACK, start
from tests.outbox.webhooks.receiver import receiving
from tests.outbox.writing import GAVE, write
from tests.serving import wait_until

KILLS = 8
SEED = 20270210
EVENTS = 400


async def test_a_worker_killed_at_any_instant_loses_no_message_and_changes_no_id(database: str) -> None:
    dice = random.Random(SEED)
    connection = await connect(database)
    await connection.execute("INSERT INTO member (id, subject) OVERRIDING SYSTEM VALUE VALUES (7, 'ann')")
    with receiving() as receiver:
        receiver.answer = lambda before: 200 if before % 3 else 503
        now = datetime.now(UTC)
        await make(connection, Wanted(receiver.url, ["reward.granted"]), "lin", now, os.urandom)
        cut_short = 0
        for _ in range(KILLS):
            await write(connection, EVENTS // KILLS, outcome=GAVE)
            worker, before = start(database), len(receiver.received)
            await asyncio.to_thread(wait_until, lambda: len(receiver.received) > before)  # noqa: B023
            await asyncio.sleep(dice.uniform(0, 0.1))
            worker.kill()
            await asyncio.to_thread(worker.join)
            cut_short += await connection.fetchval(
                "SELECT count(*) FROM webhook_delivery WHERE state = 'waiting' AND tries = 0"
            )
        receiver.answer = lambda _: 200
        # What was claimed by the dead is free when the claim has run out.
        later = Webhooks(database, lambda: datetime.now(UTC) + timedelta(minutes=10), LOOPBACK)
        while (await later.run_once()).told:
            pass
        rows = await connection.fetch("SELECT message FROM webhook_delivery WHERE state = 'delivered'")
    expected = 2 * (EVENTS // KILLS) * KILLS  # two of the outcome's mechanics gave something
    told = {each.id: each.body for each in receiver.received}
    assert len(rows) == expected
    assert told.keys() == {row["message"] for row in rows}
    assert all(told[each.id] == each.body for each in receiver.received)
    assert len(set(told.values())) == len(told)
    assert cut_short > 0
    await connection.close()
