"""A level of the last months is renewed by as many months as it was first safe for, whatever came before."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from festoon.base.effects import Start
from festoon.mechanics.level_standing import Standing
from tests.mechanics.level.stage import TABLE, Club, club
from tests.mechanics.stage import noon

ROLLING = {"growth": "rolling"}
MONTHLY = {"growth": "rolling", "months": 6, "valid_months": 1}


@pytest.mark.parametrize("grace", [0, 1, 30])
@pytest.mark.parametrize(
    ("reached", "first", "second", "third"),
    [
        ("2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"),
        ("2027-03-05", "2028-03-05", "2029-03-05", "2030-03-05"),
        ("2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"),
    ],
)
def test_a_level_that_one_has_fallen_to_is_renewed_for_a_whole_time(
    grace: int, reached: str, first: str, second: str, third: str
) -> None:
    stage = Club(club({**ROLLING, "grace_days": grace}))
    stage.grows(300, reached)
    assert stage.until() == first
    stage.grows(100, later(first, -30))
    assert stage.level(later(first, grace + 1)) == "silver"
    assert (stage.until(), stage.shows(first)["since"]) == (second, later(first, grace + 1))
    stage.grows(100, later(second, -30))
    assert (stage.level(later(second, 1)), stage.until()) == ("silver", third)


def test_every_time_after_a_fall_ends_on_the_day_of_the_one_before() -> None:
    stage = Club(club(MONTHLY))
    stage.grows(300, "2027-01-15")
    for month in range(2, 8):
        stage.grows(20, f"2027-{month:02}-10")
    assert stage.level("2027-07-16") == "silver", "what was earned in January is half a year ago"
    dates = [(stage.level(f"2027-{month:02}-16"), stage.until()) for month in (8, 9, 10)]
    assert dates == [("silver", "2027-09-15"), ("member", None), ("member", None)]


@pytest.mark.parametrize("lost", ["2028-02-01", "2028-02-20"])
def test_a_level_that_late_growth_brings_back_is_renewed_as_if_it_had_never_been_lost(lost: str) -> None:
    stage = Club(club({**ROLLING, "months": 12, "valid_months": 1}))
    stage.grows(100, "2027-01-31")
    assert stage.level(lost) == "member"
    stage.grows(100, "2028-01-31", now=lost)
    assert (stage.level(lost), stage.until()) == ("silver", "2028-02-29")
    days = ("2028-03-01", "2028-04-01", "2028-05-01")
    assert [(stage.level(day), stage.until()) for day in days] == [
        ("silver", "2028-03-31"),
        ("silver", "2028-04-30"),
        ("silver", "2028-05-31"),
    ]


def test_a_level_that_got_its_first_date_by_a_new_plan_is_renewed_for_a_whole_time() -> None:
    stage = Club(club())
    stage.grows(300, "2027-01-10")
    stage.publishes(club(ROLLING))
    stage.grows(0, "2027-06-15")
    assert stage.until() == "2028-06-15"
    stage.grows(300, "2028-01-10")
    assert (stage.level("2028-06-16"), stage.until()) == ("gold", "2029-06-15")


def test_another_time_begins_where_the_one_that_was_told_ends() -> None:
    stage = Club(club(ROLLING))
    stage.grows(100, "2027-01-31")
    stage.publishes(club({**ROLLING, "valid_months": 5}))
    stage.grows(100, "2028-01-15")
    assert (stage.level("2028-02-01"), stage.until()) == ("silver", "2028-06-30")


def test_whoever_had_fallen_before_his_time_was_kept_is_renewed_for_a_whole_one() -> None:
    day = date(2028, 2, 1).toordinal()
    stored: dict[str, Any] = {
        "own": day - 400, "seen": 400, "growth": [[day - 20, 100]], "level": "silver", "at": 100, "since": day,
        "until": date(2029, 1, 31).toordinal(), "lost": ["gold", day - 1, day],
    }  # fmt: skip
    standing = msgspec.convert(stored, Standing)
    assert standing.lost is not None
    assert (standing.begun, standing.lost.begun) == (0, 0)
    stage = Club(club(ROLLING, TABLE))
    stage.person().state = standing
    stage.person().balances["growth"] = 400
    stage.starts(Start("review", noon("2029-02-01", 0)))
    stage.grows(100, "2028-09-01")
    stage.passes(noon("2029-02-01"))
    assert stage.until() == "2030-01-31"


def later(day: str, days: int) -> str:
    """So many days after a day."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
