"""Lists and compensations of many: read, stored and asked about a piece at a time, and nobody is left out."""

import asyncio
from typing import Any

from festoon.audience.lists import approve, known, of_ids, places, upload
from festoon.engine.compensations import preview, submit
from festoon.store.pieces import PIECE
from tests.live import HEAD, NOW, Platform

MANY = 2 * PIECE + 1
PLAN = HEAD + (
    "segments: {friends: {title: Friends, list: uploaded}}\n"
    "mechanics: {hello: {kind: gift, on: segment.entered, give: [{points: 1}]}}\n"
)
SORRY = """
compensation: sorry
campaign: spring
reason: an outage
members: members.csv
give: [{points: 10}]
"""
EVERYBODY = """
WITH made AS (INSERT INTO member (subject) SELECT 'm' || n FROM generate_series(1, $1) AS n RETURNING id, subject)
INSERT INTO identity (subject, member_id) SELECT subject, id FROM made"""


class Asked:
    """Counts the statements of a connection that begin so."""

    def __init__(self, platform: Platform, begins: str) -> None:
        self.begins, self.times = begins, 0
        platform.connection.add_query_logger(self)

    def __call__(self, query: Any) -> None:
        self.times += query.query.lstrip().startswith(self.begins)


async def crowd(database: str) -> Platform:
    platform = await Platform.open(database, PLAN)
    await platform.connection.execute(EVERYBODY, MANY - 1)
    return platform


async def test_a_long_list_keeps_its_order_and_is_read_a_piece_at_a_time(database: str) -> None:
    platform = await crowd(database)
    given = of_ids([f"m{number}" for number in range(MANY, 0, -1)], "ids")
    found = await known(platform.connection, given.subjects)
    assert (found.members, found.unknown, found.examples) == (MANY - 1, 1, (f"m{MANY}",))
    version = await upload(platform.connection, "spring", "friends", given, "maker", NOW)
    assert await places(platform.connection, "spring", "friends") == ({}, 0), "nobody has approved it"
    await approve(platform.connection, "spring", "friends", version, "checker", NOW)
    reads = Asked(platform, "SELECT i.member_id")
    members, unknown = await places(platform.connection, "spring", "friends")
    await asyncio.sleep(0)  # what was asked last is told of a turn later
    assert (len(members), unknown, reads.times) == (MANY - 1, 1, 4)
    first = await platform.connection.fetchval("SELECT id FROM member WHERE subject = $1", f"m{MANY - 1}")
    assert next(iter(members.items())) == (first, 2)
    assert list(members.values()) == list(range(2, MANY + 1))
    await platform.close()


async def test_a_compensation_of_many_is_asked_about_and_stored_a_piece_at_a_time(database: str) -> None:
    platform = await crowd(database)
    ids = [f"m{number}" for number in range(1, MANY + 1)]
    asked = Asked(platform, "SELECT wanted.subject")
    shown, _, concerned = await preview(platform.connection, SORRY, (*ids, "m1"))
    assert (shown.members, shown.unknown, asked.times) == (MANY - 1, [f"m{MANY}"], 3)
    assert [each.number for each in concerned] == sorted(each.number for each in concerned)
    assert shown.total == {"points": 10 * (MANY - 1)}
    assert await submit(platform.connection, SORRY, "maker", NOW, ids) == shown
    stored = await platform.connection.fetchval("SELECT count(*) FROM compensation_member")
    assert stored == MANY - 1
    await platform.close()
