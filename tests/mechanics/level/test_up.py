"""A level rises with the event that reaches it, wherever in time that event belongs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.level.stage import TABLE, Club, club
from tests.mechanics.stage import mistake, noon

YEAR = {"growth": "year"}
ROLLING = {"growth": "rolling"}
ENTRY = {"growth": "entry"}


def test_everybody_has_the_level_that_takes_nothing() -> None:
    stage = Club(club())
    stage.grows(0, "2027-02-10")
    assert stage.level("2027-02-10") == "member"


def test_nobody_has_a_level_below_the_first() -> None:
    stage = Club(club(levels=TABLE[1:]))
    stage.grows(99, "2027-02-10")
    shown = stage.shows("2027-02-10")
    assert (shown["level"], shown["next"], shown["to_next"], shown["benefits"]) == (None, "silver", 1, [])


@pytest.mark.parametrize("review", [None, YEAR, ROLLING, ENTRY])
def test_a_level_rises_with_the_event_that_reaches_it(review: dict[str, str] | None) -> None:
    stage = Club(club(review))
    stage.grows(99, "2027-02-10")
    assert stage.level("2027-02-10") == "member"
    stage.grows(1, "2027-02-11")
    assert stage.level("2027-02-11") == "silver"
    assert stage.notes[-1]["was"] == "member"
    assert stage.shows("2027-02-11")["since"] == "2027-02-11"


def test_one_event_may_reach_several_levels_and_gives_every_pack_once() -> None:
    table = [
        {"id": "silver", "growth": 100, "entry": "silver-pack"},
        {"id": "gold", "growth": 300, "entry": "gold-pack"},
    ]
    stage = Club(club(levels=table))
    stage.grows(400, "2027-02-10")
    assert stage.level("2027-02-10") == "gold"
    stage.grows(400, "2027-02-11")
    assert stage.given() == {"silver-pack": 1, "gold-pack": 1}


def test_growth_that_was_there_before_the_first_look_counts() -> None:
    stage = Club(club(YEAR))
    stage.person().balances["growth"] = 250
    stage.grows(50, "2027-02-10")
    assert stage.level("2027-02-10") == "gold"


def test_growth_that_is_taken_back_lowers_no_level() -> None:
    stage = Club(club(YEAR))
    stage.grows(300, "2027-02-10")
    stage.grows(-250, "2027-02-12")
    shown = stage.shows("2027-02-12")
    assert (stage.level("2027-02-12"), shown["growth"], shown["to_next"]) == ("gold", 50, 950)


def test_growth_that_was_taken_back_must_be_earned_again_for_the_next_level() -> None:
    stage = Club(club(YEAR))
    stage.grows(90, "2027-02-10")
    stage.grows(-50, "2027-02-11")
    stage.grows(50, "2027-02-12")
    assert stage.level("2027-02-12") == "member"
    stage.grows(10, "2027-02-13")
    assert stage.level("2027-02-13") == "silver"


def test_only_the_growth_of_the_natural_year_counts() -> None:
    stage = Club(club(YEAR))
    stage.grows(99, "2027-12-31")
    stage.grows(99, "2028-01-01")
    assert (stage.level("2028-01-01"), stage.shows("2028-01-01")["growth"]) == ("member", 99)
    stage.grows(1, "2027-12-31", now="2028-01-02")
    assert (stage.level("2028-01-02"), stage.until()) == ("silver", "2028-12-31")


def test_only_the_growth_of_the_last_months_counts_to_the_day() -> None:
    stage = Club(club(ROLLING))
    stage.grows(60, "2027-03-05")
    stage.grows(40, "2028-03-05")
    assert stage.level("2028-03-05") == "member"
    stage.grows(60, "2029-03-04")
    assert stage.level("2029-03-04") == "silver"


def test_an_own_year_begins_on_the_day_of_registration() -> None:
    stage = Club(club(ENTRY))
    stage.person(registered="2027-05-20")
    stage.grows(99, "2028-05-19")
    stage.grows(99, "2028-05-20")
    assert stage.level("2028-05-20") == "member"
    stage.grows(1, "2029-05-19")
    assert (stage.level("2029-05-19"), stage.until()) == ("silver", "2030-05-19")


def test_a_late_event_counts_in_the_window_it_belongs_to() -> None:
    stage = Club(club({"growth": "rolling", "months": 1, "valid_months": 12}))
    stage.grows(60, "2027-03-10")
    stage.grows(10, "2027-04-20")
    stage.grows(40, "2027-03-05", now="2027-04-20")
    shown = stage.shows("2027-04-20")
    assert (stage.level("2027-04-20"), shown["since"], shown["growth"]) == ("silver", "2027-03-10", 10)


def test_what_an_event_did_not_say_is_found_at_the_next_look() -> None:
    stage = Club(club(YEAR))
    stage.grows(60, "2027-02-10")
    stage.person().balances["growth"] += 60
    assert stage.level("2027-02-11") == "member"
    stage.grows(0, "2027-02-12")
    assert stage.level("2027-02-12") == "silver"


def test_an_event_that_changes_nothing_writes_nothing() -> None:
    stage = Club(club(YEAR))
    stage.grows(60, "2027-02-10")
    assert stage.happens("order.paid", noon("2027-02-11")) == []


GAINS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 200)), min_size=1, max_size=12)


@pytest.mark.parametrize("review", [YEAR, ENTRY, {"growth": "rolling", "months": 1, "valid_months": 12}])
@given(gains=GAINS, data=st.data())
def test_the_same_growth_reaches_the_same_level_in_whatever_order_it_comes(
    review: dict[str, object], gains: list[tuple[int, int]], data: st.DataObject
) -> None:
    first, last = date(2027, 11, 15), date(2028, 1, 14)
    days = [(first + timedelta(days=day), amount) for day, amount in gains]
    in_order, mixed = Club(club(review)), Club(club(review))
    for day, amount in sorted(days):
        in_order.person(registered="2027-11-20")
        in_order.grows(amount, day, now=last)
    for day, amount in data.draw(st.permutations(days)):
        mixed.person(registered="2027-11-20")
        mixed.grows(amount, day, now=last)
    one, other = in_order.person().state, mixed.person().state
    assert (one.level, one.growth, one.seen) == (other.level, other.growth, other.seen)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (club(levels=[{"id": "a", "growth": 0}, {"id": "a", "growth": 1}]), "level.named_twice"),
        (club(levels=[{"id": "a", "growth": 5}, {"id": "b", "growth": 5}]), "level.not_rising"),
        (club({"growth": "year", "months": 12}), "level.months_of_a_year"),
        (club({"growth": "entry", "valid_months": 12}), "level.valid_without_rolling"),
    ],
)
def test_a_table_that_contradicts_itself_is_a_mistake(plan: dict[str, object], code: str) -> None:
    assert mistake(plan).code == code
