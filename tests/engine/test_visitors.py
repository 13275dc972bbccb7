"""Visitors on a real database: they join once, whoever else claims them meanwhile, and are counted apart."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from festoon.base.events import Event
from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.answer import Answer
from festoon.engine.outcome import decode
from festoon.engine.replay import Replay, program_in_memory
from festoon.insight.facts import Facts
from festoon.insight.figures import FIGURES
from festoon.insight.scope import Scope, Window
from tests.live import HEAD, NOW, Platform, event
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes, expires: {days: 60}}}
coupons: {off: {value: 5, cost: 5, line: prizes, stock: 20, valid: {days: 7}}}
mechanics:
  look: {kind: gift, who: everyone, on: content.liked, give: [{points: 5}]}
  answer: {kind: gift, who: everyone, on: survey.answered, give: [{coupon: off}]}
  reader: {kind: task, who: everyone, on: page.viewed, count: 3, give: [{points: 30}]}
  welcome: {kind: gift, on: member.registered, give: [{points: 100}], limits: {per_member: 1}}
"""
)
V = "visitor:c-1"


def registered(who: str, *visitors: str, id: str = "") -> Event:
    return event("member.registered", who, id or f"r-{who}", visitors=list(visitors))


async def visited(database: str) -> Platform:
    """A visitor has liked something and viewed two pages."""
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(
        event("content.liked", V, content="c"),
        event("page.viewed", V, "p-1", page="a"),
        event("page.viewed", V, "p-2", page="b"),
    )
    return platform


async def test_a_visitor_joins_with_all_that_is_kept_and_its_id_leads_to_the_member(database: str) -> None:
    platform = await visited(database)
    number = await platform.connection.fetchval("SELECT member_id FROM identity WHERE subject = $1", V)
    assert number >= FIRST_NUMBER
    (made,) = await platform.outcomes(registered("ann", V))
    joined = made.mechanics[0]
    assert (joined.mechanic, joined.note) == ("festoon/visitor.joined", {"visitor": V, "number": number})
    (third,) = await platform.outcomes(event("page.viewed", V, "p-3", page="c"))
    assert third.mechanics[0].given[0].amount == 30
    assert await platform.balance("ann") == 5 + 100 + 30
    ann = await platform.connection.fetchrow("SELECT id, absorbed FROM member WHERE subject = 'ann'")
    assert ann is not None
    assert (ann["id"] < FIRST_NUMBER, ann["absorbed"]) == (True, [number])
    (again,) = await platform.send(event("page.viewed", V, "p-1", page="a"))
    assert again.kind == "again", "what the visitor sent is known again"
    await platform.audit()
    await platform.close()


async def test_points_that_expire_and_coupons_that_can_be_used_come_along(database: str) -> None:
    platform = await visited(database)
    await platform.outcomes(event("survey.answered", V, survey="s"))
    await platform.outcomes(registered("ann", V))
    code = await platform.connection.fetchval("SELECT code FROM item")
    (used,) = await platform.outcomes(event("coupon.redeemed", "ann", coupon=code))
    assert used.status == "accepted"
    platform.at = NOW + timedelta(days=61)
    await platform.wake("ann")
    assert await platform.balance("ann") == 0, "all of it has lapsed"
    await platform.audit()
    await platform.close()


async def test_a_back_test_joins_visitors_as_the_live_engine_does(database: str) -> None:
    history = [
        event("content.liked", V, content="c"),
        event("page.viewed", V, "p-1", page="a"),
        event("page.viewed", "visitor:c-2", "p-2", page="b"),
        registered("ann", V, "visitor:c-2"),
        event("page.viewed", V, "p-3", page="c"),
        registered("bob", V),
    ]
    platform = await Platform.open(database, PLAN)
    live = await platform.outcomes(*history)
    replay = Replay(program_in_memory(platform.engine.program.campaigns.values()))
    told = [decided.outcome for sent, _, decided in replay.run(history) if sent.type != "timer.due"]
    for mine, its in zip(told, live, strict=True):
        assert [(each.mechanic, each.given, each.refused) for each in mine.mechanics] == [
            (each.mechanic, each.given, each.refused) for each in its.mechanics
        ]
    assert replay.world.members["ann"].book.balance("points") == await platform.balance("ann") == 135
    await platform.close()


async def test_a_registration_that_is_sent_again_joins_nothing_again(database: str) -> None:
    platform = await visited(database)
    first, second = registered("ann", V), registered("ann", V, id="another")
    kinds = [(await platform.send(each))[0].kind for each in (first, first, second)]
    assert kinds == ["new", "again", "new"]
    assert await platform.balance("ann") == 105
    await platform.audit()
    await platform.close()


async def test_a_visitor_whom_many_claim_at_once_joins_one_of_them(database: str) -> None:
    platform = await visited(database)
    others = [await Platform.open(database) for _ in range(5)]

    async def claim(each: Platform, number: int) -> list[Answer]:
        who = f"m{number}"
        return await each.send(
            event("content.liked", who, content="c"),
            registered(who, V, f"visitor:own-{number}"),
            event("content.liked", V, f"l-{number}", content="c"),
        )

    answers = await asyncio.gather(*(claim(each, number) for number, each in enumerate(others)))
    assert {answer.kind for each in answers for answer in each} == {"new"}
    outcomes = [decode(each[1].outcome) for each in answers]
    assert [made.status for made in outcomes] == ["accepted"] * 5
    first = [made.mechanics[0] for made in outcomes]
    assert sorted("" if made.refused is None else made.refused.code for made in first) == [
        "",
        *["visitor.taken"] * 4,
    ]
    assert await platform.connection.fetchval("SELECT count(*) FROM member WHERE registered IS NOT NULL") == 5
    total = await platform.connection.fetchval("SELECT sum(balance) FROM account WHERE asset = 'points'")
    assert total == 5 + 5 * (5 + 100 + 5)
    assert (
        await platform.connection.fetchval(
            "SELECT count(*) FROM progress WHERE member_id >= $1", FIRST_NUMBER
        )
        == 0
    )
    await platform.audit()
    for each in (platform, *others):
        await each.close()


async def test_visitors_may_come_where_unknown_members_are_turned_away(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    platform.engine.create_members = False
    seen, unknown = await platform.send(
        event("content.liked", V, content="c"), event("content.liked", "ann", content="c")
    )
    assert (seen.kind, unknown.kind) == ("new", "turned_away")
    await platform.close()


async def test_visitors_are_counted_apart_and_are_no_members(database: str, tmp_path: Path) -> None:
    platform = await visited(database)
    await platform.outcomes(
        event("content.liked", "visitor:c-2", content="c"),
        registered("ann", V),
        event("content.liked", "ann", content="c"),
    )
    await relay_all(platform.dsn, tmp_path)
    window = Window(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
    scope = Scope(window, platform.engine.program.campaigns["spring"].zone, "spring")
    facts = Facts.reading(tmp_path).of_members("spring")
    found = {
        name: FIGURES[name].number(facts, scope).top
        for name in ("visitors", "visitors_joined", "new_members", "participants", "active_members")
    }
    assert found == {
        "visitors": 2, "visitors_joined": 1, "new_members": 1, "participants": 1, "active_members": 1,
    }  # fmt: skip
    assert await platform.connection.fetchval("SELECT count(DISTINCT member_id) FROM board_member") == 1
    await platform.close()
