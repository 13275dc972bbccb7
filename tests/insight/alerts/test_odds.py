"""Odds that are off: told when they are, and never of a fair draw however often it is looked at."""

from math import exp
from pathlib import Path
from random import Random
from typing import Any

import pytest

from festoon.insight.alerts.alert import Alert
from festoon.insight.alerts.alerts import alerts
from festoon.insight.alerts.odds import convincing, evidence
from festoon.outbox.minutes import ODDS, PLAYS
from festoon.outbox.odds import BILLION
from tests.live import HEAD, NOW, Platform, event, play
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
alerts: {odds_plays: 100, budget: [50%, 90%], stock: 30%}
gifts: {cup: {cost: 1, line: prizes, stock: 100}}
mechanics:
  lucky-draw:
    kind: draw
    title: {en: Lucky draw, zh-Hans: 幸运抽奖}
    chances: {free: {per: day, count: 20}}
    prizes: [{id: cup, weight: 1, give: [{growth: 1}]}, {id: few, weight: 2, give: [{growth: 2}]}]
    nothing: 1
"""
)


@pytest.mark.parametrize("chance", [0.002, 0.1, 0.9])
def test_a_fair_draw_is_told_of_at_none_of_many_looks(chance: float) -> None:
    for seed in range(40):
        random, times = Random(seed), 0
        for plays in range(1, 4001):
            times += random.random() < chance
            if plays % 20 == 0:
                assert evidence(plays, times, plays * chance) < convincing(plays, 3)


@pytest.mark.parametrize(
    ("plays", "times", "expected", "told"),
    [
        (10_000, 200, 100.0, True),
        (10_000, 130, 100.0, False),
        (10_000, 30, 100.0, True),
        (1_000, 4, 0.001, True),
        (1_000, 1, 0.01, False),
        (1_000, 0, 0.0, False),
        (1_000, 1, 0.0, True),
        (100_000, 0, 20.0, False),
        (100_000, 0, 60.0, True),
        (100_000, 90_500, 90_000.0, False),
        (100_000, 91_500, 90_000.0, True),
    ],
)
def test_what_chance_hardly_explains_is_told_however_rare_the_prize(
    plays: int, times: int, expected: float, told: Any
) -> None:
    assert (evidence(plays, times, expected) > convincing(plays, 3)) is told


def test_the_bound_is_above_the_chance_of_a_row_of_wins() -> None:
    assert pytest.approx(exp(-evidence(20, 20, 10.0))) == 0.5**20


async def test_plays_are_counted_beside_their_odds_and_a_draw_that_is_off_is_told(
    database: str, tmp_path: Path
) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*(play(f"m{n % 8}", f"p{n}") for n in range(120)))
    await relay_all(platform.dsn, tmp_path)
    counted = "SELECT what, key, times, amount FROM board_count WHERE what = ANY($1) AND grain = 'total'"
    rows = await platform.connection.fetch(counted, [ODDS, PLAYS])
    found = {(row["what"], row["key"]): (row["times"], row["amount"]) for row in rows}
    assert found[PLAYS, "lucky-draw"] == (120, 0)
    shares = {"cup": 1, "few": 2, "nothing": 1}
    for prize, weight in shares.items():
        assert found[ODDS, f"lucky-draw {prize}"][1] == 120 * (weight * BILLION // 4)
    assert sum(found[ODDS, f"lucky-draw {prize}"][0] for prize in shares) == 120
    assert "odds/spring/lucky-draw" not in {each.key for each in await told(platform)}
    more = "UPDATE board_count SET times = times + $1 WHERE what = 'odds' AND key = $2"
    await platform.connection.execute(more, 60, "lucky-draw cup")
    (off,) = [each for each in await told(platform) if each.code == "odds_off"]
    assert (off.severity, off.campaign) == ("alarm", "spring")
    assert "should have been about 30.0 times" in off.text["en"]
    assert off.text["zh-Hant"].startswith("「幸運抽獎」")
    await platform.close()


async def test_a_plan_has_thresholds_of_its_own(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("page.viewed", "ann"))
    half = "UPDATE shared_account SET balance = $2 WHERE holder = $1 OR asset = $1"
    await platform.connection.execute(half, "spring/budget/prizes", 45_000)
    await platform.connection.execute(half, "spring/stock/gift:cup", 29)
    found = {each.key: (each.code, each.severity) for each in await told(platform)}
    assert found["line/spring/prizes"] == ("line_low", "notice")
    assert found["stock/spring/gift:cup"] == ("stock_low", "warning")
    await platform.close()


async def told(platform: Platform) -> list[Alert]:
    return await alerts(platform.connection, platform.engine.program, NOW)
