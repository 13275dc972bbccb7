"""Rewards taken back on a real database: debts are stored, paid first, and the books balance."""

from datetime import timedelta

import pytest

from festoon.base.events import Event
from festoon.engine.invite_codes import invite_code
from tests.live import HEAD, NOW, Platform, event, order

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes, expires: {days: 60}}}
badges: {fan: {}}
mechanics:
  buyers:
    kind: referral
    actions: [order.paid]
    invitee: [{points: 200}]
    inviter: [{points: 300}]
    clawback: {part: proportion, spent: debt}
  spend: {kind: exchange, price: {amount: 150}, give: {badge: fan}}
  daily: {kind: gift, on: member.logged_in, give: [{points: 60}]}
"""
)


async def brought(platform: Platform) -> None:
    """Mei came with Han's code and bought for 100 yuan; a moment later both have their reward."""
    await platform.outcomes(event("member.registered", "han"))
    number = await platform.connection.fetchval("SELECT id FROM member WHERE subject = 'han'")
    code = invite_code(platform.engine.program.secret, number)
    await platform.outcomes(event("invite.accepted", "mei", code=code))
    await platform.wake("han")
    await platform.wake("mei")
    await platform.outcomes(order("mei", 10_000, "o-1"))
    await platform.wake("han")


async def test_what_was_spent_is_owed_and_paid_by_what_comes_next(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await brought(platform)
    assert [await platform.balance(who) for who in ("mei", "han")] == [200, 300]
    await platform.outcomes(event("exchange.made", "mei", campaign="spring", mechanic="spend"))
    await platform.outcomes(
        event("order.refunded", "mei", order="o-1", refund="r-1", amount=10_000, currency="CNY")
    )
    await platform.wake("han")
    assert [await platform.balance(who) for who in ("mei", "han")] == [0, 0]
    assert await platform.balance("mei", part="@owed") == -150
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000
    for number, owed in enumerate((-90, -30, 0), 1):
        await platform.outcomes(event("member.logged_in", "mei", f"login-{number}"))
        assert await platform.balance("mei", part="@owed") == owed
    assert await platform.balance("mei") == 30
    await platform.audit()
    await platform.close()


async def test_a_code_of_nobody_is_refused_and_leaves_no_timer_behind(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    (outcome,) = await platform.outcomes(
        event("invite.accepted", "mei", code=invite_code(platform.engine.program.secret, 99))
    )
    (made,) = outcome.mechanics
    assert made.refused is not None
    assert made.refused.code == "referral.code_unknown"
    assert await platform.connection.fetchval("SELECT count(*) FROM timer") == 0
    await platform.close()


FRIENDS = [f"friend-{number}" for number in range(8)]
FIRST, REST = 2_500, 7_500


def refund(who: str, amount: int) -> Event:
    return event(
        "order.refunded", who, f"r{amount}-{who}", order=f"o-{who}", refund=f"r{amount}", amount=amount
    )


@pytest.mark.parametrize("delay", ["", "    delay: {days: 1}\n"])
@pytest.mark.parametrize(
    ("first", "after", "left"), [((FIRST,), (), 225), ((FIRST,), (REST,), 0), ((), (FIRST, REST), 0)]
)
async def test_refunds_that_come_together_with_their_order_leave_the_inviter_what_was_not_undone(
    database: str, delay: str, first: tuple[int, ...], after: tuple[int, ...], left: int
) -> None:
    platform = await Platform.open(database, PLAN.replace("    clawback:", f"{delay}    clawback:"))
    await platform.outcomes(event("member.registered", "han"))
    for who in FRIENDS:
        await platform.outcomes(event("invite.accepted", who, inviter="han"))
    await platform.wake("han")
    for who in FRIENDS:
        before, later = ([refund(who, amount) for amount in amounts] for amounts in (first, after))
        await platform.outcomes(*before, order(who, FIRST + REST, f"o-{who}"), *later)
    for days in (0, 2):
        platform.at = NOW + timedelta(days=days)
        await platform.wake("han")
        await platform.wake("han")
    assert await platform.balance("han") == len(FRIENDS) * left
    await platform.audit()
    await platform.close()
