"""What becomes of both rewards when the action that brought them is undone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.referral_state import MOST_A_DAY
from tests.mechanics.stage import FIRST, Stage, mistake, noon

PLAN = {
    "kind": "referral", "actions": ["order.paid"], "within_days": 30, "invitee": "newcomer", "inviter": "thanks",
    "clawback": {},
}  # fmt: skip


def invited(**said: Any) -> Stage:
    on = Stage({**PLAN, **said})
    on.person("han")
    on.happens("invite.accepted", noon(FIRST), inviter="han")
    on.passes(noon(FIRST))
    return on


def buys(on: Stage, order: str, amount: int = 100, day: str = "2027-02-08") -> None:
    on.happens("order.paid", noon(day), order=order, amount=amount)
    on.passes(noon(day))


def refunds(on: Stage, order: str, amount: int | None = None, day: str = "2027-02-09") -> None:
    said: dict[str, Any] = {} if amount is None else {"amount": amount}
    on.happens("order.refunded", noon(day), order=order, **said)
    on.passes(noon(day))


def test_any_refund_takes_the_whole_back_from_both_sides() -> None:
    on = invited()
    buys(on, "o-1")
    refunds(on, "o-1", 10)
    assert list(on.person("mei").back.values()) == [(1, 1)]
    assert on.person("han").back == {str(on.person("mei").number): (1, 1)}


def test_in_proportion_as_much_is_back_as_was_refunded_of_all_that_counted() -> None:
    on = invited(count=2, clawback={"part": "proportion"})
    buys(on, "o-1", 300)
    buys(on, "o-2", 100)
    refunds(on, "o-1", 100)
    assert list(on.person("mei").back.values()) == [(100, 400)]
    refunds(on, "o-2", 500)
    assert list(on.person("mei").back.values()) == [(200, 400)]
    assert on.person("han").back == {str(on.person("mei").number): (200, 400)}


def test_another_order_is_none_of_its_business() -> None:
    on = invited()
    buys(on, "o-1")
    buys(on, "o-2")
    refunds(on, "o-2")
    refunds(on, "o-3")
    assert on.person("mei").back == {}


def test_what_still_waits_is_cancelled() -> None:
    on = invited(delay={"days": 7}, clawback={"spent": "pending"})
    buys(on, "o-1")
    refunds(on, "o-1")
    on.passes(noon("2027-02-20"))
    assert (on.given("mei"), on.given("han")) == ({"newcomer": 1}, {})
    assert on.person("mei").back == {}
    assert on.shows("2027-02-20", "han")["rewarded"] == 0


def test_only_what_waits_is_touched_when_the_plan_says_pending() -> None:
    on = invited(clawback={"spent": "pending"})
    buys(on, "o-1")
    refunds(on, "o-1")
    assert (on.person("mei").back, on.person("han").back) == ({}, {})


def test_of_a_share_that_still_waits_only_the_rest_stays() -> None:
    on = invited(share={"percent": 10}, delay={"days": 7}, clawback={"part": "proportion"})
    buys(on, "o-1", 1000)
    refunds(on, "o-1", 250)
    on.passes(noon("2027-02-20"))
    mei = str(on.person("mei").number)
    assert on.person("han").remembered == {mei: {"thanks": 1, "points": 100}}
    assert on.person("han").back == {mei: (250, 1000)}


def test_an_action_undone_before_he_qualifies_no_longer_counts() -> None:
    on = invited(count=2)
    buys(on, "o-1")
    refunds(on, "o-1")
    buys(on, "o-2")
    assert on.given("mei") == {}
    assert on.shows("2027-02-09")["counted"] == 1
    buys(on, "o-3")
    assert on.given("mei") == {"newcomer": 1}


def test_a_day_is_free_again_when_its_action_was_undone() -> None:
    on = invited(count=2, distinct="day")
    buys(on, "o-1", day="2027-02-08")
    refunds(on, "o-1", day="2027-02-08")
    buys(on, "o-2", day="2027-02-08")
    buys(on, "o-3", day="2027-02-09")
    assert on.given("mei") == {"newcomer": 1}


FIRST_DAY = "2027-02-08"


@pytest.mark.parametrize("refunded", [1, 2])
@pytest.mark.parametrize("place", range(4))
def test_a_day_stands_as_long_as_one_order_of_it_does(refunded: int, place: int) -> None:
    """Whenever the refund is heard of: before both orders of the day, between them, after them, or when all is paid."""
    on = invited(count=2, distinct="day")
    steps = [(FIRST_DAY, "o-1"), (FIRST_DAY, "o-2"), ("2027-02-09", "o-3")]
    for at, (day, order) in enumerate(steps):
        if at == place:
            refunds(on, f"o-{refunded}", day=day)
        buys(on, order, day=day)
    if place == len(steps):
        refunds(on, f"o-{refunded}")
    assert (on.given("mei"), on.given("han")) == ({"newcomer": 1}, {"thanks": 1})
    assert (on.person("mei").back, on.person("han").back) == ({}, {})


@pytest.mark.parametrize("paid", [False, True])
def test_a_day_is_lost_when_all_orders_of_it_are_undone(*, paid: bool) -> None:
    on = invited(count=2, distinct="day")
    buys(on, "o-1", day=FIRST_DAY)
    buys(on, "o-2", day=FIRST_DAY)
    if paid:
        buys(on, "o-3", day="2027-02-09")
    refunds(on, "o-1")
    refunds(on, "o-2")
    if paid:
        assert list(on.person("mei").back.values()) == [(1, 1)]
    else:
        buys(on, "o-3", day="2027-02-09")
        assert (on.given("mei"), on.shows("2027-02-09")["counted"]) == ({}, 1)


def test_the_same_order_told_twice_does_not_stand_in_for_itself() -> None:
    on = invited(count=2, distinct="day")
    buys(on, "o-1", day=FIRST_DAY)
    buys(on, "o-1", day=FIRST_DAY)
    refunds(on, "o-1", day=FIRST_DAY)
    assert on.shows(FIRST_DAY)["counted"] == 0


def test_in_proportion_of_a_day_that_order_counts_of_which_least_was_refunded() -> None:
    on = invited(count=2, distinct="day", clawback={"part": "proportion"})
    buys(on, "o-1", 300, day=FIRST_DAY)
    buys(on, "o-2", 100, day=FIRST_DAY)
    buys(on, "o-3", 100, day="2027-02-09")
    refunds(on, "o-1", 200)
    assert on.person("mei").back == {}
    refunds(on, "o-2", 50)
    assert list(on.person("mei").back.values()) == [(50, 200)]


def test_of_the_orders_of_a_day_so_many_are_remembered() -> None:
    on = invited(count=2, distinct="day")
    for order in range(99):
        buys(on, f"o-{order}", day=FIRST_DAY)
    assert len(on.person("mei").state.acts) == MOST_A_DAY


def test_after_the_days_a_refund_changes_nothing() -> None:
    on = invited(clawback={"within_days": 3})
    buys(on, "o-1", day="2027-02-08")
    refunds(on, "o-1", 10, day="2027-02-12")
    assert on.person("mei").back == {}


def test_a_tier_is_not_among_what_is_taken_back() -> None:
    on = invited(tiers={1: "bronze"})
    buys(on, "o-1")
    assert on.person("han").remembered == {str(on.person("mei").number): {"thanks": 1}}
    assert on.given("han") == {"thanks": 1, "bronze": 1}


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_however_often_it_is_refunded_no_more_than_all_of_it_shall_be_back(parts: list[int]) -> None:
    on = invited(clawback={"part": "proportion"})
    buys(on, "o-1", 1000)
    for part in parts:
        refunds(on, "o-1", part)
    assert list(on.person("mei").back.values()) == [(min(sum(parts), 1000), 1000)]


def test_an_action_cannot_undo_one() -> None:
    wrong = mistake({**PLAN, "actions": ["order.paid", "app.installed"], "clawback": {"on": "order.paid"}})
    assert (wrong.code, wrong.place) == ("referral.undone_by_action", "clawback.on")
    assert "order.paid" in wrong.text("en")
    assert "order.paid" in wrong.text("zh-Hans")
