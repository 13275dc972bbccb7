"""The demo's plan: a reader of any language meets no id and no other language."""

from collections.abc import Iterator

import pytest

from festoon.base.errors import LANGUAGES
from festoon.demo.run import AFTER, plan_text
from festoon.insight.evaluation import measured_benefits
from festoon.insight.views.benefits import benefits_view
from festoon.insight.views.reader import Reader
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.plan.values import Text
from tests.insight.journal import Journal

PLAN = read_plan(plan_text())


def titles() -> Iterator[tuple[str, Text | None]]:
    """What is shown to people, by its path in the plan."""
    yield "title", PLAN.title
    yield "background", PLAN.background
    for name, line in PLAN.budget.lines.items():
        yield f"budget.lines.{name}", getattr(line, "title", None)
    for section in ("coupons", "badges", "gifts", "mechanics"):
        for name, thing in getattr(PLAN, section).items():
            yield f"{section}.{name}", thing.title


@pytest.mark.parametrize(("path", "title"), list(titles()))
def test_everything_that_is_shown_has_a_title_in_every_language(path: str, title: Text | None) -> None:
    assert isinstance(title, dict), path
    assert set(title) == set(LANGUAGES)
    assert all(title.values())


def test_the_report_says_what_each_benefit_of_the_demo_is_worth() -> None:
    journal, when = Journal(), "2017-04-03 12:00"
    campaign = PLAN.campaign
    for member in range(1, 31):
        journal.order(member, when, 9_000, currency="USD")
        coupon = {
            "kind": "coupon",
            "ref": f"{campaign}/five-off",
            "amount": 1,
            "cost": 500,
            "line": "coupons",
        }
        points = {"kind": "asset", "ref": "points", "amount": 100, "cost": 100, "line": "points"}
        for gift in (coupon, points):
            journal.outcome(member, when, "hello", "given", campaign=campaign, **gift)
    compiled = compile_plan(PLAN, version=1)
    found = measured_benefits(journal.facts(), PLAN, compiled, AFTER)
    assert found.cost == 30 * 600
    view = benefits_view(found, Reader("zh-Hans", compiled))
    assert [(row.title, row.cost) for row in view.rows] == [("满40减5", "$150.00"), ("积分", "$30.00")]
    assert view.rows[0].givers[0].rewards == "奖励 hello"
    assert {"benefit.hardly_used", "benefit.never_given"} <= {each.code for each in view.advice}
    assert view.chart is not None
    assert "<svg" in view.chart.wide
