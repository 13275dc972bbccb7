"""One mistake in a mechanic is one mistake: nothing is said that only follows from its being left out."""

import pytest

from festoon.plan.check import check_plan
from tests.plan.plans import plan, said

FORM, NUMBER, SHARE = "plan.not_this_form", "plan.expected_integer", "plan.expected_number"


@pytest.mark.parametrize(
    ("mechanic", "code", "place"),
    [
        ("kind: code, give: welcome, single: {count: 10, pattern: tea-####-####}", FORM, "single.pattern"),
        ("kind: code, give: welcome, codes: [a b c d]", FORM, "codes[0]"),
        ("kind: task, on: page.viewed, give: welcome, within: {days: many}", NUMBER, "within.days"),
        (
            "kind: referral, actions: [order.paid], invitee: welcome, delay: {days: soon}",
            NUMBER,
            "delay.days",
        ),
        ("kind: referral, actions: [order.paid], share: {percent: lots}", SHARE, "share.percent"),
    ],
)
def test_what_is_broken_is_all_that_is_said(mechanic: str, code: str, place: str) -> None:
    errors = check_plan(plan(mechanics=f"{{one: {{{mechanic}}}}}")).errors
    assert said(errors) == [(code, f"mechanics.one.{place}")]


def test_what_the_mechanic_beside_it_says_of_itself_is_said() -> None:
    text = plan(
        mechanics="{one: {kind: code, give: welcome, single: {count: 10, pattern: tea-####}},"
        " two: {kind: code, give: welcome}}"
    )
    assert said(check_plan(text).errors) == [
        ("plan.not_this_form", "mechanics.one.single.pattern"),
        ("code.which", "mechanics.two.codes"),
    ]


def test_what_else_is_wrong_with_the_broken_one_is_said_as_well() -> None:
    text = plan(
        mechanics="{one: {kind: code, give: nothing, when: member.nobody, single: {count: 10, pattern: tea-####}}}"
    )
    codes = {problem.code for problem in check_plan(text).errors}
    assert "plan.not_this_form" in codes
    assert "code.which" not in codes
    assert len(codes) > 1


@pytest.mark.parametrize(
    ("line", "code", "place"),
    [
        ("{ponts: 3}", "plan.unknown_key", "ponts"),
        ("{badge: 5}", "plan.expected_text", "badge"),
        ("{membership: gold, months: 0}", "plan.out_of_range", "months"),
        ("{membership: gold, mounths: 3}", "plan.unknown_key", "mounths"),
        ("{asset: stamps, amount: two}", "plan.expected_other", "amount"),
    ],
)
def test_a_rewards_line_does_not_lack_what_is_written_on_it_wrongly(line: str, code: str, place: str) -> None:
    text = plan(
        memberships="{gold: {}}",
        assets="{stamps: {}}",
        rewards=f"{{welcome: [{{points: 1}}, {line}]}}",
        mechanics=f"{{one: {{kind: gift, on: page.viewed, give: {line}}}}}",
    )
    assert said(check_plan(text).errors) == [
        (code, f"rewards.welcome[1].{place}"),
        (code, f"mechanics.one.give.{place}"),
    ]


def test_a_rewards_line_that_says_nothing_lacks_it_beside_one_that_is_broken() -> None:
    text = plan(
        rewards="{welcome: [{}], other: [{badge: 5}]}",
        mechanics="{one: {kind: gift, on: page.viewed, give: {badge: 5}},"
        " two: {kind: gift, on: page.viewed, give: {}}}",
    )
    assert said(check_plan(text).errors) == [
        ("plan.not_one_thing", "rewards.welcome[0]"),
        ("plan.expected_text", "rewards.other[0].badge"),
        ("plan.expected_text", "mechanics.one.give.badge"),
        ("plan.not_one_thing", "mechanics.two.give"),
    ]
