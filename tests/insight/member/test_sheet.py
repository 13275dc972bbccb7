"""A member on one sheet: everything about him, masked, in as many queries for much as for little."""

from typing import Any

import asyncpg

from festoon.engine.member_acts import ask_to_erase
from festoon.insight.member.events import events
from festoon.insight.member.sheet import Sheet, sheet
from tests.live import HEAD, NOW, Platform, event, order

PLAN = (
    HEAD
    + """
audience: {holdout: 50%}
rollout: {testers: [tess], steps: [{from: start, share: 100%}]}
experiments: {size: {arms: {small: 1, large: 1}}}
assets: {points: {cost: 0.01, line: prizes, expires: {days: 90}}}
badges: {fan: {}}
mechanics:
  spend: {kind: earn, on: order.paid, per: 1, give: 1}
  posts: {kind: task, on: content.published, count: 3, give: [{points: 9}]}
  daily: {kind: check_in, ladder: {1: [{points: 1}]}}
  once: {kind: gift, on: page.viewed, give: [{badge: fan}], limits: {per_member: 2}}
"""
)


async def shown(platform: Platform, who: str, language: str = "en") -> Sheet:
    number = await platform.connection.fetchval("SELECT id FROM member WHERE subject = $1", who)
    return await sheet(platform.connection, platform.engine.program, number, platform.at, language)


async def test_a_sheet_has_everything_and_hides_what_is_personal(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(
        event("member.registered", "tess", name="李雷", phone="+8613800001234", region="Suzhou"),
        order("tess", 50, "o-1"),
        event("content.published", "tess", content="c-1"),
        event("check_in.made", "tess", campaign="spring", mechanic="daily"),
        event("page.viewed", "tess", page="x"),
    )
    await ask_to_erase(platform.connection, "tess", "tess", "asked for", "lin", NOW)
    found = await shown(platform, "tess")
    assert (found.id, found.ids, found.blocked, found.profile) == (
        "tess",
        ["tess"],
        False,
        {"region": "Suzhou"},
    )
    assert found.personal == {"name": "李••", "phone": "•••••••••1234"}
    (points,) = found.balances
    assert (points.available, sum(amount for _, amount in points.lots)) == (51, 51)
    assert {line.mechanic: line.text for line in found.progress} == {
        "spend": "given 1 time",
        "posts": "1 of 3; done 0 times",
        "daily": "1 day in a row, 1 in all",
        "once": "given 1 of 2 times",
    }
    (spring,) = found.campaigns
    assert (spring.tester, spring.open, spring.arms["size"] in ("small", "large")) == (True, True, True)
    (request,) = found.requests
    assert (request.kind, request.status) == ("member.erased", "waiting")
    assert (await shown(platform, "tess", "zh-Hant")).progress[0].text == "已發放1次"
    await platform.close()


async def test_his_arm_is_the_one_that_he_saw_as_a_visitor(database: str) -> None:
    arms = "{experiment: size, arms: {small: [{points: 1}], large: [{points: 9}]}}"
    platform = await Platform.open(
        database,
        f"""{HEAD}
assets: {{points: {{cost: 0.01, line: prizes}}}}
experiments: {{size: {{arms: {{small: 1, large: 1}}}}}}
mechanics:
  look: {{kind: gift, who: everyone, on: page.viewed, give: {arms}}}
""",
    )
    split = platform.engine.program.campaigns["spring"].experiments["size"].split
    moved = [n for n in range(20) if split.arm(f"visitor:{n}") != split.arm(f"m{n}")][:3]
    for number in moved:
        saw, _, sees = await platform.outcomes(
            event("page.viewed", f"visitor:{number}", page="x"),
            event("member.registered", f"m{number}", visitors=[f"visitor:{number}"]),
            event("page.viewed", f"m{number}", page="y"),
        )
        arm = {"size": split.arm(f"visitor:{number}")}
        assert (saw.mechanics[0].variants, sees.mechanics[0].variants) == (arm, arm)
        assert (await shown(platform, f"m{number}")).campaigns[0].arms == arm
    await platform.close()


async def test_his_events_come_newest_first_and_by_key(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    for number in range(7):
        await platform.outcomes(event("page.viewed", "tess", f"v-{number}", page="x"))
    first = await events(platform.connection, 1, limit=4)
    rest = await events(platform.connection, 1, limit=4, before=first[-1].seq)
    assert [each.id for each in (*first, *rest)] == [f"v-{number}" for number in reversed(range(7))]
    assert first[0].refusals("en") == [
        ("spring/once", "limit.per_member", "this can be had 2 times, and has been")
    ]
    await platform.close()


async def test_much_takes_as_many_queries_as_little(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("page.viewed", "ann", page="x"), event("page.viewed", "bea", page="x"))
    for number in range(60):
        await platform.outcomes(
            order("bea", 50, f"o-{number}"),
            event("content.published", "bea", f"c-{number}", content=f"c-{number}"),
        )
    counted = [await queries(platform.connection, shown(platform, who)) for who in ("ann", "bea")]
    assert counted[0] == counted[1] <= 9
    await platform.close()


async def queries(connection: asyncpg.Connection, doing: Any) -> int:
    """How many statements something sends."""
    sent: list[str] = []
    with connection.query_logger(lambda record: sent.append(record.query)):
        await doing
    return len(sent)
