"""The club of docs/reference/mechanics/level.md: two years of members who log in, buy and write."""

from datetime import date, timedelta

import pytest

from festoon.plan.check import check_plan
from tests.mechanics.pages import plan
from tests.scenarios.story import Story

PLAN = plan("level")


def test_a_member_rises_by_logging_in_buying_and_writing() -> None:
    story = Story(PLAN)
    story.happens("member.registered", "mei", "2027-02-01")
    assert story.shows("mei", "levels", "2027-02-01")["level"] == "member"
    for day in (2, 3, 3):
        story.happens("member.logged_in", "mei", f"2027-02-0{day}")
    for hour in range(10, 20):
        story.happens("content.published", "mei", f"2027-02-04 {hour}:00", content=str(hour))
    assert story.points("mei", "growth") == 2 * 5 + 100  # once a day; at most 100 a month by posts
    story.happens("order.paid", "mei", "2027-02-05", amount=38_999)
    assert story.shows("mei", "levels", "2027-02-05")["to_next"] == 1
    up = story.happens("order.paid", "mei", "2027-02-06", amount=100)["levels"]
    assert up.note == {"level": "silver", "was": "member", "until": "2028-12-31"}
    assert story.points("mei") == 100
    assert story.books_balance()


def test_one_large_order_takes_a_member_over_two_levels_with_both_packs() -> None:
    story = Story(PLAN)
    up = story.happens("order.paid", "mei", "2027-02-05", amount=300_000)["levels"]
    assert up.note["level"] == "gold"
    assert (story.points("mei"), story.items("mei")) == (600, {"ten-off": 1})
    assert story.shows("mei", "levels", "2027-02-05")["benefits"][-1] == "early-access"


def test_doubled_growth_counts_double() -> None:
    doubled = PLAN + "  double: {kind: multiplier, asset: growth, factor: 2, on: order.paid}\n"
    story = Story(doubled)
    up = story.happens("order.paid", "mei", "2027-02-05", amount=25_000)["levels"]
    assert up.note["level"] == "silver"


def test_a_condition_may_ask_for_the_level_from_the_event_that_reaches_it() -> None:
    early = PLAN + (
        '  early: {kind: gift, on: order.paid, when: \'member.level in ("gold", "platinum")\', give: {points: 7}}\n'
    )
    story = Story(early)
    story.happens("order.paid", "mei", "2027-02-05", amount=60_000)
    assert story.points("mei") == 100
    story.happens("order.paid", "mei", "2027-02-06", amount=140_000)
    assert story.points("mei") == 100 + 500 + 7
    story.passes("2029-03-01")
    story.happens("order.paid", "mei", "2029-03-02", amount=100)
    assert story.points("mei") == 600 + 7


def test_a_level_is_lost_after_its_date_and_the_days_of_grace() -> None:
    story = Story(PLAN)
    story.happens("order.paid", "mei", "2027-02-05", amount=300_000)
    story.happens("order.paid", "mei", "2028-05-05", amount=60_000)
    seen = []
    for day in ("2028-12-31 23:59", "2029-01-01 00:00", "2029-02-28 23:59", "2029-03-01 00:00"):
        story.passes(day)
        shown = story.shows("mei", "levels", day)
        seen.append((shown["level"], shown["grace"], shown["valid_until"]))
    assert seen == [
        ("gold", False, "2028-12-31"),
        ("gold", True, "2029-02-28"),
        ("gold", True, "2029-02-28"),
        ("silver", False, "2029-12-31"),
    ]


def test_a_benefit_that_the_budget_cannot_pay_is_refused_and_the_level_stays() -> None:
    story = Story(PLAN.replace("prizes: 500000", "prizes: 3"))
    story.happens("order.paid", "mei", "2027-02-05", amount=300_000)
    assert story.shows("mei", "levels", "2027-02-05")["level"] == "gold"
    assert (story.points("mei"), story.items("mei")) == (100, {})
    story.passes("2027-05-06")
    refused = [made.refused.code for made in story.timers if made.refused is not None]
    assert refused == ["budget.short"] * 4  # gold's pack, and three months
    assert story.books_balance()


@pytest.mark.parametrize(
    ("born", "wished"),
    [
        ("1990-06-01", ["2027-06-01", "2028-06-01"]),
        ("1992-02-29", ["2028-02-29"]),
        ("1990-02-05", ["2028-02-05"]),
        ("soon", []),
    ],
)
def test_a_birthday_is_wished_once_a_year(born: str, wished: list[str]) -> None:
    story = Story(PLAN)
    story.happens("member.registered", "mei", "2027-02-05", attributes={"birthday": born})
    story.happens("order.paid", "mei", "2027-03-05", amount=60_000)
    days, day = [], date(2027, 3, 5)
    while day < date(2028, 12, 31):
        day += timedelta(days=1)
        before = story.points("mei")
        story.passes(day.isoformat())
        if story.points("mei") > before:
            days.append(day.isoformat())
    assert days == wished


def test_who_was_born_on_a_leap_day_is_wished_the_day_before_in_other_years() -> None:
    story = Story(PLAN)
    story.happens("member.registered", "mei", "2027-02-05", attributes={"birthday": "1992-02-29"})
    story.happens("order.paid", "mei", "2027-02-06", amount=60_000)
    story.passes("2027-02-27 23:59")
    assert story.points("mei") == 100
    story.passes("2027-02-28 00:00")
    assert story.points("mei") == 150


def test_who_changes_his_birthday_has_one_a_year() -> None:
    story = Story(PLAN)
    story.happens("member.registered", "mei", "2027-02-05", attributes={"birthday": "1990-03-10"})
    story.happens("order.paid", "mei", "2027-02-06", amount=60_000)
    story.passes("2027-03-11")
    assert story.points("mei") == 150
    story.happens("member.profile_changed", "mei", "2027-03-12", attributes={"birthday": "1990-04-10"})
    story.happens("member.logged_in", "mei", "2027-03-13")
    story.passes("2028-03-31")
    assert story.points("mei") == 150
    story.passes("2028-04-11")
    assert story.points("mei") == 200


def test_growth_that_lapses_by_itself_cannot_be_counted() -> None:
    with pytest.raises(AssertionError, match=r"level\.growth_expires"):
        Story(PLAN.replace("assets:\n", "assets:\n  growth: {expires: {months: 12}}\n"))


def test_a_birthday_must_be_declared_where_one_is_wished() -> None:
    with pytest.raises(AssertionError, match="born"):
        Story(PLAN.replace("attributes: {birthday: date}\n", ""))


BESIDE = (
    PLAN.replace("attributes: {birthday: date}", "attributes: {birthday: date, spender: text}").replace(
        "assets:\n", "assets:\n  spent: {title: Spent}\n"
    )
    + """  spending: {kind: earn, on: order.paid, asset: spent, give: 1, per: 100}
  spenders:
    kind: level
    on: order.paid
    asset: spent
    attribute: spender
    levels: [{id: small, growth: 100}, {id: big, growth: 400}]
  thanks: {kind: gift, on: order.paid, when: member.spender == "big", give: {points: 7}}
"""
)


def test_a_ladder_of_a_plan_s_own_stands_beside_the_platform_s() -> None:
    story = Story(BESIDE)
    up = story.happens("order.paid", "mei", "2027-02-05", amount=40_000)
    assert (up["levels"].note, up["spenders"].note["level"]) == (
        {"level": "member", "was": "", "until": None},
        "big",
    )
    assert story.points("mei") == 7, "conditions read it at once, by its own name"
    profile = story.replay.world.members["mei"].profile
    assert (profile["level"], profile["spender"]) == ("member", "big")


def test_an_attribute_that_the_plan_does_not_declare_holds_no_level() -> None:
    found = check_plan(BESIDE.replace("attribute: spender", "attribute: spendr")).errors
    assert [(each.code, each.path) for each in found] == [
        ("expression.unknown_field", "mechanics.spenders.attribute")
    ]


def test_a_lower_level_after_the_days_of_grace_is_renewed_for_a_whole_year() -> None:
    story = Story(
        PLAN.replace("review: {growth: year, grace_days: 59}", "review: {growth: rolling, grace_days: 30}")
    )
    story.happens("order.paid", "mei", "2027-03-05", amount=250_000)
    story.happens("order.paid", "mei", "2027-12-05", amount=60_000)
    story.passes("2028-04-06")
    assert story.shows("mei", "levels", "2028-04-06")["valid_until"] == "2029-03-05"
    story.happens("order.paid", "mei", "2028-09-01", amount=60_000)
    story.passes("2029-03-06 12:00")
    assert story.shows("mei", "levels", "2029-03-06")["valid_until"] == "2030-03-05"
    assert story.books_balance()
