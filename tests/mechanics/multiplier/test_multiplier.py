from fractions import Fraction
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.multiplier import Multiplier
from tests.mechanics.stage import built, mistake

FACTORS = st.decimals(min_value=0, max_value=20, places=2).map(str)
STACKS = st.sampled_from(["multiply", "add", "highest"])
SOME = st.lists(st.tuples(FACTORS, STACKS), max_size=5)


def multiplier(factor: object, stack: str = "multiply", **more: object) -> Multiplier:
    made = built({"kind": "multiplier", "factor": factor, "stack": stack, **more}, siblings=("earn", "task"))
    assert isinstance(made, Multiplier)
    return made


def combined(*pairs: tuple[object, str]) -> Fraction:
    return Fraction(*Multiplier.combine([multiplier(factor, stack) for factor, stack in pairs]))


def test_nothing_holding_leaves_everything_as_it_is() -> None:
    assert Multiplier.combine([]) == (1, 1)


def test_a_factor_is_exact() -> None:
    assert multiplier(2).ratio == (2, 1)
    assert multiplier("1.5").ratio == (3, 2)
    assert multiplier("0.333333").ratio == (333333, 1000000)


def test_two_that_multiply() -> None:
    assert combined((2, "multiply"), (3, "multiply")) == 6


def test_two_that_add_what_each_adds() -> None:
    assert combined((2, "add"), (3, "add")) == 4


def test_of_two_that_compete_the_highest_counts() -> None:
    assert combined((2, "highest"), ("3.5", "highest")) == Fraction(7, 2)


def test_rules_are_combined_each_for_itself_and_then_multiplied() -> None:
    mixed = combined((2, "multiply"), (2, "add"), ("1.5", "add"), (3, "highest"), (2, "highest"))
    assert mixed == 2 * Fraction(5, 2) * 3


def test_factors_that_take_away_more_than_there_is_leave_nothing() -> None:
    assert combined((0, "add"), (0, "add")) == 0


def test_it_covers_its_asset_of_its_mechanics_only() -> None:
    every, one = multiplier(2), multiplier(2, applies_to=["earn"])
    assert every.covers("earn", "points")
    assert every.covers("task", "points")
    assert not every.covers("earn", "growth")
    assert one.covers("earn", "points")
    assert not one.covers("task", "points")


def test_it_holds_on_every_type_unless_the_plan_names_some() -> None:
    def listens(**said: object) -> tuple[str, ...]:
        return Multiplier.listens(msgspec.convert({"factor": 2, **said}, Multiplier.Params))

    assert listens() == ()
    assert listens(on="order.paid") == ("order.paid",)
    assert listens(on=["order.paid", "content.published"]) == ("order.paid", "content.published")


@pytest.mark.parametrize("factor", ["-1", "1000.5", "1.1234567", "NaN", "Infinity"])
def test_a_factor_out_of_reason_is_refused(factor: str) -> None:
    assert mistake({"kind": "multiplier", "factor": factor}).code == "mechanic.ratio_wrong"


def test_a_mechanic_that_is_not_there_is_a_mistake() -> None:
    assert mistake({"kind": "multiplier", "factor": 2, "applies_to": ["nobody"]}).place == "applies_to[0]"


@given(SOME, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(some: list[tuple[str, str]], shuffle: Random) -> None:
    turned = list(some)
    shuffle.shuffle(turned)
    assert combined(*turned) == combined(*some)


@given(SOME)
def test_a_factor_of_one_changes_nothing(some: list[tuple[str, str]]) -> None:
    assert combined(*some, (1, "multiply"), (1, "add")) == combined(*some)


@given(st.lists(FACTORS, min_size=1, max_size=5))
def test_each_rule_does_what_it_says(factors: list[str]) -> None:
    exact = [Fraction(factor) for factor in factors]
    product = Fraction(1)
    for factor in exact:
        product *= factor
    assert combined(*((factor, "multiply") for factor in factors)) == product
    assert combined(*((factor, "highest") for factor in factors)) == max(exact)
    assert combined(*((factor, "add") for factor in factors)) == max(sum(exact) - len(exact) + 1, 0)
