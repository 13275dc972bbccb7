"""Every kind of mechanic that comes with Festoon tells its rules, in every language."""

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from festoon.api.naming import Names
from festoon.api.public_mechanics import mechanics_told
from festoon.api.rules_told import say_in
from festoon.base.errors import LANGUAGES
from festoon.engine.program import Program
from festoon.engine.reload import compile_version
from festoon.mechanics.gift import Gift
from festoon.mechanics.registry import kinds
from festoon.mechanics.say import Say
from festoon.mechanics.told import rules, told

PLANS = sorted((Path(__file__).parents[2] / "examples" / "plans").glob("*.yaml"))


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_tells(kind: str) -> None:
    cls = kinds()[kind]
    assert told.dispatch(cls) is not told.dispatch(object) or cls.rules is not Gift.rules


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_the_rules_of_every_example_are_whole_sentences(plan: Path, language: str) -> None:
    campaign = compile_version(plan.read_text(encoding="utf-8"), "{}", 1)
    for mechanic in mechanics_told(Program(1, [campaign]), campaign, language, {}):
        assert mechanic.rules, mechanic.id
        for rule in mechanic.rules:
            assert rule.endswith("." if language == "en" else ("。", "）")), rule
            assert "{" not in rule
            assert "  " not in rule
            if language == "zh-Hant":
                assert "获" not in rule


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "months: 3", "Plus for 3 months"),
        ("en", "months: 1, days: 1", "Plus for 1 month and 1 day"),
        ("en", "days: 90", "Plus for 90 days"),
        ("zh-Hans", "months: 3", "PLUS会员3个月"),
        ("zh-Hans", "months: 3, days: 7", "PLUS会员3个月零7天"),
        ("zh-Hant", "days: 90", "PLUS會員90天"),
    ],
)
def test_how_long_a_membership_runs_is_said_as_the_plan_says_it(
    language: str, written: str, said: str
) -> None:
    plan = next(path for path in PLANS if path.stem == "community-benefits").read_text(encoding="utf-8")
    campaign = compile_version(plan.replace("plus, months: 3", f"plus, {written}"), "{}", 1)
    told = mechanics_told(Program(1, [campaign]), campaign, language, {})
    (rules,) = [each.rules for each in told if each.id == "first-order"]
    assert any(said in rule for rule in rules), rules


@pytest.mark.parametrize(("language", "said"), [("en", "top-up growth"), ("zh-Hans", "充值成长值")])
def test_what_is_earned_is_called_by_its_title(language: str, said: str) -> None:
    plan = next(path for path in PLANS if path.stem == "auto-top-up")
    campaign = compile_version(plan.read_text(encoding="utf-8"), "{}", 1)
    rules = [
        rule for each in mechanics_told(Program(1, [campaign]), campaign, language, {}) for rule in each.rules
    ]
    assert not [rule for rule in rules if "top-up-growth" in rule]
    assert any(said in rule.lower() for rule in rules), rules


@pytest.mark.parametrize(
    ("language", "quiz", "level"),
    [("en", "reach “Quiz finished”", "Silver"), ("zh-Hans", "完成竞赛", "白银会员")],
)
def test_events_of_a_plans_own_and_levels_are_called_by_their_titles(
    language: str, quiz: str, level: str
) -> None:
    plan = next(path for path in PLANS if path.stem == "user-operations")
    campaign = compile_version(plan.read_text(encoding="utf-8"), "{}", 1)
    mechanics = {each.id: each for each in mechanics_told(Program(1, [campaign]), campaign, language, {})}
    rules = "\n".join(rule for each in mechanics.values() for rule in each.rules)
    assert quiz in rules
    assert "quiz.finished" not in rules
    assert level in rules
    assert "silver" not in rules
    assert [each.title for each in mechanics["levels"].levels][1] == level


class Own(Gift):
    """A mechanic of another package."""

    def rules(self, say: Say) -> Iterable[str]:
        yield say("Whoever comes gets a lamp.", "来者有灯。")


def test_a_mechanic_of_another_package_tells_its_own() -> None:
    campaign = compile_version(PLANS[-1].read_text(encoding="utf-8"), "{}", 1)
    given = next(each.mechanic for each in campaign.mechanics if isinstance(each.mechanic, Gift))
    own = Own.__new__(Own)
    own.__dict__.update(given.__dict__)
    say = say_in(Names(Program(1, [campaign]), "en"), campaign)
    assert rules(own, say) == ["Whoever comes gets a lamp."]


def test_an_asset_loses_its_capital_within_a_sentence_unless_it_is_a_name_of_several_words() -> None:
    titles = {"growth": "Top-up growth", "coins": "New Year Coins", "hkd": "HK$"}
    say = Say("en", ZoneInfo("UTC"), lambda code: (titles[code], 0), lambda _, ref: ref, str, str, "CNY")
    assert [say.unit(each) for each in titles] == ["top-up growth", "New Year Coins", "HK$"]
    assert say.amount("growth", 20) == "20 top-up growth"


def test_a_condition_without_words_of_its_own_follows_what_the_mechanic_does() -> None:
    plan = next(path for path in PLANS if path.stem == "auto-top-up")
    campaign = compile_version(plan.read_text(encoding="utf-8"), "{}", 1)
    (six,) = [
        each for each in mechanics_told(Program(1, [campaign]), campaign, "en", {}) if each.id == "six-times"
    ]
    assert six.rules[0] == "To do: top up, 6 times."
    assert "A condition applies; this page shows whether you meet it." in six.rules
