"""Working days: China's official calendar, or Monday to Friday, with a plan's own days off and days worked.

The official calendar (国务院办公厅节假日安排) is announced year by year; it comes with the `chinesecalendar`
package. For a year it does not know yet, Monday to Friday stands in, and `knows` says so.
"""

from datetime import date, timedelta
from functools import cache
from typing import Literal

import chinese_calendar
from msgspec import Struct

_SATURDAY = 5
_OFFICIAL_YEARS = frozenset(day.year for day in chinese_calendar.constants.holidays)


class WorkingCalendar(Struct, frozen=True):
    """Which days are worked. `off` and `work` go before the base, `work` before `off`."""

    base: Literal["CN", "none"] = "none"
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether a local day is worked."""
        if day in self.work:
            return True
        if day in self.off:
            return False
        return _official(day) if self.base == "CN" and self.knows(day) else day.weekday() < _SATURDAY

    def knows(self, day: date) -> bool:
        """Whether the calendar is official for the day's year, or the weekday rule stands in for it."""
        return self.base == "none" or day.year in _OFFICIAL_YEARS


WEEKDAYS = WorkingCalendar()
"""Monday to Friday."""


def add_working_days(day: date, n: int, calendar: WorkingCalendar) -> date:
    """The n-th working day after a day; for a negative `n` the n-th before it. 0 is the day itself.

    Raises ValueError for a calendar in which hardly a day is ever worked.
    """
    step = timedelta(days=1 if n >= 0 else -1)
    left, limit = abs(n), 366 + 30 * abs(n)
    while left:
        day += step
        left -= calendar.is_working_day(day)
        limit -= 1
        if limit < 0:
            raise ValueError("the calendar has no working days")
    return day


@cache
def _official(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))
