"""Money as people write it becomes whole smallest units, or is refused."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.amounts import MAX_AMOUNT, scaled
from festoon.base.errors import Invalid
from festoon.plan.money import CURRENCIES, minor, money, unit_cost


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("12.50", "CNY", 1250), ("300000", "CNY", 30_000_000), ("500", "JPY", 500), ("1.234", "KWD", 1234)],
)
def test_amounts_become_smallest_units(amount: str, currency: str, units: int) -> None:
    assert minor(Decimal(amount), currency) == units


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("12.505", "CNY", "plan.too_many_decimals"),
        ("1.5", "JPY", "plan.too_many_decimals"),
        ("-1", "CNY", "plan.negative_money"),
        (str(MAX_AMOUNT), "CNY", "plan.too_much_money"),
    ],
)
def test_what_cannot_be_counted_is_refused(amount: str, currency: str, code: str) -> None:
    with pytest.raises(Invalid) as raised:
        minor(Decimal(amount), currency)
    assert raised.value.code == code


@settings(deadline=None)
@given(units=st.integers(0, 10**15), currency=st.sampled_from(sorted(CURRENCIES)))
def test_smallest_units_survive_being_written_and_read(units: int, currency: str) -> None:
    assert minor(Decimal(money(units, currency).replace(",", "")), currency) == units


def test_a_cost_below_the_smallest_unit_stays_exact() -> None:
    cost = unit_cost(Decimal("0.005"), 0, "CNY", "line")
    assert [scaled(points, cost.amount, cost.per) for points in (1, 2, 3, 1000)] == [1, 1, 2, 500]


def test_the_currencies_are_those_of_the_standard() -> None:
    assert [CURRENCIES[code] for code in ("CNY", "HKD", "TWD", "JPY", "KRW", "BHD", "CLF")] == [
        2,
        2,
        2,
        0,
        0,
        3,
        4,
    ]
    assert len(CURRENCIES) > 150
