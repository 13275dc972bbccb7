"""A referral whose check comes back after the friend has qualified, and finds the budget line empty."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.live import HEAD, Platform, event, order, refusals

PLAN = (
    HEAD.replace("prizes: 1000", "prizes: 1")
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  friends:
    kind: referral
    actions: [order.paid]
    invitee: {points: 60}
    inviter: {points: 40}
    clawback: {spent: pending}
  spend: {kind: earn, on: order.paid, when: event.amount >= 10000, clawback: {}}
"""
)
"""One yuan is all there is: 100 points, which an order takes and its refund brings back."""


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    """Ann has invited bea, who has bought something; the check is still on its way, and xen has all the money."""
    platform = await Platform.open(database, PLAN)
    await platform.send(event("member.imported", "ann"), event("member.imported", "bea"))
    await platform.send(order("xen", 10_000, "x"))
    await platform.send(event("invite.accepted", "bea", inviter="ann"))
    await platform.send(order("bea", 1, "1"))
    yield platform
    await platform.audit()
    await platform.close()


async def checked(platform: Platform) -> tuple[int, int]:
    """The points of both after the check has gone to ann and come back, and ann has heard of her reward."""
    for who in ("ann", "bea", "ann"):
        await platform.wake(who)
    return await platform.balance("ann"), await platform.balance("bea")


async def money_again(platform: Platform) -> None:
    platform.at += timedelta(hours=1)
    await refunded(platform, "xen", "x", 10_000)


async def refunded(platform: Platform, who: str, order: str, amount: int, id: str = "") -> None:
    back = event("order.refunded", who, id, platform.at, order=order, amount=amount, currency="CNY")
    await platform.send(back)


async def test_the_next_action_brings_what_the_budget_could_not_pay_when_the_check_came_back(
    platform: Platform,
) -> None:
    assert await checked(platform) == (0, 0)
    made = await platform.outcomes(order("bea", 1, "2", platform.at))
    assert refusals(made) == ["budget.short"]
    await money_again(platform)
    assert await checked(platform) == (0, 0)
    for number in ("3", "4"):
        await platform.outcomes(order("bea", 1, number, platform.at))
        assert await checked(platform) == (40, 60)


async def test_a_check_that_comes_back_when_there_is_money_pays_at_once(platform: Platform) -> None:
    await money_again(platform)
    assert await checked(platform) == (40, 60)


async def test_what_is_undone_before_it_was_rewarded_proves_nothing(platform: Platform) -> None:
    assert await checked(platform) == (0, 0)
    await refunded(platform, "bea", "1", 1)
    await money_again(platform)
    await platform.send(order("bea", 1, "2", platform.at))
    assert await checked(platform) == (40, 60)
    await refunded(platform, "bea", "1", 1, "again")
    assert await checked(platform) == (40, 60)
