"""Amounts are whole; one function rounds; a split always sums to the whole."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.amounts import MAX_AMOUNT, scaled, split

AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(AMOUNTS, WEIGHTS)
def test_a_split_sums_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


@given(AMOUNTS, WEIGHTS)
def test_no_part_of_a_split_is_a_whole_unit_away_from_its_share(total: int, weights: list[int]) -> None:
    shares = weights if sum(weights) else [1] * len(weights)
    for part, weight in zip(split(total, weights), shares, strict=True):
        assert abs(part - Fraction(total * weight, sum(shares))) < 1


@given(AMOUNTS, WEIGHTS)
def test_who_weighs_nothing_gets_nothing(total: int, weights: list[int]) -> None:
    if sum(weights):
        parts = zip(split(total, weights), weights, strict=True)
        assert all(part == 0 for part, weight in parts if weight == 0)


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_a_split_among_nobody_or_by_negative_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="a split wants"):
        split(100, weights)


@given(AMOUNTS, st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_rounding_is_to_the_nearest_and_halves_go_away_from_zero(amount: int, over: int, under: int) -> None:
    exact = Fraction(amount * over, under)
    rounded = scaled(amount, over, under)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


def test_a_ratio_over_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        scaled(1, 1, 0)
