"""Holidays: days that can be missed, and days that count double. The stage's holidays are 5 to 11 February."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.stage import FIRST, Stage, noon

WORK: dict[str, Any] = {"kind": "check_in", "ladder": {1: "one", 3: "three"}, "days_off": {}}
LISTED = {**WORK, "days_off": {"dates": ["2027-02-09", "2027-02-10"]}}


def check_in(stage: Stage, *days: int) -> None:
    for day in days:
        stage.happens("check_in.made", noon(date(2027, 2, day)))


def test_a_missed_holiday_breaks_no_streak() -> None:
    stage = Stage(WORK)
    check_in(stage, 6, 12, 15)
    assert stage.given() == {"one": 1, "three": 1}
    assert stage.notes[-1]["streak"] == 3
    assert stage.shows("2027-02-16")["streak"] == 3
    assert stage.shows("2027-02-17")["streak"] == 0
    assert stage.shows("2027-02-17")["month"]["2027-02-13"] == "excused"


def test_a_holiday_on_which_one_checks_in_counts_like_any_day() -> None:
    stage = Stage(WORK)
    check_in(stage, 5, 6, 7)
    assert stage.given() == {"one": 1, "three": 1}


def test_a_holiday_that_comes_late_lengthens_the_one_streak_it_lies_in() -> None:
    stage = Stage(WORK)
    check_in(stage, 11, 12)
    stage.happens("check_in.made", noon("2027-02-07"), now=noon("2027-02-12"))
    assert stage.notes[-1]["streak"] == 3
    assert stage.given() == {"one": 1, "three": 1}


def test_only_the_listed_days_are_excused() -> None:
    stage = Stage(LISTED)
    check_in(stage, 8, 11, 12)
    assert stage.given() == {"one": 1, "three": 1}
    check_in(stage, 15)
    assert stage.given()["one"] == 2


def test_a_holiday_can_give_the_daily_reward_twice() -> None:
    stage = Stage({**LISTED, "daily": "daily", "days_off": {"dates": ["2027-02-09"], "daily": 2}})
    check_in(stage, 8, 9, 10)
    assert stage.given()["daily"] == 4
    (most, _), *_ = stage.mechanic.worst_case()
    assert len(most.gifts) == 2


def test_double_days_need_not_be_days_one_may_miss() -> None:
    rule = {"dates": ["2027-02-09"], "daily": 2, "missed": "breaks"}
    stage = Stage({**LISTED, "daily": "daily", "days_off": rule})
    check_in(stage, 8, 10)
    assert stage.given() == {"one": 2, "daily": 2}


DAYS = st.lists(st.integers(0, 24), unique=True, min_size=1)


def climbed(days: list[int]) -> Counter[str]:
    """What the days are worth, counted day by day: an excused day is passed over, another one ends the streak."""
    excused = {date(2027, 2, 9) - FIRST, date(2027, 2, 10) - FIRST}
    worth: Counter[str] = Counter()
    streak = 0
    for day in range(25):
        if day in days:
            streak += 1
            worth.update({1: ["one"], 3: ["three"]}.get(streak, []))
        elif timedelta(days=day) not in excused:
            streak = 0
    return worth


def arrive(days: list[int]) -> Stage:
    stage = Stage(LISTED)
    for day in days:
        at = noon(FIRST + timedelta(days=day))
        stage.happens("check_in.made", at, now=noon(FIRST + timedelta(days=30)))
    return stage


@given(DAYS)
def test_in_order_each_streak_over_the_holidays_is_paid_once(days: list[int]) -> None:
    assert Counter(arrive(sorted(days)).given()) == climbed(days)


@given(DAYS)
def test_in_any_order_no_rung_is_paid_twice_for_one_streak_over_the_holidays(days: list[int]) -> None:
    most: Counter[str] = Counter()
    for count in range(1, len(days) + 1):
        most |= climbed(days[:count])
    assert Counter(arrive(days).given()) == most


@given(DAYS, st.integers(0, 26))
def test_the_streak_shown_is_the_one_counted_day_by_day(days: list[int], today: int) -> None:
    known = [day for day in days if day <= today]
    excused, streak, day = {4, 5}, 0, today if today in known else today - 1
    while day >= 0 and (day in known or day in excused):
        streak, day = streak + (day in known), day - 1
    shown = arrive(known).shows(FIRST + timedelta(days=today)) if known else {"streak": 0}
    assert shown["streak"] == streak
