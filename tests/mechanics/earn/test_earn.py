from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.stage import Stage, mistake, noon

AT = noon("2027-02-05")
PLAIN = {"kind": "earn"}
TEA_TWICE = {"kind": "earn", "by": [{"category": "tea", "give": 2}]}


def earned(plan: dict[str, Any], **data: Any) -> int:
    stage = Stage(plan)
    stage.happens("order.paid", AT, **data)
    return stage.given().get("points", 0)


def line(amount: int, category: str = "", product: str = "p") -> dict[str, Any]:
    return {"line": "1", "product": product, "category": category, "amount": amount}


def test_a_point_for_every_whole_yuan() -> None:
    assert earned(PLAIN, amount=12_345) == 123


def test_nearest_rounds_half_a_point_up() -> None:
    assert earned({**PLAIN, "rounding": "nearest"}, amount=12_350) == 124
    assert earned({**PLAIN, "rounding": "nearest"}, amount=12_349) == 123


@pytest.mark.parametrize("data", [{}, {"amount": None}, {"amount": 0}, {"amount": 99}, {"amount": -500}])
def test_an_order_that_is_worth_nothing_earns_nothing(data: dict[str, Any]) -> None:
    stage = Stage(PLAIN)
    assert stage.happens("order.paid", AT, **data) == []


@pytest.mark.parametrize("amount", [True, "100", 100.0, [100]])
def test_an_amount_that_is_no_whole_number_earns_nothing(amount: object) -> None:
    assert earned(PLAIN, amount=amount) == 0


def test_the_amount_can_be_an_expression() -> None:
    assert earned({**PLAIN, "of": "event.amount - event.shipping"}, amount=5_000, shipping=1_200) == 38


def test_a_fixed_amount_comes_whatever_the_event_is_worth() -> None:
    assert earned({**PLAIN, "fixed": 5}) == 5


def test_another_asset_can_be_earned() -> None:
    stage = Stage({**PLAIN, "asset": "stamps", "per": 5_000, "give": 3})
    stage.happens("order.paid", AT, amount=10_000)
    assert stage.given() == {"stamps": 6}


def test_less_than_the_least_earns_nothing_and_more_than_the_most_is_cut() -> None:
    bounded = {**PLAIN, "min": 10, "max": 50}
    assert earned(bounded, amount=999) == 0
    assert earned(bounded, amount=1_000) == 10
    assert earned(bounded, amount=1_000_000) == 50


def test_tea_earns_twice_and_the_rest_as_usual() -> None:
    lines = [line(3_000, "tea"), line(2_000, "bread")]
    assert earned(TEA_TWICE, amount=5_000, lines=lines) == 2 * 30 + 20


def test_a_product_goes_before_its_category() -> None:
    plan = {**PLAIN, "by": [{"category": "tea", "give": 2}, {"product": "sencha", "give": 5}]}
    assert earned(plan, amount=1_000, lines=[line(1_000, "tea", "sencha")]) == 50


def test_a_category_can_earn_nothing() -> None:
    plan = {**PLAIN, "by": [{"category": ["tobacco", "gift-card"], "give": 0}]}
    assert earned(plan, amount=5_000, lines=[line(4_000, "tobacco"), line(1_000)]) == 10


def test_what_was_taken_off_the_whole_order_earns_nothing_when_the_basis_is_paid() -> None:
    lines = [line(6_000, "tea"), line(4_000)]
    assert earned(TEA_TWICE, amount=5_000, lines=lines) == 2 * 30 + 20
    assert earned({**TEA_TWICE, "basis": "lines"}, amount=5_000, lines=lines) == 2 * 60 + 40


def test_an_order_without_lines_is_paid_for_at_the_usual_rate() -> None:
    assert earned(TEA_TWICE, amount=5_000) == 50
    assert earned(TEA_TWICE, amount=5_000, lines=[line(0, "tea")]) == 50
    assert earned({**TEA_TWICE, "basis": "lines"}, amount=5_000) == 0


def test_fractions_of_lines_are_not_lost() -> None:
    """Rounded line by line, this order would earn nothing."""
    lines = [line(60), line(60), line(80)]
    assert earned({**TEA_TWICE, "basis": "lines"}, amount=200, lines=lines) == 2


@pytest.mark.parametrize(
    "lines",
    ["no lines", [None], [{"amount": "12"}], [{"amount": -5}], [{}], [{"amount": 200, "category": []}]],
)
def test_lines_of_an_unknown_shape_hurt_nobody(lines: object) -> None:
    assert earned(TEA_TWICE, amount=300, lines=lines) == 3


def test_what_an_earn_contradicts_itself_in_is_said() -> None:
    assert mistake({**PLAIN, "fixed": 5, "give": 2}).code == "earn.fixed_and_rate"
    assert mistake({**PLAIN, "min": 9, "max": 8}).code == "earn.bounds_crossed"
    nameless = mistake({**PLAIN, "by": [{"give": 2}]})
    assert (nameless.code, nameless.place) == ("earn.rate_nameless", "by[0]")
    twice = mistake(
        {**PLAIN, "by": [{"category": "tea", "give": 2}, {"category": ["bread", "tea"], "give": 3}]}
    )
    assert (twice.code, twice.place, twice.data["name"]) == ("earn.rate_twice", "by[1].category", "tea")


AMOUNTS = st.integers(min_value=0, max_value=10**12)


@given(st.lists(st.tuples(st.sampled_from(["tea", "bread", "milk"]), AMOUNTS), max_size=12))
def test_lines_earn_the_exact_sum_rounded_once(lines: list[tuple[str, int]]) -> None:
    plan = {**PLAIN, "basis": "lines", "by": [
        {"category": "tea", "give": 2, "per": 300}, {"category": "bread", "give": 1, "per": 700},
    ]}  # fmt: skip
    rates = {"tea": Fraction(2, 300), "bread": Fraction(1, 700), "milk": Fraction(1, 100)}
    exact = sum((amount * rates[category] for category, amount in lines), start=Fraction(0))
    assert earned(plan, lines=[line(amount, category) for category, amount in lines]) == exact // 1


@given(AMOUNTS, st.lists(AMOUNTS, max_size=12))
def test_one_rate_for_all_lines_earns_what_the_plain_rate_earns(paid: int, amounts: list[int]) -> None:
    """Sharing what was paid over the lines neither makes nor loses anything."""
    plan = {**PLAIN, "by": [{"category": "tea", "give": 1}]}
    lines = [line(amount, "tea" if index % 2 else "") for index, amount in enumerate(amounts)]
    assert earned(plan, amount=paid, lines=lines) == earned(PLAIN, amount=paid)


@pytest.mark.parametrize("on", ["order.paid", ("order.paid", "order.shipped")])
def test_what_earns_cannot_undo_it(on: str | tuple[str, ...]) -> None:
    wrong = mistake({**PLAIN, "on": on, "clawback": {"on": "order.paid"}})
    assert (wrong.code, wrong.place) == ("earn.undone_by_itself", "clawback.on")
    assert "order.paid" in wrong.text("en")
    assert "order.paid" in wrong.text("zh-Hans")
