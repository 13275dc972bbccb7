"""Publishing: two signatures, versions that follow one another, and books that say what was funded."""

from datetime import timedelta

import pytest

from festoon.base.errors import Conflict, Forbidden
from festoon.engine.publish import approve, pause, publish, stop, submit
from festoon.plan.problems import PlanInvalid
from festoon.store.pool import connect
from tests.live import BEFORE, HEAD, NOW, Platform, event, gifts, put_up

COUPON = "coupons: {five-off: {value: 5, cost: 5, line: prizes, stock: STOCK}}\n"
GIFT = (
    "mechanics: {gift: {kind: gift, on: page.viewed, give: [{coupon: five-off}], limits: {per_member: 1}}}\n"
)
PLAN = HEAD + COUPON + GIFT
SHELF = ("shelf", "spring/stock/coupon:five-off")


def stock(of: int) -> str:
    return PLAN.replace("STOCK", str(of))


async def test_the_maker_is_never_the_checker(database: str) -> None:
    connection = await connect(database)
    campaign, version = await submit(connection, stock(3), "li", BEFORE)
    with pytest.raises(Forbidden, match=r"plan\.maker_is_checker"):
        await approve(connection, campaign, version, "li", BEFORE)
    with pytest.raises(Conflict, match=r"plan\.not_approved"):
        await publish(connection, campaign, version, "wu", BEFORE)
    await connection.close()


async def test_a_plan_with_mistakes_is_not_submitted(database: str) -> None:
    connection = await connect(database)
    with pytest.raises(PlanInvalid):
        await submit(connection, stock(3).replace("five-off}]", "six-off}]"), "li", BEFORE)
    assert await connection.fetchval("SELECT count(*) FROM plan_version") == 0
    await connection.close()


async def test_more_stock_is_a_transfer_and_less_than_is_spent_is_refused(database: str) -> None:
    platform = await Platform.open(database, stock(3))
    await platform.outcomes(*(event("page.viewed", f"m{n}", page="x") for n in range(3)))
    await put_up(database, stock(5))
    assert await platform.shared(*SHELF) == 2
    with pytest.raises(Conflict, match=r"plan\.already_spent"):
        await put_up(database, stock(2))
    assert await platform.shared(*SHELF) == 2
    await platform.audit()
    await platform.close()


async def test_what_one_version_leaves_out_and_the_next_names_again_is_not_funded_twice(
    database: str,
) -> None:
    platform = await Platform.open(database, stock(3))
    await put_up(database, HEAD + "mechanics: {gift: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n")
    await put_up(database, stock(3))
    assert await platform.shared(*SHELF) == 3
    await platform.audit()
    await platform.close()


async def test_a_new_version_carries_progress_on(database: str) -> None:
    platform = await Platform.open(database, stock(3))
    await platform.outcomes(event("page.viewed", "ann", "1", page="x"))
    await put_up(database, stock(9))
    assert gifts(await platform.outcomes(event("page.viewed", "ann", "2", page="x"))) == []
    await platform.close()


async def test_a_mechanic_that_becomes_another_kind_cannot_take_over(database: str) -> None:
    await put_up(database, stock(3))
    other = GIFT.replace("kind: gift,", "kind: task,")
    with pytest.raises(Conflict, match=r"plan\.cannot_follow"):
        await put_up(database, HEAD + COUPON.replace("STOCK", "3") + other)


async def test_what_is_paused_rests_and_what_is_stopped_is_over(database: str) -> None:
    platform = await Platform.open(database, stock(3))
    connection = await connect(database)
    await pause(connection, "spring", ["gift"], "wu", NOW)
    (outcome,) = await platform.outcomes(event("page.viewed", "ann", "1", page="x"))
    assert outcome.passed_over == {"paused": ["spring/gift"]}
    await pause(connection, "spring", [], "wu", NOW)
    assert len(gifts(await platform.outcomes(event("page.viewed", "ann", "2", page="x")))) == 1
    await stop(connection, "spring", "wu", NOW)
    (outcome,) = await platform.outcomes(event("page.viewed", "ben", "3", page="x"))
    assert outcome.mechanics == []
    assert outcome.passed_over == {}
    await connection.close()
    await platform.close()


async def test_the_audit_trail_names_who_did_what(database: str) -> None:
    await put_up(database, stock(3))
    connection = await connect(database)
    rows = await connection.fetch("SELECT actor, act FROM audit_entry ORDER BY number")
    assert [tuple(row) for row in rows] == [
        ("maker", "plan.submit"),
        ("checker", "plan.approve"),
        ("checker", "plan.publish"),
    ]
    await connection.close()


async def test_a_coupon_of_a_stopped_campaign_still_lapses(database: str) -> None:
    platform = await Platform.open(database, stock(3).replace("stock: 3", "stock: 3, valid: {days: 2}"))
    await platform.outcomes(event("page.viewed", "ann", "1", page="x"))
    connection = await connect(database)
    await stop(connection, "spring", "wu", NOW)
    await connection.close()
    platform.at = NOW + timedelta(days=5)
    await platform.wake("ann")
    assert await platform.shared("spring/committed/prizes", "CNY") == 0
    await platform.audit()
    await platform.close()


async def test_what_comes_back_after_a_version_without_it_is_what_it_was(database: str) -> None:
    tried = "experiments: {size: {arms: {usual: 1, large: 1}}}\n"
    by_arm = "give: [{experiment: size, arms: {usual: [{points: 1}], large: [{points: 9}]}}]"
    first = HEAD + tried + f"mechanics: {{look: {{kind: gift, on: page.viewed, {by_arm}}}}}\n"
    without = HEAD + "mechanics: {other: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n"
    platform = await Platform.open(database, first)
    await put_up(database, without)
    with pytest.raises(Conflict, match=r"Arms and weights of the experiment `size` stand for good"):
        await put_up(database, first.replace("usual: 1, large: 1", "usual: 1, large: 3"))
    with pytest.raises(Conflict, match=r"plan\.cannot_follow"):
        await put_up(database, first.replace("kind: gift, on", "kind: task, count: 2, on"))
    await put_up(database, first)
    await platform.close()
