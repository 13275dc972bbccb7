"""Days are local, months end where they end, and time is always aware."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.times import (
    FOREVER,
    Days,
    Lifetime,
    add_months,
    end_of_day,
    local_day,
    period_of,
    start_of_day,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Asia/Tehran", "Pacific/Apia"]
)
DAYS = st.dates(date(2000, 1, 1), date(2037, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 3, 31), 12, date(2028, 3, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(DAYS, ZONES)
def test_a_day_begins_with_its_first_instant_and_ends_where_the_next_begins(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    start = start_of_day(day, zone)
    if start.astimezone(zone).date() == day:  # a few days do not exist at all: Apia skipped 30 December 2011
        assert local_day(start - timedelta(microseconds=1), zone) < day
    assert end_of_day(day, zone) == start_of_day(day + timedelta(days=1), zone)


def test_what_lasts_thirty_days_lasts_to_the_end_of_the_thirtieth_local_day() -> None:
    evening = datetime(2027, 2, 5, 15, tzinfo=UTC)  # 23:00 in Shanghai
    assert Lifetime(days=30).end(evening, SHANGHAI) == datetime(2027, 3, 7, 16, tzinfo=UTC)


def test_what_has_no_end_lasts_forever() -> None:
    assert Lifetime().end(datetime(2027, 2, 5, tzinfo=UTC), SHANGHAI) is FOREVER


def test_a_date_given_as_the_end_is_still_good() -> None:
    end = Lifetime(until=date(2027, 3, 6)).end(datetime(2027, 2, 5, tzinfo=UTC), SHANGHAI)
    assert end == datetime(2027, 3, 6, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "name"), [("day", "2027-01-01"), ("week", "2026-W53"), ("month", "2027-01"), ("year", "2027")]
)
def test_periods_have_names_of_their_own(period: str, name: str) -> None:
    assert period_of(date(2027, 1, 1), period) == name


@given(
    st.integers(0, 18_000).map(lambda days: datetime(1985, 1, 1, 3, 17, tzinfo=UTC) + timedelta(days=days)),
    st.lists(st.integers(-50, 50), max_size=20),
    st.sampled_from(
        ["Asia/Shanghai", "America/New_York", "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo"]
    ),
)
def test_a_day_that_was_kept_is_the_day_of_the_zone(at: datetime, hours: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    days = Days(zone)
    for hour in (0, *hours):
        then = at + timedelta(hours=hour, minutes=hour)
        assert days.of(then) == local_day(then, zone)


@pytest.mark.parametrize("at", [datetime(1, 1, 2, 9, tzinfo=UTC), datetime(9999, 12, 31, 9, tzinfo=UTC)])
def test_the_first_and_the_last_days_of_all_have_their_day(at: datetime) -> None:
    assert Days(ZoneInfo("Europe/London")).of(at) == at.date()
