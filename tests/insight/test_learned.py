"""What an experiment that learns has come to: estimates by known chances, and the report's part on it."""

from hashlib import sha256
from math import sqrt
from typing import Any

import pytest

from festoon.base.errors import LANGUAGES
from festoon.base.learned import PARTS, chances_of_best, floored, learn
from festoon.insight.evaluation import evaluate
from festoon.insight.learned import Seen, judged
from festoon.insight.report import render
from tests.insight.campaign import TEXT, plan_of
from tests.insight.journal import Journal, at

PLAN = TEXT.replace(
    "mechanics:\n",
    "experiments:\n  pack: {title: {en: Welcome pack, zh-Hans: 迎新礼包}, arms: {small: 1, large: 1}, learns: {success:"
    " {on: order.paid, within: 3 days}, contexts: {old: {title: {en: Old hands, zh-Hans: 老会员}, when:"
    " \"member.level == 'gold'\"}}}}\nmechanics:\n  bonus: {kind: gift, on: member.logged_in, give: {experiment: pack,"
    " arms: {small: [{points: 1}], large: [{points: 2}]}}}\n",
)
_, CAMPAIGN = plan_of(PLAN)
EXPERIMENT = CAMPAIGN.experiments["pack"]


def lot(*what: object) -> int:
    """A number below a hundred that is always the same."""
    return int.from_bytes(sha256(repr(what).encode()).digest()[:4], "big") % 100


def crowd(members: int, small: int, large: int, lean: int = 5_000) -> list[Seen]:
    """Members of whom `lean` in ten thousand got `large`; of a hundred so many would have ordered with either."""
    found = []
    for member in range(members):
        arm = "large" if lot("arm", member) * 100 < lean else "small"
        likely = lean if arm == "large" else PARTS - lean
        wins = lot("likes", member) < (large if arm == "large" else small)
        found.append(Seen(member, arm, likely, "", wins))
    return found


def test_an_estimate_says_what_the_rate_would_be_whatever_the_arm_was_given_how_often() -> None:
    for lean in (1_000, 5_000, 9_000):
        found = {each.arm: each.estimate for each in judged(EXPERIMENT, crowd(4_000, 20, 50, lean)).arms}
        small, large = found["small"], found["large"]
        assert small is not None
        assert large is not None
        assert small.low < 0.20 < small.high
        assert large.low < 0.50 < large.high
        assert large.high - large.low < 4 * sqrt(0.25 / (4_000 * lean / PARTS)) * 1.1


def test_where_all_like_the_same_nothing_is_better_than_that_for_everybody() -> None:
    found = judged(EXPERIMENT, crowd(2_000, 20, 50))
    assert found.best == "large"
    assert found.gain is not None
    assert found.gain.value < 0, "exploring costs something"


def test_of_a_few_members_nothing_is_said() -> None:
    found = judged(EXPERIMENT, crowd(19, 20, 50))
    assert (found.policy, found.verdict) == (None, "cannot_tell")


def test_the_chance_of_being_best_is_that_of_two_known_rates() -> None:
    # Of Beta(2, 1) and Beta(1, 2): P(x > y) = 5/6.
    assert chances_of_best([(1, 1), (1, 0)]) == pytest.approx([5 / 6, 1 / 6], abs=1e-3)
    assert learn([(0, 0)] * 4, 500) == [2_500] * 4
    assert learn([(10**7, 10**5), (10**7, 2 * 10**5)], 100) == [100, 9_900]


def test_no_share_is_below_the_floor_and_all_are_the_whole() -> None:
    for shares in ([1.0, 0.0, 0.0], [0.4, 0.3, 0.3], [0.999999, 0.000001]):
        for floor in (100, 1_000, 3_333):
            found = floored(shares, floor)
            assert sum(found) == PARTS
            assert min(found) >= floor
    with pytest.raises(ValueError, match="more than the whole"):
        floored([1.0, 0.0], 5_001)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_shows_what_was_learned(language: str) -> None:
    plan, campaign = plan_of(PLAN)
    journal = Journal()
    for one in crowd(60, 20, 70):
        note = {"propensity": one.propensity, "context": "old"}
        seen: dict[str, Any] = {"kind": "experiment", "ref": "pack", "code": one.arm, "note": note}
        journal.outcome(one.member + 1, "2027-03-02 12:00", "bonus", "assigned", **seen)
        if one.success:
            journal.order(one.member + 1, "2027-03-03 12:00", 5_000)
    found = evaluate(journal.facts(), plan, campaign, at("2027-03-29 10:00"))
    (learning,) = found.learnings
    assert learning.counts["old"]["small"][0] + learning.counts["old"]["large"][0] == 60
    assert learning.counts["old"]["large"][1] == sum(
        1 for one in crowd(60, 20, 70) if one.success and one.arm == "large"
    )
    page = render(found, language)
    titles = {
        "en": ("Old hands", "all others"),
        "zh-Hans": ("老会员", "其余会员"),
        "zh-Hant": ("老會員", "其餘會員"),
    }
    assert all(title in page for title in titles[language])
    assert found.trials == ()
