"""Rewards that wait for a verdict: budget, stock and places are set aside, given or let go of, to the last unit."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenarios.story import Story, code

HEAD = """
festoon: 1
campaign: photos
title: {en: Photos, zh-Hans: 晒图}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-10}
budget: {currency: CNY, lines: {prizes: 30}}
assets: {points: {cost: 0.01, line: prizes, expires: {days: 30}}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 2, valid: {days: 7}}}
items: {camera: {edition: 3}}
mechanics:
"""
COUPON = "  photo: {kind: task, on: proof.submitted, review: {}, give: {coupon: ten-off}}\n"
BOTH = """
  photo:
    kind: task
    on: proof.submitted
    review: {}
    repeat: {}
    limits: {total: 4}
    give: [{points: 50}, {item: camera}]
    caps: {points: {amount: 120}}
"""
DAYS = """
  sign-in:
    kind: check_in
    daily: {points: 10}
    ladder: {3: {coupon: ten-off}}
    cumulative: {4: {item: camera}}
    review: {}
"""
PRIZES = "CNY|photos/committed/prizes"


def hands_in(story: Story, who: str, proof: str, at: str = "2027-03-02") -> str:
    return code(story.happens("proof.submitted", who, at, proof=proof)["photo"])


def decides(
    story: Story, verdict: str, who: str, proof: str, at: str = "2027-03-03", of: str = "photo"
) -> Any:
    return story.happens(f"proof.{verdict}", who, at, proof=proof, reason="no")[of]


def photo(story: Story, who: str, day: int, at: str = "") -> Any:
    on = f"2027-03-{day:02}"
    return story.happens("check_in.made", who, at or on, photo=f"{who}-{day}")["sign-in"]


def test_a_coupon_waits_with_its_stock_and_its_cost_and_runs_from_the_day_it_is_given() -> None:
    story = Story(HEAD + COUPON)
    assert [hands_in(story, who, f"{who}-1") for who in ("mei", "lin", "wu")] == ["", "", "stock.empty"]
    assert story.set_aside() == {"photos/stock/coupon:ten-off|reserved": 2, PRIZES: 2000}
    assert story.items("mei") == {}
    made = decides(story, "approved", "mei", "mei-1", "2027-03-20")
    assert [gift.expires.date() for gift in made.given if gift.expires] == [date(2027, 3, 27)]
    decides(story, "rejected", "lin", "lin-1", "2027-03-20")
    assert story.set_aside() == {PRIZES: 1000}, "the coupon in mei's hands is committed until she uses it"
    assert hands_in(story, "wu", "wu-1", "2027-03-21") == ""
    story.happens("coupon.redeemed", "mei", "2027-03-22", coupon=made.given[0].code, order="o1")
    decides(story, "approved", "wu", "wu-1", "2027-03-23")
    assert story.replay.world.shared.balance("photos/cost/prizes|CNY") == 1000
    assert story.books_balance()


def test_a_verdict_after_the_end_still_gives_what_was_set_aside() -> None:
    story = Story(HEAD + COUPON)
    for who in ("mei", "lin"):
        hands_in(story, who, f"{who}-1", "2027-03-31")
    decides(story, "approved", "mei", "mei-1", "2027-04-09")
    assert story.items("mei") == {"ten-off": 1}
    assert story.set_aside()[PRIZES] == 2000


def test_what_nobody_has_decided_when_the_books_are_closed_flows_back() -> None:
    story = Story(HEAD + COUPON)
    hands_in(story, "mei", "mei-1", "2027-03-31")
    story.passes("2027-04-09 23:00")
    assert story.set_aside()
    story.passes("2027-04-12")
    assert story.set_aside() == {}
    left = story.replay.world.shared.balances
    assert (left["photos/budget/prizes|CNY"], left["shelf|photos/stock/coupon:ten-off"]) == (3000, 2)
    assert story.books_balance()


def test_numbers_are_given_in_the_order_of_verdicts_and_without_gaps() -> None:
    story = Story(HEAD + BOTH)
    for who in ("mei", "lin", "wu"):
        assert hands_in(story, who, f"{who}-1") == ""
    assert hands_in(story, "han", "han-1") == "stock.empty"
    serials = [decides(story, "approved", who, f"{who}-1").given[-1].serial for who in ("wu", "mei")]
    decides(story, "rejected", "lin", "lin-1")
    assert hands_in(story, "han", "han-1") == ""
    serials.append(decides(story, "approved", "han", "han-1").given[-1].serial)
    assert serials == [1, 2, 3]
    assert story.set_aside() == {}
    assert story.books_balance()


def test_a_place_among_the_total_is_kept_while_somebody_looks_and_free_again_when_rejected() -> None:
    story = Story(HEAD + BOTH.replace("total: 4", "total: 1"))
    assert hands_in(story, "mei", "mei-1") == ""
    assert hands_in(story, "lin", "lin-1") == "limit.total"
    decides(story, "rejected", "mei", "mei-1")
    assert hands_in(story, "lin", "lin-1") == ""
    decides(story, "approved", "lin", "lin-1")
    assert hands_in(story, "mei", "mei-2") == "limit.total"
    assert story.books_balance()


def test_a_cap_counts_what_waits_and_counts_it_no_longer_when_it_is_rejected() -> None:
    story = Story(HEAD + BOTH.replace(", {item: camera}", ""))
    held = [
        story.happens("proof.submitted", "mei", "2027-03-02", proof=f"p{n}")["photo"].held for n in range(3)
    ]
    assert [[(gift.amount, gift.wanted) for gift in each] for each in held] == [
        [(50, None)],
        [(50, None)],
        [(20, 50)],
    ]
    decides(story, "rejected", "mei", "p0")
    decides(story, "rejected", "mei", "p1")
    decides(story, "approved", "mei", "p2")
    story.happens("proof.submitted", "mei", "2027-03-04", proof="p3")
    decides(story, "approved", "mei", "p3")
    assert story.points("mei") == 100
    assert story.books_balance()


def test_a_cap_that_campaigns_share_counts_what_waits_until_it_is_rejected() -> None:
    shared = "shared_caps: {monthly: {of: points, amount: 60, per: month}}\nmechanics:"
    story = Story(HEAD.replace("mechanics:", shared) + BOTH.replace(", {item: camera}", ""))
    amounts = [
        [
            gift.amount
            for gift in story.happens("proof.submitted", "mei", "2027-03-02", proof=f"p{n}")["photo"].held
        ]
        for n in range(2)
    ]
    assert amounts == [[50], [10]]
    decides(story, "rejected", "mei", "p0")
    decides(story, "rejected", "mei", "p1")
    story.happens("proof.submitted", "mei", "2027-03-04", proof="p2")
    decides(story, "approved", "mei", "p2", "2027-03-05")
    assert story.points("mei") == 50
    assert story.books_balance()


def test_a_streak_of_photos_sets_aside_what_it_promises() -> None:
    story = Story(HEAD + DAYS)
    held = [[(gift.kind, gift.amount) for gift in photo(story, "mei", day).held] for day in (1, 2, 3, 4)]
    assert held == [
        [("asset", 10)], [("asset", 10)], [("asset", 10), ("coupon", 1)], [("asset", 10), ("item", 1)],
    ]  # fmt: skip
    assert story.points("mei", "points@pending") == 40
    for day in (4, 1, 2):
        decides(story, "approved", "mei", f"mei-{day}", "2027-03-06", "sign-in")
    assert story.items("mei") == {}
    decides(story, "approved", "mei", "mei-3", "2027-03-06", "sign-in")
    assert (story.points("mei"), story.items("mei")) == (40, {"ten-off": 1, "camera": 1})
    assert story.set_aside() == {PRIZES: 1000}
    assert story.books_balance()


def test_a_rejected_day_lets_go_of_the_rungs_that_it_held_up() -> None:
    story = Story(HEAD + DAYS)
    for day in (1, 2, 3):
        photo(story, "mei", day)
    decides(story, "rejected", "mei", "mei-2", "2027-03-04", "sign-in")
    assert story.set_aside() == {"points|@pending": 20, PRIZES: 20}
    photo(story, "mei", 4)
    assert story.set_aside() == {"points|@pending": 30, PRIZES: 30}
    assert story.books_balance()


PROOFS = st.lists(
    st.tuples(st.sampled_from(["in", "approved", "rejected"]), st.sampled_from("abc"), st.integers(0, 3)),
    max_size=40,
)


@pytest.mark.parametrize("plan", [BOTH, COUPON.replace("review: {}", "review: {within_days: 2}, repeat: {}")])
@given(steps=PROOFS)
@settings(max_examples=40, deadline=None)
def test_books_agree_whatever_is_handed_in_and_decided(
    plan: str, steps: Sequence[tuple[str, str, int]]
) -> None:
    story = Story(HEAD + plan)
    for number, (step, who, proof) in enumerate(steps):
        at = f"2027-03-{2 + number // 4:02} 12:{number:02}"
        kind = "proof.submitted" if step == "in" else f"proof.{step}"
        story.happens(kind, who, at, proof=f"p{proof}", reason="no")
        story.set_aside()
        assert story.books_balance()
    story.passes("2027-04-30")
    assert not [name for name in story.set_aside() if name != PRIZES]
    assert story.books_balance()


@given(
    days=st.lists(st.integers(0, 9), unique=True, min_size=1),
    verdicts=st.lists(st.tuples(st.integers(0, 9), st.booleans())),
)
@settings(max_examples=40, deadline=None)
def test_books_agree_whatever_photos_come_and_whatever_becomes_of_them(
    days: Sequence[int], verdicts: Sequence[tuple[int, bool]]
) -> None:
    story = Story(HEAD + DAYS)
    for day in sorted(days):
        photo(story, "mei", day + 1)
        story.set_aside()
    for minute, (day, good) in enumerate(verdicts):
        kind = "approved" if good else "rejected"
        at = f"{date(2027, 3, 12) + timedelta(days=1)} 12:{minute % 60:02}"
        story.happens(f"proof.{kind}", "mei", at, proof=f"mei-{day + 1}", reason="no")
        story.set_aside()
        assert story.books_balance()
