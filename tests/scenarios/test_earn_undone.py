"""Orders that are refunded: what they earned goes back in proportion, what is pending first, limits or not."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.amounts import scaled
from tests.scenarios.story import Story, code

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-06-30, settle: 2027-07-30}
budget: {currency: CNY, lines: {prizes: 1000}}
assets: {points: {cost: 0.01, line: prizes}}
badges: {fan: {}}
mechanics:
  orders: {kind: earn, of: event.amount - event.shipping, PENDING LIMITS
           clawback: {spent: SPENT, within_days: 30}}
  spend: {kind: exchange, price: {amount: 80}, give: {badge: fan}}
"""


def told(spent: str = "to_zero", pending: str = "", limits: str = "limits: {per_member: 2},") -> Story:
    return Story(PLAN.replace("SPENT", spent).replace("PENDING", pending).replace("LIMITS", limits))


def orders(story: Story, at: str, name: str = "o-1", who: str = "mei") -> str:
    """An order of 100 yuan, of which 10 pay for delivery."""
    made = story.happens("order.paid", who, at, order=name, amount=10_000, shipping=1_000)
    return code(made["orders"])


def refunds(story: Story, at: str, amount: int | None, name: str = "o-1", who: str = "mei") -> None:
    data = {} if amount is None else {"amount": amount}
    made = story.happens("order.refunded", who, at, order=name, refund=f"{name}/{at}", **data)
    assert all(code(each) == "" for each in made.values())


def points(story: Story, who: str = "mei") -> tuple[int, int]:
    return story.points(who), story.points(who, "points@pending")


def test_part_of_a_refund_takes_its_part_and_the_rest_the_rest() -> None:
    story = told()
    orders(story, "2027-03-02")
    refunds(story, "2027-03-03", 3_333)
    assert points(story) == (60, 0)
    refunds(story, "2027-03-04", 6_667)
    assert points(story) == (0, 0)
    assert story.replay.world.shared.balances["spring/budget/prizes|CNY"] == 100_000
    refunds(story, "2027-03-05", 100)
    assert points(story) == (0, 0)
    assert story.books_balance()


def test_within_the_return_window_it_comes_out_of_what_is_pending_of_that_order() -> None:
    story = told(pending="pending: {days: 7},")
    orders(story, "2027-03-02")
    orders(story, "2027-03-02", "o-2")
    refunds(story, "2027-03-04", 5_000)
    assert points(story) == (0, 135)
    story.passes("2027-03-10 00:00")
    assert points(story) == (135, 0)
    refunds(story, "2027-03-11", None)
    assert points(story) == (90, 0)
    assert not story.set_aside()
    assert story.books_balance()


def test_a_limit_that_is_used_up_keeps_no_refund_away() -> None:
    story = told()
    assert [orders(story, "2027-03-02", f"o-{number}") for number in (1, 2, 3)] == [
        "",
        "",
        "limit.per_member",
    ]
    refunds(story, "2027-03-03", 10_000)
    refunds(story, "2027-03-03", 10_000, "o-3")
    assert points(story) == (90, 0)


@pytest.mark.parametrize(("spent", "left", "owed"), [("to_zero", 0, 0), ("debt", 0, 80), ("pending", 10, 0)])
def test_what_was_spent_is_left_or_owed_as_the_plan_says(spent: str, left: int, owed: int) -> None:
    story = told(spent)
    orders(story, "2027-03-02")
    story.happens("exchange.made", "mei", "2027-03-02", campaign="spring", mechanic="spend")
    refunds(story, "2027-03-03", 10_000)
    assert (story.points("mei"), -story.points("mei", "points@owed")) == (left, owed)
    assert story.books_balance()


def test_after_its_days_an_order_is_forgotten_and_nothing_of_it_is_kept() -> None:
    story = told()
    orders(story, "2027-03-02")
    refunds(story, "2027-04-02", 10_000)
    assert points(story) == (90, 0)
    orders(story, "2027-04-03", "o-2")
    progress = story.replay.world.members["mei"].progress_of("spring/orders")
    assert progress is not None
    assert list(progress.granted) == list(progress.state.orders) == ["o-2"]


def test_whose_accounts_become_one_can_give_back_either_ones_orders() -> None:
    story = told()
    orders(story, "2027-03-02")
    orders(story, "2027-03-02", "o-2", "han")
    story.happens("member.merged", "mei", "2027-03-03", member="han")
    refunds(story, "2027-03-04", 10_000, "o-2")
    assert points(story) == (90, 0)
    refunds(story, "2027-03-04", 10_000)
    assert points(story) == (0, 0)
    assert story.books_balance()


@pytest.mark.parametrize("arriving", list(permutations(("order", 2_000, 3_000))))
@pytest.mark.parametrize("pending", ["", "pending: {days: 7},"])
def test_a_refund_that_is_heard_of_before_its_order_takes_as_much(
    arriving: tuple[str | int, ...], pending: str
) -> None:
    story = told(pending=pending)
    for one in arriving:
        if isinstance(one, int):
            refunds(story, f"2027-03-03 10:{one // 100}", one)
        else:
            orders(story, "2027-03-02")
    assert sum(points(story)) == 45
    assert (
        sum(story.replay.world.shared.balances[f"spring/{kind}/prizes|CNY"] for kind in ("budget", "cost"))
        == 100_000
    )
    assert story.books_balance()


def test_an_order_that_was_refunded_altogether_before_it_is_heard_of_earns_nothing() -> None:
    story = told()
    refunds(story, "2027-03-03", None)
    orders(story, "2027-03-02")
    orders(story, "2027-03-04", "o-2")
    assert points(story) == (90, 0)
    assert story.books_balance()


def test_a_refund_that_comes_first_is_found_when_accounts_become_one() -> None:
    story = told()
    orders(story, "2027-03-02", who="han")
    refunds(story, "2027-03-03", 10_000)
    story.happens("member.merged", "mei", "2027-03-04", member="han")
    assert points(story) == (0, 0)
    assert story.books_balance()


def test_of_refunds_whose_orders_never_come_only_the_latest_are_remembered() -> None:
    story = told()
    for number in range(40):
        refunds(story, "2027-03-03", 10_000, f"never-{number}")
    progress = story.replay.world.members["mei"].progress_of("spring/orders")
    assert progress is not None
    assert list(progress.state.early) == [f"never-{number}" for number in range(8, 40)]
    refunds(story, "2027-05-03", 10_000, "never-40")
    assert list(progress.state.early) == ["never-40"]


@given(
    st.lists(st.lists(st.integers(1, 10_000), max_size=3), min_size=1, max_size=3).flatmap(
        lambda refunded: st.permutations(
            [(order, None) for order in range(len(refunded))]
            + [(order, amount) for order, amounts in enumerate(refunded) for amount in amounts]
        )
    )
)
@settings(max_examples=40, deadline=None)
def test_orders_and_refunds_come_to_the_same_in_whatever_order_they_are_heard_of(
    arriving: list[tuple[int, int | None]],
) -> None:
    story = told(limits="")
    for number, (name, amount) in enumerate(arriving):
        if amount is None:
            orders(story, "2027-03-02", f"o-{name}")
        else:
            refunds(story, f"2027-03-03 10:{number:02}", amount, f"o-{name}")
    undone = Counter[int]()
    for name, amount in arriving:
        undone[name] += amount or 0
    left = sum(90 - scaled(90, min(back, 10_000), 10_000) for back in undone.values())
    assert points(story) == (left, 0)
    assert story.replay.world.shared.balances["spring/budget/prizes|CNY"] == 100_000 - left
    assert story.books_balance()
