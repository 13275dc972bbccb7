"""What a plan's text means: values, several mistakes at once, suggestions, older parameters."""

from decimal import Decimal

import pytest

from festoon.plan import codes_file, codes_plan
from festoon.plan.check import check_plan
from festoon.plan.parse import load_plan, read_plan
from festoon.plan.problems import PlanInvalid
from festoon.plan.source import plain, read_source
from tests.plan.plans import EXAMPLE, lines_of, plan, said


def values(text: str) -> object:
    node, problems = read_source(text)
    assert node is not None
    assert problems == []
    return plain(node)


def test_on_yes_and_no_are_words_and_money_stays_decimal() -> None:
    assert values("{on: yes, no: off, money: 12.50, count: 0012, share: 5%}") == {
        "on": "yes",
        "no": "off",
        "money": Decimal("12.50"),
        "count": 12,
        "share": "5%",
    }


def test_quoted_values_are_texts() -> None:
    assert values("""{a: "12", b: '2027-02-30', c: "true", d: 'null', e: ""}""") == {
        "a": "12",
        "b": "2027-02-30",
        "c": "true",
        "d": "null",
        "e": "",
    }


def test_empty_values_are_missing_and_blocks_keep_their_lines() -> None:
    assert values("a:\nb: ~\nc: |\n  one\n  two\n") == {"a": None, "b": None, "c": "one\ntwo\n"}


def test_a_key_may_look_like_a_number_or_a_truth() -> None:
    assert values("{3: a, true: b, on: c}") == {"3": "a", "true": "b", "on": "c"}


def test_windows_line_ends_and_a_byte_order_mark_are_fine() -> None:
    assert read_plan("\ufeff" + plan().replace("\n", "\r\n")) == read_plan(plan())
    assert read_plan(plan().encode("utf-8-sig")) == read_plan(plan())


def test_independent_mistakes_are_reported_together() -> None:
    text = plan(
        title="2026",
        timezone="Asia/Shangai",
        goals="[{metric: new_member, target: 5}, {metric: orders, taget: 5}]",
        coupons="{ten-off: {value: 10, cost: 10, line: prise, stock: many}}",
        mechanics="""
  signup: {kind: gift, on: member.registered, give: welcom}
  spend: {kind: earn, on: order.paid, per: 0, of: event.amont}
  lucky: {kind: drwa}
  first: {kind: task, on: order.paid, when: event.amont > 5, give: [{badge: writer}, {points: 0}]}
""",
        colour="red",
    )
    assert set(said(check_plan(text).problems)) >= {
        (codes_file.UNKNOWN_KEY, "colour"),
        (codes_file.EXPECTED_OTHER, "title"),
        (codes_file.UNKNOWN_KEY, "goals[1].taget"),
        (codes_file.EXPECTED_INTEGER, "coupons.ten-off.stock"),
        (codes_file.OUT_OF_RANGE, "mechanics.spend.per"),
        (codes_plan.UNKNOWN_KIND, "mechanics.lucky.kind"),
    }


def test_what_is_sound_is_still_looked_at_beside_what_is_broken() -> None:
    text = plan(
        timezone="Asia/Shangai",
        goals="[{metric: new_member, target: 5}]",
        audience="{holdout: 90%, when: member.is_robot}",
        coupons="{ten-off: {value: 10, cost: 10, line: prise}, bad: {value: x}}",
        mechanics="""
  signup: {kind: gift, on: member.registered, give: welcom}
  first: {kind: task, on: order.paid, when: event.amont > 5, give: [{badge: writer}, {points: 0}]}
  bad: {kind: gift, on: order.paid, give: [{coupon: bad}]}
""",
    )
    found = said(check_plan(text).problems)
    assert set(found) >= {
        (codes_plan.UNKNOWN_ZONE, "timezone"),
        (codes_plan.UNKNOWN_METRIC, "goals[0].metric"),
        (codes_plan.SHARE_OUT_OF_RANGE, "audience.holdout"),
        ("expression.unknown_field", "audience.when"),
        (codes_plan.UNKNOWN_NAME, "coupons.ten-off.line"),
        (codes_file.EXPECTED_NUMBER, "coupons.bad.value"),
        (codes_plan.UNKNOWN_NAME, "mechanics.signup.give"),
        ("expression.unknown_field", "mechanics.first.when"),
        (codes_plan.UNKNOWN_NAME, "mechanics.first.give[0].badge"),
    }
    assert (codes_plan.UNKNOWN_NAME, "mechanics.bad.give[0].coupon") not in found


def test_problems_come_in_the_order_of_the_file() -> None:
    problems = check_plan(plan(title="2026", goals="[{metric: a}]", campaign="A B")).problems
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    assert len(places) >= 3


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (plan(budgit="{}"), "budget"),
        (plan(mechanics="{one: {kind: gfit, on: a.b}}"), "gift"),
        (plan(calendar="{base: CNN}"), "CN"),
        (plan(mechanics="{one: {kind: gift, on: order.paid, give: welcme}}"), "welcome"),
        (plan(goals="[{metric: new_membres, target: 1}]"), "new_members"),
        (plan(coupons="{ten-off: {value: 10, cost: 10, line: prices}}"), "prizes"),
    ],
)
def test_a_near_miss_is_answered_with_what_was_probably_meant(text: str, suggestion: str) -> None:
    todos = [problem.todo() for problem in check_plan(text).problems]
    assert f"Did you mean {suggestion}?" in todos


def test_a_mistake_in_a_condition_is_shown_at_its_own_column() -> None:
    text = plan(
        mechanics="{one: {kind: gift, on: order.paid, give: welcome, when: event.amount > 5 and event.x}}"
    )
    (found,) = [each for each in check_plan(text).problems if each.code == "expression.unknown_field"]
    row = text.split("\n")[found.line - 1]
    assert row[found.column - 1 :].startswith("event.x")


def test_a_mistake_in_a_block_condition_is_shown_on_its_own_line() -> None:
    text = EXAMPLE.replace(
        "    when: event.minutes >= 30 and member.kids >= 1\n",
        "    when: >\n      event.minutes >= 30\n      and member.cats >= 1\n",
    )
    (found,) = [each for each in check_plan(text).problems if each.code == "expression.unknown_field"]
    assert found.line >= lines_of(text, "when: >")
    assert found.path == "mechanics.studious.when"


def test_what_follows_from_a_mistake_is_not_said_as_well() -> None:
    text = plan(rewards="{welcome: [{coupon: ten-off, count: lots}]}", badges="{}")
    assert said(check_plan(text).errors) == [(codes_file.EXPECTED_INTEGER, "rewards.welcome[0].count")]


def test_reading_raises_with_every_problem() -> None:
    with pytest.raises(PlanInvalid) as raised:
        read_plan(plan(timezone="Mars", campaign="A B"))
    assert [problem.path for problem in raised.value.problems] == ["campaign", "timezone"]
    body = raised.value.problem("zh-Hans")
    assert body["status"] == 400
    assert [each["line"] for each in body["problems"]] == [2, 4]
    assert "2:11" in raised.value.text()
    assert "campaign" in raised.value.text()


def test_the_example_has_no_errors_and_its_warnings_are_known() -> None:
    checked = check_plan(EXAMPLE)
    assert checked.errors == []
    assert said(checked.warnings) == [
        (codes_plan.NO_BOUND, "mechanics.first-post"),
        (codes_plan.NO_BOUND, "mechanics.spend"),
        (codes_plan.NO_BOUND, "mechanics.lucky-draw"),
    ]


def test_parameters_of_an_older_kind_are_brought_up_to_date() -> None:
    text = plan()
    assert read_plan(text, written_for={"gift": 0}) == read_plan(text)


def test_a_plan_that_was_written_for_a_newer_kind_is_refused_where_it_is_used() -> None:
    checked = check_plan(plan(), written_for={"gift": 2})
    assert said(checked.errors) == [(codes_plan.KIND_TOO_NEW, "mechanics.signup")]
    assert (checked.errors[0].data["written"], checked.errors[0].data["installed"]) == (2, 1)


def test_a_published_plan_is_loaded_without_asking_again_whether_it_makes_sense() -> None:
    text = plan(coupons="{ten-off: {value: 10, cost: 10, line: prizes, stock: 101}}")
    assert [each.code for each in check_plan(text).errors] == [codes_plan.OVER_BUDGET]
    assert load_plan(text).campaign == "spring"
    with pytest.raises(PlanInvalid):
        load_plan(plan(campaign="A B"))


def test_a_line_that_is_written_without_a_list_has_its_own_path() -> None:
    text = plan(
        mechanics="{draw: {kind: draw, chances: {free: {per: day}}, nothing: 1,"
        " prizes: [{id: a, weight: 1, give: {coupon: tenoff}}]}}"
    )
    assert (codes_plan.UNKNOWN_NAME, "mechanics.draw.prizes[0].give.coupon") in said(
        check_plan(text).problems
    )


def test_a_misspelt_key_of_a_mechanic_is_compared_with_all_its_keys() -> None:
    text = plan(
        mechanics="{one: {kind: gift, on: order.paid, give: welcome, limit: {total: 5}, gve: welcome}}"
    )
    todos = {each.path: each.todo() for each in check_plan(text).problems}
    assert todos["mechanics.one.limit"] == "Did you mean limits?"
    assert todos["mechanics.one.gve"] == "Did you mean give?"
