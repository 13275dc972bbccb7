"""One value of a plan's text changes, and nothing else."""

from decimal import Decimal
from difflib import unified_diff
from typing import Any

import pytest

from festoon.base.errors import Invalid
from festoon.plan.edit import edit, remove, steps_of
from festoon.plan.problems import PlanInvalid
from festoon.plan.source import plain, read_source
from tests.plan.plans import EXAMPLE, plan

ODD = """\
# why we do this
festoon:   1
campaign: spring      # never changes
title: {en:  "Spring",   zh-Hans: '春'}

mechanics:
    first: {kind: gift,   on: order.paid, give: [{points: 5}]}   # aligned by hand


    second:
        kind: gift
        on:     order.paid
        give:
        - points: 5
        - {coupon: ten-off}
timezone: 'Asia/Shanghai'
budget: {lines: {prizes: 12.50}}
"""


def difference(before: str, after: str) -> list[str]:
    rows = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [row for row in rows if row[0] in "+-" and row[:3] not in ("+++", "---")]


def said(text: str) -> Any:
    node, problems = read_source(text)
    assert node is not None
    assert problems == []
    return plain(node)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("title.en", "Summer: now", ["-title: {en:  \"Spring\",   zh-Hans: '春'}"]),
        ("budget.lines.prizes", Decimal("13.00"), ["-budget: {lines: {prizes: 12.50}}"]),
        ("mechanics.second.give[0].points", 6, ["-        - points: 5"]),
        ("timezone", "UTC", ["-timezone: 'Asia/Shanghai'"]),
    ],
)
def test_only_the_line_with_the_value_changes(path: str, value: Any, expected: list[str]) -> None:
    after = edit(ODD, path, value)
    assert [row for row in difference(ODD, after) if row[0] == "-"] == expected
    assert "# never changes" in after
    assert "# aligned by hand" in after


def test_money_keeps_its_decimal_places() -> None:
    assert "prizes: 13.00}" in edit(ODD, "budget.lines.prizes", Decimal("13.00"))
    assert "prizes: 1000}" in edit(ODD, "budget.lines.prizes", Decimal(1000))


def test_what_stands_beside_a_change_stays_exactly_as_it_was() -> None:
    after = edit(ODD, "mechanics.second.on", "order.refunded")
    assert difference(ODD, after) == ["-        on:     order.paid", "+        on:     order.refunded"]


def test_a_key_and_an_item_can_be_added_and_taken_away() -> None:
    added = edit(EXAMPLE, "rewards.thanks", [{"points": 5}])
    assert difference(EXAMPLE, added) == ["+  thanks: [{points: 5}]"]
    assert difference(EXAMPLE, remove(added, "rewards.thanks")) == []
    longer = edit(EXAMPLE, "goals[3]", {"metric": "orders", "target": 5})
    assert difference(EXAMPLE, longer) == ["+  - {metric: orders, target: 5}"]
    assert difference(EXAMPLE, remove(longer, "goals[3]")) == []


def test_a_key_with_dots_is_reached_in_brackets() -> None:
    after = edit(EXAMPLE, 'events["lesson.finished"].title.en', "Lesson over")
    assert said(after)["events"]["lesson.finished"]["title"]["en"] == "Lesson over"
    assert steps_of('events["lesson.finished"].data[2]') == ("events", "lesson.finished", "data", 2)


def test_every_value_of_the_example_can_be_changed_alone() -> None:
    before = said(EXAMPLE)
    for path in paths(before):
        after = edit(EXAMPLE, path, "changed")
        assert put(before, path, "changed") == said(after), path
        assert len(difference(EXAMPLE, after)) == 2, path


@pytest.mark.parametrize("path", ["goals[9]", "nothing.there", "title.en.deeper", "campaign[0]", "", "a..b"])
def test_a_way_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(Invalid) as raised:
        edit(EXAMPLE, path, 1)
    assert raised.value.code == "plan.no_such_path"


def test_removing_what_is_not_there_is_refused() -> None:
    for path in ("goals[9]", "mechanics.nobody"):
        with pytest.raises(Invalid):
            remove(EXAMPLE, path)


def test_a_text_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(PlanInvalid):
        edit(plan() + "\tx", "title", "Summer")


def test_a_value_that_no_plan_can_hold_is_refused() -> None:
    for value in ("a\x85b", "a\x00b", 10**30, "x" * 20_000):
        with pytest.raises(PlanInvalid):
            edit(ODD, "title.en", value)


def paths(at: Any, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of some leaves: the first of every collection."""
    if isinstance(at, dict):
        return [path for key in list(at)[:2] for path in paths(at[key], (*before, key))] if at else [before]
    if isinstance(at, list):
        return paths(at[0], (*before, 0)) if at else [before]
    return [before]


def put(at: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(at, dict):
        return {key: put(of, path[1:], value) if key == path[0] else of for key, of in at.items()}
    return [put(of, path[1:], value) if index == path[0] else of for index, of in enumerate(at)]
