"""Forms come from the types: every key of every mechanic has one, and a change in a form is a change of one place."""

from decimal import Decimal
from difflib import ndiff
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.errors import LANGUAGES
from festoon.mechanics.registry import kinds
from festoon.plan.assemble import parse
from festoon.plan.check import check_plan
from festoon.plan.decode import Path as Steps
from festoon.plan.decode import shown
from festoon.plan.form.changes import Change, changed, fresh_mechanic, value_of
from festoon.plan.form.field_at import field_at
from festoon.plan.form.fields import Field, fields_of
from festoon.plan.form.marks import look
from festoon.plan.form.sections import SECTIONS
from festoon.plan.form.words import _helps, choice_label, help_of, kind_label, kind_purpose, label, lead
from festoon.plan.schema import Plan
from tests.house.sources import ROOT

PLANS = {path.stem: path.read_text() for path in sorted((ROOT / "examples" / "plans").glob("*.yaml"))}
NEW_YEAR = PLANS["new-year"]


def every_field() -> list[Field]:
    found: list[Field] = []
    seen: set[Any] = set()
    rest = [*fields_of(Plan), *(field for cls in kinds().values() for field in fields_of(cls.Params))]
    while rest:
        field = rest.pop()
        found.append(field)
        rest += [*field.either, *([field.each] if field.each else [])]
        if field.struct is not None and field.struct not in seen:
            seen.add(field.struct)
            rest += field.parts
    return [field for field in found if field.name != "params"]


def shown_fields() -> list[Field]:
    """Those that have a line of their own in a form."""
    structs = {field.struct for field in every_field() if field.struct is not None}
    of_kinds = [field for cls in kinds().values() for field in fields_of(cls.Params)]
    inner = [field for struct in structs for field in fields_of(struct)]
    return [field for field in (*fields_of(Plan), *of_kinds, *inner) if field.name != "params"]


def difference(before: str, after: str) -> list[str]:
    return [row.rstrip() for row in ndiff(before.splitlines(), after.splitlines()) if row[0] in "+-"]


def test_every_key_of_every_mechanic_has_a_name_in_three_languages() -> None:
    for field in every_field():
        for language in LANGUAGES:
            said = [label(field, language), *(choice_label(field, each, language) for each in field.choices)]
            assert all(said), field
            if language != "en" and field.name not in ("timezone", "festoon"):
                assert all(not each.isascii() for each in said if not each.isdecimal()), (
                    field.owner,
                    field.name,
                    said,
                )


def test_every_field_that_is_shown_says_what_it_is_for_in_every_language() -> None:
    silent = {
        (field.owner, field.name, language)
        for field in shown_fields()
        for language in LANGUAGES
        if not (said := help_of(field, language)) or (language != "en" and said.isascii())
    }
    assert silent == set()


def test_words_of_programmers_are_not_what_readers_of_traditional_chinese_get() -> None:
    for field in every_field():
        assert "物件" not in label(field, "zh-Hant") + help_of(field, "zh-Hant"), (field.owner, field.name)


def test_no_help_is_of_a_field_that_is_no_more() -> None:
    known = {name for field in every_field() for name in (field.name, f"{field.owner}.{field.name}")}
    assert set(_helps()) - known == set()


def test_a_help_begins_with_one_short_sentence() -> None:
    for field in shown_fields():
        assert len(lead(help_of(field, "zh-Hans"))[0]) <= 60, (field.owner, field.name)
    assert lead("At most 0.01 %. The rest. And more.") == ("At most 0.01 %.", "The rest. And more.")
    assert lead("最多一半。以 0.01% 为最小单位。") == ("最多一半。", "以 0.01% 为最小单位。")
    assert lead("No end by default") == ("No end by default", "")


def test_every_kind_says_what_it_is_for() -> None:
    for kind in kinds():
        for language in LANGUAGES:
            assert kind_label(kind, language)
            assert kind_purpose(kind, language)


def test_every_key_of_a_plan_is_in_one_section() -> None:
    listed = [key for keys in SECTIONS.values() for key in keys]
    assert sorted(["festoon", *listed]) == sorted(field.name for field in fields_of(Plan))


def paths(at: Any, steps: Steps = ()) -> list[Steps]:
    inner = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
    return [steps, *(place for key, of in inner for place in paths(of, (*steps, key)))]


DATA = {name: look(text).data or {} for name, text in PLANS.items()}
EVERYWHERE = [(name, steps) for name, data in DATA.items() for steps in paths(data)[1:]]
CLOSED = ("reward", "names", "events", "texts", "anything")


def test_every_place_of_the_example_plans_has_a_field() -> None:
    for name, steps in EVERYWHERE:
        around = [field_at(steps[:end], DATA[name]) for end in range(1, len(steps) + 1)]
        inside = any(field is not None and field.kind in CLOSED for field in around)
        assert around[-1] is not None or inside, (name, shown(steps))


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(EVERYWHERE),
    st.sampled_from(["1", "77", "2.50", "5%", "2027-02-14", "某些文字", "end + 3 days", "?"]),
)
def test_what_is_typed_into_a_field_is_what_the_text_then_says(where: tuple[str, Steps], typed: str) -> None:
    name, steps = where
    text = PLANS[name]
    field = field_at(steps, DATA[name])
    if field is None or field.kind not in (
        "text",
        "whole",
        "money",
        "share",
        "number",
        "moment",
        "day",
        "condition",
    ):
        return
    after = changed(text, Change("set", shown(steps), typed))
    at: Any = look(after).data
    for step in steps:
        at = at[step]
    assert at == value_of(field, typed)
    lines = difference(text, after)
    block = any(line.startswith("-") and line.endswith((">", ">-", "|", "|-")) for line in lines)
    assert len(lines) <= 2 or "\n" in str(at) or block, "a text over several lines goes with all of them"


def test_a_prize_gets_another_stock_and_nothing_else_moves() -> None:
    after = changed(NEW_YEAR, Change("set", "mechanics.newcomers-draw.prizes[0].stock", "12"))
    assert after == NEW_YEAR.replace("weight: 1, stock: 10,", "weight: 1, stock: 12,")


def test_a_group_appears_with_its_first_value_and_goes_with_its_last() -> None:
    path = "mechanics.spend.limits.per_day"
    with_both = changed(NEW_YEAR, Change("set", path, "3"))
    assert "    limits: {per_day: 3, total: 60000}\n" in with_both
    assert changed(with_both, Change("set", path, "")) == NEW_YEAR
    alone = changed(NEW_YEAR, Change("set", "mechanics.returning.limits.total", "5"))
    assert difference(NEW_YEAR, alone) == ["+     limits: {total: 5}"]
    assert changed(alone, Change("set", "mechanics.returning.limits.total", "")) == NEW_YEAR


def test_what_is_no_number_stands_as_typed_and_is_marked() -> None:
    after = changed(NEW_YEAR, Change("set", "mechanics.spend.per", "two hundred"))
    assert "    per: two hundred\n" in after
    marks = [each for each in look(after).marks("en") if each.severity == "error"]
    assert [each.path for each in marks] == ["mechanics.spend.per"]


def test_every_kind_of_mechanic_can_be_added_and_is_marked_where_something_is_missing() -> None:
    for kind in kinds():
        after = changed(NEW_YEAR, Change("add", "mechanics", data=fresh_mechanic(kind), name=f"new-{kind}"))
        assert (look(after).data or {})["mechanics"][f"new-{kind}"]["kind"] == kind
        errors = [each for each in look(after).marks("en") if each.severity == "error"]
        assert all(each.path.startswith(f"mechanics.new-{kind}") for each in errors), (kind, errors)


def test_an_item_is_added_moved_and_taken_out_again() -> None:
    path = "mechanics.mystery-box.prizes"
    longer = changed(NEW_YEAR, Change("add", path, data={"id": "mug", "weight": 5, "give": {"gift": "mug"}}))
    assert difference(NEW_YEAR, longer) == ["+       - {id: mug, weight: 5, give: {gift: mug}}"]
    up = changed(longer, Change("up", f"{path}[3]"))
    assert changed(up, Change("down", f"{path}[2]")) == longer
    assert changed(longer, Change("remove", f"{path}[3]")) == NEW_YEAR


def test_a_mechanic_is_renamed_and_moved_with_its_comment() -> None:
    renamed = changed(NEW_YEAR, Change("rename", "mechanics.welcome", name="hello"))
    assert difference(NEW_YEAR, renamed) == ["-   welcome:", "+   hello:"]
    down = changed(NEW_YEAR, Change("down", "mechanics.welcome"))
    assert check_plan(down).errors == []
    assert changed(down, Change("up", "mechanics.welcome")) == NEW_YEAR


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("whole", " 12 ", 12), ("whole", "1.5", "1.5"), ("money", "12.50", Decimal("12.50")), ("share", "5", "5%"),
        ("share", "5%", "5%"), ("truth", "true", True), ("texts", "a\n\n b ", ["a", "b"]), ("text", "", None),
        ("events", ["order.paid", ""], "order.paid"), ("events", ["a", "b"], ["a", "b"]), ("names", [], None),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_value_it_means(kind: Any, typed: Any, value: Any) -> None:
    assert value_of(Field("x", kind), typed) == value


def test_a_field_reads_what_the_text_said_before_it() -> None:
    for text in PLANS.values():
        assert look(text).marks("zh-Hans") == []
        assert parse(text).plan is not None
