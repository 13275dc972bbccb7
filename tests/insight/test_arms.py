"""The arms of an experiment in the report: who saw what, what it cost, which did more, and whether to trust it."""

import pytest

from festoon.base.errors import LANGUAGES
from festoon.base.split import Split
from festoon.insight.arms import Trial, trials
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.report import render
from festoon.insight.verdict import sentence
from tests.insight.campaign import TEXT, plan_of
from tests.insight.journal import Journal, at, scope, window

PLAN = TEXT.replace(
    "mechanics:\n",
    "experiments:\n  basket: {title: {en: Basket bonus, zh-Hans: 购物奖励, zh-Hant: 購物獎勵},"
    " arms: {usual: 2, large: 1, none: 1}}\n"
    "rewards: {bonus: [{experiment: basket, arms: {usual: [{points: 60}], large: [{points: 90}], none: []}}]}\n"
    "mechanics:\n  bonus: {kind: gift, on: order.paid, give: bonus}\n",
)
SPLIT = Split("spring/basket", (("usual", 2), ("large", 1), ("none", 1)))
MARCH, FEBRUARY = scope("2027-03-01", "2027-03-14"), window("2027-02-01", "2027-02-25")
MORE = {"usual": 0, "large": 2_000, "none": 0}
GIVES = {"usual": 60, "large": 90, "none": 0}


def lived(members: int = 1_200, missing: str = "") -> Journal:
    """Everybody orders once in each month; who is in `large` orders for 20 yuan more. Every other member of the arm
    `missing` never came to his reward."""
    journal = Journal()
    for member in range(1, members + 1):
        arm = SPLIT.arm(f"m{member}")
        day = member % 7 + 1
        journal.order(member, f"2027-02-{day + 9:02d} 12:00", 5_000 + member % 10 * 100)
        paid = 5_000 + (member % 10 + member % 3) * 100 + MORE[arm]
        journal.order(member, f"2027-03-{day:02d} 12:00", paid)
        if arm == missing and member % 2:
            continue
        when, seen = f"2027-03-{day:02d} 13:00", {"kind": "experiment", "ref": "basket", "code": arm}
        journal.outcome(member, when, "bonus", "assigned", **seen)
        if GIVES[arm]:
            many = GIVES[arm]
            journal.outcome(
                member,
                when,
                "bonus",
                "given",
                kind="asset",
                ref="points",
                amount=many,
                cost=many,
                line="points",
            )
    return journal


def trial(journal: Journal) -> Trial:
    _, campaign = plan_of(PLAN)
    (found,) = trials(journal.facts(), MARCH, campaign, FEBRUARY)
    return found


@pytest.fixture(scope="module")
def found() -> Trial:
    return trial(lived())


def test_the_arms_have_their_members_their_share_and_their_cost(found: Trial) -> None:
    assert [(seen.arm, seen.expected) for seen in found.arms] == [
        ("usual", 0.5),
        ("large", 0.25),
        ("none", 0.25),
    ]
    assert sum(seen.members for seen in found.arms) == 1_200
    assert [seen.cost for seen in found.arms] == [seen.members * GIVES[seen.arm] for seen in found.arms]
    assert found.sound


def test_every_arm_is_compared_with_the_first(found: Trial) -> None:
    verdicts = {one.arm: one.comparisons[0].verdict for one in found.compared}
    assert verdicts == {"large": "better", "none": "cannot_tell"}
    spend = found.compared[0].comparisons[0]
    assert 1_950 < spend.low < spend.effect < spend.high < 2_050
    assert spend.method == "arms"


def test_arms_of_other_sizes_than_their_weights_are_not_to_be_trusted() -> None:
    assert not trial(lived(missing="none")).sound


def test_members_who_never_came_to_the_reward_are_in_no_arm() -> None:
    journal = lived(40)
    journal.order(99, "2027-03-02 12:00", 1_000_000)
    assert sum(seen.members for seen in trial(journal).arms) == 40


def test_who_has_seen_two_arms_counts_and_costs_once_in_the_first() -> None:
    journal = lived(40)
    before = {seen.arm: (seen.members, seen.cost) for seen in trial(journal).arms}
    for arm, amount in (("usual", 60), ("large", 90)):
        journal.outcome(
            99, "2027-03-02 12:00", "bonus", "assigned", kind="experiment", ref="basket", code=arm
        )
        journal.outcome(99, "2027-03-02 12:00", "bonus", "given", amount=amount, cost=amount)
    after = {seen.arm: (seen.members, seen.cost) for seen in trial(journal).arms}
    members, cost = before["usual"]
    assert after == before | {"usual": (members + 1, cost + 150)}


def test_few_members_allow_no_conclusion(found: Trial) -> None:
    few = trial(lived(60)).compared[0].comparisons[0]
    assert few.verdict == "cannot_tell"
    assert "saw “large”" in sentence(few, "en", "CNY", ("large", "usual"))
    assert sentence(found.compared[0].comparisons[0], "en", "CNY", ("large", "usual")).endswith(
        "so “large” does more."
    )


def test_an_experiment_that_nobody_saw_is_not_compared() -> None:
    nobody = trial(Journal().order(1, "2027-03-02 12:00", 100))
    assert nobody.compared == ()
    assert nobody.sound


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    plan, campaign = plan_of(PLAN)
    return evaluate(lived().facts(), plan, campaign, at("2027-03-29 10:00"))


@pytest.mark.parametrize(
    ("language", "title"), list(zip(LANGUAGES, ("Basket bonus", "购物奖励", "購物獎勵"), strict=True))
)
def test_the_report_shows_the_experiment(evaluation: Evaluation, language: str, title: str) -> None:
    page = render(evaluation, language)
    assert title in page
    assert "“large”" in page
