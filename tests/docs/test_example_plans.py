"""The whole plans under `examples/plans`: what their page says of them is so."""

import re

import msgspec
import pytest

from festoon.plan.check import check_plan
from festoon.plan.schema import Plan
from festoon.plan.values import Text
from tests.docs.pages import text_of
from tests.docs.terminal import run
from tests.house.sources import ROOT

FOLDER = "examples/plans"
SECTIONS = dict(re.findall(r"^## (\S+)\n((?:(?!^## ).*\n)*)", text_of(f"{FOLDER}/README.md"), re.MULTILINE))
"""What the page says of each plan, by its name."""


def plan_of(name: str) -> Plan:
    plan = check_plan(text_of(f"{FOLDER}/{name}.yaml")).plan
    assert plan is not None
    return plan


def test_every_plan_is_on_the_page() -> None:
    assert set(SECTIONS) == {path.stem for path in (ROOT / FOLDER).glob("*.yaml")}


@pytest.mark.parametrize("name", SECTIONS)
def test_the_check_finds_what_the_page_says_and_nothing_else(name: str) -> None:
    found = check_plan(text_of(f"{FOLDER}/{name}.yaml"))
    said = set(re.findall(r"`(plan\.\w+)`", SECTIONS[name]))
    assert [(problem.line, problem.code) for problem in found.errors] == []
    assert {problem.code for problem in found.warnings} == said


@pytest.mark.parametrize("name", SECTIONS)
def test_a_plan_is_whole(name: str) -> None:
    plan = plan_of(name)
    written = msgspec.to_builtins(plan)
    wanted = {
        "background", "schedule", "goals", "budget", "rewards", "mechanics", "promotion", "work", "risks",
        "communication", "evaluation",
    }  # fmt: skip
    assert wanted - written.keys() == set()
    assert {goal.horizon for goal in plan.goals} == {"short", "medium", "long"}
    assert all(goal.target is not None or goal.baseline is not None for goal in plan.goals)
    assert any(goal.baseline is not None for goal in plan.goals)
    assert any(task.tasks for task in plan.work.values())
    assert any(risk.runbook for risk in plan.risks.values())


@pytest.mark.parametrize("name", SECTIONS)
def test_its_titles_are_in_chinese_and_in_english(name: str) -> None:
    plan = plan_of(name)
    named: list[Text | None] = [plan.title, plan.background]
    for section in (plan.mechanics, plan.coupons, plan.badges, plan.items, plan.gifts, plan.work, plan.risks):
        named += [each.title for each in section.values()]
    assert [
        title for title in named if not isinstance(title, dict) or not {"zh-Hans", "en"} <= title.keys()
    ] == []


@pytest.mark.parametrize("name", SECTIONS)
def test_one_command_tries_it_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    [command] = re.findall(r"^\$ festoon (plan (?:simulate|backtest) .*)$", SECTIONS[name], re.MULTILINE)
    done = run(*command.split(), "--processes", "1", "--json")
    assert done.code == 0
    for each in done.json()["runs"]:
        assert sum(each["cost"].values()) > 0
        assert len(each["grants"]) >= 5
