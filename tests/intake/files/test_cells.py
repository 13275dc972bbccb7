"""Cells become values exactly, or not at all."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from festoon.intake.files.cells import CellKind, Inexact, Rounding, converter, scaler, written

REFUSED = (ValueError, ArithmeticError)
cents = scaler(2, "exact")


@given(some.integers(-(10**12), 10**12))
def test_every_amount_in_cents_comes_back_from_text_float_and_decimal(amount: int) -> None:
    assert cents(f"{Decimal(amount) / 100:f}") == amount
    assert cents(amount / 100) == amount
    assert cents(Decimal(amount).scaleb(-2)) == amount


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("12.5", 1250), ("12", 1200), (" 12.50 ", 1250), ("-3.10", -310), (".5", 50), ("1e2", 10000), (7, 700)],
)
def test_decimals_become_whole_numbers_of_the_smallest_unit(cell: Any, amount: int) -> None:
    assert cents(cell) == amount


def test_a_product_that_a_float_gets_wrong_is_right() -> None:
    assert 1.15 * 100 != 115
    assert cents(1.15) == 115


@pytest.mark.parametrize("cell", ["12.345", 0.001, Decimal("0.005"), 2.220446e-16])
def test_digits_that_would_be_lost_are_refused_unless_the_map_says_how_to_round(cell: Any) -> None:
    with pytest.raises(Inexact):
        cents(cell)
    assert isinstance(scaler(2, "half_up")(cell), int)


@pytest.mark.parametrize(("rounding", "amounts"), [("half_up", [1, 2, 3, -1]), ("half_even", [0, 2, 2, 0])])
def test_half_a_cent_is_rounded_as_the_map_says(rounding: Rounding, amounts: list[int]) -> None:
    assert [scaler(2, rounding)(cell) for cell in ("0.005", "0.015", "0.025", "-0.005")] == amounts


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "abc",
        "1,000.00",
        "1_000",
        "12.50 €",
        "１２",
        "NaN",
        "inf",
        "1e999",
        float("nan"),
        True,
        b"1",
        None,
    ],
)
def test_what_is_no_amount_is_refused(cell: Any) -> None:
    with pytest.raises(REFUSED):
        scaler(2, "half_up")(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("int", "007", 7),
        ("int", 7.0, 7),
        ("number", "4.5", 4.5),
        ("bool", "Yes", True),
        ("bool", "否", False),
        ("bool", 1, True),
        ("str", 7, "7"),
        ("str", 7.0, "7"),
        ("str", True, "true"),
        ("date", "2027-02-05T10:00:00", "2027-02-05"),
        ("date", date(2027, 2, 5), "2027-02-05"),
        (None, Decimal("4.5"), 4.5),
        (None, datetime.fromisoformat("2027-02-05T12:00:00"), "2027-02-05T12:00:00"),
        (None, {"a": [Decimal(1)]}, {"a": [1.0]}),
    ],
)
def test_cells_become_the_kind_that_the_map_names(kind: CellKind | None, cell: Any, value: Any) -> None:
    found = converter(kind)(cell)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("int", "7.5"), ("int", 7.5), ("int", True), ("number", "x"), ("bool", "maybe"), ("date", "2027-02-30")],
)
def test_cells_that_are_of_another_kind_are_refused(kind: CellKind, cell: Any) -> None:
    with pytest.raises(REFUSED):
        converter(kind)(cell)


def test_bytes_have_no_place_in_an_event() -> None:
    with pytest.raises(REFUSED):
        converter(None)(b"\x00")


def test_an_id_is_the_same_whether_a_file_keeps_it_as_text_integer_or_float() -> None:
    assert written("1000004") == written(1000004) == written(1000004.0) == written(Decimal(1000004))
