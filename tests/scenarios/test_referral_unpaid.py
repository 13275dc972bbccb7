"""Inviters whose reward the budget cannot pay on its day: they get it when there is money again, and once."""

from datetime import timedelta

import pytest

from tests.live import HEAD, Platform, event, order
from tests.scenarios.story import SPRING, Story, code

MECHANICS = """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  friends: {kind: referral, actions: [order.paid], inviter: {points: 100}, clawback: {part: proportion}}
  spend: {kind: earn, on: order.paid, when: event.amount >= 10000, clawback: {}}
"""
PLAN = SPRING.replace("prizes: 5000", "prizes: 1") + MECHANICS
"""One yuan is all there is: 100 points, which an order takes and its refund brings back."""


def short(plan: str = PLAN, *friends: str) -> Story:
    """Xen has all the money; ann's friends qualify on 2 March, and ann cannot be paid."""
    story = Story(plan)
    story.happens("member.imported", "ann", "2027-03-01")
    story.happens("order.paid", "xen", "2027-03-01", order="x", amount=10_000)
    for who in friends or ("bea",):
        story.happens("invite.accepted", who, "2027-03-02", inviter="ann")
        story.happens("order.paid", who, "2027-03-02", order=who, amount=100)
    return story


def money_again(story: Story, at: str) -> None:
    story.happens("order.refunded", "xen", at, order="x", amount=10_000)


def refused(story: Story) -> list[str]:
    return [code(made) for made in story.timers if made.refused is not None]


def test_an_inviter_is_paid_on_the_first_try_after_there_is_money_and_once() -> None:
    story = short()
    money_again(story, "2027-03-03 18:00")
    story.passes("2027-03-04 23:59")
    assert (story.points("ann"), refused(story)) == (0, ["budget.short"] * 2)
    story.passes("2027-03-05 00:00")
    assert story.points("ann") == 100
    story.passes("2027-04-29")
    assert (story.points("ann"), refused(story)) == (100, ["budget.short"] * 2)
    assert story.shows("ann", "friends", "2027-04-29")["rewarded"] == 1
    assert story.books_balance()


def test_when_there_is_no_money_for_a_month_he_gets_nothing() -> None:
    story = short()
    story.passes("2027-04-10")
    money_again(story, "2027-04-10")
    story.passes("2027-04-29")
    assert (story.points("ann"), refused(story)) == (0, ["budget.short"] * 6)


@pytest.mark.parametrize("spent", ["to_zero", "debt", "pending"])
def test_what_is_undone_meanwhile_is_not_paid(spent: str) -> None:
    story = short(PLAN.replace("proportion}", f"proportion, spent: {spent}}}"), "bea", "cho")
    story.happens("order.refunded", "bea", "2027-03-02 13:00", order="bea", amount=100)
    story.happens("order.refunded", "cho", "2027-03-02 13:00", order="cho", amount=40)
    money_again(story, "2027-03-02 14:00")
    story.passes("2027-04-29")
    assert story.points("ann") == 60
    assert story.shows("ann", "friends", "2027-04-29")["rewarded"] == 1
    assert story.books_balance()


def test_for_whom_he_is_not_rewarded_anyway_nothing_is_tried_again() -> None:
    story = short(PLAN.replace("clawback: {part", "per_inviter: 1, clawback: {part"), "bea", "cho")
    money_again(story, "2027-03-02 14:00")
    story.passes("2027-04-29")
    assert story.points("ann") == 100
    assert refused(story).count("referral.inviter_full") == 1


def test_what_is_tried_again_moves_with_him_when_two_accounts_become_one() -> None:
    story = short()
    story.happens("member.imported", "ann too", "2027-03-02 13:00")
    story.happens("member.merged", "ann too", "2027-03-02 14:00", member="ann", reason="one phone")
    story.happens("order.refunded", "bea", "2027-03-02 15:00", order="bea", amount=40)
    money_again(story, "2027-03-02 16:00")
    story.passes("2027-04-29")
    assert story.points("ann too") == 60
    assert story.books_balance()


async def test_he_is_paid_from_the_store_as_well(database: str) -> None:
    platform = await Platform.open(database, HEAD.replace("prizes: 1000", "prizes: 1") + MECHANICS)
    await platform.send(event("member.imported", "ann"), order("xen", 10_000, "x"))
    await platform.send(event("invite.accepted", "bea", inviter="ann"))
    for who in ("ann", "bea"):
        await platform.wake(who)
    await platform.send(order("bea", 100, "b"))
    await platform.wake("ann")
    back = event("order.refunded", "xen", at=platform.at, order="x", amount=10_000, currency="CNY")
    await platform.send(back)
    await platform.wake("ann")
    assert await platform.balance("ann") == 0
    for _ in range(2):
        platform.at += timedelta(days=1)
        await platform.wake("ann")
        assert await platform.balance("ann") == 100
    await platform.audit()
    await platform.close()
