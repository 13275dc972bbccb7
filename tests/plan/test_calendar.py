"""Working days, in China and elsewhere."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.calendar import WEEKDAYS, WorkingCalendar, add_working_days

CHINA = WorkingCalendar("CN")
DAYS = st.dates(date(2005, 1, 1), date(2026, 6, 30))


def test_holidays_are_off_and_the_weekends_that_make_up_for_them_are_worked() -> None:
    assert not CHINA.is_working_day(date(2025, 1, 28))  # 除夕, a Tuesday
    assert CHINA.is_working_day(date(2025, 1, 26))  # a Sunday, worked for it
    assert not CHINA.is_working_day(date(2025, 10, 1))
    assert CHINA.is_working_day(date(2025, 3, 3))


def test_a_year_that_was_not_announced_follows_the_week_and_says_so() -> None:
    far = date(2099, 10, 1)
    assert far.weekday() == 3
    assert CHINA.is_working_day(far)
    assert not CHINA.knows(far)
    assert CHINA.knows(date(2025, 1, 1))
    assert WEEKDAYS.knows(far)


def test_own_days_go_before_the_official_ones() -> None:
    own = WorkingCalendar("CN", off=frozenset({date(2025, 3, 3)}), work=frozenset({date(2025, 10, 1)}))
    assert not own.is_working_day(date(2025, 3, 3))
    assert own.is_working_day(date(2025, 10, 1))


def test_three_working_days_over_the_spring_festival() -> None:
    assert add_working_days(date(2025, 1, 27), 3, CHINA) == date(2025, 2, 7)
    assert add_working_days(date(2025, 1, 27), 3, WEEKDAYS) == date(2025, 1, 30)
    assert add_working_days(date(2025, 2, 7), -3, CHINA) == date(2025, 1, 27)


def test_no_working_days_is_the_day_itself() -> None:
    assert add_working_days(date(2025, 10, 1), 0, CHINA) == date(2025, 10, 1)


@settings(deadline=None)
@given(day=DAYS, n=st.integers(1, 60))
def test_between_a_day_and_the_nth_after_it_lie_n_working_days(day: date, n: int) -> None:
    last = add_working_days(day, n, CHINA)
    worked = [CHINA.is_working_day(day + timedelta(days=i)) for i in range(1, (last - day).days + 1)]
    assert sum(worked) == n
    assert worked[-1]


def test_a_calendar_in_which_nothing_is_worked_is_noticed() -> None:
    idle = WorkingCalendar(off=frozenset(date(2025, 1, 1) + timedelta(days=i) for i in range(3000)))
    with pytest.raises(ValueError, match="no working days"):
        add_working_days(date(2025, 1, 1), 5, idle)
