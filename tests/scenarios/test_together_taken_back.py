"""What several campaigns share, when what counted is taken back: it counts no longer, in the period it was given in."""

from itertools import permutations

import pytest

from festoon.engine.invite_codes import invite_code
from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-04-30, settle: 2027-05-30}
badges: {fan: {}}
coupons: {off: {value: 10}}
shared_caps:
  points: {of: points, amount: 300, per: month}
  coupons: {of: coupon, amount: 1, per: month}
mechanics:
  buyers:
    kind: referral
    actions: [order.paid]
    invitee: [{points: 200}, {coupon: off}]
    share: {percent: 5, cap: 1000}
    clawback: {part: proportion, spent: SPENT}
  spend: {kind: exchange, price: {amount: 150}, give: {badge: fan}}
"""
OTHER = """
festoon: 1
campaign: tea
title: {en: Tea}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-04-30, settle: 2027-05-30}
coupons: {cup: {value: 5}}
shared_caps:
  points: {of: points, amount: 300, per: month}
  coupons: {of: coupon, amount: 1, per: month}
mechanics:
  posts: {kind: gift, on: content.published, give: [{points: 1000}]}
  views: {kind: gift, on: page.viewed, give: [{coupon: cup}]}
"""
HELD = """risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
segments: {watched: {title: Watched}}
mechanics:"""


def bought(spent: str = "to_zero", *changes: tuple[str, str]) -> Story:
    """Mei came with Han's code and paid 100 yuan: 200 points and a coupon for her."""
    plan = PLAN.replace("SPENT", spent)
    for old, new in changes:
        assert old in plan
        plan = plan.replace(old, new)
    story = Story(plan, OTHER)
    story.happens("member.imported", "han", "2027-03-01")
    code = invite_code(story.replay.program.secret, story.replay.world.members["han"].number)
    story.happens("invite.accepted", "mei", "2027-03-02", code=code.lower())
    story.happens("order.paid", "mei", "2027-03-03", order="o-1", amount=10_000, currency="CNY")
    assert (story.points("mei"), story.items("mei")) == (200, {"off": 1})
    return story


def refunded(story: Story, amount: int, at: str = "2027-03-04") -> None:
    story.happens("order.refunded", "mei", at, order="o-1", refund=f"r-{amount}-{at}", amount=amount)


def posts(story: Story, at: str = "2027-03-05") -> int:
    """What a post of a thousand points brings: what the cap leaves."""
    made = story.happens("content.published", "mei", at, content=f"c-{at}")["posts"]
    return sum(given.amount for given in made.given)


def views(story: Story, at: str = "2027-03-05") -> int:
    return len(story.happens("page.viewed", "mei", at, page="x")["views"].given)


def test_what_is_taken_back_leaves_room_for_another_campaign() -> None:
    story = bought()
    assert views(story, "2027-03-03 13:00") == 0
    refunded(story, 10_000)
    assert (posts(story), views(story)) == (300, 1)
    assert posts(story, "2027-03-06") == 0
    assert story.books_balance()


def test_half_of_it_leaves_half_of_the_room_and_the_thing_counts_while_it_is_kept() -> None:
    story = bought()
    refunded(story, 5_000)
    assert (posts(story), views(story)) == (200, 0)


@pytest.mark.parametrize("parts", list(permutations((1_111, 3_333, 5_556))))
def test_in_whatever_parts_and_order_it_comes_back_all_of_it_is_free(parts: tuple[int, ...]) -> None:
    story = bought()
    for part in parts:
        refunded(story, part)
    assert (posts(story), views(story)) == (300, 1)


def test_it_is_free_in_the_period_that_it_was_given_in() -> None:
    story = bought()
    assert posts(story, "2027-04-01") == 300
    refunded(story, 10_000, "2027-04-02")
    assert posts(story, "2027-04-03") == 0
    late = story.send("content.published", "mei", "2027-03-31", content="late")
    (made,) = late.mechanics
    assert [given.amount for given in made.given] == [300]


@pytest.mark.parametrize(("spent", "free"), [("to_zero", 300 - 150), ("debt", 300)])
def test_what_was_spent_and_is_left_to_the_member_stays_counted_and_what_he_owes_does_not(
    spent: str, free: int
) -> None:
    story = bought(spent)
    story.happens("exchange.made", "mei", "2027-03-03 13:00", campaign="spring", mechanic="spend")
    refunded(story, 10_000)
    assert posts(story) == free
    assert story.books_balance()


def test_a_cap_that_says_so_counts_what_is_taken_back() -> None:
    counts = ("amount: 300, per: month", "amount: 300, per: month, taken_back: counts")
    story = bought("to_zero", counts)
    refunded(story, 10_000)
    assert (posts(story), views(story)) == (100, 1)


def test_of_what_was_clipped_no_more_is_free_than_was_given() -> None:
    story = Story(PLAN.replace("SPENT", "to_zero"), OTHER.replace("points: 1000", "points: 250"))
    story.happens("member.imported", "han", "2027-03-01")
    code = invite_code(story.replay.program.secret, story.replay.world.members["han"].number)
    story.happens("invite.accepted", "mei", "2027-03-02", code=code.lower())
    assert posts(story, "2027-03-02") == 250
    story.happens("order.paid", "mei", "2027-03-03", order="o-1", amount=10_000, currency="CNY")
    assert story.points("mei") == 300
    refunded(story, 10_000)
    assert posts(story) == 50


@pytest.mark.parametrize("decided", ["voided", "released"])
def test_a_held_reward_that_is_voided_or_taken_back_after_its_release_is_free(decided: str) -> None:
    held = PLAN.replace("mechanics:", HELD).replace(
        "kind: referral", "kind: referral\n    at_risk: {doubtful: hold}"
    )
    story = Story(held.replace("SPENT", "to_zero"), OTHER)
    story.happens("member.imported", "han", "2027-03-01")
    code = invite_code(story.replay.program.secret, story.replay.world.members["han"].number)
    story.happens("invite.accepted", "mei", "2027-03-02", code=code.lower())
    story.happens("segment.entered", "mei", "2027-03-02 13:00", segment="watched")
    story.happens("order.paid", "mei", "2027-03-03", order="o-1", amount=10_000, currency="CNY")
    (hold,) = story.replay.world.members["mei"].open_grants()
    assert posts(story, "2027-03-03 13:00") == 100
    story.send(f"grant.{decided}", "mei", "2027-04-01", hold=hold, reason="x", decided_by="wu")
    assert story.points("mei") == (300 if decided == "released" else 100)
    if decided == "released":
        refunded(story, 10_000, "2027-04-02")
    late = story.send("content.published", "mei", "2027-03-31", content="late")
    assert [given.amount for made in late.mechanics for given in made.given] == [200]
    assert story.books_balance()
