"""What goals and the questions of an evaluation share: a target in smallest units, and whether it is reached."""

from decimal import Decimal

from festoon.engine.outside import OutsideFigure
from festoon.plan.goals import Direction
from festoon.plan.money import CURRENCIES
from festoon.plan.schema import Outside


def smallest(number: Decimal, unit: str, currency: str) -> float:
    """A number as a plan has it, in the metric's smallest unit."""
    return float(number.scaleb(CURRENCIES[currency]) if unit == "money" else number)


def entered_value(entered: OutsideFigure, unit: str, currency: str) -> float:
    """The same of a figure that was entered from outside."""
    return smallest(Decimal(entered.value), unit, currency)


def measured_as(outside: Outside | None) -> tuple[str, Direction]:
    """The unit of a metric that is measured elsewhere, and which way is better."""
    return (outside.unit, outside.direction) if outside else ("number", "up")


def reached(value: float, target: float, direction: Direction) -> bool:
    """Whether a value is as good as was aimed at."""
    return value >= target if direction == "up" else value <= target
