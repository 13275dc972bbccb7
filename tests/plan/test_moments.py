"""Dates, local times, and distances from a phase."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from festoon.base.calendar import WEEKDAYS, WorkingCalendar
from festoon.base.errors import Invalid
from festoon.plan.moments import begins, ends, local_instant, schedule_of
from festoon.plan.schema import SchedulePlan

ZONE = ZoneInfo("Asia/Shanghai")
SCHEDULE = schedule_of(SchedulePlan(start="2027-01-31", end="2027-02-20", settle="2027-03-06"), ZONE)


def day(year: int, month: int, number: int, hour: int = 0) -> datetime:
    return datetime(year, month, number, hour, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [
        ("2027-02-05", day(2027, 2, 5), day(2027, 2, 6)),
        ("2027-02-05 10:00", day(2027, 2, 5, 10), day(2027, 2, 5, 10)),
        ("2027-02-05T10:00:00", day(2027, 2, 5, 10), day(2027, 2, 5, 10)),
        ("start", day(2027, 1, 31), day(2027, 1, 31)),
        ("end", day(2027, 2, 21), day(2027, 2, 21)),
        ("start - 7 days", day(2027, 1, 24), day(2027, 1, 25)),
        ("start + 1 month", day(2027, 2, 28), day(2027, 3, 1)),
        ("end + 1 week", day(2027, 2, 27), day(2027, 2, 28)),
        ("end + 1 year", day(2028, 2, 20), day(2028, 2, 21)),
        ("settle+3 days", day(2027, 3, 9), day(2027, 3, 10)),
        ("end + 3 working days", day(2027, 2, 24), day(2027, 2, 25)),
        (" warm_up - 1 day ", day(2027, 1, 30), day(2027, 1, 31)),
    ],
)
def test_a_moment_begins_and_ends(moment: str, first: datetime, last: datetime) -> None:
    assert begins(moment, SCHEDULE, ZONE, WEEKDAYS) == first
    assert ends(moment, SCHEDULE, ZONE, WEEKDAYS) == last


def test_a_day_that_skips_midnight_begins_when_its_clock_does() -> None:
    assert local_instant("2018-11-04", ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2027-02-29", "2027-13-01", "0000-01-01", "2027-02-05 25:00", "9999-12-31"])
def test_a_date_that_does_not_exist_or_is_too_far_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        local_instant(text, ZONE)
    assert raised.value.code == "plan.no_such_date"


def test_a_calendar_without_working_days_is_too_far() -> None:
    off = frozenset(date.fromordinal(ordinal) for ordinal in range(739_000, 742_000))
    with pytest.raises(Invalid) as raised:
        ends("end + 30 working days", SCHEDULE, ZONE, WorkingCalendar(off=off))
    assert raised.value.code == "plan.moment_out_of_reach"
