import pytest

from festoon.insight.figures import FIGURES
from festoon.insight.goals import ADDS_UP, DRIVERS, GROWS, GoalResult, goal_results
from festoon.insight.scope import Scope
from festoon.plan.goals import METRICS
from tests.insight.campaign import plan_of
from tests.insight.journal import SHANGHAI, Journal, at, window

HEAD = """
festoon: 1
campaign: spring
title: Spring
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-10}
mechanics:
  hello: {kind: gift, on: member.registered, give: [{points: 5}]}
"""


def results(journal: Journal, goals: str, as_of: str) -> list[GoalResult]:
    plan, campaign = plan_of(HEAD + "goals:\n" + goals)
    asked = Scope(window("2027-03-01", "2027-03-10"), SHANGHAI, "spring", None, campaign.currency)
    return list(goal_results(journal.facts(), plan, campaign, asked, at(as_of)))


def one(journal: Journal, goal: str, as_of: str = "2027-04-01") -> GoalResult:
    [found] = results(journal, f"  - {{{goal}}}\n", as_of)
    return found


def sold(*days: str) -> Journal:
    journal = Journal()
    for at_day in days:
        journal.order(1, f"{at_day} 12:00", 10_000)
    return journal


def test_every_metric_a_plan_can_name_has_a_figure_that_is_one_number() -> None:
    facts = Journal().facts()
    asked = Scope(window("2027-03-01", "2027-03-10"), SHANGHAI, "spring")
    for id in METRICS:
        assert FIGURES[id].number(facts, asked).value in (None, 0)


def test_drivers_and_metrics_name_figures_there_are() -> None:
    assert set(DRIVERS) <= set(METRICS)
    assert {figure for drivers in DRIVERS.values() for figure in drivers} <= set(FIGURES)
    assert set(METRICS) >= ADDS_UP
    assert set(METRICS) >= GROWS


def test_a_target_in_money_is_in_smallest_units() -> None:
    found = one(sold("2027-03-02", "2027-03-03"), "metric: revenue, target: 200")
    assert (found.result, found.target, found.status) == (20_000, 20_000, "met")


def test_a_goal_that_was_not_reached_is_missed_and_shows_what_it_is_made_of() -> None:
    journal = sold("2027-01-05", "2027-02-25", "2027-02-26", "2027-03-02")
    found = one(journal, "metric: revenue, target: 200")
    assert found.status == "missed"
    assert [driver.figure for driver in found.drivers] == ["buyers", "orders", "order_value"]
    assert [driver.change for driver in found.drivers] == [0, -0.5, 0]


def test_what_a_missed_goal_is_made_of_is_compared_over_as_long_a_time_when_the_facts_begin_late() -> None:
    """As many orders in less time were more of them; a rate is what it is."""
    found = one(sold("2027-02-19", "2027-02-25", "2027-03-02", "2027-03-03"), "metric: revenue, target: 300")
    changes = {driver.figure: driver.change for driver in found.drivers}
    assert changes["order_value"] == 0
    assert changes["orders"] is not None
    assert changes["orders"] < 0


def test_a_lift_over_a_shorter_baseline_is_scaled_to_the_goal_s_time() -> None:
    journal = sold("2027-02-27", "2027-03-02", "2027-03-04", "2027-03-06")
    found = one(journal, "metric: orders, lift: 20%, baseline: 5 days before start")
    # One order in five days is two in the campaign's ten.
    assert (found.baseline, found.result, found.status) == (2, 3, "met")
    assert found.target == pytest.approx(2.4)


def test_a_mean_is_not_scaled() -> None:
    journal = sold("2027-02-27", "2027-03-02")
    found = one(journal, "metric: order_value, lift: 0%, baseline: 5 days before start")
    assert (found.baseline, found.target, found.status) == (10_000, 10_000, "met")


def test_a_baseline_may_be_said() -> None:
    found = one(sold("2027-03-02"), "metric: orders, lift: 100%, baseline: {value: 3}")
    assert (found.baseline, found.target, found.status) == (3, 6, "missed")


def test_halfway_half_of_a_count_is_on_track() -> None:
    journal = sold("2027-03-02", "2027-03-03")
    assert one(journal, "metric: orders, target: 4", "2027-03-06").status == "on_track"
    assert one(journal, "metric: orders, target: 5", "2027-03-06").status == "behind"
    assert one(journal, "metric: orders, target: 5", "2027-03-06").expected == pytest.approx(2.5)


def test_halfway_a_ratio_is_held_to_all_of_its_target() -> None:
    assert one(sold("2027-03-02"), "metric: order_value, target: 101", "2027-03-06").status == "behind"


def test_where_less_is_better_the_goal_is_to_stay_below() -> None:
    journal = Journal().event(1, "2027-02-20", "member.logged_in").event(2, "2027-02-20", "member.logged_in")
    journal.event(1, "2027-03-03", "member.logged_in")
    assert one(journal, "metric: churn, target: 50%").status == "met"
    assert one(journal, "metric: churn, target: 49%").status == "missed"


def test_a_metric_from_outside_is_not_measured_here() -> None:
    found = one(
        Journal(),
        "metric: awareness, target: 40%, outside: {title: Awareness, evidence: Survey, unit: share}",
    )
    assert (found.status, found.result, found.target, found.evidence) == ("not_measured", None, 0.4, "Survey")


def test_nothing_is_measured_before_the_campaign_begins() -> None:
    assert one(sold("2027-02-02"), "metric: orders, target: 5", "2027-02-10").status == "not_measured"


def test_a_goal_due_after_the_end_is_measured_until_then() -> None:
    found = one(sold("2027-03-02", "2027-03-20"), "metric: orders, target: 2, due: end + 2 weeks")
    assert (found.result, found.status) == (2, "met")
