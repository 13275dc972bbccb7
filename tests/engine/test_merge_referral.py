"""The same on a real database: who invited himself, rings and tiers, where accounts have become one."""

from typing import Any

import pytest

from festoon.engine.invite_codes import invite_code
from festoon.engine.run_batch import run_batch
from tests.live import HEAD, Platform, event, refusals

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  friends:
    kind: referral
    actions: [page.viewed]
    inviter: {points: 10}
    invitee: {points: 20}
    attribution: {touch: last, days: 14}
    tiers: {3: {points: 500}}
  soon: {kind: task, on: content.published, count: 1, within: {days: 7, since: invited}, give: {points: 5}}
"""
)


class Friends:
    """People who invite each other, take part, and turn out to be one. Every step is a batch; what is due afterwards
    comes to everybody."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.steps = 0

    @classmethod
    async def open(cls, database: str, *people: str) -> "Friends":
        friends = cls(await Platform.open(database, PLAN))
        await friends.platform.outcomes(*(event("member.imported", who) for who in people))
        return friends

    async def happens(self, type: str, who: str, **data: Any) -> list[str]:
        """The codes of what was refused."""
        said = await self.silently(type, who, **data)
        while numbers := await self._due():
            await run_batch(self.platform.engine, self.platform.connection, [], numbers)
        return said

    async def silently(self, type: str, who: str, **data: Any) -> list[str]:
        """The same before what is due comes to anybody."""
        self.steps += 1
        return refusals(await self.platform.outcomes(event(type, who, f"e-{self.steps}", **data)))

    async def merges(self, keep: str, other: str) -> None:
        await self.happens("member.merged", keep, member=other, reason="one phone")

    async def points(self, *people: str) -> list[int]:
        await self.platform.audit()
        found = [await self.platform.balance(who) for who in people]
        await self.platform.close()
        return found

    async def _due(self) -> list[int]:
        rows = await self.platform.connection.fetch(
            "SELECT DISTINCT member_id FROM timer WHERE due <= $1", self.platform.at
        )
        return [row[0] for row in rows]


async def test_a_ring_closed_by_an_account_that_another_became_part_of_is_found(database: str) -> None:
    friends = await Friends.open(database, "an", "bo", "chi", "an-too")
    await friends.happens("invite.accepted", "bo", inviter="an")
    await friends.happens("invite.accepted", "chi", inviter="bo")
    await friends.merges("an-too", "an")
    await friends.happens("invite.accepted", "an-too", inviter="chi")
    assert await friends.happens("page.viewed", "an-too", page="x") == ["referral.ring"]
    assert await friends.points("an-too", "bo", "chi") == [0, 0, 0]


async def test_a_ring_that_comes_about_by_a_merge_is_found(database: str) -> None:
    friends = await Friends.open(database, "an", "bo", "chi", "an-too")
    for who, inviter in (("bo", "an"), ("chi", "bo"), ("an-too", "chi")):
        await friends.happens("invite.accepted", who, inviter=inviter)
    await friends.merges("an-too", "an")
    assert await friends.happens("page.viewed", "an", page="x") == ["referral.ring"]
    assert await friends.points("an-too", "bo", "chi") == [0, 0, 0]


async def test_a_link_of_an_account_that_was_his_is_no_invitation(database: str) -> None:
    friends = await Friends.open(database, "an", "bo", "chi")
    await friends.happens("invite.opened", "an", inviter="chi")
    await friends.merges("bo", "chi")
    await friends.merges("an", "bo")
    assert await friends.happens("invite.accepted", "an") == ["referral.nobody_invited"]
    await friends.happens("page.viewed", "an", page="x")
    assert await friends.points("an") == [0]


@pytest.mark.parametrize("merges", [[("an", "bo")], [("chi", "bo"), ("an", "chi")]])
async def test_who_invited_himself_gets_nothing_even_if_that_was_not_checked_yet(
    database: str, merges: list[tuple[str, str]]
) -> None:
    friends = await Friends.open(database, "an", "bo", "chi")
    await friends.silently("invite.accepted", "an", inviter="bo")
    for keep, other in merges:
        await friends.silently("member.merged", keep, member=other, reason="one phone")
    assert await friends.happens("page.viewed", "an", page="x") == ["referral.self_invite"]
    assert await friends.points("an") == [0]


async def test_who_invited_himself_over_two_merges_gets_nothing(database: str) -> None:
    friends = await Friends.open(database, "an", "bo", "chi")
    await friends.happens("invite.accepted", "an", inviter="chi")
    await friends.merges("bo", "chi")
    await friends.merges("an", "bo")
    assert await friends.happens("page.viewed", "an", page="x") == ["referral.self_invite"]
    assert await friends.points("an") == [0]


async def test_a_tier_that_the_friends_of_both_reach_is_given_by_the_merge_and_once(database: str) -> None:
    friends = await Friends.open(database, "an", "bo")
    for who, inviter in (("w", "an"), ("x", "an"), ("y", "bo"), ("z", "bo"), ("v", "bo")):
        if who == "v":
            await friends.merges("an", "bo")
            assert await friends.platform.balance("an") == 540
        await friends.happens("invite.accepted", who, inviter=inviter)
        await friends.happens("page.viewed", who, page="x")
    assert await friends.points("an") == [550]


async def test_neither_id_nor_code_of_an_account_that_was_his_begins_his_days(database: str) -> None:
    friends = await Friends.open(database, "an", "bo")
    await friends.merges("an", "bo")
    secret = friends.platform.engine.program.secret
    for named in ({"inviter": "bo"}, {"code": invite_code(secret, 2)}, {"code": invite_code(secret, 1)}):
        assert await friends.happens("invite.accepted", "an", **named) == ["referral.self_invite"]
    await friends.happens("content.published", "an", content="x")
    assert await friends.points("an") == [0]
