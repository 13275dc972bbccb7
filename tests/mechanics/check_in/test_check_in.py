from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.check_in_days import CheckInDays
from tests.mechanics.stage import DAY, FIRST, Stage, mistake, noon, refused

LADDER = {"kind": "check_in", "ladder": {1: "one", 3: "three", 7: "seven"}}
DAILY = {"kind": "check_in", "daily": "daily", "cumulative": {2: "second", 5: "fifth"}}
CARDS = {**LADDER, "make_up": {"asset": "card", "per_month": 2, "within_days": 5}}


def check_in(stage: Stage, *days: int, taken: int | None = None) -> None:
    """Check in on these days of February, each at noon; `taken` is the day they arrive on, if later."""
    for day in days:
        at = noon(date(2027, 2, day))
        stage.happens("check_in.made", at, now=None if taken is None else noon(date(2027, 2, taken)))


def repair(stage: Stage, missed: int | str, on: int) -> None:
    day = f"2027-02-{missed:02}" if isinstance(missed, int) else missed
    stage.happens("check_in.made", noon(date(2027, 2, on)), repair=day)


def no_repair(code: str, stage: Stage, missed: int | str, on: int) -> dict[str, Any]:
    day = f"2027-02-{missed:02}" if isinstance(missed, int) else missed
    return refused(code, stage, "check_in.made", noon(date(2027, 2, on)), repair=day)


def with_cards(plan: dict[str, Any] = CARDS, cards: int = 9) -> Stage:
    stage = Stage(plan)
    stage.person(registered="2027-01-01").balances["card"] = cards
    return stage


# The streak


def test_seven_days_in_a_row_climb_the_whole_ladder() -> None:
    stage = Stage(LADDER)
    check_in(stage, *range(5, 12))
    assert stage.given() == {"one": 1, "three": 1, "seven": 1}
    assert stage.notes[-1] == {"day": "2027-02-11", "streak": 7, "days": 7}


def test_a_missed_day_starts_the_ladder_anew() -> None:
    stage = Stage(LADDER)
    check_in(stage, 5, 6, 8, 9, 10)
    assert stage.given() == {"one": 2, "three": 1}


def test_the_same_day_counts_once() -> None:
    stage = Stage(LADDER)
    check_in(stage, 5)
    assert refused("check_in.already_that_day", stage, "check_in.made", noon("2027-02-05", 20)) == {
        "day": "2027-02-05"
    }


def test_a_day_that_has_not_come_is_refused() -> None:
    stage = Stage(LADDER)
    refused("check_in.future_day", stage, "check_in.made", noon("2027-02-06"), now=noon("2027-02-05"))


def test_the_day_is_the_campaigns_wherever_the_member_is() -> None:
    """17:00 UTC on the 5th is the 6th in Shanghai, and two evenings in New York are two days in Shanghai."""
    stage = Stage(LADDER)
    stage.happens("check_in.made", datetime(2027, 2, 5, 17, tzinfo=UTC))
    assert stage.notes[-1]["day"] == "2027-02-06"
    new_york = datetime(2027, 2, 6, 20, tzinfo=UTC)
    stage.happens("check_in.made", new_york)
    assert stage.notes[-1] == {"day": "2027-02-07", "streak": 2, "days": 2}


def test_a_check_in_for_another_campaign_or_mechanic_is_none_of_its_business() -> None:
    stage = Stage(LADDER)
    assert stage.happens("check_in.made", noon("2027-02-05"), campaign="spring") == []
    assert stage.happens("check_in.made", noon("2027-02-05"), mechanic="other") == []
    assert stage.happens("check_in.made", noon("2027-02-05"), campaign="new-year", mechanic="it") != []


# Late events


def test_yesterdays_check_in_arriving_today_joins_the_streak_and_gives_what_it_makes_due() -> None:
    stage = Stage(LADDER)
    check_in(stage, 5, 7)
    check_in(stage, 6, taken=7)
    assert stage.given() == {"one": 2, "three": 1}
    assert stage.notes[-1] == {"day": "2027-02-06", "streak": 3, "days": 3}


def test_a_rung_that_two_joined_streaks_were_given_twice_is_not_given_to_the_next_one() -> None:
    stage = Stage(LADDER)
    check_in(stage, 5, 7)
    check_in(stage, 6, taken=7)
    check_in(stage, 10)
    assert stage.given()["one"] == 2
    check_in(stage, 13)
    assert stage.given()["one"] == 3


# Past the end of the ladder


def test_past_its_end_the_ladder_gives_nothing_more_and_does_not_restart() -> None:
    stage = Stage(LADDER)
    check_in(stage, *range(5, 25))
    assert stage.given() == {"one": 1, "three": 1, "seven": 1}


def test_one_can_stay_on_the_top_rung() -> None:
    stage = Stage({**LADDER, "top": "daily"})
    check_in(stage, *range(5, 15))
    assert stage.given() == {"one": 1, "three": 1, "seven": 4}


def test_a_missed_day_past_the_end_starts_a_new_streak_from_the_bottom() -> None:
    stage = Stage({**LADDER, "top": "daily"})
    check_in(stage, *range(5, 15), 16)
    assert stage.given() == {"one": 2, "three": 1, "seven": 4}


def test_a_cycle_starts_the_ladder_again() -> None:
    stage = Stage({**LADDER, "cycle": 7})
    check_in(stage, *range(5, 15))
    assert stage.given() == {"one": 2, "three": 2, "seven": 1}


def test_rungs_can_be_given_once_in_the_campaign() -> None:
    stage = Stage({**LADDER, "each": "campaign"})
    check_in(stage, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16)
    assert stage.given() == {"one": 1, "three": 1, "seven": 1}


# Daily and cumulative


def test_every_day_gives_and_so_do_days_altogether() -> None:
    stage = Stage(DAILY)
    check_in(stage, 5, 7, 9, 20, 21)
    assert stage.given() == {"daily": 5, "second": 1, "fifth": 1}


# Make-up cards


def test_a_card_repairs_a_missed_day() -> None:
    stage = with_cards()
    check_in(stage, 5, 7)
    repair(stage, 6, on=7)
    assert stage.given() == {"one": 2, "three": 1}
    assert stage.person().balances == {"card": 8}


def test_a_repaired_day_counts_but_has_no_daily_reward() -> None:
    stage = with_cards({**DAILY, "make_up": {"asset": "card"}})
    check_in(stage, 6)
    repair(stage, 5, on=6)
    assert stage.given() == {"daily": 1, "second": 1}


def test_no_card_no_repair() -> None:
    stage = with_cards(cards=0)
    no_repair("balance.short", stage, 5, on=7)


def test_a_day_cannot_be_repaired_where_there_are_no_cards() -> None:
    no_repair("check_in.no_make_up", Stage(LADDER), 5, on=7)


@pytest.mark.parametrize("day", ["", "tomorrow", "2027-02-30", 20270206])
def test_a_repair_names_a_day(day: object) -> None:
    refused("check_in.not_a_day", Stage(CARDS), "check_in.made", noon("2027-02-07"), repair=day)


def test_a_repair_left_empty_is_a_check_in() -> None:
    stage = Stage(CARDS)
    stage.happens("check_in.made", noon("2027-02-07"), repair=None)
    assert stage.given() == {"one": 1}


def test_only_a_missed_day_can_be_repaired() -> None:
    stage = with_cards()
    check_in(stage, 6)
    no_repair("check_in.already_that_day", stage, 6, on=8)
    no_repair("check_in.not_missed", stage, 8, on=8)
    no_repair("check_in.future_day", stage, 9, on=8)


def test_a_day_before_the_campaign_or_the_registration_cannot_be_repaired() -> None:
    stage = with_cards()
    assert no_repair("check_in.before_start", stage, 4, on=6)["first"] == "2027-02-05"
    stage.person(registered="2027-02-07")
    assert no_repair("check_in.before_start", stage, 6, on=8)["first"] == "2027-02-07"
    repair(stage, 7, on=8)


def test_a_day_too_long_ago_cannot_be_repaired() -> None:
    stage = with_cards()
    no_repair("check_in.too_long_ago", stage, 6, on=12)
    repair(stage, 7, on=12)


def test_so_many_days_of_a_month_can_be_repaired() -> None:
    stage = with_cards({**CARDS, "make_up": {"asset": "card", "per_month": 2}})
    repair(stage, 27, on=28)
    repair(stage, 26, on=28)
    assert no_repair("check_in.repairs_used", stage, 25, on=28) == {"day": "2027-02-25", "limit": 2}
    stage.happens("check_in.made", noon("2027-03-05"), repair="2027-03-01")


# What is shown


def test_the_member_sees_his_streak_and_the_next_rung() -> None:
    stage = with_cards()
    check_in(stage, 5, 7, 8)
    shown = stage.shows("2027-02-08")
    assert (shown["streak"], shown["days"], shown["today"], shown["next_rung"]) == (2, 3, True, 3)
    assert shown["checked_in"] == [["2027-02-05", "2027-02-05"], ["2027-02-07", "2027-02-08"]]
    assert shown["repaired"] == []
    assert stage.shows("2027-02-09")["streak"] == 2
    assert stage.shows("2027-02-10")["streak"] == 0
    assert stage.shows("2027-02-10")["next_rung"] == 1


def test_the_next_rung_goes_round_with_the_cycle_and_ends_with_the_ladder() -> None:
    cycle, ladder = Stage({**LADDER, "cycle": 7}), Stage(LADDER)
    for stage in (cycle, ladder):
        check_in(stage, *range(5, 12))
    assert cycle.shows("2027-02-11")["next_rung"] == 8
    assert ladder.shows("2027-02-11")["next_rung"] is None
    once = Stage({**LADDER, "each": "campaign"})
    check_in(once, 5, 6, 7, 9)
    assert once.shows("2027-02-09")["next_rung"] == 7


def test_the_next_rung_is_none_that_was_given_ahead() -> None:
    stage = with_cards()
    check_in(stage, 5, 6, 7, 9, 10, 11)
    repair(stage, 8, on=11)
    shown = stage.shows("2027-02-20")
    assert shown["ahead"][0]["streak"] == shown["next_rung"] == 7
    round_again = Stage({**LADDER, "cycle": 7})
    check_in(round_again, 5, 6, 7, 9, 10, 11, 8)
    assert round_again.shows("2027-02-11")["next_rung"] == 14


def test_days_remembered_before_photos_and_holidays_are_still_read() -> None:
    stage = Stage(LADDER)
    stage.person().state = msgspec.json.decode(f'{{"runs": [[{FIRST.toordinal()}, 2]]}}', type=CheckInDays)
    check_in(stage, 7)
    assert stage.given() == {"three": 1}


# Mistakes


def test_a_ladder_that_does_not_fit_its_cycle_is_a_mistake() -> None:
    wrong = mistake({**LADDER, "cycle": 5})
    assert (wrong.code, wrong.place) == ("check_in.cycle_short", "ladder.7")
    assert mistake({**LADDER, "cycle": 7, "top": "daily"}).code == "check_in.top_in_cycle"


def test_it_says_which_asset_it_will_look_at() -> None:
    assert Stage(CARDS).mechanic.needs().assets == ("card",)
    assert Stage(LADDER).mechanic.needs().assets == ()
    assert {reward.name for reward, _ in Stage({**LADDER, **DAILY}).mechanic.worst_case()} == {
        "daily", "second", "fifth",
        "one", "three", "seven",
    }  # fmt: skip


# Whatever the order

DAYS = st.lists(st.integers(0, 24), unique=True, min_size=1)
KINDS = st.sampled_from([{}, {"top": "daily"}, {"cycle": 7}, {"cycle": 9}])


def arrive(plan: dict[str, Any], days: list[int]) -> Stage:
    stage = Stage(plan)
    taken = noon(FIRST + 30 * DAY)
    for day in days:
        stage.happens("check_in.made", noon(FIRST + timedelta(days=day)), now=taken)
    return stage


def climbed(plan: dict[str, Any], days: list[int]) -> Counter[str]:
    """What the days are worth, counted day by day along each streak."""
    worth: Counter[str] = Counter()
    streak = 0
    for day in range(25):
        streak = streak + 1 if day in days else 0
        place = (streak - 1) % plan["cycle"] + 1 if streak and "cycle" in plan else streak
        stays = plan.get("top") == "daily" and streak > 7
        if place in plan["ladder"] or stays:
            worth[plan["ladder"][7 if stays else place]] += 1
    return worth


@given(DAYS, KINDS)
def test_in_order_each_streak_is_paid_each_rung_once(days: list[int], kind: dict[str, Any]) -> None:
    plan = {**LADDER, **kind}
    assert Counter(arrive(plan, sorted(days)).given()) == climbed(plan, days)


@given(DAYS, KINDS)
def test_in_any_order_no_rung_is_paid_twice_for_one_streak(days: list[int], kind: dict[str, Any]) -> None:
    """A late day can join streaks that were paid apart, so more may have been paid than the days are worth:
    as much as they were worth at some moment, and not a unit more."""
    plan = {**LADDER, **kind}
    most: Counter[str] = Counter()
    for count in range(1, len(days) + 1):
        most |= climbed(plan, days[:count])
    stage = arrive(plan, days)
    assert Counter(stage.given()) == most
    assert stage.shows(FIRST + 24 * DAY)["days"] == len(days)


@given(DAYS)
def test_once_in_the_campaign_means_once_in_any_order(days: list[int]) -> None:
    plan = {**LADDER, "each": "campaign"}
    assert Counter(arrive(plan, days).given()) == Counter(dict.fromkeys(climbed(plan, days), 1))


@given(DAYS)
def test_daily_and_cumulative_rewards_do_not_depend_on_the_order(days: list[int]) -> None:
    assert arrive(DAILY, days).given() == arrive(DAILY, sorted(days)).given()
