"""The referrals of docs/reference/mechanics/referral.md: friends who take part, and friends who buy."""

from itertools import pairwise

from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code


def invited(*chain: str) -> Story:
    """Each of them has accepted the invitation of the one before, on 2 March."""
    story = Story(plan("referral"))
    story.happens("member.imported", chain[0], "2027-03-01")
    for inviter, invitee in pairwise(chain):
        story.happens("member.registered", invitee, "2027-03-02")
        story.happens("invite.accepted", invitee, "2027-03-02", inviter=inviter)
    return story


def takes_part(story: Story, who: str, *days: int) -> None:
    for day in days:
        story.happens("content.published", who, f"2027-03-{day:02}", content=f"{who}-{day}")


def test_both_sides_are_rewarded_the_inviter_after_three_working_days() -> None:
    """Qualified on Thursday the 4th: Friday, Monday and Tuesday are working days, so Tuesday the 9th pays."""
    story = invited("han", "mei")
    takes_part(story, "mei", 2, 3, 4)
    assert story.items("mei") == {"ten-off": 1}
    story.passes("2027-03-08 23:59")
    assert story.points("han") == 0
    story.passes("2027-03-09 00:00")
    assert story.points("han") == 300
    story.passes("2027-03-31")
    assert story.points("han") == 300
    assert story.books_balance()


def test_a_day_off_of_the_plans_calendar_is_no_working_day() -> None:
    story = invited("han", "mei")
    takes_part(story, "mei", 5, 6, 8)
    story.passes("2027-03-11 23:59")
    assert story.points("han") == 0
    story.passes("2027-03-12 00:00")
    assert story.points("han") == 300


def test_three_posts_on_one_day_are_one_day() -> None:
    story = invited("han", "mei")
    takes_part(story, "mei", 2, 2, 2)
    assert story.items("mei") == {}
    assert story.shows("mei", "friends", "2027-03-02")["counted"] == 1


def test_a_friend_who_buys_brings_a_share() -> None:
    story = invited("han", "mei")
    story.happens("order.paid", "mei", "2027-03-03", amount=8_000)
    story.happens("order.paid", "mei", "2027-03-04", amount=9_000)
    story.passes("2027-03-10 00:00")
    assert story.points("han") == 400


def test_empty_accounts_earn_nothing() -> None:
    story = Story(plan("referral"))
    story.happens("member.imported", "han", "2027-03-01")
    for number in range(20):
        story.happens("invite.accepted", f"empty-{number}", "2027-03-02", inviter="han")
    story.passes("2027-03-31")
    assert story.points("han") == 0
    assert story.shows("han", "friends", "2027-03-31")["friends"] == 20


def test_nobody_invites_himself_or_back() -> None:
    story = invited("han", "mei")
    for invitee, inviter, why in (
        ("han", "han", "referral.self_invite"),
        ("han", "mei", "referral.ring"),
        ("mei", "han", "referral.already_invited"),
        ("lei", "nobody", "referral.inviter_unknown"),
    ):
        made = story.happens("invite.accepted", invitee, "2027-03-03", inviter=inviter)
        assert code(made["buyers"]) == why


def test_an_old_member_is_no_newcomer() -> None:
    story = invited("han", "mei")
    story.happens("member.imported", "old", "2027-03-02", registered="2024-05-01")
    made = story.happens("invite.accepted", "old", "2027-03-03", inviter="han")
    assert code(made["friends"]) == "referral.not_new"


def test_who_closes_a_ring_gets_nothing_and_brings_nothing() -> None:
    story = invited("an", "bo", "chi")
    story.happens("invite.accepted", "an", "2027-03-03", inviter="chi")
    for who in ("an", "bo", "chi"):
        story.happens("order.paid", who, "2027-03-04", amount=10_000)
    story.passes("2027-03-31")
    assert (story.points("an"), story.points("bo"), story.points("chi")) == (500, 500, 0)
    refused = story.happens("order.paid", "an", "2027-03-31", amount=10_000)["buyers"]
    assert code(refused) == "referral.ring"


def test_an_inviter_is_thanked_ten_times_and_for_the_third_and_the_tenth_friend_once_more() -> None:
    story = Story(plan("referral"))
    story.happens("member.imported", "han", "2027-03-01")
    for number in range(12):
        story.happens("invite.accepted", f"friend-{number}", "2027-03-02", inviter="han")
        takes_part(story, f"friend-{number}", 2, 3, 4)
    story.passes("2027-03-31")
    assert story.points("han") == 10 * 300 + 200
    assert story.items("han") == {"ten-off": 1}
    assert [code(made) for made in story.timers].count("referral.inviter_full") == 2
    assert story.books_balance()


HELD_OUT = """
festoon: 1
campaign: bring
title: Bring
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31}
audience: {holdout: 50%}
mechanics:
  friends: {kind: referral, actions: [order.paid], invitee: {points: 10}, inviter: {points: 100}}
"""


def test_who_is_held_out_gets_nothing_for_a_friend_who_gets_his_own_reward() -> None:
    story = Story(HELD_OUT)
    for number in range(12):
        story.happens("member.imported", f"m{number}", "2027-03-01")
    friends = story.replay.program.by_key["bring/friends"]
    members = story.replay.world.members
    held_out = [who for who in members if friends.holds_out(members[who])]
    taking_part = [who for who in members if who not in held_out]
    for inviter, invitee in ((held_out[0], taking_part[0]), (taking_part[1], taking_part[2])):
        story.happens("invite.accepted", invitee, "2027-03-02", inviter=inviter)
        story.happens("order.paid", invitee, "2027-03-03", amount=1)
    assert [story.points(taking_part[at]) for at in range(3)] == [10, 100, 10]
    assert story.points(held_out[0]) == 0
    assert story.shows(held_out[0], "friends", "2027-03-04")["friends"] == 0
    assert story.books_balance()


def test_an_inviter_whom_the_campaign_is_not_for_gets_nothing_for_a_friend_who_gets_his_own_reward() -> None:
    story = Story(HELD_OUT.replace("holdout: 50%", "when: not member.is_staff"))
    story.happens("member.imported", "han", "2027-03-01", attributes={"is_staff": True})
    story.happens("invite.accepted", "mei", "2027-03-02", inviter="han")
    story.happens("invite.accepted", "lin", "2027-03-02", inviter="mei")
    for who in ("mei", "lin"):
        story.happens("order.paid", who, "2027-03-03", amount=1)
    assert (story.points("han"), story.points("mei"), story.points("lin")) == (0, 110, 10)
    assert story.shows("han", "friends", "2027-03-04")["friends"] == 0
    assert story.books_balance()


def test_an_inviter_for_whom_it_is_not_open_yet_gets_nothing_for_a_friend_who_is_in() -> None:
    story = Story(
        HELD_OUT.replace(
            "audience: {holdout: 50%}", "rollout: {testers: [mei], steps: [{from: start, share: 1%}]}"
        )
    )
    story.happens("member.imported", "han", "2027-03-01")
    story.happens("invite.accepted", "mei", "2027-03-02", inviter="han")
    story.happens("order.paid", "mei", "2027-03-03", amount=1)
    assert (story.points("mei"), story.points("han")) == (10, 0)


def test_an_inviter_is_asked_when_his_friend_comes_and_not_when_he_is_paid() -> None:
    story = Story(
        HELD_OUT.replace("holdout: 50%", 'when: member.days_since("registered") <= 5').replace(
            "inviter: {", "delay: {days: 9}, inviter: {"
        )
    )
    for who in ("han", "mei"):
        story.happens("member.registered", who, "2027-03-01")
    story.happens("invite.accepted", "mei", "2027-03-02", inviter="han")
    story.happens("order.paid", "mei", "2027-03-03", amount=1)
    story.passes("2027-03-13")
    assert (story.points("han"), story.points("mei")) == (100, 10)


def test_who_is_invited_by_a_member_whom_another_campaign_of_the_group_has_gets_his_own_reward() -> None:
    group = ("audience: {holdout: 50%}", "exclusive: {group: spring}")
    logins = "mechanics:\n  logins: {kind: gift, on: member.logged_in, give: [{points: 1}]}\n"
    other = HELD_OUT.replace(*group).replace("bring", "tea").partition("mechanics:")[0] + logins
    story = Story(HELD_OUT.replace(*group), other)
    story.happens("member.logged_in", "han", "2027-03-01")
    story.happens("invite.accepted", "mei", "2027-03-02", inviter="han")
    story.happens("order.paid", "mei", "2027-03-03", amount=1)
    assert (story.points("mei"), story.points("han")) == (10, 1)
