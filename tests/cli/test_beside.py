"""`festoon plan check --beside`: a plan is checked together with those that will run as well."""

from pathlib import Path

from tests.docs.terminal import run
from tests.plan.plans import plan

CAP = "{daily: {of: points, amount: 500, per: %s}}"


def written(folder: Path, name: str, **sections: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(plan(campaign=name, **sections), encoding="utf-8")
    return str(path)


def test_where_plans_meet_is_said_and_is_no_mistake(tmp_path: Path) -> None:
    group = "{group: offers}"
    one, two = (written(tmp_path, name, exclusive=group) for name in ("one", "two"))
    done = run("plan", "check", one, "--beside", two, "--json")
    assert done.code == 0
    assert "plan.same_group" in [problem["code"] for problem in done.json()["problems"]]
    assert "two" in run("plan", "check", one, "--beside", two).out


def test_two_caps_under_one_name_are_a_mistake(tmp_path: Path) -> None:
    one = written(tmp_path, "one", shared_caps=CAP % "day")
    two = written(tmp_path, "two", shared_caps=CAP % "week")
    done = run("plan", "check", one, "--beside", two, "--json")
    assert done.code != 0
    assert not done.json()["ok"]


def test_a_plan_beside_that_has_mistakes_is_named_as_the_reason(tmp_path: Path) -> None:
    one, two = written(tmp_path, "one"), written(tmp_path, "two", timezone="Mars")
    done = run("plan", "check", one, "--beside", two, "--json")
    assert done.code != 0
    assert done.json()["error"]["code"] == "plan.invalid"


def test_one_mistake_is_called_one_and_two_are_called_two(tmp_path: Path) -> None:
    assert "1 mistake, " in run("plan", "check", written(tmp_path, "one", timezone="Mars")).out
    wrong = written(tmp_path, "two", timezone="Mars", exclusive="{group: offers, of: all}")
    assert "2 mistakes, " in run("plan", "check", wrong).out
