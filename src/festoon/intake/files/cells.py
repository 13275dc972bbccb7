"""From one cell of a file to one value of an event.

A cell is what the file holds: text in CSV; text, numbers, dates and moments in NDJSON and Parquet. Nothing
here multiplies a float: money goes through decimal digits.
"""

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, Literal

CellKind = Literal["str", "int", "number", "bool", "date"]
Rounding = Literal["exact", "half_up", "half_even"]
Convert = Callable[[Any], Any]

_WHOLE = re.compile(r"[+-]?\d{1,30}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?", re.ASCII)
_AS_IT_IS = frozenset({str, int, bool, NoneType})
_TRUE = frozenset({"true", "t", "yes", "y", "1", "是", "真"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "否", "假"})
_EXACTLY = Context(prec=100)
_ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def written(cell: Any) -> str:
    """A cell as text, for ids and comparisons: 7 and 7.0 are `7`, moments are ISO."""
    if cell.__class__ is str:
        return cell
    if cell.__class__ is int:
        return str(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | Decimal):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def plain(cell: Any) -> Any:
    """A cell as JSON has it, unchanged where it can be."""
    if cell.__class__ in _AS_IT_IS:
        return cell
    if isinstance(cell, float | Decimal):
        return float(cell) if math.isfinite(cell) else None
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list | tuple):
        return [plain(part) for part in cell]
    if isinstance(cell, dict):
        return {str(name): plain(part) for name, part in cell.items()}
    raise ValueError(type(cell).__name__)


def whole(cell: Any) -> int:
    """A whole number; a float or decimal only when nothing follows its point."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and _WHOLE.fullmatch(text := cell.strip()):
        return int(text)
    if isinstance(cell, float | Decimal) and math.isfinite(cell) and cell == int(cell):
        return int(cell)
    raise ValueError(cell)


def number(cell: Any) -> float:
    """A measurement."""
    if isinstance(cell, str) and not _DECIMAL.fullmatch(cell.strip()):
        raise ValueError(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        raise ValueError(cell)
    found = float(cell)
    if not math.isfinite(found):
        raise ValueError(cell)
    return found


def truth(cell: Any) -> bool:
    """True or false, in the usual spellings."""
    if isinstance(cell, bool):
        return cell
    said = written(cell).strip().lower()
    if said in _TRUE:
        return True
    if said in _FALSE:
        return False
    raise ValueError(cell)


def day(cell: Any) -> str:
    """A calendar day as ISO text; a moment gives its own day."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return datetime.fromisoformat(str(cell).strip()).date().isoformat()


_KINDS: dict[CellKind, Convert] = {"str": written, "int": whole, "number": number, "bool": truth, "date": day}


class Inexact(ValueError):
    """Digits would be lost, and nothing says how to round."""


def converter(kind: CellKind | None) -> Convert:
    """The conversion of a column's cells. What is returned raises ValueError or ArithmeticError."""
    return _KINDS[kind] if kind else plain


def scaler(scale: int, rounding: Rounding) -> Convert:
    """The conversion of decimals to whole numbers of the smallest unit: 12.5 at scale 2 is 1250.

    A float stands for the shortest decimal that reads back as that float, which is what it was written from.
    What is returned raises Inexact, another ValueError, or ArithmeticError.
    """
    # Prices repeat: a year of groceries has 1,469,307 lines and 9,000 different prices.
    return lru_cache(maxsize=65_536, typed=True)(lambda cell: _minor_units(cell, scale, rounding))


def _minor_units(cell: Any, scale: int, rounding: Rounding) -> int:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        raise ValueError(cell)
    digits = cell.strip() if isinstance(cell, str) else repr(cell) if isinstance(cell, float) else str(cell)
    if not _DECIMAL.fullmatch(digits):
        raise ValueError(cell)
    units = Decimal(digits).scaleb(scale, _EXACTLY)
    if rounding != "exact":
        return int(units.quantize(Decimal(1), _ROUNDING[rounding], _EXACTLY))
    if units != units.to_integral_value(context=_EXACTLY):
        raise Inexact(cell)
    return int(units)
