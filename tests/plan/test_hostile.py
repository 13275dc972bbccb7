"""Whatever a file holds, the answer is a list of problems."""

from contextlib import suppress
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.plan.check import check_plan
from festoon.plan.parse import read_plan
from festoon.plan.problems import PlanInvalid
from festoon.plan.source import MAX_DEPTH
from tests.plan.plans import EXAMPLE, SECTIONS, plan

YAML_SIGNS = st.text(st.sampled_from(list("abc:-?,[]{}#&*!|>'\"%@` \n\t01.~<=\\é\x85\u2028")), max_size=60)
SCALARS = st.one_of(
    st.sampled_from(
        ["null", "true", "5%", "12.50", "2027-02-30", ".inf", "1e999999", "0x10", "''", "-", "[]", "{}", "~"]
    ),
    st.integers().map(str),
    st.decimals().map(str),
    YAML_SIGNS,
)


def answered(text: str | bytes) -> None:
    """The text is a plan, or every problem with it has a place in the text and words."""
    with suppress(PlanInvalid):
        read_plan(text)
        return
    problems = check_plan(text).problems
    assert problems != ()
    assert [each for each in problems if each.line < 1 or each.column < 1 or not each.text()] == []


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_any_text(text: str) -> None:
    answered(text)


@settings(deadline=None)
@given(text=YAML_SIGNS)
def test_any_text_of_yaml_signs(text: str) -> None:
    answered(text)


@settings(deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    answered(raw)


@settings(deadline=None)
@given(section=st.sampled_from([*SECTIONS, "audience", "work", "risks", "calendar", "events"]), value=SCALARS)
def test_any_value_in_any_section(section: str, value: str) -> None:
    answered(plan(**{section: value}))


@settings(max_examples=30, deadline=None)
@given(at=st.integers(0, len(EXAMPLE)), length=st.integers(0, 30), instead=SCALARS)
def test_the_example_with_a_piece_exchanged(at: int, length: int, instead: str) -> None:
    answered(EXAMPLE[:at] + instead + EXAMPLE[at + length :])


@settings(max_examples=20, deadline=None)
@given(at=st.integers(0, len(EXAMPLE)))
def test_the_example_cut_off_anywhere(at: int) -> None:
    answered(EXAMPLE[:at])


def test_many_levels_of_aliases_are_never_followed() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    codes = {problem.code for problem in check_plan(bomb).problems}
    assert "plan.anchor" in codes


def test_deep_nesting_of_every_sort_ends_early() -> None:
    for opening in ("[", "{a: ", "- ", "? "):
        problems = check_plan(opening * 2000).problems
        assert [problem.code for problem in problems] == ["plan.too_deep"]
    block = "".join(f"{'  ' * depth}a:\n" for depth in range(MAX_DEPTH + 5))
    assert [problem.code for problem in check_plan(block).problems] == ["plan.too_deep"]


def test_a_number_is_never_rounded_on_its_way() -> None:
    made = read_plan(plan(budget="{lines: {prizes: 90071992547409.93}}"))
    assert made.budget.lines["prizes"] == Decimal("90071992547409.93")
