"""A level is lost in a review only, after the date that the member was told."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.level.stage import TABLE, Club, club, levels

YEAR = {"growth": "year"}
ROLLING = {"growth": "rolling"}
MONTHLY = {"growth": "rolling", "valid_months": 1}


def test_without_a_review_no_level_is_ever_lost() -> None:
    stage = Club(club())
    stage.grows(300, "2027-02-10")
    stage.grows(-300, "2027-02-11")
    assert (stage.level("2037-01-01"), stage.until()) == ("gold", None)


def test_a_level_of_one_year_is_safe_until_the_end_of_the_next() -> None:
    stage = Club(club(YEAR))
    stage.grows(300, "2027-02-10")
    assert stage.until() == "2028-12-31"
    assert stage.level("2028-12-31") == "gold"
    assert stage.level("2029-01-01") == "member"
    assert stage.shows("2029-01-01")["since"] == "2029-01-01"


def test_growth_that_reaches_the_level_again_moves_its_date_at_once() -> None:
    stage = Club(club(YEAR))
    stage.grows(300, "2027-02-10")
    stage.grows(299, "2028-05-01")
    assert (stage.until(), stage.shows("2028-05-01")["to_keep"]) == ("2028-12-31", 1)
    stage.grows(1, "2028-05-02")
    assert stage.until() == "2029-12-31"
    assert stage.level("2029-12-31") == "gold"


def test_a_review_takes_a_member_to_the_level_that_he_has_earned() -> None:
    stage = Club(club(YEAR))
    stage.grows(1000, "2027-02-10")
    stage.grows(120, "2028-02-10")
    assert stage.level("2029-01-01") == "silver"
    assert stage.until() == "2029-12-31"


def test_down_by_one_takes_one_level_a_review() -> None:
    stage = Club(club({**YEAR, "down": "one"}))
    stage.grows(1000, "2027-02-10")
    assert [stage.level(f"{year}-01-01") for year in (2028, 2029, 2030, 2031, 2032)] == [
        "platinum", "gold", "silver", "member", "member",
    ]  # fmt: skip


def test_in_the_days_of_grace_the_level_stays_and_what_is_earned_saves_it() -> None:
    stage = Club(club({**YEAR, "grace_days": 59}))
    for who in ("mei", "lei"):
        stage.grows(300, "2027-02-10", subject=who)
        stage.grows(250, "2028-02-10", subject=who)
    assert stage.level("2029-01-01") == "gold"
    assert stage.shows("2029-01-01")["grace"]
    stage.grows(50, "2029-02-28", subject="lei")
    assert (stage.until("lei"), stage.shows("2029-02-28", "lei")["grace"]) == ("2029-12-31", False)
    assert (stage.level("2029-02-28"), stage.until()) == ("gold", "2029-02-28")
    assert (stage.level("2029-03-01"), stage.level("2029-03-01", "lei")) == ("silver", "gold")


def test_a_level_of_the_last_months_is_renewed_by_what_they_earned() -> None:
    stage = Club(club(ROLLING))
    stage.grows(100, "2027-03-05")
    assert stage.until() == "2028-03-05"
    stage.grows(60, "2027-09-01")
    stage.grows(40, "2028-03-05")
    assert (stage.level("2028-03-06"), stage.until()) == ("silver", "2029-03-05")
    assert stage.level("2029-03-05") == "silver"
    assert stage.level("2029-03-06") == "member"


@pytest.mark.parametrize(
    ("months", "reached", "until"),
    [
        (3, "2027-11-28", "2028-02-28"),
        (3, "2026-11-29", "2027-02-28"),
        (3, "2026-11-30", "2027-02-28"),
        (3, "2027-01-31", "2027-04-30"),
        (12, "2028-02-29", "2029-02-28"),
    ],
)
def test_what_has_reached_a_level_of_the_last_months_does_not_renew_it(
    months: int, reached: str, until: str
) -> None:
    stage = Club(club({**ROLLING, "months": months}))
    stage.grows(100, reached)
    assert stage.until() == until
    assert stage.level(until) == "silver"
    assert stage.level(date.fromisoformat(until) + timedelta(days=1)) == "member"


def test_a_level_that_is_looked_at_every_month_keeps_its_day() -> None:
    stage = Club(club(MONTHLY))
    stage.grows(100, "2027-01-31")
    dates = [(stage.level(day), stage.until())[1] for day in ("2027-01-31", "2027-03-01", "2027-04-01")]
    assert dates == ["2027-02-28", "2027-03-31", "2027-04-30"]
    assert stage.level("2028-01-31") == "silver"
    assert stage.level("2028-02-01") == "member"


def test_an_own_year_is_reviewed_on_the_members_own_day() -> None:
    stage = Club(club({"growth": "entry", "months": 6}))
    stage.person(registered="2027-03-31")
    stage.grows(100, "2027-04-10")
    assert stage.until() == "2028-03-30"
    assert stage.level("2028-03-30") == "silver"
    assert stage.level("2028-03-31") == "member"


@pytest.mark.parametrize("review", [YEAR, {**YEAR, "grace_days": 10}, {"growth": "entry"}])
def test_a_late_event_brings_back_what_a_review_has_cost(review: dict[str, Any]) -> None:
    stage = Club(club(review))
    stage.person(registered="2027-01-01")
    stage.grows(300, "2027-02-10")
    stage.grows(250, "2028-02-10")
    assert stage.level("2029-01-20") == "silver"
    stage.grows(50, "2028-12-31", now="2029-01-20")
    assert (stage.level("2029-01-20"), stage.until()) == ("gold", "2029-12-31")


def test_a_late_event_passes_a_review_of_the_last_months() -> None:
    stage = Club(club(ROLLING))
    stage.grows(100, "2027-03-05")
    stage.grows(60, "2027-09-01")
    assert stage.level("2028-03-10") == "member"
    stage.grows(40, "2028-03-04", now="2028-03-10")
    assert stage.level("2028-03-10") == "silver"
    assert stage.until() == "2029-03-05"


def test_a_new_table_lowers_nobody_before_his_date() -> None:
    stage = Club(club(YEAR))
    stage.grows(300, "2027-02-10")
    dearer = [{**level, "growth": level["growth"] * 10} for level in TABLE]
    stage.publishes(club(YEAR, dearer))
    stage.grows(1, "2027-06-01")
    assert (stage.level("2028-12-31"), stage.until()) == ("gold", "2028-12-31")
    assert stage.level("2029-01-01") == "member"


def test_a_new_table_lifts_at_once_whom_it_lifts() -> None:
    stage = Club(club(YEAR))
    stage.grows(200, "2027-02-10")
    cheaper = [{**level, "growth": level["growth"] // 2} for level in TABLE]
    stage.publishes(club(YEAR, cheaper))
    stage.grows(0, "2027-06-01")
    assert stage.level("2027-06-01") == "gold"


def test_levels_that_get_titles_are_the_same_table() -> None:
    titled = [{**level, "title": {"en": "A level"}} for level in TABLE]
    assert levels(club(YEAR, titled)).table == levels(club(YEAR)).table


def test_a_level_that_is_gone_from_the_table_is_kept_until_its_date() -> None:
    stage = Club(club(YEAR))
    stage.grows(300, "2027-02-10")
    stage.publishes(club(YEAR, [TABLE[0], TABLE[1], TABLE[3]]))
    stage.grows(120, "2028-02-10")
    assert (stage.level("2028-12-31"), stage.until()) == ("gold", "2028-12-31")
    assert stage.level("2029-01-01") == "silver"


def test_who_was_told_no_date_gets_a_whole_period_when_a_review_begins() -> None:
    stage = Club(club())
    stage.grows(300, "2027-02-10")
    stage.publishes(club(YEAR))
    stage.grows(0, "2030-06-01")
    assert stage.until() == "2031-12-31"
    assert stage.level("2031-12-31") == "gold"
    assert stage.level("2032-01-01") == "member"


def test_when_reviews_end_nobody_loses_a_level_any_more() -> None:
    stage = Club(club(YEAR))
    stage.grows(300, "2027-02-10")
    stage.publishes(club())
    stage.grows(0, "2027-06-01")
    assert (stage.level("2035-01-01"), stage.until()) == ("gold", None)


def test_a_date_that_was_told_outlives_a_plan_without_reviews() -> None:
    stage = Club(club(YEAR))
    stage.grows(100, "2027-02-10")
    stage.publishes(club())
    stage.grows(200, "2027-03-10")
    stage.publishes(club(MONTHLY))
    stage.grows(-300, "2027-04-10")
    assert (stage.level("2028-12-31"), stage.until()) == ("gold", "2028-12-31")
    assert stage.level("2029-01-01") == "member"


REVIEWS: list[dict[str, Any] | None] = [
    None,
    YEAR,
    {**YEAR, "grace_days": 40, "down": "one"},
    {"growth": "entry", "months": 3, "grace_days": 7},
    MONTHLY,
    {"growth": "rolling", "months": 3, "valid_months": 2, "grace_days": 20},
]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 90),  # days later
        st.integers(0, 40),  # how late
        st.integers(-300, 600),
        st.sampled_from(range(len(REVIEWS))),
        st.sampled_from((1, 2, 5)),
    ),
    max_size=15,
)


@given(steps=STEPS)
def test_whatever_happens_nobody_falls_under_his_date(steps: list[tuple[int, int, int, int, int]]) -> None:
    ranks = {None: -1} | {level["id"]: rank for rank, level in enumerate(TABLE)}
    stage, today = Club(club(YEAR)), date(2027, 2, 10)
    promised: list[tuple[str, int]] = []
    for later, late, amount, review, dearer in steps:
        today += timedelta(days=later)
        table = [{**level, "growth": level["growth"] * dearer} for level in TABLE]
        stage.publishes(club(REVIEWS[review], table))
        stage.grows(amount, today - timedelta(days=late), now=today)
        rank, until = ranks[stage.level(today)], stage.until()
        assert all(rank >= before for date_, before in promised if today.isoformat() <= date_)
        if until is not None:
            assert until >= today.isoformat()
            promised.append((until, rank))
