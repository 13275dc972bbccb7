"""Two accounts of one person: what becomes of balances, limits, progress and friends."""

import pytest

from tests.mechanics.pages import plan as page_plan
from tests.scenarios.story import SPRING, Story

PLAN = (
    SPRING
    + """assets: {points: {cost: 0.01, line: prizes, expires: {days: 60}}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes, valid: {days: 20}}}
badges: {fan: {}, week: {}}
mechanics:
  welcome: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: ten-off}], limits: {per_member: 1}}
  daily: {kind: gift, on: page.viewed, give: [{points: 1}], limits: {per_day: 2}}
  posts: {kind: task, on: content.published, count: 4, distinct: event.content, give: [{badge: fan}]}
  check-in: {kind: check_in, daily: {points: 5}, ladder: {7: {badge: week}}, cumulative: {9: {points: 50}}}
  friends: {kind: referral, actions: [order.paid], inviter: {points: 10}, invitee: {points: 20}, delay: {days: 2}}
  lucky: {kind: draw, chances: {free: {per: day, count: 1}}, prizes: [{id: some, weight: 1, give: {points: 3}}]}
"""
)


def story() -> Story:
    told = Story(PLAN)
    for who in ("ann", "bea", "cho"):
        told.happens("member.imported", who, "2027-03-01 00:00")
    return told


def merges(told: Story, at: str = "2027-03-10", keep: str = "ann", other: str = "bea") -> None:
    told.happens("member.merged", keep, at, member=other, reason="one phone")


def code(told: Story, mechanic: str, who: str, type: str, at: str, **data: object) -> str:
    made = told.happens(type, who, at, **data)[mechanic]
    return "" if made.refused is None else made.refused.code


def test_balances_come_together_lot_by_lot_and_lapse_when_they_would_have() -> None:
    told = story()
    told.happens("member.registered", "ann", "2027-03-02")
    told.happens("member.registered", "bea", "2027-03-05")
    merges(told)
    assert told.points("ann") == 200
    assert told.items("ann") == {"ten-off": 2}
    told.passes("2027-05-02")
    assert told.points("ann") == 100
    told.passes("2027-05-05")
    assert told.points("ann") == 0
    assert told.books_balance()


def test_a_gift_given_to_either_is_given() -> None:
    told = story()
    told.happens("member.registered", "bea", "2027-03-05")
    merges(told)
    assert code(told, "welcome", "ann", "member.registered", "2027-03-11") == "limit.per_member"
    assert told.points("ann") == 100


def test_what_both_were_given_is_named_so_that_somebody_can_take_it_back() -> None:
    told = story()
    for who in ("ann", "bea"):
        told.happens("member.registered", who, "2027-03-02")
    outcome = told.send("member.merged", "ann", "2027-03-10", member="bea", reason="one phone")
    assert outcome.mechanics[0].note == {"member": "bea", "number": 2, "over_limit": ["spring/welcome"]}


def test_the_old_id_keeps_answering_with_the_limits_of_both() -> None:
    told = story()
    told.happens("page.viewed", "ann", "2027-03-10 09:00")
    told.happens("page.viewed", "bea", "2027-03-10 09:00")
    merges(told)
    assert code(told, "daily", "bea", "page.viewed", "2027-03-10 13:00") == "limit.per_period"
    assert code(told, "daily", "bea", "page.viewed", "2027-03-11 13:00") == ""
    assert told.points("ann") == 3


def test_what_both_did_of_a_task_counts_together_once_for_each_thing() -> None:
    told = story()
    for who, things in (("ann", "ab"), ("bea", "bc")):
        for thing in things:
            told.happens("content.published", who, "2027-03-05", content=thing)
    merges(told)
    assert told.shows("ann", "posts", "2027-03-10")["counted"] == 3
    told.happens("content.published", "bea", "2027-03-11", content="d")
    assert told.items("ann") == {"fan": 1}


def test_what_both_together_have_reached_is_given_at_once() -> None:
    told = story()
    for who, things in (("ann", "ab"), ("bea", "cd")):
        for thing in things:
            told.happens("content.published", who, "2027-03-05", content=thing)
    merges(told)
    assert told.items("ann") == {"fan": 1}


def test_a_task_done_by_either_is_done() -> None:
    told = story()
    for thing in "abcd":
        told.happens("content.published", "bea", "2027-03-05", content=thing)
    merges(told)
    assert told.items("ann") == {"fan": 1}
    assert code(told, "posts", "ann", "content.published", "2027-03-11", content="e") == "task.done"


def test_days_of_both_make_one_calendar_and_one_streak() -> None:
    told = story()
    for day in (1, 2, 3):
        told.happens("check_in.made", "ann", f"2027-03-{day:02}")
    for day in (3, 4, 5, 6, 7):
        told.happens("check_in.made", "bea", f"2027-03-{day:02}")
    merges(told, "2027-03-07 20:00")
    assert told.items("ann") == {"week": 1}
    assert told.shows("ann", "check-in", "2027-03-07")["days"] == 7
    told.happens("check_in.made", "ann", "2027-03-08")
    told.happens("check_in.made", "bea", "2027-03-09")
    assert told.points("ann") == 8 * 5 + 50 + 2 * 5
    assert told.items("ann") == {"week": 1}


def test_a_rung_both_have_climbed_is_not_climbed_again() -> None:
    told = story()
    for who in ("ann", "bea"):
        for day in range(1, 8):
            told.happens("check_in.made", who, f"2027-03-{day:02}")
    merges(told, "2027-03-07 20:00")
    for day in range(9, 16):
        told.happens("check_in.made", "ann", f"2027-03-{day:02}")
    assert told.items("ann") == {"week": 2}


def test_a_free_chance_used_by_either_is_used() -> None:
    told = story()
    told.happens("draw.played", "bea", "2027-03-10 08:00", campaign="spring", mechanic="lucky")
    merges(told)
    again = told.send("draw.played", "ann", "2027-03-10 13:00", campaign="spring", mechanic="lucky")
    assert again.status == "refused"


def test_who_invited_himself_gets_nothing_that_still_waits() -> None:
    told = story()
    told.happens("invite.accepted", "bea", "2027-03-02", inviter="ann")
    told.happens("order.paid", "bea", "2027-03-09", order="o", amount=100)
    merges(told)
    told.passes("2027-03-20")
    assert told.points("ann") == 20


def test_friends_of_both_are_friends_and_pay_the_one_that_stays() -> None:
    told = story()
    told.happens("invite.accepted", "cho", "2027-03-02", inviter="bea")
    told.happens("order.paid", "cho", "2027-03-09", order="o", amount=100)
    merges(told)
    told.passes("2027-03-20")
    assert told.points("ann") == 10
    assert told.shows("ann", "friends", "2027-03-20")["friends"] == 1
    assert code(told, "friends", "ann", "invite.accepted", "2027-03-20", inviter="cho") == "referral.ring"


def test_three_accounts_become_one() -> None:
    told = story()
    for who in ("ann", "bea", "cho"):
        told.happens("page.viewed", who, "2027-03-05")
    merges(told, "2027-03-10", "bea", "cho")
    merges(told, "2027-03-11", "ann", "bea")
    told.happens("page.viewed", "cho", "2027-03-12")
    assert told.points("ann") == 4
    assert told.books_balance()


def test_a_friend_of_an_account_twice_merged_is_a_friend() -> None:
    """Ann had come by a link of her own second account: what is walked up from her ends with her."""
    told = story()
    told.happens("invite.accepted", "ann", "2027-03-02", inviter="bea")
    merges(told, "2027-03-03", "ann", "bea")
    merges(told, "2027-03-04", "cho", "ann")
    told.happens("invite.accepted", "dan", "2027-03-05", inviter="ann")
    told.happens("order.paid", "dan", "2027-03-06", order="o", amount=100)
    told.passes("2027-03-20")
    assert (told.points("dan"), told.points("cho")) == (20, 10)


def test_nobody_is_merged_with_himself_or_with_nobody() -> None:
    told = story()
    merges(told)
    for other, why in (("ann", "merge.one_already"), ("bea", "merge.one_already"), ("who", "merge.unknown")):
        outcome = told.send("member.merged", "ann", "2027-03-11", member=other, reason="?")
        assert outcome.refused is not None
        assert outcome.refused.code == why


def test_the_growth_of_both_reaches_a_level_whose_pack_is_given_once() -> None:
    told = Story(page_plan("level"))
    for who, paid in (("ann", 120_000), ("bea", 90_000)):
        told.happens("member.registered", who, "2027-01-05")
        told.happens("order.paid", who, "2027-02-01", order=who, amount=paid)
    assert [told.shows(who, "levels", "2027-02-01")["level"] for who in ("ann", "bea")] == [
        "silver",
        "silver",
    ]
    told.happens("member.merged", "ann", "2027-03-01", member="bea", reason="one phone")
    told.passes("2027-03-02")
    shown = told.shows("ann", "levels", "2027-03-02")
    assert (shown["level"], shown["growth"]) == ("gold", 2_100)
    assert told.replay.world.members["ann"].profile["level"] == "gold"
    assert told.points("ann") == 100 + 100 + 500
    told.happens("order.paid", "bea", "2027-03-05", order="more", amount=100)
    assert told.points("ann") == 700
    assert told.books_balance()


def test_what_both_have_grown_on_new_year_s_day_counts_for_the_new_year() -> None:
    told = Story(page_plan("level"))
    for who, paid in (("ann", 120_000), ("bea", 90_000)):
        told.happens("member.registered", who, "2027-12-05")
        told.happens("order.paid", who, "2028-01-01 10:00", order=who, amount=paid)
    told.happens("member.merged", "ann", "2028-01-01 12:00", member="bea", reason="one phone")
    shown = told.shows("ann", "levels", "2028-01-01")
    assert (shown["level"], shown["growth"], shown["since"]) == ("gold", 2_100, "2028-01-01")


def test_the_higher_level_stays_whoever_had_it() -> None:
    told = Story(page_plan("level"))
    for who, paid in (("ann", 1_000), ("bea", 210_000)):
        told.happens("member.registered", who, "2027-01-05")
        told.happens("order.paid", who, "2027-02-01", order=who, amount=paid)
    until = told.shows("bea", "levels", "2027-02-01")["valid_until"]
    told.happens("member.merged", "ann", "2027-03-01", member="bea", reason="one phone")
    told.passes("2027-03-02")
    shown = told.shows("ann", "levels", "2027-03-02")
    assert (shown["level"], shown["valid_until"]) == ("gold", until)
    coupons = told.items("ann")["ten-off"]
    told.passes("2027-03-31")
    assert told.items("ann")["ten-off"] == coupons + 2


TAKING_BACK = PLAN.replace(
    "give: [{points: 100}, {coupon: ten-off}], limits: {per_member: 1}}",
    "give: [{points: 100}, {coupon: ten-off}], limits: {per_member: 1}, merged: take_back}",
)


def taking_back(first: str, second: str) -> Story:
    """Both have registered, `second` later."""
    told = Story(TAKING_BACK)
    told.happens("member.registered", first, "2027-03-02")
    told.happens("member.registered", second, "2027-03-05")
    return told


@pytest.mark.parametrize(("first", "second"), [("ann", "bea"), ("bea", "ann")])
def test_of_two_welcomes_the_later_is_taken_back_whoever_had_it(first: str, second: str) -> None:
    told = taking_back(first, second)
    outcome = told.send("member.merged", "ann", "2027-03-10", member="bea", reason="one phone")
    merge, back = outcome.mechanics
    assert "over_limit" not in merge.note
    assert (back.mechanic, back.taken) == ("spring/welcome", {"points": 100, "spring/ten-off": 1})
    assert back.note == {"merged": "bea", "times": 1}
    assert told.points("ann") == 100
    things = {item.id: item for item in told.replay.world.members["ann"].items.values() if item}
    states = [item.state for item in sorted(things.values(), key=lambda item: item.given)]
    assert states == ["owned", "revoked"]
    assert code(told, "welcome", "ann", "member.registered", "2027-03-11") == "limit.per_member"
    assert told.books_balance()


def test_what_was_spent_or_used_of_the_later_welcome_is_left_to_him_and_recorded() -> None:
    told = taking_back("ann", "bea")
    coupon = next(item for item in told.replay.world.members["bea"].items.values() if item is not None)
    told.happens("coupon.redeemed", "bea", "2027-03-06", coupon=coupon.code, order="o-1")
    for who, amount in (("ann", 90), ("bea", 50)):
        told.happens(
            "balance.adjusted", who, "2027-03-06", asset="points", amount=-amount, reason="-", made_by="lin"
        )
    outcome = told.send("member.merged", "ann", "2027-03-10", member="bea", reason="one phone")
    assert outcome.mechanics[1].taken == {"points": 60}
    assert outcome.mechanics[1].note["lost"] == {"points": 40, "spring/ten-off": 1}
    assert (told.points("ann"), told.books_balance()) == (0, True)


def test_what_is_not_ready_yet_of_the_later_welcome_never_comes() -> None:
    told = Story(TAKING_BACK.replace("{points: 100}, {coupon", "{points: 100, pending: {days: 20}}, {coupon"))
    for who, at in (("ann", "2027-03-02"), ("bea", "2027-03-05")):
        told.happens("member.registered", who, at)
    outcome = told.send("member.merged", "ann", "2027-03-10", member="bea", reason="one phone")
    assert outcome.mechanics[1].taken == {"points": 100, "spring/ten-off": 1}
    told.set_aside()
    told.passes("2027-03-30")
    assert (told.points("ann"), told.points("ann", "points@pending"), told.books_balance()) == (100, 0, True)


def test_a_third_account_is_taken_back_by_its_own_merge_and_the_first_one_is_left_alone() -> None:
    told = taking_back("ann", "bea")
    told.happens("member.registered", "cho", "2027-03-06")
    merges(told)
    outcome = told.send("member.merged", "ann", "2027-03-11", member="cho", reason="one phone")
    assert outcome.mechanics[1].taken == {"points": 100, "spring/ten-off": 1}
    assert (told.points("ann"), told.books_balance()) == (100, True)
