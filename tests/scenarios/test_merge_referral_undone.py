"""Two accounts of one person that both came by invitation: what is undone afterwards is taken back from whom it brought
something, and of two invitations that are still open the one that has come further stays."""

from datetime import timedelta

import pytest

from tests.live import HEAD, Platform, event, order
from tests.scenarios.story import SPRING, Story

ASSETS = """assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes}}
mechanics:
"""
REWARDS = "invitee: [{points: 50}, {coupon: ten-off}], inviter: {points: 100}, clawback: {part: proportion}"
PAID = ASSETS + f"  friends: {{kind: referral, actions: [order.paid], {REWARDS}}}\n"
THREE = (
    SPRING + ASSETS + "  friends: {kind: referral, actions: [order.paid], count: 3, invitee: {points: 7}}\n"
)
WAYS = [("ann", "bea"), ("bea", "ann")]


def happens(story: Story, type: str, who: str, at: str, **data: object) -> None:
    story.happens(type, who, f"2027-03-{at}", **data)
    assert story.books_balance()


def merged(story: Story, keep: str, gone: str, at: str = "09") -> None:
    happens(story, "member.merged", keep, at, member=gone, reason="one phone")


def refunded(story: Story, who: str, order: str, amount: int, at: str = "10") -> None:
    happens(story, "order.refunded", who, at, order=order, amount=amount)


def both_rewarded(plan: str = PAID, *people: str) -> Story:
    """Each of them was invited by somebody else, and bought: ann for 100, bea for 900."""
    story = Story(SPRING + plan)
    for who in people or ("ann", "bea"):
        happens(story, "member.imported", f"inviter of {who}", "01")
        happens(story, "invite.accepted", who, "02", inviter=f"inviter of {who}")
        happens(story, "order.paid", who, "03", order=who, amount=100 if who == "ann" else 900)
    return story


def had_by(story: Story, *people: str) -> list[int]:
    return [story.points(f"inviter of {who}") for who in people]


@pytest.mark.parametrize(("keep", "gone"), WAYS)
def test_each_order_takes_back_what_its_own_invitation_brought(keep: str, gone: str) -> None:
    story = both_rewarded()
    merged(story, keep, gone)
    assert (story.points(keep), story.items(keep)) == (100, {"ten-off": 2})
    refunded(story, keep, "ann", 100)
    assert (story.points(keep), story.items(keep)) == (50, {"ten-off": 2})
    assert had_by(story, "ann", "bea") == [0, 100]
    coupons = {item.id: item.state for item in story.replay.world.members[keep].items.values() if item}
    assert sorted(coupons.values()) == ["owned", "revoked"]
    refunded(story, keep, "bea", 450, "11")
    assert (story.points(keep), *had_by(story, "ann", "bea")) == (25, 0, 50)
    refunded(story, keep, "bea", 450, "12")
    assert (story.points(keep), *had_by(story, "ann", "bea")) == (0, 0, 0)


@pytest.mark.parametrize(("keep", "gone"), WAYS)
def test_what_still_waits_for_either_is_cancelled(keep: str, gone: str) -> None:
    story = both_rewarded(PAID.replace("clawback", "delay: {days: 15}, clawback"))
    merged(story, keep, gone)
    refunded(story, keep, "bea", 900)
    story.passes("2027-03-25")
    assert had_by(story, "ann", "bea") == [100, 0]


def test_of_three_accounts_every_order_finds_its_invitation() -> None:
    story = both_rewarded(PAID, "ann", "bea", "cho")
    merged(story, "bea", "ann", "08")
    merged(story, "cho", "bea")
    for bought, left in (("ann", [0, 100, 100]), ("cho", [0, 100, 0]), ("bea", [0, 0, 0])):
        refunded(story, "cho", bought, 900)
        assert had_by(story, "ann", "bea", "cho") == left
    assert story.points("cho") == 0


def test_who_was_rewarded_for_inviting_himself_later_gets_nothing_that_waits_for_it() -> None:
    story = Story(SPRING + PAID.replace("clawback", "delay: {days: 15}, clawback"))
    happens(story, "member.imported", "inviter of ann", "01")
    for who, inviter, day in (("ann", "inviter of ann", "02"), ("bea", "ann", "03")):
        happens(story, "invite.accepted", who, day, inviter=inviter)
        happens(story, "order.paid", who, day, order=who, amount=100)
    merged(story, "ann", "bea")
    story.passes("2027-03-25")
    assert (story.points("ann"), *had_by(story, "ann")) == (100, 100)


async def test_both_invitations_are_kept_in_the_store(database: str) -> None:
    platform = await Platform.open(database, HEAD + PAID)
    for who in ("ann", "bea"):
        await platform.send(event("member.imported", f"inviter of {who}"))
        await platform.send(event("invite.accepted", who, inviter=f"inviter of {who}"))
        for each in (f"inviter of {who}", who):
            await platform.wake(each)
        await platform.send(order(who, 900, who))
        await platform.wake(f"inviter of {who}")
    await platform.send(event("member.merged", "ann", member="bea", reason="one phone"))
    for name, left in (("bea", [100, 0]), ("ann", [0, 0])):
        platform.at += timedelta(hours=1)
        back = event("order.refunded", "ann", "", platform.at, order=name, amount=900, currency="CNY")
        await platform.send(back)
        for each in ("ann", "bea"):
            await platform.wake(f"inviter of {each}")
        assert [await platform.balance(f"inviter of {each}") for each in ("ann", "bea")] == left
    assert await platform.balance("ann") == 0
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize(("keep", "gone"), WAYS)
@pytest.mark.parametrize("done", [(0, 2), (2, 0), (1, 2), (1, 1)])
def test_the_invitation_that_has_come_further_stays_and_of_two_the_one_accepted_first(
    keep: str, gone: str, done: tuple[int, int]
) -> None:
    story = Story(THREE)
    for who, hour, orders in (("ann", "10", done[0]), ("bea", "11", done[1])):
        happens(story, "member.imported", f"inviter of {who}", "01")
        happens(story, "invite.accepted", who, f"02 {hour}:00", inviter=f"inviter of {who}")
        for number in range(orders):
            happens(story, "order.paid", who, f"03 {hour}:0{number}", order=f"{who}-{number}", amount=1)
    merged(story, keep, gone)
    assert story.shows(keep, "friends", "2027-03-09")["counted"] == max(done)
    progress = story.replay.world.members[keep].progress_of("spring/friends")
    stays = "bea" if done[1] > done[0] else "ann"
    assert progress is not None
    assert progress.state.inviter == story.replay.world.members[f"inviter of {stays}"].number
    for number in range(3 - max(done)):
        happens(story, "order.paid", keep, f"10 12:0{number}", order=f"more-{number}", amount=1)
    assert story.points(keep) == 7
