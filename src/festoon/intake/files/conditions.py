"""Which rows of a file count."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from festoon.intake.files.cells import number, written
from festoon.intake.files.mapping import Condition, Scalar

Test = Callable[[list[list[Any]]], list[bool]]
"""For the columns of a chunk, which rows meet a condition."""


def condition(said: Condition, position: int) -> Test:
    """A condition on the column at that position. A missing cell is the empty text, and no number."""
    wanted, unwanted = _texts(said.equals), _texts(said.differs)

    def holds(cell: Any) -> bool:
        text = "" if cell is None else written(cell)
        if wanted is not None and text not in wanted:
            return False
        if unwanted is not None and text in unwanted:
            return False
        return _between(cell, said.at_least, said.at_most)

    return lambda columns: list(map(holds, columns[position]))


def _texts(said: Scalar | list[Scalar] | None) -> frozenset[str] | None:
    if said is None:
        return None
    return frozenset(map(written, said if isinstance(said, list) else [said]))


def _between(cell: Any, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    try:
        value = cell if isinstance(cell, int | Decimal) else number(cell)
    except ValueError:
        return False
    return (low is None or value >= low) and (high is None or value <= high)
