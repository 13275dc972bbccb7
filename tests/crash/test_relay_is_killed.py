"""The relay is killed again and again while transactions of all lengths overlap: every row arrives once."""

import asyncio
import random
from pathlib import Path

from festoon.outbox.relay import LOCK
from festoon.outbox.verify import findings
from festoon.store.pool import connect
from tests.crash.relaying import start
from tests.outbox.test_minutes import agree
from tests.outbox.writing import MOVED, numbers, relay_all, write

KILLS = 20
WRITERS = 6
MOST_ROWS = 30
LONGEST_SECONDS = 0.4
SEED = 20270210


async def test_a_relay_killed_at_any_instant_loses_nothing_and_doubles_nothing(
    database: str, tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    done = asyncio.Event()
    writers = [asyncio.create_task(_write(database, random.Random(n), done)) for n in range(WRITERS)]
    interrupted = 0
    for _ in range(KILLS):
        relay = start(database, tmp_path)
        await _at_work(database)
        await asyncio.sleep(dice.uniform(0, 0.25))
        relay.kill()
        await asyncio.to_thread(relay.join)
        interrupted += await _unfinished(database)
    done.set()
    written = sorted(seq for found in await asyncio.gather(*writers) for seq in found)
    await relay_all(database, tmp_path)
    assert numbers(tmp_path) == written
    connection = await connect(database)
    assert [finding async for finding in findings(connection, tmp_path)] == []
    assert await agree(connection, tmp_path), "every range is in the counters once"
    ranges = await connection.fetchval("SELECT count(*) FROM relay_range")
    await connection.close()
    # It was hit where it hurts, in the middle of a range, and was not stuck in the first one.
    assert interrupted >= KILLS / 10
    assert ranges > 1


async def _write(dsn: str, dice: random.Random, done: asyncio.Event) -> list[int]:
    """Transactions of random lengths, one in four of which is taken back."""
    connection = await connect(dsn)
    kept: list[int] = []
    while not done.is_set():
        transaction = connection.transaction()
        await transaction.start()
        found = []
        for _ in range(dice.randrange(1, 4)):
            found += await write(connection, dice.randrange(1, MOST_ROWS), transfers=MOVED)
            await asyncio.sleep(dice.random() ** 3 * LONGEST_SECONDS)
        if dice.randrange(4):
            await transaction.commit()
            kept += found
        else:
            await transaction.rollback()
    await connection.close()
    return kept


async def _at_work(dsn: str) -> None:
    """Come back when a relay has the lock."""
    connection = await connect(dsn)
    held = False
    while not held:
        await asyncio.sleep(0.005)
        held = await connection.fetchval(
            """SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                              WHERE l.locktype = 'advisory' AND d.datname = current_database()
                                    AND (l.classid::bigint << 32 | l.objid::bigint) = $1)""",
            LOCK,
        )
    await connection.close()


async def _unfinished(dsn: str) -> int:
    connection = await connect(dsn)
    found: int = await connection.fetchval("SELECT count(*) FROM relay_range WHERE done IS NULL")
    await connection.close()
    return found
