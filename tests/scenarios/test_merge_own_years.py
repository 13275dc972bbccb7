"""Two accounts of one person whose own years begin on different days: the growth of both stays in its time."""

from datetime import UTC, datetime

import pytest

from tests.live import HEAD, Platform, event, order
from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: club
title: {en: Club}
timezone: Asia/Shanghai
schedule: {start: 2027-01-01, end: 2035-12-31}
budget: {currency: CNY, lines: {prizes: 5000}}
mechanics:
  spend: {kind: earn, on: order.paid, asset: growth, give: 1, per: 100}
  levels:
    kind: level
    on: order.paid
    levels: [{id: member, growth: 0}, {id: silver, growth: 500}, {id: gold, growth: 2000}]
    review: {growth: entry}
"""


def of_both(ann: int, bea: int, keep: str = "ann") -> Story:
    """Two members, whose own days are 10 January and 1 March, with what each has bought in March 2030."""
    told = Story(PLAN)
    told.happens("member.registered", "ann", "2027-01-10")
    told.happens("member.registered", "bea", "2030-03-01")
    told.happens("order.paid", "ann", "2030-03-02", amount=ann * 100)
    told.happens("order.paid", "bea", "2030-03-03", amount=bea * 100)
    told.happens(
        "member.merged", keep, "2030-03-04", member="bea" if keep == "ann" else "ann", reason="one phone"
    )
    return told


@pytest.mark.parametrize("keep", ["ann", "bea"])
@pytest.mark.parametrize(("ann", "bea"), [(1_200, 1_200), (1_900, 200), (200, 1_900)])
def test_what_both_have_grown_in_one_week_counts_together(ann: int, bea: int, keep: str) -> None:
    told = of_both(ann, bea, keep)
    shown = told.shows(keep, "levels", "2030-03-05")
    assert (shown["level"], shown["growth"]) == ("gold", ann + bea)
    assert told.books_balance()


@pytest.mark.parametrize("keep", ["ann", "bea"])
def test_it_counts_once_and_in_no_year_to_come(keep: str) -> None:
    told = of_both(1_200, 2_500, keep)
    assert told.shows(keep, "levels", "2030-03-05")["valid_until"] == "2032-02-29", (
        "the dates of the gold one"
    )
    told.happens("order.paid", keep, "2033-03-10", amount=100)
    shown = told.shows(keep, "levels", "2033-03-10")
    assert (shown["level"], shown["growth"]) == ("member", 1)


@pytest.mark.parametrize("keep", ["ann", "bea"])
def test_what_came_in_a_year_that_is_over_does_not_count_for_the_one_that_runs(keep: str) -> None:
    told = Story(PLAN)
    told.happens("member.registered", "ann", "2028-03-01")
    told.happens("member.registered", "bea", "2029-01-10")
    told.happens(
        "order.paid", "bea", "2029-04-05", amount=150_000
    )  # in a year of hers that still runs at the end
    told.happens("order.paid", "ann", "2029-12-05", amount=120_000)
    gone = "bea" if keep == "ann" else "ann"
    told.happens("member.merged", keep, "2029-12-06", member=gone, reason="one phone")
    assert told.shows(keep, "levels", "2029-12-06")["growth"] == 2_700
    told.passes("2030-03-02")
    shown = told.shows(keep, "levels", "2030-03-02")
    assert (shown["level"], shown["growth"]) == ("gold", 0)


async def test_what_two_accounts_have_stored_counts_together(database: str) -> None:
    plan = (
        HEAD.replace("end: 2027-02-28, settle: 2027-03-14", "end: 2029-12-31")
        + PLAN[PLAN.index("mechanics:") :]
    )
    platform = await Platform.open(database, plan)
    await platform.send(event("member.registered", "ann"))
    platform.at = datetime(2028, 3, 1, tzinfo=UTC)
    await platform.send(event("member.registered", "bea", at=platform.at))
    platform.at = datetime(2028, 3, 2, tzinfo=UTC)
    await platform.send(order("ann", 120_000, "o1", platform.at), order("bea", 120_000, "o2", platform.at))
    await platform.send(event("member.merged", "ann", at=platform.at, member="bea", reason="one phone"))
    await platform.wake("ann")
    levels = "SELECT profile::jsonb->>'level' FROM member ORDER BY id"
    assert await platform.connection.fetchval(levels) == "gold"
    await platform.audit()
    await platform.close()
