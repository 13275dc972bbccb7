"""Testers: in the books, and in no figure, goal or comparison."""

import pytest

from festoon.insight import taking_part
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.facts import Facts
from festoon.insight.scope import Scope, Window
from festoon.insight.spend import line_spend
from festoon.plan.compiled import CompiledCampaign
from tests.insight.campaign import MEMBERS, plan_of, town
from tests.insight.journal import Journal, at

TESTERS = tuple(member for member in range(1, 60) if member % 4 == 0)


def evaluation(journal: Journal) -> Evaluation:
    plan, campaign = plan_of()
    return evaluate(journal.facts(), plan, campaign, at("2027-03-29 10:00"))


def with_testers() -> Journal:
    """The town, in which every fourth of the first members tests the campaign; it is marked on one event only."""
    journal = town(Journal())
    for member in TESTERS:
        journal.outcome(member, "2027-03-01 09:00", "", "tested")
    journal.outcome(61, "2027-03-01 09:00", "", "tested", campaign="summer")
    journal.transfer("2027-03-01 09:00", "CNY", "funding:own", "spring/budget/prizes", 1)
    journal.rows["transfers"][-1]["member"] = None
    return journal


def without() -> Journal:
    """The same town without them."""
    journal = town(Journal())
    for rows in journal.rows.values():
        rows[:] = [row for row in rows if row["member"] not in TESTERS]
    return journal


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluation(with_testers())


@pytest.fixture(scope="module")
def expected() -> Evaluation:
    return evaluation(without())


def test_figures_goals_and_comparisons_are_as_if_testers_did_not_exist(
    found: Evaluation, expected: Evaluation
) -> None:
    assert {id: now.top for id, (now, _) in found.figures.items()} == {
        id: now.top for id, (now, _) in expected.figures.items()
    }
    assert found.goals == expected.goals
    assert found.funnel == expected.funnel
    assert found.holdout is not None
    assert expected.holdout is not None
    assert found.holdout.ratio == expected.holdout.ratio
    assert found.holdout.ratio.inside + found.holdout.ratio.held_out == MEMBERS - len(TESTERS)


def test_what_testers_cost_stands_in_the_books(found: Evaluation, expected: Evaluation) -> None:
    _, campaign = plan_of()
    books = line_spend(town(Journal()).facts(), campaign, at("2027-03-29 10:00"))
    assert [(line.actual, line.committed) for line in found.lines] == [
        (line.actual, line.committed) for line in books
    ]
    assert found.used > expected.used


def test_the_testers_of_another_campaign_count_in_this_one() -> None:
    _, campaign = plan_of()
    journal = town(Journal())
    before = participants(journal.facts(), campaign)
    journal.outcome(4, "2027-03-01 09:00", "", "tested", campaign="summer")
    assert participants(journal.facts(), campaign) == before


def participants(facts: Facts, campaign: CompiledCampaign) -> int:
    schedule = campaign.schedule
    scope = Scope(Window(schedule.warm_up, schedule.archive), campaign.zone, campaign.campaign)
    return taking_part.participants(facts.of_members(campaign.campaign), scope).top


def test_participants_are_counted_of_members() -> None:
    _, campaign = plan_of()
    journals = (with_testers(), without(), town(Journal()))
    found, expected, everybody = (participants(journal.facts(), campaign) for journal in journals)
    assert found == expected < everybody
