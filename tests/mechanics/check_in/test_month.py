"""What a member sees of the calendar: the days behind him, today, and the rewards ahead."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.mechanics.stage import DAY, FIRST, Stage, noon

PLAN: dict[str, Any] = {
    "kind": "check_in",
    "ladder": {3: "three", 7: "seven"},
    "cumulative": {5: "fifth"},
    "make_up": {"asset": "card", "within_days": 2, "per_month": 2},
}


def checked_in(plan: dict[str, Any], *days: int) -> Stage:
    stage = Stage(plan)
    stage.person(registered="2027-01-01").balances["card"] = 9
    for day in days:
        stage.happens("check_in.made", noon(date(2027, 2, day)))
    return stage


def test_each_day_of_the_month_says_what_became_of_it() -> None:
    stage = checked_in(PLAN, 6, 9)
    stage.happens("check_in.made", noon("2027-02-09"), repair="2027-02-07")
    month = stage.shows("2027-02-10")["month"]
    assert list(month.values())[:8] == [
        "missed", "checked_in", "repaired", "repairable", "checked_in", "open", "ahead", "ahead",
    ]  # fmt: skip
    assert (min(month), max(month)) == ("2027-02-05", "2027-02-28")


def test_another_month_is_another_calendar_and_it_ends_with_the_campaign() -> None:
    month = checked_in(PLAN, 6).shows("2027-03-30")["month"]
    assert (min(month), max(month)) == ("2027-03-01", "2027-03-30")
    assert checked_in(PLAN, 6).shows("2027-05-01")["month"] == {}


def test_no_card_mends_a_day_before_the_registration_or_past_the_month_s_limit() -> None:
    stage = Stage(PLAN)
    stage.person(registered="2027-02-09").balances["card"] = 9
    stage.happens("check_in.made", noon("2027-02-10"))
    month = stage.shows("2027-02-10")["month"]
    assert (month["2027-02-08"], month["2027-02-09"]) == ("missed", "repairable")
    full = checked_in({**PLAN, "make_up": {"asset": "card", "per_month": 1}}, 7)
    full.happens("check_in.made", noon("2027-02-07"), repair="2027-02-06")
    assert full.shows("2027-02-07")["month"]["2027-02-05"] == "missed"


def test_the_rewards_ahead_are_those_of_who_keeps_on() -> None:
    stage = checked_in(PLAN, 6, 7)
    assert stage.shows("2027-02-07")["ahead"] == [
        {"day": "2027-02-08", "streak": 3, "days": 3, "gives": [{"asset": "three", "amount": 1}]},
        {"day": "2027-02-10", "streak": 5, "days": 5, "gives": [{"asset": "fifth", "amount": 1}]},
        {"day": "2027-02-12", "streak": 7, "days": 7, "gives": [{"asset": "seven", "amount": 1}]},
    ]


@given(st.lists(st.integers(0, 9), unique=True), st.sampled_from([{}, {"cycle": 7}, {"each": "campaign"}]))
def test_what_was_shown_ahead_is_what_comes(days: list[int], kind: dict[str, Any]) -> None:
    stage = Stage({**PLAN, **kind})
    for day in days:
        stage.happens("check_in.made", noon(FIRST + day * DAY), now=noon(FIRST + 9 * DAY))
    today = FIRST + 10 * DAY
    ahead = {each["day"]: each["gives"] for each in stage.shows(today)["ahead"]}
    while today.month == FIRST.month:
        before = stage.given()
        stage.happens("check_in.made", noon(today))
        new = {name: count for name, count in stage.given().items() if count != before.get(name)}
        assert set(new) == {gift["asset"] for gift in ahead.get(today.isoformat(), [])}
        today += DAY
