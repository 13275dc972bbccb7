"""A merge while both members are busy: what was decided before moves, what comes after finds the one that stays."""

import asyncio

import pytest

from festoon.engine.answer import Answer
from tests.live import HEAD, Platform, event, play
from tests.races.test_races import ONE_PRIZE, in_processes

pytestmark = pytest.mark.xdist_group("races")

DRAWS = (
    ONE_PRIZE.replace("count: 5", "count: 40")
    .replace("stock: 1", "stock: 25")
    .replace("cost: 900", "cost: 1")
)
GIFT = (
    HEAD
    + """
mechanics:
  once: {kind: gift, on: page.viewed, give: [{points: 100}], limits: {per_member: 1}}
  always: {kind: gift, on: content.liked, give: [{points: 1}]}
"""
)


async def _busy(dsn: str, number: int) -> list[str]:
    """Draws of both accounts, and in the middle of them one process merges them."""
    platform = await Platform.open(dsn)
    try:
        kinds: list[str] = []
        for nth in range(6):
            if number == 0 and nth == 3:
                merge = event("member.merged", "ann", "m-1", member="bea", reason="one person")
                kinds += [answer.kind for answer in await platform.send(merge)]
            events = [play(who, f"{who}-{number}-{nth}") for who in ("ann", "bea")]
            kinds += [answer.kind for answer in await platform.send(*events)]
        return kinds
    finally:
        await platform.close()


def busy(dsn: str, number: int) -> list[str]:
    return asyncio.run(_busy(dsn, number))


async def test_both_are_drawing_while_they_become_one(database: str) -> None:
    platform = await Platform.open(database, DRAWS)
    for who in ("ann", "bea"):
        await platform.outcomes(event("member.imported", who))
    kinds = await asyncio.to_thread(in_processes, busy, database)
    assert {kind for each in kinds for kind in each} <= {"new"}
    audited = await platform.audit()
    assert audited.events == 2 + 1 + 16 * 6 * 2
    won = await platform.connection.fetchval("SELECT count(*) FROM item WHERE kind = 'gift'")
    left = await platform.connection.fetchval(
        "SELECT sum(balance) FROM shared_account WHERE holder = 'shelf' AND asset LIKE '%phone%'"
    )
    assert 0 < won == 25 - left
    assert await platform.connection.fetchval("SELECT count(*) FROM item WHERE member_id = 2") == 0
    assert await platform.connection.fetchval("SELECT count(*) FROM progress WHERE member_id = 2") == 0
    await platform.close()


async def test_merges_in_opposite_directions_leave_one_member(database: str) -> None:
    platform = await Platform.open(database, GIFT)
    for who in ("ann", "bea", "cho"):
        await platform.outcomes(event("page.viewed", who, page="x"), event("content.liked", who, content="c"))
    others = [await Platform.open(database) for _ in range(6)]
    pairs = [("ann", "bea"), ("bea", "ann"), ("bea", "cho"), ("cho", "bea"), ("cho", "ann"), ("ann", "cho")]

    async def merge(each: Platform, keep: str, member: str) -> list[Answer]:
        return await each.send(
            event("content.liked", member, f"l-{keep}-{member}", content="c"),
            event("member.merged", keep, f"m-{keep}-{member}", member=member, reason="one person"),
            event("page.viewed", member, f"p-{keep}-{member}", page="x"),
        )

    answers = await asyncio.gather(
        *(merge(each, keep, member) for each, (keep, member) in zip(others, pairs, strict=True))
    )
    assert {answer.kind for each in answers for answer in each} == {"new"}
    stays = await platform.connection.fetch("SELECT id FROM member WHERE merged_into IS NULL")
    assert len(stays) == 1
    total = await platform.connection.fetchval("SELECT sum(balance) FROM account WHERE asset = 'points'")
    assert total == 3 * 101 + 6
    assert await platform.connection.fetchval("SELECT count(*) FROM account WHERE balance <> 0") == 1
    await platform.audit()
    for each in (platform, *others):
        await each.close()
