"""The reference pages say what is there: tables are current, plans compile, codes have texts."""

import re
from datetime import date
from typing import Any

import msgspec
import pytest

from festoon.base.errors import CODES
from festoon.mechanics.page import written
from festoon.mechanics.registry import kind, kinds
from festoon.plan.check import check_plan
from tests.mechanics.pages import PAGES, blocks, page, plan
from tests.mechanics.stage import built

OURS = (
    "check_in",
    "code",
    "grand_draw",
    "earn",
    "exchange",
    "gift",
    "level",
    "multiplier",
    "red_packet",
    "referral",
    "task",
    "task_set",
)
SHOWN: dict[str, dict[str, Any]] = {
    "check_in": {"kind": "check_in"},
    "level": {"kind": "level", "on": "order.paid", "levels": [{"id": "member", "growth": 0}]},
    "referral": {"kind": "referral", "actions": ["order.paid"], "inviter": "thanks"},
    "task": {"kind": "task", "on": "order.paid", "give": "badge"},
    "task_set": {
        "kind": "task_set",
        "tasks": ["profile", "first-post", "first-order"],
        "count": 2,
        "give": "badge",
    },
}
"""Mechanics that show progress, each as small as it can be."""


def test_every_mechanic_has_its_page() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(kinds())


@pytest.mark.parametrize("name", sorted(kinds()))
def test_the_tables_are_current(name: str) -> None:
    assert page(name) == written(page(name), kind(name)), (
        "run: python -m festoon.mechanics.page docs/reference/mechanics"
    )


@pytest.mark.parametrize("name", OURS)
def test_a_page_has_every_table(name: str) -> None:
    assert re.findall(r"<!-- (\w+) -->", page(name)) == [
        "parameters",
        "end",
        "refusals",
        "end",
        "mistakes",
        "end",
    ]


@pytest.mark.parametrize("name", OURS)
def test_the_plan_on_the_page_has_no_mistake(name: str) -> None:
    checked = check_plan(plan(name))
    assert checked.errors == []
    assert checked.plan is not None
    assert name in {mechanic.kind for mechanic in checked.plan.mechanics.values()}


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_what_the_member_sees_is_what_is_shown(name: str) -> None:
    mechanic = built(SHOWN[name], siblings=SHOWN[name].get("tasks", ()))
    shown = mechanic.shows(mechanic.State(), date(2027, 3, 1))
    assert list(msgspec.json.decode(blocks(name, "json")[-1])) == list(shown)


@pytest.mark.parametrize(
    "code", sorted(code for code in CODES if code.startswith(tuple(f"{k}." for k in OURS)))
)
def test_every_code_says_the_same_in_both_languages(code: str) -> None:
    english, chinese = CODES[code].texts["en"], CODES[code].texts["zh-Hans"]
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese))


@pytest.mark.parametrize("name", OURS)
def test_every_parameter_says_what_it_is_for(name: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", page(name), re.MULTILINE)
    assert rows
    assert [parameter for parameter, says in rows if not says.strip()] == []
