"""The questions of an evaluation: each at its own date, by its own method."""

from functools import cache
from typing import Any

import pytest

from festoon.engine.listener import holdout_bucket
from festoon.insight.criteria import CriterionResult, criterion_results
from festoon.insight.evaluation import evaluate
from festoon.insight.report import render
from festoon.insight.scope import Scope, Window
from tests.insight.campaign import TEXT, plan_of, town
from tests.insight.journal import SHANGHAI, Journal, at

EVALUATION = """
evaluation:
  participation: {metric: participants, at: end + 1 month, target: 250}
  spending: {metric: revenue, at: end + 1 week, method: holdout}
  basket: {metric: order_value, at: end + 1 week, method: before_after}
  sales: {metric: revenue, at: end, method: target, target: 100000}
  reach: {metric: coverage, at: end + 1 month, method: holdout}
  satisfaction: {metric: task_completion, method: survey, source: Survey of April, at: end + 2 weeks}
  awareness:
    metric: awareness
    at: end + 6 months
    title: {en: Do people know us?, zh-Hans: 知道我们吗？}
    target: 40%
    outside: {title: {en: Brand awareness, zh-Hans: 品牌认知}, evidence: Survey of 1000, unit: share}
"""
LATER = "2027-10-01"


@cache
def journal() -> Journal:
    return town(Journal())


def judged(as_of: str, evaluation: str = EVALUATION, lived: Journal | None = None) -> list[CriterionResult]:
    plan, campaign = plan_of(TEXT + evaluation)
    schedule = campaign.schedule
    kinds = {mechanic.id: mechanic.mechanic.kind for mechanic in campaign.mechanics}
    asked = Scope(Window(schedule.start, schedule.end), SHANGHAI, "spring", None, "CNY", kinds, at(as_of))
    facts = (lived or journal()).facts().until(at(as_of))
    return list(criterion_results(facts, plan, campaign, asked, at(as_of)))


@cache
def later() -> list[CriterionResult]:
    return judged(LATER)


def one(id: str) -> CriterionResult:
    return next(found for found in later() if found.id == id)


def test_they_come_by_their_dates_and_are_open_until_then() -> None:
    found = judged("2027-03-25")
    assert [each.id for each in found] == [
        "sales", "spending", "basket", "satisfaction", "participation", "reach", "awareness",
    ]  # fmt: skip
    assert [each.status for each in found[3:]] == ["to_come"] * 4
    assert "to_come" not in {each.status for each in found[:3]}
    assert found[4].at == at("2027-04-15")


def test_a_target_is_met_or_missed_by_those_in_the_campaign() -> None:
    participation = one("participation")
    assert (participation.status, participation.target) == ("met", 250)
    assert participation.judged.value is not None
    assert 250 <= participation.judged.value < 400
    assert one("sales").status == "missed"


def test_against_those_kept_out_a_sum_is_compared_by_what_each_member_did() -> None:
    spending = one("spending")
    assert spending.status == "better"
    assert spending.judged.measure is not None
    assert (spending.judged.measure.id, spending.unit) == ("spend", "money")
    assert spending.judged.value is not None
    assert spending.judged.other is not None
    assert 900 < spending.judged.value - spending.judged.other < 1_100
    assert spending.judged.low is not None
    assert spending.judged.low > 0


def test_what_no_two_sides_can_be_compared_by_is_not_measured() -> None:
    assert one("reach").status == "not_measured"
    without = TEXT.replace("audience: {holdout: 30%}\n", "") + EVALUATION
    plan, campaign = plan_of(without)
    found = evaluate(journal().facts(), plan, campaign, at(LATER))
    assert next(each for each in found.criteria if each.id == "spending").status == "not_measured"


def test_before_and_after_are_shown_side_by_side() -> None:
    basket = one("basket")
    assert basket.judged.value is not None
    assert basket.judged.other is not None
    assert basket.judged.value > basket.judged.other
    assert basket.status == "cannot_tell"  # everybody changed alike, so there is nothing to tell chance by


def test_what_is_measured_elsewhere_waits_for_whoever_signs_it() -> None:
    satisfaction, awareness = one("satisfaction"), one("awareness")
    assert (satisfaction.status, satisfaction.source) == ("not_measured", "Survey of April")
    assert (awareness.status, awareness.source, awareness.method) == (
        "not_measured",
        "Survey of 1000",
        "outside",
    )
    assert awareness.title["en"] == "Do people know us?"
    assert awareness.target == pytest.approx(0.4)


def test_what_was_judged_is_not_judged_again_on_what_came_later() -> None:
    lived = town(Journal())
    before = judged("2027-03-22", lived=lived)
    for member in range(1, 400):
        lived.order(member, "2027-03-23 12:00", 1_000_000)
    assert judged("2027-05-01", lived=lived)[:3] == before[:3]


RETENTION = """
evaluation:
  stayed: {metric: churn, at: end + 1 week, method: holdout}
"""


def test_shares_of_members_are_compared_with_an_interval_and_less_can_be_better() -> None:
    """Everybody was active in February; in March every third of those kept out stayed away, of the others few."""
    lived = town(Journal())
    [found] = judged(LATER, RETENTION, lived)
    assert found.status == "cannot_tell"  # nobody stayed away on either side
    lived.rows["events"] = [row for row in lived.rows["events"] if not stays_away(row)]
    [found] = judged(LATER, RETENTION, lived)
    assert found.status == "better"
    assert found.judged.high is not None
    assert found.judged.high < 0


def stays_away(row: dict[str, Any]) -> bool:
    kept_out = holdout_bucket(b"spring", row["member"]) < 3000
    return bool(row["time"] >= at("2027-03-01") and row["member"] % (3 if kept_out else 20) == 0)


WORDS = {
    "en": ("Questions of the evaluation", "14 April 2027", "to come", "kept out", "Survey of 1000"),
    "zh-Hans": ("评估项", "2027年4月14日", "待评估", "对照组", "知道我们吗？"),
    "zh-Hant": ("評估項", "2027年4月14日", "待評估", "對照組"),
}


def test_the_report_shows_what_was_judged_and_when_the_rest_will_be() -> None:
    plan, campaign = plan_of(TEXT + EVALUATION)
    found = evaluate(journal().facts(), plan, campaign, at("2027-03-29"))
    for language, words in WORDS.items():
        page = render(found, language)
        assert [word for word in words if word not in page] == []
