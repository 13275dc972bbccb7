import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from festoon.base.errors import LANGUAGES
from festoon.insight.live import Bounds, Totals, live_board, live_page
from festoon.plan.compiled import CompiledCampaign
from tests.live import HEAD, NOW, Platform, event, order, play

PLAN = (
    HEAD
    + """
assets:
  points: {cost: 0.01, line: prizes}
coupons:
  five-off: {title: {en: Five off, zh-Hans: 五元券, zh-Hant: 五元券}, value: 5, cost: 5, line: prizes, stock: 3}
mechanics:
  signup: {kind: gift, title: {en: Welcome, zh-Hans: 欢迎礼, zh-Hant: 歡迎禮}, on: member.registered,
           give: [{points: 100}, {coupon: five-off}], limits: {per_member: 1}}
  lucky-draw: {kind: draw, chances: {free: {per: day, count: 1}}, prizes: [{id: p, weight: 1, give: [{points: 7}]}],
               sold_out: nothing}
"""
)


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


def campaign(platform: Platform) -> CompiledCampaign:
    return platform.engine.program.campaigns["spring"]


async def test_a_board_of_an_empty_journal_shows_what_was_put_in(platform: Platform) -> None:
    board = await live_board(platform.connection, campaign(platform), NOW)
    [line] = board.lines
    assert (line.remaining, line.actual, line.committed, line.an_hour) == (100_000, 0, 0, 0)
    assert [(stock.opening, stock.left) for stock in board.stocks] == [(3, 3)]
    assert (board.recent.events, sum(board.recent.by_minute), board.last_event) == (0, 0, None)
    assert board.phase == "running"


async def test_the_board_shows_what_came_in_during_the_last_hour(platform: Platform) -> None:
    platform.at = NOW - timedelta(minutes=61)
    await platform.outcomes(event("member.registered", "early"))
    platform.at = NOW - timedelta(minutes=10, seconds=1)
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    platform.at = NOW - timedelta(seconds=20)
    await platform.outcomes(play("ann", "d1"), play("ann", "d2"), order("ben", 100, "o1"))
    board = await live_board(platform.connection, campaign(platform), NOW)
    recent = board.recent
    assert (recent.events, recent.by_minute[-11], recent.by_minute[-1]) == (5, 2, 3)
    assert (recent.participants, recent.given) == (2, 5)
    assert [(one.id, one.times) for one in recent.grants] == [("signup", 4), ("lucky-draw", 1)]
    assert recent.grants[0].title["zh-Hant"] == "歡迎禮"
    assert [(one.id, one.times) for one in recent.refusals] == [("draw.no_chances", 1)]
    assert board.behind_seconds == 20


async def test_budget_and_stock_are_exact(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"), event("member.registered", "ben"))
    board = await live_board(platform.connection, campaign(platform), NOW)
    [line] = board.lines
    assert (line.actual, line.committed, line.remaining) == (200, 1_000, 98_800)
    assert line.an_hour == 1_200
    [stock] = board.stocks
    assert (stock.left, stock.title["zh-Hans"]) == (1, "五元券")


OF_THEIR_OWN = (
    HEAD
    + """
gifts: {phone: {title: {en: Telephone}, cost: 100, line: prizes}}
mechanics:
  packets: {kind: red_packet, title: {en: Red packets}, pool: {asset: CNY, amount: 5000, line: prizes}, packets: 10}
  places: {kind: place, title: {en: Early access}, on: page.viewed, places: 3, give: [{points: 1}]}
  wheel: {kind: draw, title: {en: Wheel}, prizes: [{id: p, weight: 1, stock: 2, give: {gift: phone}}],
          sold_out: nothing, chances: {free: {per: day}}}
"""
)


async def test_what_a_mechanic_only_counts_by_is_no_stock_to_be_shown(database: str) -> None:
    platform = await Platform.open(database, OF_THEIR_OWN)
    await platform.outcomes(event("page.viewed", "ann", page="x"))
    board = await live_board(platform.connection, campaign(platform), NOW)
    assert [(stock.title["en"], stock.opening, stock.left) for stock in board.stocks] == [
        ("Red packets", 10, 10),
        ("Telephone · Wheel", 2, 2),
    ]
    await platform.close()


async def test_only_the_end_of_the_journal_is_looked_at(platform: Platform) -> None:
    for number in range(8):
        platform.at = NOW - timedelta(minutes=20 - number)
        await platform.outcomes(event("member.registered", f"m{number}"))
    board = await live_board(platform.connection, campaign(platform), NOW, bounds=Bounds(5, 3))
    assert (board.recent.events, board.recent.inspected, board.recent.refused) == (5, 3, 3)
    assert board.recent.counted_since == NOW - timedelta(minutes=17)
    assert board.recent.inspected_since == NOW - timedelta(minutes=15)
    assert board.recent.events == board.facts_behind


async def test_in_a_rehearsal_the_board_s_clock_is_the_last_event_s(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    await platform.connection.execute("UPDATE installation SET mode = 'rehearsal'")
    board = await live_board(platform.connection, campaign(platform), NOW + timedelta(days=900))
    assert (board.at, board.behind_seconds, board.rehearsal) == (NOW, 0, True)
    assert board.recent.participants == 1


async def test_another_campaign_s_outcomes_are_not_counted(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    other = msgspec.structs.replace(campaign(platform), campaign="spri")
    board = await live_board(platform.connection, other, NOW)
    assert (board.recent.participants, board.recent.given) == (0, 0)


async def test_a_tester_costs_what_he_costs_and_is_not_counted(database: str) -> None:
    platform = await Platform.open(
        database, PLAN + "rollout: {testers: [tess], steps: [{from: start, share: 100%}]}\n"
    )
    platform.at = NOW - timedelta(minutes=1)
    await platform.outcomes(event("member.registered", "tess"), event("member.registered", "ann"))
    board = await live_board(platform.connection, campaign(platform), NOW)
    assert (board.recent.events, board.recent.participants, board.recent.given) == (2, 1, 2)
    [line] = board.lines
    assert line.actual + line.committed == 2 * (100 + 500)
    assert line.an_hour == 2 * (100 + 500)
    await platform.close()


async def test_a_board_is_json_with_the_totals_it_was_given(platform: Platform) -> None:
    totals = Totals(NOW, 12, 34)
    board = await live_board(platform.connection, campaign(platform), NOW, totals)
    sent = json.loads(msgspec.json.encode(board))
    assert sent["totals"] == {"upto": "2027-02-10T04:00:00Z", "participants": 12, "grants": 34}
    assert len(sent["recent"]["by_minute"]) == 60


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_asks_our_own_server_only_and_has_all_its_texts(
    platform: Platform, language: str
) -> None:
    named = msgspec.structs.replace(campaign(platform), title={"en": "</script><b>Spring"})
    page = live_page(named, language)
    assert "<b>" not in page
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page) == []
    assert re.findall(r"(?:src|href)=\"(?!data:,)", page) == []
    carried = re.search(r'id="texts">(.*?)</script>', page, re.DOTALL)
    assert carried is not None
    texts = json.loads(carried[1])
    asked = set(re.findall(r"say\(\"(live_[a-z_]+)\"", page))
    assert asked <= set(texts)
    assert {f"phase_{name}" for name in ("approved", "warm_up", "running", "closing", "settled")} <= set(
        texts
    )
