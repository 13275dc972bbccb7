"""Progress in the store: one row for a member and a campaign, and a row of its own for what grew big."""

import asyncpg

from festoon.base.events import Event
from festoon.engine.progress import BIG
from tests.live import HEAD, Platform, event

PLAN = (
    HEAD
    + """
mechanics:
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
  shops: {kind: task, on: order.paid, distinct: event.store, count: 900, give: [{points: 1}]}
"""
)


async def rows(connection: asyncpg.Connection) -> list[tuple[str, int]]:
    found = await connection.fetch("SELECT mechanic, length(state) AS long FROM progress ORDER BY mechanic")
    return [(row["mechanic"], row["long"]) for row in found]


def visited(id: str, store: str) -> Event:
    return event("order.paid", "ann", id, order=id, amount=100, currency="CNY", store=store, lines=[])


async def visit(platform: Platform, first: int, many: int) -> None:
    for number in range(first, first + many):
        await platform.outcomes(visited(f"o{number}", f"store-number-{number}"))


async def counted(platform: Platform) -> int:
    """How many shops the task counts, read off the answer to one more visit."""
    (outcome,) = await platform.outcomes(visited("last", "the last one"))
    return next(int(each.note["counted"]) for each in outcome.mechanics if each.mechanic.endswith("/shops"))


async def test_the_mechanics_of_a_campaign_share_a_row(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await visit(platform, 0, 3)
    assert [mechanic for mechanic, _ in await rows(platform.connection)] == [""]
    assert await counted(platform) == 4
    await platform.close()


async def test_what_grows_big_gets_a_row_of_its_own_and_nothing_is_forgotten(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await visit(platform, 0, 60)
    (whole, big) = await rows(platform.connection)
    assert (whole[0], big[0]) == ("", "shops")
    assert whole[1] < 100
    assert big[1] >= BIG
    assert await counted(platform) == 61
    await platform.audit()
    await platform.close()


async def test_what_no_longer_runs_stays_in_its_row(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await visit(platform, 0, 2)
    connection = platform.connection
    await connection.execute("""UPDATE progress SET state = '{"gone":{"given":7},' || substr(state, 2)""")
    await visit(platform, 2, 1)
    assert '"gone":{"given":7}' in await connection.fetchval("SELECT state FROM progress")
    assert await counted(platform) == 4
    await platform.close()
