"""The live board off the relay's counters: this hour, the same one yesterday, today and altogether."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from festoon.insight.board.board import Board, board
from festoon.insight.board.counters import Span
from festoon.insight.board.goals import GoalKeeper
from tests.live import HEAD, NOW, Platform, event, order, play
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
goals: [{metric: new_members, target: 10}]
assets:
  points: {cost: 0.01, line: prizes}
coupons:
  five-off: {title: {en: Five off, zh-Hans: 五元券}, value: 5, cost: 5, line: prizes, stock: 5}
mechanics:
  signup: {kind: gift, title: {en: Welcome, zh-Hans: 欢迎礼}, on: member.registered,
           give: [{points: 100}, {coupon: five-off}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, per: 100, when: "event.amount >= 1000"}
  lucky-draw: {kind: draw, chances: {free: {per: day, count: 1}}, prizes: [{id: p, weight: 1, give: [{points: 7}]}],
               sold_out: nothing}
"""
)


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


async def shown(platform: Platform, tmp_path: Path, at: datetime = NOW) -> Board:
    await relayed(platform, tmp_path)
    return await board(platform.connection, platform.engine.program.campaigns["spring"], at)


async def relayed(platform: Platform, tmp_path: Path) -> None:
    """Hand on everything: what somebody else on the server has not finished holds the relay up."""
    campaign = platform.engine.program.campaigns["spring"]
    await relay_all(platform.dsn, tmp_path)
    while (await board(platform.connection, campaign, NOW)).waiting:
        await relay_all(platform.dsn, tmp_path)


async def test_a_board_of_an_empty_journal_shows_what_was_put_in(platform: Platform, tmp_path: Path) -> None:
    found = await shown(platform, tmp_path)
    assert found.empty
    [line] = found.lines
    assert (line.remaining, line.actual, line.committed, line.runs_out) == (100_000, 0, 0, None)
    assert [(stock.opening, stock.left) for stock in found.stocks] == [(5, 5)]
    assert (found.participants, sum(found.minutes), found.last_event) == (Span(), 0, None)
    assert [each.type for each in found.health.types if each.state == "never"] == [
        "member.registered",
        "order.paid",
    ]


async def test_an_hour_stands_beside_the_same_hour_of_yesterday(platform: Platform, tmp_path: Path) -> None:
    platform.at = NOW - timedelta(days=1, minutes=30)
    await platform.outcomes(event("member.registered", "old", at=platform.at))
    platform.at = NOW - timedelta(minutes=61)
    await platform.outcomes(event("member.registered", "early", at=platform.at))
    platform.at = NOW - timedelta(minutes=10)
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    platform.at = NOW
    await platform.outcomes(play("ann", "d1"), play("ann", "d2"), order("ben", 100, "o1"))
    found = await shown(platform, tmp_path)
    assert found.participants == Span(2, 1, 3, 4)
    assert (found.came.hour, found.rewarded.hour) == (2, 2)
    assert found.grants == Span(5, 2, 7, 9)
    assert (found.minutes[-11], found.minutes[-1], found.minutes_before[29]) == (2, 1, 1)
    draw = next(each for each in found.mechanics if each.id == "lucky-draw")
    assert (draw.looked.hour, draw.took.hour, draw.rewarded.hour, draw.refused.hour) == (2, 1, 1, 1)
    spend = next(each for each in found.mechanics if each.id == "spend")
    assert (spend.looked.hour, spend.took.hour) == (1, 0), (
        "it looked at an order, and its condition did not hold"
    )
    [reason] = found.reasons
    assert (reason.code, reason.times.hour) == ("draw.no_chances", 1)
    assert found.participants.change == 100


async def test_money_and_stock_are_exact_whatever_the_counters_lack(
    platform: Platform, tmp_path: Path
) -> None:
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    campaign = platform.engine.program.campaigns["spring"]
    before = await board(platform.connection, campaign, NOW + timedelta(seconds=20))
    assert (before.grants.total, before.waiting, before.behind_seconds, before.working) == (0, 2, 20, False)
    [line], [stock] = before.lines, before.stocks
    assert (line.actual, line.committed, line.remaining, stock.left) == (200, 1_000, 98_800, 3)
    after = await shown(platform, tmp_path)
    assert (after.grants.total, after.waiting, after.behind_seconds) == (4, 0, 0)
    assert after.lines[0].spent == Span(1200, 0, 1200, 1200)


async def test_a_line_says_when_it_runs_out_at_the_pace_of_the_hour(
    platform: Platform, tmp_path: Path
) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    slow = await shown(platform, tmp_path)
    assert slow.lines[0].spent.hour == 600
    assert slow.lines[0].runs_out == NOW + timedelta(hours=99_400 / 600)
    late = datetime(2027, 2, 27, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    assert (await shown(platform, tmp_path, late)).lines[0].runs_out is None


async def test_today_begins_at_midnight_of_the_campaigns_zone(platform: Platform, tmp_path: Path) -> None:
    midnight = datetime(2027, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    for minutes in (-1, 0):
        platform.at = midnight + timedelta(minutes=minutes)
        await platform.outcomes(event("member.registered", f"m{minutes}", at=platform.at))
    found = await shown(platform, tmp_path)
    assert (found.participants.today, found.participants.total) == (1, 2)


async def test_types_that_stay_away_come_late_or_are_malformed_are_named(
    platform: Platform, tmp_path: Path
) -> None:
    platform.at = NOW - timedelta(days=1, minutes=30)
    await platform.outcomes(*(order(f"m{n}", 100, f"o{n}", platform.at) for n in range(6)))
    platform.at = NOW
    await platform.outcomes(event("content.liked", "ann", at=NOW - timedelta(hours=2), content="c"))
    await platform.outcomes(*(event("member.registered", f"n{n}") for n in range(3)))
    await platform.connection.executemany(
        "INSERT INTO intake_count VALUES ($1, $2, $3, $4)",
        [(NOW, "data.invalid", "member.registered", 2), (NOW - timedelta(minutes=5), "queue.full", "", 7)],
    )
    found = (await shown(platform, tmp_path)).health
    states = {each.type: each.state for each in found.types if each.state != "fine"}
    assert states == {"order.paid": "missing", "content.liked": "late", "member.registered": "malformed"}
    assert {each.code: (each.times.hour, each.ours) for each in found.turned_away} == {
        "queue.full": (7, True), "data.invalid": (2, False),
    }  # fmt: skip


async def test_goals_are_shown_as_they_were_last_measured(platform: Platform, tmp_path: Path) -> None:
    assert (await shown(platform, tmp_path)).goals == []
    await platform.outcomes(*(event("member.registered", f"m{n}") for n in range(3)))
    await relayed(platform, tmp_path)
    at = NOW + timedelta(hours=1)
    assert await GoalKeeper(platform.dsn, tmp_path, lambda: at).run_once() == ["spring"]
    found = await shown(platform, tmp_path)
    [goal] = found.goals
    assert (goal.metric, goal.result, goal.target, goal.percent, found.goals_at) == (
        "new_members",
        3,
        10,
        30,
        at,
    )


async def test_goals_are_measured_a_last_time_as_they_were_settled(
    platform: Platform, tmp_path: Path
) -> None:
    await platform.outcomes(*(event("member.registered", f"m{n}") for n in range(2)))
    settle = platform.engine.program.campaigns["spring"].schedule.settle
    keeper = GoalKeeper(platform.dsn, tmp_path, lambda: settle + timedelta(days=9))
    assert await keeper.run_once() == [], "the facts do not reach that far yet"
    await relayed(platform, tmp_path)
    assert await keeper.run_once() == ["spring"]
    found = await shown(platform, tmp_path)
    assert ([goal.result for goal in found.goals], found.goals_at) == ([2], settle)
    assert await keeper.run_once() == []


async def test_a_board_costs_as_many_statements_with_many_members_as_with_one(
    platform: Platform, tmp_path: Path
) -> None:
    counts = []
    for many in (1, 60):
        await platform.outcomes(*(event("member.registered", f"{many}-{n}") for n in range(many)))
        await relayed(platform, tmp_path)
        said: list[object] = []
        platform.connection.add_query_logger(said.append)
        await board(platform.connection, platform.engine.program.campaigns["spring"], NOW)
        platform.connection.remove_query_logger(said.append)
        counts.append(len(said))
    assert counts[0] == counts[1]
    assert counts[0] <= 15
