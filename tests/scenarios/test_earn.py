"""The points of docs/reference/mechanics/earn.md: per yuan, by category, with caps."""

from typing import Any

from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code

TEA = {"line": "1", "product": "sencha", "category": "tea", "amount": 6_000}
BREAD = {"line": "2", "product": "rye", "category": "bread", "amount": 3_000}


def order(story: Story, who: str, at: str, **data: Any) -> int:
    """What an order earns."""
    made = story.happens("order.paid", who, at, **{"shipping": 0, **data})
    return sum(given.amount for given in made["spend"].given) if "spend" in made else 0


def test_tea_earns_twice_bread_once_and_delivery_nothing() -> None:
    story = Story(plan("earn"))
    assert order(story, "mei", "2027-03-02", amount=10_000, shipping=1_000, lines=[TEA, BREAD]) == 150
    assert story.points("mei") == 150
    assert story.books_balance()


def test_what_a_coupon_took_off_the_whole_order_earns_nothing() -> None:
    story = Story(plan("earn"))
    assert order(story, "mei", "2027-03-02", amount=4_500, lines=[TEA, BREAD]) == 75


def test_tobacco_earns_nothing_and_first_flush_five_times() -> None:
    story = Story(plan("earn"))
    lines = [
        {"line": "1", "product": "cigar", "category": "tobacco", "amount": 5_000},
        {"line": "2", "product": "first-flush", "category": "tea", "amount": 2_000},
    ]
    assert order(story, "mei", "2027-03-02", amount=7_000, lines=lines) == 100


def test_an_order_and_a_month_have_their_most() -> None:
    story = Story(plan("earn"))
    assert order(story, "mei", "2027-03-02", amount=1_000_000) == 2_000
    assert order(story, "mei", "2027-03-03", amount=1_000_000) == 2_000
    cut = story.happens("order.paid", "mei", "2027-03-04", amount=1_000_000, shipping=0)["spend"]
    assert [(given.amount, given.wanted) for given in cut.given] == [(1_000, 2_000)]
    over = story.happens("order.paid", "mei", "2027-03-05", amount=1_000_000, shipping=0)["spend"]
    assert code(over) == "cap.reached"
    assert order(story, "mei", "2027-04-01", amount=1_000_000) == 2_000


def test_an_order_that_earns_nothing_uses_up_no_cap() -> None:
    story = Story(plan("earn"))
    assert story.happens("order.paid", "mei", "2027-03-02", amount=99, shipping=0) == {}
    assert story.shows("mei", "spend", "2027-03-02") == {}


def test_a_review_earns_a_fixed_number_once_a_day() -> None:
    story = Story(plan("earn"))
    assert story.happens("content.published", "mei", "2027-03-02", content="r1", length=10) == {}
    story.happens("content.published", "mei", "2027-03-02", content="r2", length=80)
    second = story.happens("content.published", "mei", "2027-03-02", content="r3", length=80)["review"]
    assert code(second) == "limit.per_period"
    assert story.points("mei") == 20
