"""A coupon that the shop has taken is used, also where Festoon hears of it when the coupon has lapsed."""

from datetime import datetime, timedelta

from festoon.engine.outcome import Outcome
from tests.live import HEAD, NOW, Platform, event

PLAN = (
    HEAD
    + """
coupons: {ten-off: {value: 10, cost: 10, line: prizes, valid: {days: 2}}}
mechanics:
  hello: {kind: gift, on: page.viewed, give: {coupon: ten-off}}
"""
)
COST, LEFT, COMMITTED = "spring/cost/prizes", "spring/budget/prizes", "spring/committed/prizes"


async def lapsed(database: str, plan: str = PLAN) -> tuple[Platform, str, datetime]:
    """A platform on which a coupon has lapsed a minute ago; its code, and when that was."""
    platform = await Platform.open(database, plan)
    (outcome,) = await platform.outcomes(event("page.viewed", "ann", page="x"))
    given = outcome.mechanics[0].given[0]
    assert given.expires is not None
    platform.at = given.expires + timedelta(minutes=1)
    await platform.wake("ann")
    assert await platform.shared(COMMITTED, "CNY") == 0
    return platform, given.code, given.expires


async def used(platform: Platform, coupon: str, at: datetime, id: str = "used") -> Outcome:
    (outcome,) = await platform.outcomes(
        event("coupon.redeemed", "ann", id, at=at, coupon=coupon, order="o-1")
    )
    return outcome


async def test_a_coupon_used_in_time_and_heard_of_late_has_been_used_and_costs(database: str) -> None:
    platform, coupon, end = await lapsed(database)
    outcome = await used(platform, coupon, end - timedelta(minutes=1))
    assert (outcome.status, await platform.shared(COST, "CNY")) == ("accepted", 1_000)
    assert await platform.shared(LEFT, "CNY") == 99_000
    again = await used(platform, coupon, end - timedelta(minutes=1), "again")
    assert again.refused is not None
    assert (again.refused.code, again.refused.data["state"]) == ("coupon.not_usable", "used")
    assert await platform.shared(COST, "CNY") == 1_000
    await platform.audit()
    await platform.close()


async def test_one_that_was_used_too_late_is_refused_whenever_that_is_heard(database: str) -> None:
    platform, coupon, end = await lapsed(database)
    for at in (end, platform.at):
        outcome = await used(platform, coupon, at, str(at))
        assert outcome.refused is not None
        assert outcome.refused.data["state"] == "expired"
    assert await platform.shared(COST, "CNY") == 0
    await platform.audit()
    await platform.close()


async def test_what_its_budget_line_has_spent_elsewhere_by_now_is_not_spent_twice(database: str) -> None:
    platform, coupon, end = await lapsed(database, PLAN.replace("prizes: 1000", "prizes: 10"))
    await platform.outcomes(event("page.viewed", "bo", at=NOW, page="x"))
    outcome = await used(platform, coupon, end - timedelta(minutes=1))
    assert outcome.refused is not None
    assert outcome.refused.code == "budget.short"
    assert await platform.shared(COMMITTED, "CNY") == 1_000
    await platform.audit()
    await platform.close()
