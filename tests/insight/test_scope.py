from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest

from festoon.insight.scope import Window, local_date, offsets
from tests.insight.journal import SHANGHAI, Journal, at, scope, window

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks move by half an hour


def test_a_zone_without_changes_has_one_offset() -> None:
    [(_, offset)] = offsets(window("2027-01-01", "2027-12-31"), SHANGHAI)
    assert offset == 8 * 3600


def test_offsets_change_at_the_very_second_the_clocks_do() -> None:
    year = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    assert offsets(year, NEW_YORK) == [
        (datetime(2027, 3, 14, 7, tzinfo=UTC), -5 * 3600),
        (datetime(2027, 11, 7, 6, tzinfo=UTC), -4 * 3600),
        (datetime(2028, 1, 1, tzinfo=UTC), -5 * 3600),
    ]


@pytest.mark.parametrize("zone", [SHANGHAI, NEW_YORK, LORD_HOWE], ids=str)
def test_the_backend_draws_days_where_the_zone_does(zone: ZoneInfo) -> None:
    span = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    instants = [span.start + n * timedelta(minutes=29, microseconds=999_999) for n in range(18_000)]
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET TimeZone = 'UTC'")
    backend.con.register("instants", pa.table({"time": instants}))
    table = backend.table("instants")
    found = table.mutate(day=local_date(table.time, span, zone)).to_pyarrow()["day"].to_pylist()
    assert found == [instant.astimezone(zone).date() for instant in instants]


def test_the_machine_s_own_zone_changes_nothing() -> None:
    journal = Journal().event(1, "2027-03-01 23:30", "member.logged_in")
    facts = journal.facts()
    facts.backend.raw_sql("SET TimeZone = 'America/New_York'")
    facts = type(facts)(
        events=facts.events, outcomes=facts.outcomes, transfers=facts.transfers, lines=facts.lines
    )
    asked = scope("2027-03-01", "2027-03-02")
    [row] = facts.events.select(day=asked.day(facts.events.time)).to_pyarrow().to_pylist()
    assert row["day"] == date(2027, 3, 1)


def test_a_window_begins_with_its_first_instant_and_ends_before_its_last() -> None:
    facts = (
        Journal()
        .event(1, "2027-02-28 23:59:59.999999", "member.logged_in")
        .event(2, "2027-03-01", "member.logged_in")
        .event(3, "2027-03-02 23:59:59.999999", "member.logged_in")
        .event(4, "2027-03-03", "member.logged_in")
        .facts()
    )
    rows = scope("2027-03-01", "2027-03-02").rows(facts.events)
    assert sorted(rows.member.to_pyarrow().to_pylist()) == [2, 3]


def test_the_days_of_a_window_are_local_days() -> None:
    assert window("2027-03-01", "2027-03-03").days(SHANGHAI) == [date(2027, 3, day) for day in (1, 2, 3)]
    assert Window(at("2027-03-01"), at("2027-03-01")).days(SHANGHAI) == []


def test_an_earlier_window_has_as_many_local_days() -> None:
    span = window("2027-03-01", "2027-03-10")
    assert span.earlier(span.start, SHANGHAI) == window("2027-02-19", "2027-02-28")
    summer = window("2027-03-10", "2027-03-20", NEW_YORK)  # an hour short
    assert summer.earlier(at("2027-03-01", NEW_YORK), NEW_YORK) == window(
        "2027-02-18", "2027-02-28", NEW_YORK
    )


def test_a_window_as_far_as_an_instant() -> None:
    span = window("2027-03-01", "2027-03-10")
    assert span.until(at("2027-03-05")) == window("2027-03-01", "2027-03-04")
    assert span.until(at("2020-01-01")).length == timedelta(0)
