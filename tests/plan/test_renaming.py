"""Whatever is given another name in whichever plan: who refers to it follows, and no other character is another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.errors import Invalid
from festoon.plan.check import check_plan
from festoon.plan.decode import shown
from festoon.plan.dump import dump
from festoon.plan.parse import load_plan
from festoon.plan.references import Named, Thing, references, things
from festoon.plan.renaming import renamed, uses, uses_outside
from tests.plan.test_edit_everywhere import PLANS, said

READ = {name: said(text) for name, text in PLANS.items() if name not in ("odd", "custom")}
THINGS = [(name, thing) for name, data in READ.items() for thing in things(data)]


def new_name(old: str) -> str:
    """A name as long as the old one, so that nothing is laid out otherwise, and like no other in any plan."""
    return "".join(each if each in ".-_" else "z" for each in old)


def findings(text: str) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in check_plan(text).problems]


def as_before(text: str, old: str) -> str:
    return text.replace(new_name(old), old)


def without_defaults(text: str) -> str:
    """Without what had to be written because another name is the default."""
    return text.replace("    born: birthday\n", "")


@settings(deadline=None, max_examples=12)
@given(st.sampled_from(THINGS))
def test_after_renaming_anything_the_plan_is_the_same_up_to_the_name(where: tuple[str, Named]) -> None:
    name, named = where
    before, old = PLANS[name], named.thing.name
    after = renamed(before, named.steps, new_name(old))
    assert without_defaults(as_before(after, old)) == before
    assert [(code, as_before(path, old)) for code, path in findings(after)] == findings(before)
    assert without_defaults(as_before(dump(load_plan(after)), old)) == dump(load_plan(before))
    assert after.count(new_name(old)) >= 1 + len(uses(before, named.steps))


def test_everything_an_example_plan_names_is_something_it_declares_or_built_in() -> None:
    """Otherwise some sort of reference would be taken for another one."""
    for name, data in READ.items():
        declared = [each.thing for each in things(data)]
        for each in references(data):
            if each.thing.sort in (
                "reward",
                "mechanic",
                "segment",
                "line",
                "task",
                "prize",
                "threshold",
                "arm",
            ):
                if each.thing.name == "campaign" and "pause" in each.steps:
                    continue  # it stands for all of them
                assert any(thing.is_meant_by(each.thing) for thing in declared), (name, each)


PLAN = """\
festoon: 1
campaign: club
title: Club
timezone: Asia/Shanghai
schedule: {start: 2027-02-05, end: 2027-02-20}
budget: {lines: {"prizes": 100, other: 5}}
attributes: {kids: int, tier: text}
segments:
  vip: {title: vip, when: "member.kids > 0"}
  spenders: {title: S, split: {by: spend, over: ever, cuts: {top: 10}, rest: low}}
experiments: {size: {arms: {small: 1, big: 1}}}
coupons: {ten: {value: 10, cost: 1, line: 'prizes'}}  # ten
rewards:
  pack: [{coupon: ten}]
events: {lesson.done: {title: Lesson}}
risk:
  rules: {many: {when: 'member.device_members > 3 and member.segment("vip")', points: 5}}
  thresholds: {high: 5}
mechanics:
  ladder:
    kind: level
    attribute: tier
    on: order.paid
    levels: [{id: iron, growth: 0}, {id: gold, growth: 100}]
  draw:   # the wheel
    kind: draw
    at_risk: {high: refuse}
    when: >-
      member.segment("vip") or member.segment('top')
      and member.count("draw") < 3 and "draw" != event.mechanic
    prizes:
      - {id: cup, weight: 1, stock: 1, give: pack}
      - {id: pen, weight: 1, give: {chances: draw}, swap: cup}
    sold_out: next_prize
  lesson:
    kind: gift
    on: [lesson.done, order.paid]
    when: "event.type == \\"lesson.done\\" and member.tier in ('gold', \\"iron\\") and '春' != member.tier"
    give:
      - experiment: size
        arms: {small: pack, big: [{coupon: ten}, {chances: draw}]}
      - first: [{when: 'member.segment("low")', give: pack}]
        else: pack
work:
  build: {title: Build}
  test: {title: Test, after: [build]}
risks:
  down: {title: Down, impact: 1, likelihood: 1, runbook: {trigger: x, steps: [y], pause: [draw]}}
"""


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("mechanics.draw", ["draw:   # the wheel", "when: >-", "- {id: pen", "arms:", "down:"]),
        ("mechanics.draw.prizes[0].id", ["- {id: cup", "- {id: pen"]),
        ("segments.vip", ["vip: {title: vip,", "rules:", "when: >-"]),
        ("segments.spenders.split.cuts.top", ["spenders:", "when: >-"]),
        ("segments.spenders.split.rest", ["spenders:", "- first:"]),
        ("attributes.kids", ["attributes:", "vip:"]),
        ("attributes.tier", ["attributes:", "attribute: tier", 'when: "event.type']),
        ("mechanics.ladder.levels[1].id", ["levels:", 'when: "event.type']),
        ("events[\"lesson.done\"]", ["events:", "on: [lesson.done", 'when: "event.type']),
        ("budget.lines.prizes", ["budget:", "coupons:"]),
        ("coupons.ten", ["coupons:", "pack:", "arms:"]),
        ("rewards.pack", ["pack:", "- {id: cup", "arms:", "- first:", "else:"]),
        ("experiments.size", ["experiments:", "- experiment:"]),
        ("experiments.size.arms.small", ["experiments:", "arms:"]),
        ("risk.thresholds.high", ["thresholds:", "at_risk:"]),
        ("risk.rules.many", ["rules:"]),
        ("work.build", ["build:", "test:"]),
    ],
)  # fmt: skip
def test_every_way_of_naming_something_follows(path: str, lines: list[str]) -> None:
    old = path.rstrip('"]').rpartition('"' if '"' in path else ".")[2]
    if old in ("id", "rest"):
        old = {"mechanics.draw.prizes[0].id": "cup", "mechanics.ladder.levels[1].id": "gold"}.get(path, "low")
    after = renamed(PLAN, path, new := new_name(old))
    assert as_before(after, old) == PLAN
    told = {each.line for each in uses(PLAN, path)}
    assert told <= {
        at for at, line in enumerate(PLAN.split("\n"), 1) if line.strip().startswith(tuple(lines))
    }
    assert new in after
    assert [
        each for each in references(said(after)) if each.thing.name == old and each.thing in told_of(path)
    ] == []


def told_of(path: str) -> list[Thing]:
    """What a path of the plan above declares."""
    return [each.thing for each in things(said(PLAN)) if shown(each.steps) == path]


def test_the_same_word_for_something_else_stays() -> None:
    text = PLAN.replace("pack", "draw").replace("  build:", "  draw:")
    after = renamed(text, "mechanics.draw", "spinner")
    assert (after.count("spinner"), after.count("chances: spinner"), after.count("pause: [spinner]")) == (
        6,
        2,
        1,
    )
    assert "draw: [{coupon: ten}]" in after
    assert "  draw: {title: Build}" in after


def test_quotes_stay_and_a_name_that_needs_them_gets_them() -> None:
    assert 'lines: {"gifts": 100' in (after := renamed(PLAN, "budget.lines.prizes", "gifts"))
    assert "line: 'gifts'" in after
    after = renamed(PLAN, "mechanics.draw.prizes[0].id", "7")
    assert '- {id: "7", weight: 1' in after
    assert 'swap: "7"}' in after


def test_an_attribute_that_is_meant_by_default_is_then_named() -> None:
    text = PLAN.replace("kids: int", "birthday: date").replace("member.kids > 0", "present(member.birthday)")
    after = renamed(text, "attributes.birthday", "born_on")
    assert "    levels: [{id: iron, growth: 0}, {id: gold, growth: 100}]\n    born: born_on\n" in after
    assert "present(member.born_on)" in after


@pytest.mark.parametrize(
    ("path", "name", "code"),
    [
        ("mechanics.draw", "lesson", "plan.name_in_use"), ("risk.rules.many", "many", ""),
        ("mechanics.draw.prizes[0].id", "pen", "plan.name_in_use"), ("mechanics.draw", "my draw", "plan.no_name"),
        ("attributes.kids", "my-kids", "plan.no_name"), ("mechanics.draw", "", "plan.no_name"),
        ("mechanics.nothing", "x", "plan.no_such_path"), ("mechanics.draw.prizes[0].weight", "x", ""),
        ("mechanics.draw.prizes[0]", "x", "plan.no_such_path"), ("segments.vip", "top", "plan.name_in_use"),
    ],
)  # fmt: skip
def test_a_name_that_is_taken_or_none_is_refused(path: str, name: str, code: str) -> None:
    if not code:
        assert said(renamed(PLAN, path, name)) is not None
        return
    with pytest.raises(Invalid) as refused:
        renamed(PLAN, path, name)
    assert refused.value.code == code


def test_who_would_name_nothing_is_told_before_something_goes() -> None:
    assert [use.path for use in uses_outside(PLAN, "mechanics.draw")] == [
        "mechanics.lesson.give[0].arms.big[1].chances",
        "risks.down.runbook.pause[0]",
    ]
    assert [use.path for use in uses_outside(PLAN, "segments.spenders")] == [
        "mechanics.draw.when",
        "mechanics.lesson.give[1].first[0].when",
    ]
    assert [use.path for use in uses_outside(PLAN, "mechanics.draw.prizes[0]")] == [
        "mechanics.draw.prizes[1].swap"
    ]
    assert uses_outside(PLAN, "work.test") == []
    use = uses_outside(PLAN, "work.build")[0]
    assert (PLAN.split("\n")[use.line - 1].strip(), use.path) == (use.text, "work.test.after[0]")
