import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from tea_tasting.aggr import Aggregates

from festoon.engine.listener import holdout_bucket
from festoon.insight.before_after import before_and_after
from festoon.insight.compare import (
    BEFORE,
    COLUMNS,
    MEASURES,
    AgainstHoldout,
    Comparison,
    against_holdout,
    compare,
    held_out,
    verdict,
)
from festoon.insight.verdict import sentence
from tests.insight.journal import SHANGHAI, Journal, scope, window

SPEND = MEASURES[0]
ORDER_VALUE = MEASURES[-1]
MARCH = scope("2027-03-01", "2027-03-31")
FEBRUARY = window("2027-02-01", "2027-02-28")


def side(**columns: Sequence[float] | NDArray[np.float64]) -> Aggregates:
    """One side's members as the aggregates that a query would give; columns left out are all zero."""
    size = len(next(iter(columns.values())))
    names = (*COLUMNS, *(BEFORE + name for name in COLUMNS))
    rows = np.array([columns.get(name, [0.0] * size) for name in names])
    means, spread = rows.mean(axis=1), np.cov(rows)
    places = range(len(names))
    return Aggregates(
        count_=size,
        mean_={names[i]: float(means[i]) for i in places},
        var_={names[i]: float(spread[i, i]) for i in places},
        cov_={(names[i], names[j]): float(spread[i, j]) for i in places for j in places if i < j},
    )


def test_the_interval_of_a_mean_is_welch_s() -> None:
    inside = [12.0, 14.0, 16.0, 18.0] * 30
    outside = [10.0, 11.0, 12.0, 15.0] * 25
    found = compare(SPEND, side(spend=inside), side(spend=outside))
    # By hand: means 15 and 12; sums of squares 120 · 5 and 100 · 3.5, so variances 600/119 and 350/99.
    a, b = 600 / 119 / 120, 350 / 99 / 100
    freedom = (a + b) ** 2 / (a**2 / 119 + b**2 / 99)
    assert round(freedom) == 218
    t = 1.97088  # the 97.5 % point of Student's t with 218 degrees of freedom
    assert found.effect == pytest.approx(3)
    assert found.low == pytest.approx(3 - t * math.sqrt(a + b), abs=1e-4)
    assert found.high == pytest.approx(3 + t * math.sqrt(a + b), abs=1e-4)
    assert found.relative == pytest.approx(0.25)
    assert (found.side.members, found.other.members, found.verdict) == (120, 100, "better")
    assert not found.adjusted


def test_a_ratio_is_of_the_sums_and_not_a_mean_of_ratios() -> None:
    inside = side(spend=[100.0, 900.0] * 60, orders=[1.0, 3.0] * 60)
    outside = side(spend=[100.0, 700.0] * 60, orders=[1.0, 3.0] * 60)
    found = compare(ORDER_VALUE, inside, outside)
    assert found.side.value == pytest.approx(250)
    assert found.other.value == pytest.approx(200)


def test_what_was_before_takes_out_a_difference_that_was_there_already() -> None:
    rng = np.random.default_rng(7)
    before = rng.lognormal(8, 1, 4_000)
    during = before * 1.1 + rng.normal(0, 50, 4_000)
    order = np.argsort(before)
    richer, poorer = order[2_100:], order[:1_900]  # as unlucky a draw of lots as can be
    plain = compare(SPEND, side(spend=during[richer]), side(spend=during[poorer]))
    adjusted = compare(
        SPEND,
        side(spend=during[richer], pre_spend=before[richer]),
        side(spend=during[poorer], pre_spend=before[poorer]),
    )
    assert adjusted.adjusted
    assert adjusted.high - adjusted.low < (plain.high - plain.low) / 10
    assert plain.verdict == "better"
    assert adjusted.verdict == "cannot_tell"


def a_and_a(sets: int) -> Iterator[Comparison]:
    """Comparisons over a campaign that did nothing; spending is skewed, and steady over time."""
    rng = np.random.default_rng(20270301)
    for _ in range(sets):
        before = rng.lognormal(8, 0.9, 2_400)
        during = before * rng.lognormal(0, 0.5, 2_400)
        out = rng.random(2_400) < 0.1
        yield compare(
            SPEND,
            side(spend=during[~out], pre_spend=before[~out]),
            side(spend=during[out], pre_spend=before[out]),
        )


def test_nineteen_of_twenty_intervals_hold_the_truth_when_the_campaign_did_nothing() -> None:
    found = list(a_and_a(500))
    # 475 are expected; the draw is seeded, and three standard deviations off (15) would be wrong.
    assert 460 <= sum(one.low <= 0 <= one.high for one in found) <= 490
    assert all(one.adjusted for one in found)
    assert sum(one.verdict == "cannot_tell" for one in found) >= 460


def test_few_members_allow_no_conclusion_however_large_the_difference() -> None:
    found = compare(SPEND, side(spend=[1000.0, 1001.0] * 500), side(spend=[1.0, 2.0] * 49))
    assert found.verdict == "cannot_tell"
    assert not found.enough
    assert "98 kept out" in sentence(found, "en")
    assert "对照组 98 人" in sentence(found, "zh-Hans")


def test_a_share_that_hardly_anybody_differs_in_is_not_compared() -> None:
    buyers = MEASURES[2]
    inside, everybody = [1.0] * 980 + [0.0] * 20, [1.0] * 250
    assert compare(buyers, side(bought=inside), side(bought=everybody)).verdict == "cannot_tell"
    some = compare(buyers, side(bought=inside), side(bought=[1.0] * 200 + [0.0] * 50))
    assert some.verdict == "better"


def test_nobody_bought_anything_and_nothing_fails() -> None:
    found = compare(SPEND, side(spend=[0.0] * 500), side(spend=[0.0] * 500))
    assert (found.verdict, found.relative, found.p_value) == ("cannot_tell", None, None)
    assert compare(ORDER_VALUE, side(spend=[0.0] * 200), side(spend=[0.0] * 200)).verdict == "cannot_tell"


def test_a_hold_out_that_bought_nothing_is_compared_in_money() -> None:
    found = compare(SPEND, side(spend=[1000.0, 3000.0] * 500), side(spend=[0.0] * 200))
    assert (found.verdict, found.relative) == ("better", None)
    assert sentence(found, "en", "CNY").startswith("Members in the campaign spent ¥20.00 more than")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(1, 2, "better"), (-2, -1, "worse"), (-1, 1, "cannot_tell"), (0, 1, "cannot_tell")],
)
def test_the_verdict_is_what_the_interval_allows(low: float, high: float, said: str) -> None:
    assert verdict(low, high, enough=True) == said
    assert verdict(low, high, enough=False) == "cannot_tell"


def shop(members: int, extra: int, salt: str = "spring", holdout: int = 3000) -> Journal:
    """Everybody buys for 50 to 59 yuan in February; in March those in the campaign for `extra` fen more."""
    journal = Journal()
    for member in range(1, members + 1):
        inside = holdout_bucket(salt.encode(), member) >= holdout
        amount = 5_000 + member % 10 * 100
        journal.order(member, "2027-02-10", amount)
        journal.order(member, "2027-03-10", amount + member % 7 + (extra if inside else 0))
    return journal


def against(journal: Journal, holdout: int = 3000) -> AgainstHoldout:
    found = against_holdout(journal.facts(), MARCH, "spring", holdout, FEBRUARY)
    assert found is not None
    return found


def test_the_hold_out_is_the_engine_s_own() -> None:
    rows = held_out(shop(300, 0).facts(), MARCH, "spring", 3000).to_pyarrow().to_pylist()
    assert {row["member"]: row["inside"] for row in rows} == {
        member: int(holdout_bucket(b"spring", member) >= 3000) for member in range(1, 301)
    }


def test_a_campaign_that_worked_is_found_in_the_facts() -> None:
    found = against(shop(600, 200))
    spend = found.comparisons[0]
    assert spend.measure is SPEND
    assert spend.verdict == "better"
    assert spend.effect == pytest.approx(200, abs=1)
    assert spend.side.members + spend.other.members == 600
    assert found.ratio.sound
    assert ", so it worked." in sentence(spend, "en", "CNY")


def test_sides_of_the_wrong_sizes_are_noticed() -> None:
    found = against(shop(600, 0, holdout=3000), holdout=6000)
    assert found.ratio.sound
    journal = shop(600, 0)
    for member in range(601, 900):  # members that only those in the campaign could have brought
        if holdout_bucket(b"spring", member) >= 3000:
            journal.order(member, "2027-03-12", 100)
    assert not against(journal).ratio.sound


def test_without_a_hold_out_there_is_nothing_to_compare() -> None:
    assert against_holdout(shop(50, 0).facts(), MARCH, "spring", 0, FEBRUARY) is None


def test_before_and_after_is_of_the_same_members() -> None:
    journal = Journal()
    for member in range(1, 301):
        journal.event(member, "2027-01-10", "member.logged_in")
        journal.order(member, "2027-02-05", 5_000 + member)
        journal.order(member, "2027-03-05", 5_500 + member + member % 5)
    for member in range(301, 400):
        journal.order(member, "2027-03-06", 90_000)  # a newcomer, who does not count
    asked = scope("2027-03-01", "2027-03-28")
    found = before_and_after(journal.facts(), asked, asked.window.earlier(asked.window.start, SHANGHAI))
    assert found is not None
    spend = found.comparisons[0]
    assert spend.side.members == 300
    assert spend.effect == pytest.approx(502)
    # By hand: the difference is 500 + member % 5, whose variance is 2 · 300/299.
    assert spend.high - spend.effect == pytest.approx(1.959964 * math.sqrt(2 / 299))
    assert spend.verdict == "better"
    assert "whatever its cause" in sentence(spend, "en", "CNY")


def test_before_and_after_wants_facts_that_reach_back() -> None:
    journal = Journal()
    for member in range(1, 301):
        journal.order(member, "2027-03-05", 5_500)
    asked = scope("2027-03-01", "2027-03-28")
    assert (
        before_and_after(journal.facts(), asked, asked.window.earlier(asked.window.start, SHANGHAI)) is None
    )
