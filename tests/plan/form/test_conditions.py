"""A condition built of groups is the same text, and the same text is the same groups."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.errors import Invalid
from festoon.base.expressions import (
    BOOL,
    DATE,
    INT,
    NUMBER,
    TEXT,
    TEXTS,
    FieldType,
    Kind,
    Vocabulary,
    compile_condition,
    event_fields,
    member_fields,
    member_functions,
)
from festoon.plan.form.conditions import (
    OPERATORS,
    Comparison,
    Group,
    Part,
    Written,
    read_condition,
    write_condition,
)

FIELDS = {"amount": INT, "rating": NUMBER, "city": TEXT, "paid": BOOL, "tags": TEXTS, "day": DATE}
KNOWN = Vocabulary(
    {**event_fields(FIELDS), **member_fields({"level": TEXT, "staff": BOOL})},
    member_functions(["registered"], ["returning"], ["draw"]),
    UTC,
)
CALLS = {
    'member.days_since("registered")': INT,
    'member.segment("returning")': BOOL,
    'member.count("draw")': INT,
}
TYPES: dict[str, FieldType] = {f"event.{name}": type_ for name, type_ in FIELDS.items()} | CALLS
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.INT: st.integers(-5, 5),
    Kind.NUMBER: st.sampled_from([1, 2, 3]),
    Kind.TEXT: st.sampled_from(["a", "b", 'say "a"']),
    Kind.DATE: st.sampled_from(["2027-01-01", "2027-02-01"]),
    Kind.TEXTS: st.sampled_from(["a", "b"]),
    Kind.BOOL: st.booleans(),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    field = draw(st.sampled_from(sorted(TYPES)))
    kind = TYPES[field]
    operators = [
        each for each in OPERATORS[kind.kind] if "(" not in field or each not in ("present", "missing")
    ]
    operator = draw(st.sampled_from(operators))
    counts = {"between": (2, 2), "in": (1, 3), "not in": (1, 3), "present": (0, 0), "missing": (0, 0)}
    low, high = counts.get(operator, (0, 0) if kind is BOOL else (1, 1))
    return Comparison(field, operator, tuple(draw(st.lists(VALUES[kind.kind], min_size=low, max_size=high))))


LOOSE = st.sampled_from(
    ["event.amount + 1 > 2", "event.amount > event.rating", 'any(tag == "a" for tag in event.tags)']
)
LEAVES = comparisons() | LOOSE.map(Written)


def groups(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Group, st.sampled_from(["all", "any", "none"]), several)


WHOLE = groups(st.recursive(LEAVES, groups, max_leaves=5))


@settings(deadline=None, max_examples=150)
@given(WHOLE)
def test_what_is_written_reads_as_the_same_groups(group: Group) -> None:
    assert read_condition(write_condition(group), KNOWN) == group


class Member:
    def __init__(self, days: int | None) -> None:
        self.days = days

    def fact(self, name: str) -> Any:
        return None

    def days_since(self, name: str) -> int | None:
        return self.days

    def in_segment(self, name: str) -> bool:
        return bool(self.days)

    def count(self, key: str) -> int:
        return self.days or 0

    def registered_in(self, campaign: Any) -> bool:
        return False


class Around:
    type, source = "order.paid", "shop"
    time = now = local = datetime(2027, 1, 1, tzinfo=UTC)
    campaign: dict[str, Any] = {}


EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.integers(-3, 3),
        "rating": st.sampled_from([1.0, 2.5]),
        "city": st.sampled_from(["a", "b"]),
        "paid": st.booleans(),
        "tags": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        "day": st.sampled_from(["2027-01-01", "2027-01-15"]),
    },
)
TEXT_OF_TESTS = st.sampled_from(
    [
        "1 <= event.amount <= 2", "2 > event.amount", "not event.amount > 1", "not (event.paid or event.amount == 1)",
        "event.paid and not event.paid", "present(event.city)", "not present(event.city)", 'event.city not in ["a"]',
        '"a" in event.tags', 'not "a" in event.tags', "event.amount * 2 < event.rating",
        'event.city == "a" or event.paid',
        "between(event.amount, 0, 2)", 'member.segment("returning")', "not member.count(\"draw\") >= 1", "(event.paid)",
        "event.amount == 1 if event.paid else event.amount == 2",
    ]
)  # fmt: skip
SAID = st.recursive(
    TEXT_OF_TESTS,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda it: f"({it[0]}) {it[1]} ({it[2]})")
        | inner.map(lambda it: f"not ({it})")
    ),
    max_leaves=4,
)


@settings(deadline=None, max_examples=150)
@given(SAID, EVENTS, st.none() | st.integers(0, 2))
def test_what_was_read_and_written_again_means_the_same(
    said: str, event: dict[str, Any], days: int | None
) -> None:
    written = write_condition(read_condition(said, KNOWN))
    before, after = compile_condition(said, KNOWN), compile_condition(written, KNOWN)
    assert before(event, Member(days), Around()) == after(event, Member(days), Around())


def test_every_condition_of_the_builder_passes_the_check() -> None:
    group = Group(
        "all",
        (
            Comparison("event.amount", ">=", (100,)),
            Group("any", (Comparison("event.city", "in", ("a", "b")),)),
        ),
    )
    assert write_condition(group) == 'event.amount >= 100 and event.city in ("a", "b")'
    assert compile_condition(write_condition(group), KNOWN).reads == {"event.amount", "event.city"}


def test_nothing_asked_is_nothing_written() -> None:
    assert write_condition(Group("all")) == ""
    assert read_condition("  ", KNOWN) == Group("all")


@pytest.mark.parametrize("value", ["a\nb", 'it\'s "so"', "a\\b"])
def test_a_text_that_no_condition_can_hold_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as raised:
        write_condition(Group("all", (Comparison("event.city", "==", (value,)),)))
    assert raised.value.code == "condition.not_writable"


def test_a_comparison_that_is_turned_round_is_shown_with_its_field_first() -> None:
    assert read_condition("100 < event.amount", KNOWN) == Group(
        "all", (Comparison("event.amount", ">", (100,)),)
    )
