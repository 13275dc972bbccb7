"""What a plan can say of a grand draw, and what it cannot."""

import pytest

from festoon.plan.check import check_plan
from festoon.plan.parse import load_plan
from festoon.plan.versions import compare
from tests.mechanics.pages import plan

PLAN = plan("grand_draw")


@pytest.mark.parametrize(
    ("was", "is_", "code", "path"),
    [
        ("drawn: 2027-02-19 20:00", "drawn: 2027-02-18 19:00", "grand_draw.drawn_before_frozen", "journey.drawn"),
        ("id: phone,", "id: journey,", "grand_draw.prize_named_twice", "journey.prizes[1].id"),
        ("give: {coupon: fifty-off}", "give: {points: [5, 8]}", "grand_draw.rolled_amount", "journey.prizes[2].give"),
        ("give: {coupon: fifty-off}", "give: {coupon: fifty}", "plan.unknown_name", "journey.prizes[2].give.coupon"),
        ("    frozen:", "    tickets: stamps\n    frozen:", "plan.unknown_name", "journey.tickets"),
        ("frozen: 2027-02-18 20:00", "frozen: 2027-01-18", "grand_draw.frozen_before_start", "journey.frozen"),
        ("frozen: 2027-02-18 20:00", "frozen: nowhere", "plan.no_such_date", "journey.frozen"),
        ("drawn: 2027-02-19 20:00", "drawn: settle + 1 day", "plan.appointment_too_late", "journey"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_place(was: str, is_: str, code: str, path: str) -> None:
    assert was in PLAN
    text = PLAN.replace("{chances: journey, count: 2}", "{points: 2}").replace(
        "[{chances: journey}]", "[{points: 1}]"
    )
    problems = check_plan((text if "tickets" in is_ else PLAN).replace(was, is_)).errors
    assert (code, f"mechanics.{path}") in {(problem.code, problem.path) for problem in problems}, problems


def test_tickets_may_be_frozen_on_the_first_day_but_not_before() -> None:
    said = []
    for day in ("2027-02-04", "2027-02-05", "2027-02-05 00:00", "2027-02-05 00:01"):
        text = PLAN.replace("frozen: 2027-02-18 20:00", f"frozen: {day}")
        codes = {problem.code: problem for problem in check_plan(text).errors}
        said.append("grand_draw.frozen_before_start" in codes)
    assert said == [True, False, True, False]


def test_what_to_do_about_tickets_frozen_too_early_is_said_in_both_languages() -> None:
    (wrong,) = check_plan(PLAN.replace("frozen: 2027-02-18 20:00", "frozen: start - 1 day")).errors
    assert (wrong.code, wrong.line > 0) == ("grand_draw.frozen_before_start", True)
    assert "2027-02-05" in wrong.text("en")
    assert "2027-02-05" in wrong.text("zh-Hans")
    assert wrong.todo("en") != wrong.todo("zh-Hans") != ""


def test_a_plan_without_a_schedule_is_not_told_that_its_tickets_are_frozen_too_early() -> None:
    text = PLAN.replace("schedule:", "shedule:").replace("frozen: 2027-02-18 20:00", "frozen: end - 2 days")
    assert "grand_draw.frozen_before_start" not in {problem.code for problem in check_plan(text).errors}


def test_tickets_that_nobody_gives_are_warned_of() -> None:
    text = PLAN.replace("{chances: journey, count: 2}", "{points: 2}").replace(
        "[{chances: journey}]", "[{points: 1}]"
    )
    problems = check_plan(text).problems
    assert [problem.path for problem in problems if problem.code == "plan.nobody_grants"] == [
        "mechanics.journey"
    ]


@pytest.mark.parametrize(
    ("was", "is_", "effect"),
    [
        ("frozen: 2027-02-18 20:00", "frozen: 2027-02-18 21:00", "refused"),
        ("drawn: 2027-02-19 20:00", "drawn: 2027-02-19 21:00", "carried_on"),
        ("count: 20", "count: 30", "carried_on"),
    ],
)
def test_when_the_tickets_are_frozen_is_for_good(was: str, is_: str, effect: str) -> None:
    changes = compare(load_plan(PLAN), load_plan(PLAN.replace(was, is_)))
    effects = {change.effect for change in changes}
    assert ("refused" in effects) == (effect == "refused")
    assert effect in effects


def test_more_winners_are_more_stock() -> None:
    changes = compare(load_plan(PLAN), load_plan(PLAN.replace("count: 20", "count: 30")))
    (stock,) = [change for change in changes if change.what == "stock_up"]
    assert stock.data["delta"] == "+10"
