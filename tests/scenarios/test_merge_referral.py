"""Two accounts of one person and a referral: rings and invitations of himself are found whatever number stands where,
and tiers that both have reached together are given once."""

import pytest

from festoon.engine.invite_codes import invite_code
from tests.scenarios.story import SPRING, Story, code

HEAD = (
    SPRING
    + """assets: {points: {cost: 0.01, line: prizes}}
mechanics:
"""
)
BOTH_PAID = "  friends: {kind: referral, actions: [order.paid], inviter: {points: 10}, invitee: {points: 20}"
PLAN = HEAD + BOTH_PAID + "}\n"
BY_LINK = HEAD + BOTH_PAID + ", attribution: {touch: last, days: 14}}\n"
TIERS = HEAD + (
    "  friends: {kind: referral, actions: [order.paid], inviter: {points: 10}, tiers: {3: {points: 500}}}\n"
)


class Friends:
    """People who invite each other, buy, and turn out to be one; every step is an hour later."""

    def __init__(self, plan: str, *people: str) -> None:
        self.story = Story(plan)
        self.hours = 24
        for who in people:
            self.happens("member.imported", who)

    def happens(self, type: str, who: str, **data: object) -> str:
        """The code of the refusal, or ""."""
        self.hours += 1
        made = self.story.happens(type, who, self.now, **data)
        return code(made["friends"]) if "friends" in made else ""

    @property
    def now(self) -> str:
        day, hour = divmod(self.hours, 24)
        return f"2027-03-{day:02} {hour:02}:00"

    def accepts(self, who: str, inviter: str) -> str:
        return self.happens("invite.accepted", who, inviter=inviter)

    def buys(self, who: str) -> str:
        return self.happens("order.paid", who, order=f"o-{self.hours}", amount=100)

    def merges(self, keep: str, other: str) -> None:
        self.happens("member.merged", keep, member=other, reason="one phone")

    def points(self, *people: str) -> tuple[int, ...]:
        self.story.passes("2027-03-25")
        assert self.story.books_balance()
        return tuple(self.story.points(who) for who in people)


# A ring


def test_a_ring_closed_by_an_account_that_another_became_part_of_is_found() -> None:
    friends = Friends(PLAN, "an", "bo", "chi", "an-too")
    friends.accepts("bo", "an")
    friends.accepts("chi", "bo")
    friends.merges("an-too", "an")
    friends.accepts("an-too", "chi")
    assert friends.buys("an-too") == "referral.ring"
    assert friends.points("an-too", "bo", "chi") == (0, 0, 0)


@pytest.mark.parametrize(("keep", "other"), [("an-too", "an"), ("an", "an-too")])
def test_a_ring_that_comes_about_by_a_merge_is_found(keep: str, other: str) -> None:
    friends = Friends(PLAN, "an", "bo", "chi", "an-too")
    friends.accepts("bo", "an")
    friends.accepts("chi", "bo")
    friends.accepts("an-too", "chi")
    friends.merges(keep, other)
    assert friends.buys(keep) == "referral.ring"
    assert friends.points(keep, "bo", "chi") == (0, 0, 0)


def test_a_chain_without_a_ring_pays_after_a_merge_in_the_middle() -> None:
    friends = Friends(PLAN, "an", "bo", "chi", "bo-too")
    friends.accepts("bo", "an")
    friends.accepts("chi", "bo")
    friends.merges("bo-too", "bo")
    for who in ("bo-too", "chi"):
        assert friends.buys(who) == ""
    assert friends.points("an", "bo-too", "chi") == (10, 30, 20)
    assert friends.story.shows("an", "friends", "2027-03-25")["friends"] == 1


# Himself


def test_a_link_of_an_account_that_was_his_is_no_invitation() -> None:
    friends = Friends(BY_LINK, "an", "bo")
    friends.happens("invite.opened", "an", inviter="bo")
    friends.merges("an", "bo")
    assert friends.happens("invite.accepted", "an") == "referral.nobody_invited"
    friends.buys("an")
    assert friends.points("an") == (0,)


def test_before_a_link_of_his_own_comes_the_one_of_somebody_else() -> None:
    friends = Friends(BY_LINK, "an", "bo", "chi")
    friends.happens("invite.opened", "an", inviter="chi")
    friends.happens("invite.opened", "an", inviter="bo")
    friends.merges("an", "bo")
    assert friends.happens("invite.accepted", "an") == ""
    friends.buys("an")
    assert friends.points("an", "chi") == (20, 10)


@pytest.mark.parametrize("merges", [[("bo", "chi"), ("an", "bo")], [("bo", "an"), ("chi", "bo")]])
def test_who_invited_himself_over_two_merges_gets_nothing(merges: list[tuple[str, str]]) -> None:
    friends = Friends(PLAN, "an", "bo", "chi")
    friends.accepts("an", "chi")
    for keep, other in merges:
        friends.merges(keep, other)
    assert friends.buys(merges[-1][0]) == "referral.self_invite"
    assert friends.points(merges[-1][0]) == (0,)


def test_what_waits_for_having_invited_himself_is_not_given_after_two_merges() -> None:
    friends = Friends(PLAN.replace("invitee: {points: 20}", "delay: {days: 5}"), "an", "bo", "chi")
    friends.accepts("an", "chi")
    friends.buys("an")
    friends.merges("bo", "chi")
    friends.merges("an", "bo")
    assert friends.points("an") == (0,)


# Tiers


def rewarded(*pairs: tuple[str, str]) -> Friends:
    friends = Friends(TIERS, *sorted({inviter for _, inviter in pairs}))
    for who, inviter in pairs:
        friends.accepts(who, inviter)
        friends.buys(who)
    return friends


def test_a_tier_that_the_friends_of_both_reach_is_given_by_the_merge_and_once() -> None:
    friends = rewarded(("w", "an"), ("x", "an"), ("y", "bo"), ("z", "bo"))
    assert friends.points("an", "bo") == (20, 20)
    friends = rewarded(("w", "an"), ("x", "an"), ("y", "bo"), ("z", "bo"))
    friends.merges("an", "bo")
    assert friends.story.points("an") == 540
    shown = friends.story.shows("an", "friends", "2027-03-05")
    assert (shown["rewarded"], shown["tiers"]) == (4, [{"friends": 3, "reached": True}])
    friends.accepts("v", "bo")
    friends.buys("v")
    assert friends.points("an") == (550,)


def test_a_tier_that_one_has_had_is_not_given_for_both() -> None:
    friends = rewarded(("v", "bo"), ("w", "an"), ("x", "an"), ("y", "an"))
    friends.merges("bo", "an")
    assert friends.points("bo") == (540,)


def test_a_tier_that_both_together_do_not_reach_waits_for_the_next_friend() -> None:
    friends = rewarded(("w", "an"), ("x", "bo"))
    friends.merges("an", "bo")
    assert friends.story.points("an") == 20
    friends.accepts("y", "an")
    friends.buys("y")
    assert friends.points("an") == (530,)


# A task whose days begin with an invitation


def test_neither_id_nor_code_of_an_account_that_was_his_begins_his_days() -> None:
    friends = Friends(
        HEAD
        + "  friends: {kind: task, on: order.paid, count: 1, within: {days: 7, since: invited}, give: {points: 5}}\n",
        "an", "bo", "chi",
    )  # fmt: skip
    secret = friends.story.replay.program.secret
    friends.merges("an", "bo")
    for named in ({"inviter": "bo"}, {"code": invite_code(secret, 2)}, {"code": invite_code(secret, 1)}):
        friends.happens("invite.accepted", "an", **named)
    friends.buys("an")
    assert friends.points("an") == (0,)
    friends.happens("invite.accepted", "an", code=invite_code(secret, 3))
    friends.buys("an")
    assert friends.points("an") == (5,)
