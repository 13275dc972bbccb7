"""Accounts that become one while an invitation is still being looked into: what is found is about that invitation."""

from datetime import timedelta

import pytest

from festoon.engine.run_batch import run_batch
from festoon.intake.clock import due_members
from tests.live import HEAD, Platform, event, order, refusals

pytestmark = pytest.mark.xdist_group("races")

PLAN = HEAD + (
    "assets: {points: {cost: 0.01, line: prizes}}\n"
    "mechanics:\n"
    "  friends: {kind: referral, actions: [order.paid], inviter: {points: 10}, invitee: {points: 20}}\n"
)


async def opened(database: str, *people: str) -> Platform:
    platform = await Platform.open(database, PLAN)
    for who in people:
        await happens(platform, "member.imported", who)
    return platform


async def happens(platform: Platform, type_: str, who: str, **data: str) -> list[str]:
    """The codes of the refusals of an event a minute later, before any timer of anybody else fires."""
    platform.at += timedelta(minutes=1)
    return refusals(await platform.outcomes(event(type_, who, "", platform.at, **data)))


async def buys(platform: Platform, who: str) -> list[str]:
    platform.at += timedelta(minutes=1)
    return refusals(await platform.outcomes(order(who, 100, f"o-{platform.at}", platform.at)))


async def looked_into(platform: Platform, *people: str) -> None:
    """The walks go on as far as they come through these, in this order."""
    platform.at += timedelta(minutes=1)
    for who in people:
        await platform.wake(who)


async def all_looked_into(platform: Platform) -> None:
    """The walks go on until they are over."""
    platform.at += timedelta(minutes=1)
    while due := await due_members(platform.connection, platform.at):
        await run_batch(platform.engine, platform.connection, [], [number for number, _ in due])


async def test_a_refusal_of_one_invitation_does_not_end_the_other_of_who_was_two(database: str) -> None:
    platform = await opened(database, "an", "bo", "chi", "chi-too")
    await happens(platform, "invite.sent", "an", channel="link", device="d-1")
    await happens(platform, "invite.accepted", "chi-too", inviter="bo", device="d-2")
    await all_looked_into(platform)
    await happens(platform, "invite.accepted", "chi", inviter="an", device="d-1")
    await happens(platform, "member.merged", "chi-too", member="chi", reason="one phone")
    await all_looked_into(platform)
    assert await buys(platform, "chi-too") == []
    await all_looked_into(platform)
    assert [await platform.balance(who) for who in ("an", "bo", "chi-too")] == [0, 10, 20]
    await platform.audit()
    await platform.close()


async def test_one_invitation_found_to_be_sound_says_nothing_of_the_other(database: str) -> None:
    """The one that stays is from a device that has invited itself; the walk of the other ends first."""
    platform = await opened(database, "an", "bo", "chi", "chi-too")
    await happens(platform, "invite.sent", "an", channel="link", device="d-1")
    await happens(platform, "invite.accepted", "chi-too", inviter="an", device="d-1")
    await happens(platform, "invite.accepted", "chi", inviter="bo", device="d-2")
    await happens(platform, "member.merged", "chi-too", member="chi", reason="one phone")
    await looked_into(platform, "bo", "chi", "chi-too")
    await buys(platform, "chi-too")
    await all_looked_into(platform)
    assert await buys(platform, "chi-too") == ["referral.same_device"]
    assert [await platform.balance(who) for who in ("an", "bo", "chi-too")] == [0, 0, 0]
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize(("keep", "other"), [("an-too", "an"), ("an", "an-too")])
async def test_a_walk_from_before_the_merge_does_not_pay_before_the_one_that_finds_the_ring(
    database: str, keep: str, other: str
) -> None:
    platform = await opened(database, "an", "bo", "chi", "an-too")
    await happens(platform, "invite.accepted", "bo", inviter="an")
    await happens(platform, "invite.accepted", "chi", inviter="bo")
    await all_looked_into(platform)
    await happens(platform, "invite.accepted", "an-too", inviter="chi")
    await looked_into(platform, "chi", "bo", "an")
    await happens(platform, "member.merged", keep, member=other, reason="one phone")
    await buys(platform, keep)
    await all_looked_into(platform)
    assert await buys(platform, keep) == ["referral.ring"]
    assert [await platform.balance(who) for who in (keep, "bo", "chi")] == [0, 0, 0]
    await platform.audit()
    await platform.close()
