"""Orders that are refunded: what both sides of an invitation give back, and what becomes of its cost."""

import pytest

from festoon.engine.invite_codes import invite_code
from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-30}
budget: {currency: CNY, lines: {prizes: 1000}}
assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes}}
mechanics:
  buyers:
    kind: referral
    actions: [order.paid]
    invitee: [{points: 200}, {coupon: ten-off}]
    share: {percent: 5, cap: 1000}
    clawback: {part: proportion, spent: SPENT}
  spend: {kind: exchange, price: {amount: 150}, give: {badge: fan}}
  daily: {kind: gift, on: member.logged_in, give: [{points: 60}]}
badges: {fan: {}}
"""


def bought(spent: str, refund: int = 0, *, order: bool = True) -> Story:
    """Mei came with Han's code and paid 100 yuan; some of it is refunded the next day."""
    story = Story(PLAN.replace("SPENT", spent))
    story.happens("member.imported", "han", "2027-03-01")
    number = story.replay.world.members["han"].number
    code = invite_code(story.replay.program.secret, number)
    story.happens("invite.accepted", "mei", "2027-03-02", code=code.lower())
    if order:
        paid(story)
    if refund:
        refunded(story, refund)
    return story


def paid(story: Story, name: str = "o-1") -> None:
    story.happens("order.paid", "mei", "2027-03-03", order=name, amount=10_000, currency="CNY")


def refunded(story: Story, amount: int | None) -> None:
    said = {} if amount is None else {"amount": amount}
    story.happens("order.refunded", "mei", "2027-03-04", order="o-1", refund=f"r-{amount}", **said)


def spends(story: Story, who: str) -> None:
    story.happens("exchange.made", who, "2027-03-03 13:00", campaign="spring", mechanic="spend")


def left(story: Story) -> tuple[int, int, int]:
    """What is left of the line, committed, and spent, in fen."""
    balances = story.replay.world.shared.balances
    return tuple(balances[f"spring/{kind}/prizes|CNY"] for kind in ("budget", "committed", "cost"))  # type: ignore[return-value]


def owed(story: Story, who: str) -> int:
    return -story.replay.world.members[who].book.balance("points@owed")


def test_half_a_refund_takes_half_of_the_points_back_and_their_cost() -> None:
    story = bought("to_zero", 5_000)
    assert (story.points("mei"), story.points("han")) == (100, 250)
    assert story.items("mei") == {"ten-off": 1}
    assert left(story) == (100_000 - 350 - 1_000, 1_000, 350)
    assert story.books_balance()


def test_the_whole_refund_takes_everything_back_to_the_last_fen() -> None:
    story = bought("to_zero", 3_333)
    refunded(story, 6_667)
    assert (story.points("mei"), story.points("han")) == (0, 0)
    assert left(story) == (100_000, 0, 0)
    states = {item.state for item in story.replay.world.members["mei"].items.values() if item is not None}
    assert states == {"revoked"}
    assert story.books_balance()


def test_a_limit_that_is_used_up_keeps_no_refund_away() -> None:
    story = Story(
        PLAN.replace("SPENT", "to_zero").replace(
            "kind: referral", "kind: referral\n    limits: {per_member: 1}"
        )
    )
    story.happens("member.imported", "han", "2027-03-01")
    number = story.replay.world.members["han"].number
    code = invite_code(story.replay.program.secret, number)
    story.happens("invite.accepted", "mei", "2027-03-02", code=code)
    story.happens("order.paid", "mei", "2027-03-03", order="o-1", amount=10_000, currency="CNY")
    refunded(story, 10_000)
    assert (story.points("mei"), story.points("han")) == (0, 0)


def test_down_to_zero_leaves_what_was_spent() -> None:
    story = bought("to_zero")
    spends(story, "mei")
    refunded(story, 10_000)
    assert (story.points("mei"), owed(story, "mei")) == (0, 0)
    assert left(story) == (100_000 - 150, 0, 150)
    assert story.books_balance()


def test_a_debt_is_paid_by_what_comes_next() -> None:
    story = bought("debt")
    spends(story, "mei")
    refunded(story, 10_000)
    assert (story.points("mei"), owed(story, "mei")) == (0, 150)
    assert left(story) == (100_000, 0, 0)
    for day, there, owing in ((5, 0, 90), (6, 0, 30), (7, 30, 0), (8, 90, 0)):
        story.happens("member.logged_in", "mei", f"2027-03-{day:02}")
        assert (story.points("mei"), owed(story, "mei")) == (there, owing)
    assert story.books_balance()


def test_what_has_been_given_stays_when_only_what_waits_is_taken() -> None:
    story = bought("pending", 10_000)
    assert (story.points("mei"), story.points("han")) == (200, 500)


@pytest.mark.parametrize("amounts", [(10_000,), (4_000, 6_000), (None,)])
def test_an_order_that_was_refunded_before_it_is_heard_of_proves_nothing(
    amounts: tuple[int | None, ...],
) -> None:
    story = bought("to_zero", order=False)
    for amount in amounts:
        refunded(story, amount)
    paid(story)
    assert (story.points("mei"), story.points("han")) == (0, 0)
    assert left(story) == (100_000, 0, 0)
    paid(story, "o-2")
    assert (story.points("mei"), story.points("han")) == (200, 500)
    assert story.books_balance()


def test_half_a_refund_that_is_heard_of_before_its_order_takes_half() -> None:
    story = bought("to_zero", order=False)
    refunded(story, 5_000)
    paid(story)
    assert (story.points("mei"), story.points("han")) == (100, 250)
    assert left(story) == (100_000 - 350 - 1_000, 1_000, 350)
    assert story.books_balance()


def test_refunds_of_whom_nobody_has_invited_are_not_remembered() -> None:
    story = Story(PLAN.replace("SPENT", "to_zero"))
    refunded(story, 5_000)
    assert story.replay.world.members["mei"].progress_of("spring/buyers") is None
