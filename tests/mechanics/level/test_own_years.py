"""Own years: what came in them is theirs, however long a later version of the plan makes them."""

from datetime import date
from typing import Any

import pytest

from festoon.mechanics.level_period import OwnYear
from festoon.mechanics.level_standing import Standing
from tests.mechanics.level.stage import TABLE, Club, club


def years(months: int = 12) -> dict[str, Any]:
    return club({"growth": "entry", "months": months})


def growth(stage: Club, day: str) -> int:
    """What counts on a day."""
    counted: int = stage.shows(day)["growth"]
    return counted


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@pytest.mark.parametrize(
    ("months", "counted"), [(1, 7), (6, 37), (12, 237), (24, 237), (36, 1_237), (60, 1_237)]
)
def test_years_of_another_length_count_what_came_in_them(months: int, counted: int) -> None:
    stage = Club(years())
    stage.person(registered="2027-01-31")
    for amount, day in (
        (1_000, "2027-02-10"), (100, "2029-01-31"), (100, "2029-02-10"), (30, "2029-08-01"), (7, "2029-12-31"),
    ):  # fmt: skip
        stage.grows(amount, day)
    assert growth(stage, "2029-12-31") == 237
    told = stage.until()
    stage.publishes(years(months))
    assert growth(stage, "2029-12-31") == counted
    assert stage.until() == told
    stage.grows(0, "2029-12-31")
    assert growth(stage, "2029-12-31") == counted


def test_a_longer_year_lifts_at_once_whom_it_lifts_and_no_date_moves_forward() -> None:
    stage = Club(years(6))
    stage.person(registered="2027-01-10")
    stage.grows(200, "2027-02-10")
    stage.grows(200, "2027-08-10")
    assert (stage.level("2027-08-10"), stage.until()) == ("silver", "2028-07-09")
    stage.publishes(years(12))
    stage.grows(0, "2027-09-01")
    assert (stage.level("2027-09-01"), stage.until()) == ("gold", "2029-01-09")


def test_growth_of_one_own_month_is_kept_as_one_by_its_last_day() -> None:
    period, own = OwnYear(12), ordinal("2027-01-31")
    pairs: tuple[tuple[int, int], ...] = ()
    for day, units in (
        ("2027-03-05", 5),
        ("2027-02-28", 1),
        ("2027-03-30", 2),
        ("2027-03-31", 9),
        ("2027-02-27", 3),
    ):
        pairs = period.grown(pairs, units, ordinal(day), own)
    assert pairs == ((ordinal("2027-02-27"), 3), (ordinal("2027-03-30"), 8), (ordinal("2027-03-31"), 9))


def test_years_that_were_stored_by_their_number_are_read() -> None:
    own = ordinal("2027-01-31")
    stored = Standing(
        own=own, seen=180, growth=((-1, 5), (0, 50), (2, 120)), level="silver", at=100, since=own
    )
    stage = Club(years())
    stage.person().state = stored
    stage.person().balances["growth"] = 180
    assert [growth(stage, day) for day in ("2027-05-01", "2028-05-01", "2029-05-01")] == [50, 0, 120]
    stage.grows(200, "2029-06-01")
    assert (stage.level("2029-06-01"), growth(stage, "2029-06-01")) == ("gold", 320)


def test_what_was_counted_to_the_day_goes_along_into_own_years_and_back() -> None:
    stage = Club(club({"growth": "rolling"}, TABLE))
    stage.person(registered="2027-01-31")
    stage.grows(40, "2027-12-31")
    stage.grows(50, "2028-02-10")
    stage.publishes(years())
    stage.grows(5, "2028-02-12")
    assert growth(stage, "2028-02-12") == 55
    stage.publishes(club({"growth": "rolling"}, TABLE))
    stage.grows(0, "2028-02-13")
    assert growth(stage, "2028-02-13") == 95
