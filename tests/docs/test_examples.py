"""What stands on the pages can be done: plans have no mistake, programs run, commands and their options are there."""

import os
import re
import sys
from pathlib import Path

import pytest

from festoon.plan.check import check_plan
from tests.docs.pages import Block, all_blocks, blocks, text_of
from tests.docs.terminal import commands, missing, run
from tests.house.sources import ROOT

PLANS = [
    block
    for block in all_blocks("yaml")
    if block.text.startswith("festoon: 1\n")
    and "wrong" not in block.told
    and block.page != "docs/reference/plan.md"
]
"""Those that are whole: the plan's own page has a test that puts its fragments together."""
BACKTESTED = "docs/how-to/back-test-a-plan.md"
CLI = "docs/reference/cli.md"
SPOKEN = [
    (block.page, command.words)
    for block in all_blocks("console")
    for command in commands(block)
    if command.words[:1] == ("festoon",)
]


@pytest.mark.parametrize("block", PLANS, ids=str)
def test_a_plan_on_a_page_has_no_mistake(block: Block) -> None:
    assert [(problem.line, problem.code) for problem in check_plan(block.text).errors] == []


def test_both_first_pages_show_the_same_plan() -> None:
    (english,), (chinese,) = blocks("README.md", "yaml"), blocks("README.zh-Hans.md", "yaml")
    plans = [check_plan(block.text).plan for block in (english, chinese)]
    assert plans[0] is not None
    assert plans[1] is not None
    assert plans[0].mechanics == plans[1].mechanics
    assert plans[0].budget == plans[1].budget


def test_both_first_pages_have_the_same_parts_commands_and_links() -> None:
    pages = [text_of(name).replace(".zh-Hans.png", ".png") for name in ("README.md", "README.zh-Hans.md")]
    for pattern in (r"^#+ ", r"^\d\. ", r"^- \*\*", r"^\$ .*$", r"\]\((?!README)[^)]+\)"):
        english, chinese = (re.findall(pattern, page, re.MULTILINE) for page in pages)
        assert english == chinese


@pytest.mark.parametrize(
    ("page", "words"), SPOKEN, ids=lambda each: each if isinstance(each, str) else " ".join(each)
)
def test_a_command_on_a_page_is_there_with_its_options(page: str, words: tuple[str, ...]) -> None:
    sections = dict(re.findall(r"^##+ (festoon .*)\n((?:(?!^##).*\n)*)", text_of(CLI), re.MULTILINE))
    named = [name for name in sections if words[: len(name.split())] == tuple(name.split())]
    assert named != [], page
    section = sections[max(named, key=len)]
    assert [word for word in words if word.startswith("--") and f"`{word}`" not in section] == [], page


def test_the_how_to_of_back_tests_works_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    (plan,) = blocks(BACKTESTED, "yaml")
    Path(plan.told).write_text(plan.text, encoding="utf-8")
    costs = []
    for block in blocks(BACKTESTED, "python", "console"):
        if block.language == "python":
            exec(compile(block.text, BACKTESTED, "exec"), {})
            continue
        for command in commands(block):
            done = run(*command.words[1:], "--processes", "1", "--json")
            assert done.code == 0
            costs.append([each["cost"].get("prizes", 0) for each in done.json()["runs"]])
    all_played, half, most = costs
    assert len(all_played) == 10
    assert 0 < sum(half) < sum(all_played), "who plays half as often wins less"
    assert sum(most) > 0
    assert re.fullmatch(r"seed [12]: \d+\.\d\d CNY\n", capsys.readouterr().out)


def test_the_schema_that_a_page_offers_is_printed_as_json() -> None:
    done = run("plan", "schema")
    assert done.code == 0
    assert missing(("{", "...", '  "title": …'), done.out) == []


def test_the_demo_s_plan_has_no_mistake() -> None:
    done = run("plan", "check", str(ROOT / "src/festoon/demo/plan.yaml"))
    assert done.code == 0
