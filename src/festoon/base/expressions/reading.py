"""How values are read at run time when a look at their type is not enough: what does not fit is None.

The functions here, and a handful of Python's own, are all that a compiled expression can call.
"""

import re
from datetime import date, datetime, tzinfo
from math import isfinite

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LARGEST = 2**63


def number(value: object) -> float | None:
    """A JSON number as a double."""
    if type(value) is float:
        return value if isfinite(value) else None
    return float(value) if type(value) is int and -_LARGEST <= value < _LARGEST else None


def day(value: object) -> date | None:
    """A date, or a text that is one in the form 2027-02-05."""
    if type(value) is date:
        return value
    if type(value) is str and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def moment(value: object) -> datetime | None:
    """An aware time, or a text that is one (RFC 3339)."""
    if type(value) is str:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if type(value) is datetime and value.tzinfo is not None else None


def local(value: datetime, zone: tzinfo) -> datetime | None:
    """A moment in a zone; None at the very ends of the calendar, where the zone leads out of it."""
    try:
        return value.astimezone(zone)
    except OverflowError:
        return None
