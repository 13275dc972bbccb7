"""A refresh is killed again and again while it computes, commits and sends: every event is sent once, in its order."""

import asyncio
import random
from pathlib import Path

import asyncpg

from festoon.base.errors import Conflict
from tests.audience.stage import HEAD, NOW, Stage, posts
from tests.crash.refreshing import start

MEMBERS = 3000
KILLED_AT = (0, 0, 0, 0, 1, 600, 1400, 2200)
"""How many events have been sent when it is killed; with none, a moment after it began."""
MOMENT = 0.3
SEED = 20270210
PLAN = """
segments:
  all: {title: All, when: member.posts >= 1, order: {by: posts}}
mechanics:
  pack: {kind: gift, on: segment.entered, give: [{points: 10}], limits: {total: 2000}}
"""


async def test_a_refresh_killed_at_any_instant_sends_every_event_once(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, PLAN, tmp_path)
    events = [event for n in range(MEMBERS) for event in posts(f"m{n:04}", *range(1, 2 + n % 2))]
    for first in range(0, len(events), 500):
        await stage.platform.outcomes(*events[first : first + 500])
    dice, midway = random.Random(SEED), 0
    for many in KILLED_AT:
        process = start(database, tmp_path, HEAD + PLAN, NOW)
        await asyncio.sleep(0.0 if many else dice.uniform(0.0, MOMENT))
        behind = True
        while behind and process.is_alive():
            await asyncio.sleep(0.005)
            behind = await sent(stage.platform.connection) < many
        process.kill()
        await asyncio.to_thread(process.join)
        midway += 0 < await sent(stage.platform.connection) < MEMBERS
    found = await finished(stage)
    assert (found, await sent(stage.platform.connection)) == (MEMBERS, MEMBERS)
    order = [who for _, _, who in await stage.sent()]
    busy, others = [f"m{n:04}" for n in range(1, MEMBERS, 2)], [f"m{n:04}" for n in range(0, MEMBERS, 2)]
    assert order == busy + others
    served = "SELECT array_agg(balance) FROM account WHERE asset = 'points' AND part = '@' AND balance > 0"
    assert await stage.platform.connection.fetchval(served) == [10] * 2000
    assert [await stage.platform.balance(who) for who in (order[1999], order[2000])] == [10, 0]
    assert midway > 0
    assert len(await stage.inside("all")) == MEMBERS
    await stage.platform.audit()
    await stage.platform.close()


async def sent(connection: asyncpg.Connection) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM event WHERE source = 'festoon/segments'")
    return found


async def finished(stage: Stage) -> int:
    """How many events the refresh has sent when it is repeated to its end."""
    while True:
        try:
            [found] = await stage.refresh()
            return found.sent
        except Conflict:  # the server has not noticed yet that the last process is gone
            await asyncio.sleep(0.1)
