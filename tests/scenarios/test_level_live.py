"""Levels on a real database: events sent twice, timers that fire late, a new table published meanwhile."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from festoon.engine.answer import Answer
from festoon.engine.outcome import decode
from tests.live import HEAD, NOW, Platform, order, put_up

PLAN = (
    HEAD.replace("end: 2027-02-28, settle: 2027-03-14", "end: 2029-12-31")
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  spend: {kind: earn, on: order.paid, asset: growth, give: 1, per: 100}
  levels:
    kind: level
    on: order.paid
    levels:
      - {id: silver, growth: 100, entry: {points: 10}}
      - {id: gold, growth: 300, entry: {points: 30}, monthly: {points: 3}}
    review: {growth: year}
"""
)
DEARER = PLAN.replace("growth: 100", "growth: 1000").replace("growth: 300", "growth: 3000")


async def test_an_event_that_comes_twice_lifts_once_and_gives_one_pack(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    (first,) = await platform.send(order("mei", 30_000, "o1"))
    (again,) = await platform.send(order("mei", 30_000, "o1"))
    assert (first.kind, again.kind) == ("new", "again")
    assert levels(first) == {"level": "gold", "was": "", "until": "2028-12-31"}
    assert (await platform.balance("mei", "growth"), await platform.balance("mei")) == (300, 40)
    assert await platform.connection.fetchval("SELECT profile FROM member") == '{"level":"gold"}'
    await platform.audit()
    await platform.close()


async def test_months_that_fire_late_are_given_once_each(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.send(order("mei", 30_000, "o1"))
    platform.at = NOW + timedelta(days=125)  # 15 June; own days were 10 March to 10 June
    await platform.wake("mei")
    await platform.wake("mei")
    assert await platform.balance("mei") == 40 + 4 * 3
    await platform.audit()
    await platform.close()


async def test_a_late_event_of_last_year_brings_the_level_back(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.send(order("mei", 30_000, "o1"))
    platform.at = datetime(2028, 12, 20, tzinfo=UTC)
    await platform.send(order("mei", 25_000, "o2", platform.at))
    platform.at = datetime(2029, 1, 5, tzinfo=UTC)
    await platform.wake("mei")
    (late,) = await platform.send(order("mei", 5_000, "o3", datetime(2028, 12, 30, tzinfo=UTC)))
    assert levels(late) == {"level": "gold", "was": "silver", "until": "2029-12-31"}
    await platform.close()


async def test_a_dearer_table_is_published_and_the_level_stays_until_its_date(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.send(order("mei", 30_000, "o1"))
    await put_up(database, DEARER)
    platform.at = datetime(2028, 12, 31, 12, tzinfo=UTC)
    (before,) = await platform.send(order("mei", 100, "o2", platform.at))
    assert levels(before) == {}
    months = 22 * 3  # 10 March 2027 to 10 December 2028
    assert await platform.balance("mei") == 40 + months
    platform.at = datetime(2029, 3, 1, tzinfo=UTC)
    await platform.wake("mei")
    assert await platform.balance("mei") == 40 + months
    timers = await platform.connection.fetch(
        "SELECT outcome FROM event WHERE type = 'timer.due' ORDER BY seq"
    )
    notes = [made.note for row in timers for made in decode(row["outcome"]).mechanics if made.note]
    assert notes == [{"level": "", "was": "gold", "until": None}]
    await platform.close()


def levels(answer: Answer) -> Mapping[str, Any]:
    """What an event has changed about the level."""
    made = {made.mechanic: made.note for made in decode(answer.outcome).mechanics}
    return made.get("spring/levels", {})
