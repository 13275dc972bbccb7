"""Times of a file become instants by the zone that the map names."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from festoon.base.errors import Invalid
from festoon.intake.files.moments import LocalTime, moment_reader

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = LocalTime(ZoneInfo("Asia/Shanghai"))


def instant(cell: Any, local: LocalTime = SHANGHAI, form: str = "iso", at: time | None = None) -> datetime:
    return moment_reader("when", local, form, at)(cell)


def refusal(cell: Any, local: LocalTime = SHANGHAI, form: str = "iso") -> str:
    with pytest.raises(Invalid) as caught:
        instant(cell, local, form)
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("2027-02-05 20:30:00", "iso"),
        ("2027-02-05T20:30:00+08:00", "iso"),
        ("2027-02-05T12:30:00Z", "iso"),
        ("05/02/2027 20:30", "%d/%m/%Y %H:%M"),
        ("1801830600", "s"),
        (1801830600, "s"),
        (1801830600.0, "s"),
        ("1801830600000", "ms"),
        (1801830600000000, "us"),
        (datetime.fromisoformat("2027-02-05T20:30:00"), "iso"),
        (datetime(2027, 2, 5, 12, 30, tzinfo=UTC), "iso"),
    ],
)
def test_the_same_instant_is_read_from_every_form(cell: Any, form: str) -> None:
    assert instant(cell, form=form) == datetime(2027, 2, 5, 12, 30, tzinfo=UTC)


def test_a_day_is_given_the_time_of_day_that_the_map_names() -> None:
    for cell in ("2027-02-05", date(2027, 2, 5), datetime.fromisoformat("2027-02-05")):
        assert instant(cell, at=time(12)) == datetime(2027, 2, 5, 4, tzinfo=UTC)


def test_a_time_without_offset_needs_a_zone() -> None:
    assert refusal("2027-02-05 20:30:00", LocalTime()) == "file.zone_missing"
    assert instant("2027-02-05T12:30:00Z", LocalTime()) == datetime(2027, 2, 5, 12, 30, tzinfo=UTC)


def test_an_hour_that_is_repeated_is_refused_until_the_map_says_which() -> None:
    twice = "2017-11-05 01:30:00"
    assert refusal(twice, LocalTime(NEW_YORK)) == "file.time_ambiguous"
    assert instant(twice, LocalTime(NEW_YORK, ambiguous="earlier")).hour == 5
    assert instant(twice, LocalTime(NEW_YORK, ambiguous="later")).hour == 6


def test_an_hour_that_is_skipped_is_refused_until_the_map_says_to_go_on() -> None:
    never = "2017-03-12 02:30:00"
    assert refusal(never, LocalTime(NEW_YORK)) == "file.time_skipped"
    forward = instant(never, LocalTime(NEW_YORK, skipped="forward"))
    assert forward.astimezone(NEW_YORK).time() == time(3, 30)


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("2027-02-30", "iso"),
        ("yesterday", "iso"),
        ("2027-02-05", "%d/%m/%Y"),
        ("12 o'clock", "s"),
        (10**30, "s"),
        (True, "s"),
        (17, "iso"),
        ("0001-01-01 00:00:00", "iso"),
    ],
)
def test_what_is_no_time_is_refused(cell: Any, form: str) -> None:
    assert refusal(cell, form=form) == "file.cell_invalid"
