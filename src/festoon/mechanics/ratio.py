"""Factors and percentages as a plan writes them, read exactly."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from festoon.base.errors import Invalid, define

MAX_RATIO = 1000
MILLION = 1_000_000

RATIO_WRONG = define(
    "mechanic.ratio_wrong",
    400,
    "{number} is not a number from 0 to {limit} with six decimal places at the most",
    "{number}不是0到{limit}之间、最多六位小数的数",
)

Ratio = Annotated[Decimal, Meta(extra_json_schema={"type": ["number", "string"]})]
"""`2`, `1.5` or `"1.5"`: exact as written."""


def fraction(number: Decimal, path: str) -> Fraction:
    """The number as an exact fraction. Raises Invalid below 0, above 1000 or with a seventh decimal place."""
    if not number.is_finite() or not 0 <= number <= MAX_RATIO or (number * MILLION) % 1:
        raise Invalid(RATIO_WRONG, path, number=str(number), limit=MAX_RATIO)
    return Fraction(number)
