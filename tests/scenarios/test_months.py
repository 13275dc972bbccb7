"""A membership by months: as many days as they have on the day it is given, and no more paid for than these."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.rewards import Cost, ItemGift
from festoon.base.times import add_months, most_days
from festoon.plan.check import check_plan
from tests.scenarios.story import Story, code

PLAN = """
festoon: 1
campaign: year
title: {en: The year}
timezone: Asia/Shanghai
schedule: {start: 2027-01-01, end: 2028-12-31}
budget: {currency: CNY, lines: {service: 1000}}
memberships: {gold: {title: Gold, cost: 0.20, line: service}}
segments: {watched: {title: Watched}}
"""
GIFT = """
mechanics:
  first-order: {kind: gift, on: page.viewed, give: {membership: gold, %s}}
"""
WATCHED = """
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
"""
REVIEWED = """
mechanics:
  photo: {kind: task, on: proof.submitted, review: {}, give: {membership: gold, months: 1}}
"""
LINE, SPENT = "year/budget/service|CNY", "year/cost/service|CNY"


@pytest.mark.parametrize(
    ("written", "day", "days"),
    [
        ("months: 3", "2027-07-03", 92),
        ("months: 3", "2027-02-01", 89),
        ("months: 3", "2027-11-30", 91),  # to the last of February, which has 29 days
        ("months: 1", "2027-01-31", 28),
        ("months: 12", "2027-06-01", 366),
        ("months: 1, days: 7", "2027-02-10", 28 + 7),
        ("days: 90", "2027-07-03", 90),
    ],
)
def test_months_are_those_of_the_calendar_from_the_day_they_are_given(
    written: str, day: str, days: int
) -> None:
    story = Story(PLAN + GIFT % written)
    (given,) = story.happens("page.viewed", "mei", day, page="tea")["first-order"].given
    assert (given.kind, given.amount, given.cost) == ("membership", days, days * 20)
    shared = story.replay.world.shared
    assert (shared.balance(LINE), shared.balance(SPENT)) == (100_000 - days * 20, days * 20)
    assert story.books_balance()


def test_the_day_is_the_campaigns_own() -> None:
    story = Story(PLAN + GIFT % "months: 1")
    (given,) = story.happens("page.viewed", "mei", "2027-02-01 00:30", page="tea")["first-order"].given
    assert given.amount == 28, "it is January still in Greenwich"


def test_what_waits_for_a_verdict_is_set_aside_by_the_day_it_was_earned() -> None:
    story = Story(PLAN + REVIEWED)
    story.happens("proof.submitted", "mei", "2027-01-31", proof="p1")
    assert story.set_aside()["CNY|year/committed/service"] == 28 * 20
    made = story.happens("proof.approved", "mei", "2027-03-15", proof="p1", reason="fine")["photo"]
    assert [(each.amount, each.cost) for each in made.given] == [(28, 28 * 20)]
    assert story.set_aside() == {}
    assert story.replay.world.shared.balance(SPENT) == 28 * 20
    assert story.books_balance()


def test_what_is_held_from_a_member_is_released_with_the_days_it_was_held_with() -> None:
    story = Story(PLAN + WATCHED + (GIFT % "months: 1").replace("give:", "at_risk: {doubtful: hold}, give:"))
    story.happens("segment.entered", "mei", "2027-01-30", segment="watched")
    made = story.happens("page.viewed", "mei", "2027-01-31", page="tea")["first-order"]
    assert [(each.amount, each.cost) for each in made.held] == [(28, 28 * 20)]
    released = {"hold": made.note["hold"], "reason": "looked at", "decided_by": "wu"}
    (done,) = story.send("grant.released", "mei", "2027-03-01", **released).mechanics
    assert [(each.amount, each.cost) for each in done.given] == [(28, 28 * 20)]
    assert story.books_balance()


def test_a_budget_that_pays_for_the_days_of_february_gives_them() -> None:
    story = Story((PLAN + GIFT % "months: 1").replace("service: 1000", "service: 11.20"))
    made = [
        story.happens("page.viewed", "mei", f"2027-02-0{day}", page="tea")["first-order"] for day in (1, 2, 3)
    ]
    assert [code(each) for each in made] == ["", "", "budget.short"]
    assert story.replay.world.shared.balance(LINE) == 0


@pytest.mark.parametrize("limit", [("months: 3", 92), ("months: 1, days: 7", 31 + 7)])
def test_what_it_costs_at_the_most_is_what_the_plan_is_checked_by(limit: tuple[str, int]) -> None:
    written, days = limit
    plan = PLAN + (GIFT % written).replace("page.viewed, give", "page.viewed, limits: {total: 100}, give")
    checked = check_plan(plan.replace("service: 1000", f"service: {days * 20}"))
    assert checked.errors == []
    assert [each.code for each in checked.warnings if "budget" in each.code] == []
    checked = check_plan(plan.replace("service: 1000", f"service: {days * 20 - 1}"))
    assert [each.code for each in (*checked.errors, *checked.warnings) if "budget" in each.code]


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 120), st.integers(0, 400))
def test_no_months_cost_more_than_the_longest(day: date, months: int, days: int) -> None:
    each = 7
    most = ItemGift(
        "membership", "gold", cost=Cost(each * (most_days(months) + days)), days=days, months=months
    )
    made = most.on(day)
    assert day + timedelta(days=made.days - days) == add_months(day, months)
    assert made.cost.amount == each * made.days <= most.cost.amount
    assert made.months == 0
    assert made.on(day) == made


@pytest.mark.parametrize(("months", "days"), [(0, 0), (1, 31), (2, 62), (3, 92), (12, 366), (48, 1461)])
def test_the_longest_months_are_known(months: int, days: int) -> None:
    assert most_days(months) == days
