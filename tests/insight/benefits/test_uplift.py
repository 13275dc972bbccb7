"""What a benefit did: against the hold-out, split where there are several, arm against arm, or nothing proven."""

import msgspec
import pytest

from festoon.engine.listener import holdout_bucket
from festoon.insight.benefits.benefit import Benefit, Benefits
from festoon.insight.evaluation import measured_benefits
from tests.insight.campaign import MEMBERS, TEXT, plan_of, town
from tests.insight.journal import Journal, at
from tests.insight.test_arms import GIVES, SPLIT, lived
from tests.insight.test_arms import PLAN as TRIED

AS_OF = at("2027-03-29 10:00")
ONLY_POINTS = TEXT.partition("  first-order:")[0]


def worth(text: str, journal: Journal) -> Benefits:
    plan, campaign = plan_of(text)
    return measured_benefits(journal.facts(), plan, campaign, AS_OF)


def named(found: Benefits, id: str) -> Benefit:
    return next(each for each in found.benefits if each.id == id)


def codes(found: Benefits) -> list[tuple[str, str]]:
    return [(each.code, each.about) for each in found.advice]


@pytest.fixture(scope="module")
def several() -> Benefits:
    return worth(TEXT, town(Journal()))


def test_a_hold_out_measures_all_benefits_and_what_splits_it_is_said(several: Benefits) -> None:
    coupon, points = named(several, "coupon:spring/ten-off"), named(several, "asset:points")
    for benefit in (coupon, points):
        assert benefit.uplift is not None
        assert benefit.returned is not None
        assert (benefit.uplift.basis, benefit.uplift.part, benefit.uplift.certain) == (
            "holdout_split",
            0.5,
            True,
        )
        # Everybody in the campaign spent 10 yuan more; both were given to all of them, so each has half of it.
        assert benefit.uplift.extra == pytest.approx(1_000 * several.got / 2, rel=0.05)
        assert benefit.uplift.extra_low < benefit.uplift.extra < benefit.uplift.extra_high
        assert benefit.returned.ratio == pytest.approx(benefit.uplift.extra / benefit.tally.cost)
        assert benefit.returned.low == pytest.approx(benefit.uplift.extra_low / benefit.tally.cost)
    # What an assumption split is no ground to judge one benefit by: the advice is about all of them.
    told = codes(several)
    assert ("campaign.below_cost", "") in told
    assert ("uplift.shared", "") in told
    assert not [code for code, _ in told if code in ("benefit.below_cost", "benefit.paid_off")]


def test_what_was_worked_out_can_be_kept_as_json(several: Benefits) -> None:
    coupon = named(several, "coupon:spring/ten-off")
    assert coupon.uplift is not None
    kept = msgspec.json.decode(msgspec.json.encode((coupon.uplift, coupon.returned)))
    assert kept[0]["effect"] == coupon.uplift.effect


def test_the_only_benefit_of_a_campaign_did_what_the_campaign_did() -> None:
    journal = town(Journal())
    journal.rows["outcomes"] = [row for row in journal.rows["outcomes"] if row["mechanic"] == "basket-points"]
    found = worth(ONLY_POINTS, journal)
    points = named(found, "asset:points")
    assert points.uplift is not None
    assert points.returned is not None
    assert (points.uplift.basis, points.uplift.part) == ("holdout", 1)
    assert points.uplift.members + points.uplift.against == MEMBERS
    # 60 points of a fen each brought 10 yuan: 16.7 for 1.
    assert points.returned.ratio == pytest.approx(1_000 / 60, rel=0.05)
    assert ("benefit.paid_off", "asset:points") in codes(found)


def test_the_arms_of_an_experiment_come_before_the_hold_out() -> None:
    found = worth(TRIED, lived())
    points = named(found, "asset:points")
    arms = [SPLIT.arm(f"m{member}") for member in range(1, 1_201)]
    more, less = sum(arm != "none" for arm in arms), arms.count("none")
    assert points.uplift is not None
    assert points.returned is not None
    assert (points.uplift.basis, points.uplift.experiment) == ("arms", "basket")
    assert (points.uplift.arms, points.uplift.without) == (("usual", "large"), ("none",))
    assert (points.uplift.members, points.uplift.against) == (more, less)
    # Only `large` brought anything, 20 yuan each; the arms without it cost nothing.
    brought, cost = 2_000 * arms.count("large"), sum(GIVES[arm] for arm in arms)
    assert points.uplift.extra == pytest.approx(brought, rel=0.1)
    assert points.returned.cost == pytest.approx(cost)
    assert points.returned.ratio == pytest.approx(brought / cost, rel=0.1)


def test_before_and_after_is_shown_and_never_called_a_return() -> None:
    nobody_out = TEXT.replace("audience: {holdout: 30%}\n", "")
    found = worth(nobody_out, town(Journal()))
    for id in ("coupon:spring/ten-off", "asset:points"):
        benefit = named(found, id)
        assert benefit.uplift is not None
        assert (benefit.uplift.basis, benefit.uplift.certain) == ("before_after", False)
        # Those who got it spent 10 yuan more than on their day of February; who had that day on the 10th or 11th spent
        # nothing in the fortnight before the warm-up.
        got = [member for member in range(1, MEMBERS + 1) if holdout_bucket(b"spring", member) >= 3_000]
        outside = [5_000 + member % 10 * 100 for member in got if member % 13 < 2]
        assert benefit.uplift.effect == pytest.approx(1_000 + sum(outside) / len(got))
        assert benefit.returned is None
    assert ("uplift.no_comparison", "") in codes(found)


def test_a_budget_line_that_pays_for_no_benefit_is_not_called_unspent() -> None:
    found = worth(TEXT.replace("  lines:\n", "  lines:\n    promotion: {amount: 800}\n"), Journal())
    assert [about for code, about in codes(found) if code == "line.unspent"] == ["line:prizes", "line:points"]


def test_goals_about_activity_and_not_money_are_measured_by_activity() -> None:
    goals = TEXT[TEXT.index("goals:") : TEXT.index("audience:")]
    active = "goals: [{metric: daily_active_members, target: 100}]\n"
    found = worth(TEXT.replace(goals, active), town(Journal()))
    assert found.measure.id == "active_days"
    points = named(found, "asset:points")
    assert points.uplift is not None
    assert points.uplift.measure.id == "active_days"


def test_what_one_event_takes_back_is_shared_by_what_it_had_cost() -> None:
    journal = Journal()
    gave = {"kind": "asset", "line": "points"}
    when = "2027-03-02 12:00"
    journal.outcome(1, when, "basket-points", "given", ref="points", amount=100, cost=100, **gave)
    journal.outcome(1, when, "basket-points", "given", ref="growth", amount=10, cost=300, **gave)
    journal.transfer(when, "points", "@", "issuer", 50, "spring/basket-points")
    seq = journal.seq
    for asset, debit, credit, amount in (
        ("growth", "@owed", "issuer", 10),
        ("CNY", "spring/cost/points", "spring/budget/points", 350),
    ):
        journal.transfer(when, asset, debit, credit, amount, "spring/basket-points")
        journal.rows["transfers"][-1]["seq"] = seq
    found = worth(TEXT, journal)
    points, growth = named(found, "asset:points"), named(found, "asset:growth")
    assert (points.tally.back, points.tally.cost) == (50, 50)
    assert (growth.tally.back, growth.tally.cost) == (10, 0)


def test_a_level_and_a_group_that_is_left_out() -> None:
    plan = (
        TEXT
        + "  status: {kind: level, title: Status, on: page.viewed,"
        + " levels: [{id: new, growth: 0}, {id: gold, growth: 9}]}\n"
    )
    journal = Journal()
    for member in range(1, 61):
        when = "2027-03-02 12:00"
        journal.event(member, when, "page.viewed")
        level = "gold" if member > 40 else "new"
        journal.outcome(member, when, "status", "noted", note={"level": "new", "was": "", "until": ""})
        journal.outcome(
            member, "2027-03-03", "status", "noted", note={"level": level, "was": "new", "until": ""}
        )
        if level == "new":
            journal.outcome(
                member, when, "first-order", "given", kind="coupon", ref="spring/ten-off", amount=1
            )
    found = worth(plan.replace("audience: {holdout: 30%}\n", ""), journal)
    groups = {group.id: group for group in found.groups}
    assert (groups["level:new"].members, groups["level:new"].got) == (40, 40)
    assert (groups["level:gold"].members, groups["level:gold"].share) == (20, 0)
    (left_out,) = (each for each in found.advice if each.code == "group.left_out")
    assert left_out.text["en"] == (
        "Of 20 members of “Status: gold”, 0.0% got something, against 66.7% of the whole audience."
        " Give them something that they can reach."
    )
