"""Members whom nobody has seen come in batches of many processes at once, beside members everybody is locking."""

import asyncio
import random
from datetime import datetime

import pytest

from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect_hot
from tests.live import NOW, SPEND, Platform, event, order

pytestmark = pytest.mark.xdist_group("races")
KNOWN = [f"known-{number}" for number in range(10)]
NEW = [f"new-{number}" for number in range(40)]
LANES, BATCHES = 6, 8
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def test_a_member_is_made_once_however_many_bring_him_and_nobody_waits_in_a_circle(
    database: str,
) -> None:
    platform = await Platform.open(database, SPEND)
    await platform.outcomes(*(event("member.registered", who) for who in KNOWN))
    kinds = await asyncio.gather(*(_lane(database, number) for number in range(LANES)))
    assert {kind for each in kinds for kind in each} == {"new"}
    came = await platform.connection.fetch("SELECT subject FROM member ORDER BY id")
    assert len({row[0] for row in came}) == len(came) <= len(KNOWN) + len(NEW)
    points = await platform.connection.fetchval("SELECT sum(balance) FROM account WHERE asset = 'points'")
    assert points == sum(map(len, kinds))
    await platform.audit()
    await platform.connection.fetchval("SELECT pg_stat_clear_snapshot()")
    assert await platform.connection.fetchval(DEADLOCKS) == 0
    await platform.close()


async def _lane(dsn: str, number: int) -> list[str]:
    """Batches as a process of its own would run them, each of an engine that knows nobody."""
    chosen = random.Random(number)
    connection = await connect_hot(dsn)
    program = await load_program(connection)
    kinds: list[str] = []
    for batch in range(BATCHES):
        members = chosen.sample(KNOWN, 5) + chosen.sample(NEW, 5)
        chosen.shuffle(members)
        events = [order(who, 100, f"{number}-{batch}-{who}") for who in members]
        answers = await run_batch(Engine(program, load_program, _now), connection, events)
        kinds += [answer.kind for answer in answers]
    await connection.close()
    return kinds


def _now() -> datetime:
    return NOW
