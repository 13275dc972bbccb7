"""Points that are pending, in a real database: kept under the member's lock, arriving once, audited."""

import asyncio
from datetime import UTC, datetime

from festoon.engine.held_list import held
from festoon.engine.outcome import Outcome
from festoon.engine.statement import balances, statement
from festoon.engine.wearing import worn_among
from tests.live import HEAD, Platform, event, order

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes, expires: {days: 30}}}
mechanics:
  orders: {kind: earn, pending: {days: 7}}
"""
)
READY = datetime(2027, 2, 17, 16, tzinfo=UTC)


async def number_of(platform: Platform, subject: str) -> int:
    found: int = await platform.connection.fetchval("SELECT id FROM member WHERE subject = $1", subject)
    return found


async def test_points_wait_and_arrive_once_and_the_statement_says_both(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(order("ann", 10_000, "o-1"), order("ann", 5_000, "o-2"))
    number = await number_of(platform, "ann")
    (has,) = [each for each in await balances(platform.connection, number) if each.asset == "points"]
    assert (has.available, has.pending, has.coming) == (0, 150, ((READY, 150),))
    assert await held(platform.connection) == [], "nobody has to decide on it"
    await platform.audit()
    platform.at = READY
    await platform.wake("ann")
    await platform.wake("ann")
    (has,) = [each for each in await balances(platform.connection, number) if each.asset == "points"]
    assert (has.available, has.pending, has.coming) == (150, 0, ())
    assert [amount for _, amount in has.lots] == [150]
    lines = await statement(platform.connection, number, asset="points")
    assert [(line.part, line.amount) for line in lines] == [
        ("@pending", -150), ("@", 150), ("@pending", 50), ("@pending", 100),
    ]  # fmt: skip
    await platform.audit()
    await platform.close()


async def test_what_is_pending_is_not_released_or_voided_by_hand(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(order("ann", 10_000, "o-1"))
    hold = await platform.connection.fetchval("SELECT id FROM held_grant")
    data = {"hold": hold, "reason": "please", "decided_by": "lin"}
    for kind in ("released", "voided"):
        (no,) = await platform.outcomes(event(f"grant.{kind}", "ann", **data))
        assert no.refused is not None
        assert no.refused.code == "grant.not_held"
    assert await platform.balance("ann", part="@pending") == 100
    await platform.audit()
    await platform.close()


async def test_points_of_an_order_are_taken_back_while_they_are_pending(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    made, _ = await platform.outcomes(order("ann", 10_000, "o-1"), order("ann", 5_000, "o-2"))
    (told,) = made.mechanics[0].given
    granted = {"1": [["points", 100, "", told.cost, told.line, 0, [], told.hold]]}
    (back,) = await platform.outcomes(
        event(
            "compensation.taken", "ann", compensation="wrong-price", campaign="spring", granted=granted,
            reason="the price was wrong", made_by="lin", checked_by="wu",
        )
    )  # fmt: skip
    assert back.mechanics[0].taken == {"points": 100}
    assert await platform.balance("ann", part="@pending") == 50
    assert await platform.shared("spring/cost/prizes", "CNY") == 50
    await platform.audit()
    platform.at = READY
    await platform.wake("ann")
    assert (await platform.balance("ann"), await platform.balance("ann", part="@pending")) == (50, 0)
    await platform.audit()
    await platform.close()


async def test_of_eight_who_wake_a_member_at_once_his_points_arrive_once(database: str) -> None:
    platforms = [await Platform.open(database, PLAN if lane == 0 else "") for lane in range(8)]
    await platforms[0].outcomes(order("ann", 10_000, "o-1"))

    async def later(lane: int) -> Outcome:
        platforms[lane].at = READY
        (outcome,) = await platforms[lane].outcomes(order("ann", 100, f"late-{lane}", READY))
        return outcome

    await asyncio.gather(*map(later, range(8)))
    assert (await platforms[0].balance("ann"), await platforms[0].balance("ann", part="@pending")) == (100, 8)
    await platforms[0].audit()
    for platform in platforms:
        await platform.close()


async def test_two_accounts_that_become_one_keep_what_is_pending_and_what_is_worn(database: str) -> None:
    things = (
        "badges: {fan: {}}\nmechanics:\n  pack: {kind: gift, on: member.registered, give: {badge: fan}}\n"
    )
    platform = await Platform.open(database, PLAN.replace("mechanics:\n", things))
    for who in ("ann", "ben"):
        (made,) = await platform.outcomes(event("member.registered", who))
        badge = made.mechanics[0].given[0].item
        await platform.outcomes(order(who, 10_000, who), event("item.worn", who, item=badge))
    await platform.outcomes(event("member.merged", "ann", member="ben", reason="one phone", made_by="lin"))
    number = await number_of(platform, "ann")
    rows = await platform.connection.fetch("SELECT id, kind, state, expires FROM item")
    assert len(await worn_among(platform.connection, number, rows, platform.at)) == 2
    await platform.audit()
    platform.at = READY
    await platform.wake("ann")
    assert (await platform.balance("ann"), await platform.balance("ann", part="@pending")) == (200, 0)
    await platform.audit()
    await platform.close()
