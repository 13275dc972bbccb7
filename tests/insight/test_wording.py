from datetime import date
from decimal import Decimal

import pytest

from festoon.insight import wording
from tests.insight.journal import SHANGHAI, at


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1250, "CNY", "¥12.50"),
        (123_456_789, "CNY", "¥1,234,567.89"),
        (-5, "CNY", "−0.05"),
        (1250, "JPY", "JP¥1,250"),
        (1250, "KWD", "KWD\u00a01.250"),
        (0.4, "CNY", "¥0.00"),
        (-0.4, "CNY", "¥0.00"),
        (None, "CNY", "—"),
    ],
)
def test_money_is_written_in_the_units_people_use(amount: float | None, currency: str, text: str) -> None:
    shown = wording.money(amount, currency).replace("\u2060", "")
    assert shown == text.replace("−0.05", "−¥0.05")


def test_a_sentence_leaves_out_the_fen_of_large_amounts() -> None:
    assert wording.round_money(99_999, "CNY") == "¥999.99"
    assert wording.round_money(100_000, "CNY") == "¥1,000"


def test_half_a_unit_is_rounded_up_and_not_to_even() -> None:
    assert wording.round_money(100_050, "CNY") == "¥1,001"
    assert wording.round_money(100_150, "CNY") == "¥1,002"


def test_a_minus_stays_with_its_number() -> None:
    assert wording.share(-0.031) == "−\u20603.1%"


def test_a_change_says_its_direction_and_zero_has_none() -> None:
    assert wording.change(0.031) == "+3.1%"
    assert wording.change(-0.0004) == "0.0%"
    assert wording.change(0.0004) == "0.0%"
    assert wording.change(None) == "—"
    assert wording.change(12.3456) == "+1,234.6%"


def test_days_are_written_as_the_language_does() -> None:
    assert wording.day(date(2027, 2, 5), "en") == "5 February 2027"
    assert wording.day(date(2027, 2, 5), "zh-Hant") == "2027年2月5日"


def test_an_instant_is_shown_in_the_campaign_s_zone() -> None:
    assert wording.minute_of(at("2027-03-01 00:05"), SHANGHAI, "en") == "1 March 2027 00:05 (Asia/Shanghai)"


@pytest.mark.parametrize(
    ("units", "text"),
    [("8000", "¥8,000"), ("12.5", "¥12.50"), ("0.005", "¥0.005"), ("420000", "¥420,000"), ("0", "¥0")],
)
def test_an_amount_of_a_plan_keeps_every_decimal_place(units: str, text: str) -> None:
    assert wording.price(Decimal(units), "CNY") == text
