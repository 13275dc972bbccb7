"""What a back-test says has run out: what is at nothing, and what has too little left for anybody."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from festoon.base.events import Event
from festoon.engine.backtest import Backtest, backtest
from tests.live import HEAD, NOW, event, order


def ran_out(plan: str, *events: Event) -> dict[str, tuple[int, datetime, datetime]]:
    def history() -> Iterator[list[Event]]:
        yield list(events)

    found: Backtest = backtest(HEAD.replace("prizes: 1000", "prizes: 10") + plan, history, seeds=2)
    return found.run_outs()


def registered(count: int) -> list[Event]:
    return [
        event("member.registered", f"m{number}", f"r{number}", NOW + timedelta(hours=number))
        for number in range(count)
    ]


def test_a_line_that_cannot_pay_the_next_grant_has_run_out_when_it_refused() -> None:
    plan = """
gifts: {mug: {title: {en: Mug}, cost: 3, line: prizes}}
mechanics: {welcome: {kind: gift, on: member.registered, give: [{gift: mug}]}}
"""
    assert ran_out(plan, *registered(3)) == {}
    refused = NOW + timedelta(hours=3)
    assert ran_out(plan, *registered(6)) == {"spring/budget/prizes|CNY": (2, refused, refused)}


def test_a_line_at_nothing_has_run_out_before_anybody_is_refused() -> None:
    plan = """
gifts: {mug: {title: {en: Mug}, cost: 5, line: prizes}}
mechanics: {welcome: {kind: gift, on: member.registered, give: [{gift: mug}]}}
"""
    last = NOW + timedelta(hours=1)
    assert ran_out(plan, *registered(4)) == {"spring/budget/prizes|CNY": (2, last, last)}


def test_a_stock_with_fewer_left_than_a_grant_needs_has_run_out() -> None:
    plan = """
gifts: {mug: {title: {en: Mug}, cost: 1, line: prizes, stock: 5}}
mechanics: {welcome: {kind: gift, on: member.registered, give: [{gift: mug, count: 2}]}}
"""
    refused = NOW + timedelta(hours=2)
    assert ran_out(plan, *registered(4)) == {"shelf|spring/stock/gift:mug": (2, refused, refused)}


CLIPPED = """
assets: {points: {cost: 0.03, line: prizes}}
mechanics: {spend: {kind: earn, per: 1, give: 1, short: clip, %s}}
"""


def test_a_line_that_clipped_a_grant_and_cannot_pay_one_more_unit_has_run_out() -> None:
    plan = CLIPPED % "caps: {}"
    assert ran_out(plan, order("m", 400, "o1")) == {
        "spring/budget/prizes|CNY": (2, NOW, NOW)
    }  # 333 points, and 1 fen is left


def test_a_cap_that_clips_does_not_say_that_the_line_has_run_out() -> None:
    plan = CLIPPED % "caps: {points: {amount: 100}}"
    assert ran_out(plan, order("m", 400, "o1")) == {}


def test_a_cap_may_clip_what_no_line_pays_for() -> None:
    plan = "mechanics: {spend: {kind: earn, asset: growth, per: 1, caps: {growth: {amount: 100}}}}"
    assert ran_out(plan, order("m", 400, "o1")) == {}


UNDONE = """
assets: {points: {cost: 0.01, line: prizes}}
coupons: {pack: {value: 1, cost: 1, line: prizes, stock: 9}}
gifts: {mug: {title: {en: Mug}, cost: 1, line: prizes, stock: 9}}
mechanics:
  spend: {kind: earn, on: order.paid, per: 1, clawback: {spent: %s}}
  buy: {kind: exchange, price: {amount: 300}, give: {gift: mug}}
  friends: {kind: referral, actions: [order.paid], invitee: {coupon: pack}, clawback: {}}
"""


@pytest.mark.parametrize(("spent", "left"), [("debt", 100), ("to_zero", 400)])
def test_what_was_taken_back_has_cost_nothing(spent: str, left: int) -> None:
    def history() -> Iterator[list[Event]]:
        at = [NOW + timedelta(minutes=minutes) for minutes in range(5)]
        bought = event("exchange.made", "ann", "e1", at[2], campaign="spring", mechanic="buy")
        yield [event("member.registered", "bea", "m1", NOW)]
        yield [event("invite.accepted", "ann", "i1", at[0], inviter="bea")]
        refunded = event("order.refunded", "ann", "r1", at[3], order="o1", refund="r1", amount=400)
        yield [order("ann", 400, "o1", at[1]), bought, refunded]

    found = backtest(HEAD + UNDONE % spent, history, seeds=1)
    assert found.first.refusals == {}
    assert found.costs()["prizes"].middle == left
