"""Benefits come on entry and every month, each once, whatever comes late."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.level.stage import Club, club
from tests.mechanics.stage import noon

TABLE: list[dict[str, Any]] = [
    {"id": "member", "growth": 0},
    {"id": "silver", "growth": 100, "entry": "silver-pack"},
    {"id": "gold", "growth": 300, "entry": "gold-pack", "monthly": "gold-month", "perks": ["early-access"]},
    {"id": "platinum", "growth": 1000, "monthly": "platinum-month"},
]
YEAR = {"growth": "year"}


def test_a_monthly_benefit_comes_on_the_own_day_and_on_the_last_of_a_shorter_month() -> None:
    stage = Club(club(levels=TABLE))
    stage.person(registered="2027-01-31")
    stage.grows(300, "2027-02-10")
    days = []
    for day in (date(2027, 2, 10) + timedelta(days=n) for n in range(120)):
        before = stage.given().get("gold-month", 0)
        stage.passes(noon(day))
        if stage.given().get("gold-month", 0) > before:
            days.append(day.isoformat())
    assert days == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_a_monthly_benefit_is_that_of_the_level_on_the_day() -> None:
    stage = Club(club(levels=TABLE))
    stage.person(registered="2027-01-10")
    stage.grows(300, "2027-02-05")
    stage.passes(noon("2027-02-11"))
    stage.grows(700, "2027-02-20")
    stage.passes(noon("2027-04-09"))
    assert stage.given() == {"silver-pack": 1, "gold-pack": 1, "gold-month": 1, "platinum-month": 1}


def test_on_the_day_that_a_level_is_lost_its_benefit_does_not_come() -> None:
    stage = Club(club(YEAR, TABLE))
    stage.person(registered="2027-01-01")
    stage.grows(300, "2027-11-15")
    stage.passes(noon("2029-06-01"))
    assert stage.given()["gold-month"] == 13  # 1 December 2027 to 1 December 2028


def test_who_comes_back_to_a_level_has_its_months_again_and_no_second_pack() -> None:
    stage = Club(club(YEAR, TABLE))
    stage.person(registered="2027-01-20")
    stage.grows(300, "2027-12-15")
    stage.grows(300, "2029-03-05")
    assert stage.given() == {"silver-pack": 1, "gold-pack": 1, "gold-month": 13}
    stage.passes(noon("2029-04-20"))
    assert stage.given() == {"silver-pack": 1, "gold-pack": 1, "gold-month": 15}


def test_a_level_reached_late_has_the_months_it_would_have_had() -> None:
    stage = Club(club(levels=TABLE))
    stage.person(registered="2027-01-10")
    stage.grows(300, "2027-03-05", now="2027-03-20")
    assert stage.given()["gold-month"] == 1


def test_a_pack_that_a_new_table_adds_below_is_for_those_who_come_by() -> None:
    stage = Club(club(levels=TABLE))
    stage.grows(300, "2027-03-05")
    added = [{**TABLE[0], "entry": "member-pack"}, *TABLE[1:]]
    stage.publishes(club(levels=added))
    stage.grows(700, "2027-03-06")
    stage.grows(0, "2027-03-06", subject="lei")
    assert "member-pack" not in stage.given()
    assert stage.given("lei") == {"member-pack": 1}


def test_monthly_benefits_that_a_new_table_brings_begin_with_the_next_look() -> None:
    stage = Club(club(levels=TABLE))
    stage.person(registered="2027-01-10")
    stage.grows(100, "2027-03-05")
    stage.publishes(club(levels=[TABLE[0], {**TABLE[1], "monthly": "silver-month"}, *TABLE[2:]]))
    stage.grows(0, "2027-03-07")
    stage.passes(noon("2027-04-10"))
    assert stage.given() == {"silver-pack": 1, "silver-month": 2}


def test_nothing_comes_after_the_end_of_the_campaign() -> None:
    stage = Club(club(YEAR, TABLE))
    stage.mechanic.closes = noon("2027-06-01")  # type: ignore[attr-defined]
    stage.person(registered="2027-01-10")
    stage.grows(300, "2027-03-05")
    assert stage.level("2030-01-01") == "gold"
    assert stage.given()["gold-month"] == 3


def test_the_member_sees_what_he_has_and_what_is_missing() -> None:
    stage = Club(club(YEAR, TABLE))
    stage.person(registered="2027-01-31")
    stage.grows(350, "2027-02-10")
    assert stage.shows("2027-02-10") == {
        "level": "gold",
        "since": "2027-02-10",
        "valid_until": "2028-12-31",
        "grace": False,
        "growth": 350,
        "to_keep": 300,
        "next": "platinum",
        "to_next": 650,
        "benefits": ["entry", "monthly", "early-access"],
        "next_monthly": "2027-02-28",
    }


@given(late=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
def test_no_month_has_its_benefit_twice(late: list[tuple[int, int]]) -> None:
    stage, today = Club(club(YEAR, TABLE)), date(2027, 10, 5)
    stage.person(registered="2027-01-31")
    for later, behind in late:
        today += timedelta(days=later)
        stage.grows(120, today - timedelta(days=behind), now=today)
    stage.passes(noon("2029-12-31"))
    given = stage.given()
    assert len(set(stage.packs)) == len(stage.packs) == sum(given.values())
    assert given.get("gold-pack", 0) <= 1
