"""A comparison with something missing is false, its `not` is true, and nothing ever raises."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.base.expressions import INT, compile_condition, compile_value
from tests.base.expressions.grammar import conditions, ints, values, written_ints
from tests.base.expressions.stage import VOCABULARY, Member, Moment, holds, worth

COMPARISONS = [
    "event.amount == 1",
    "event.amount != 1",
    "event.amount < 1",
    "1 < event.amount",
    "0 < event.amount < 2",
    "event.amount in (1, 2)",
    "event.amount not in (1, 2)",
    "event.amount in (1, 2, 3, 4, 5, 6, 7, 8)",
    "event.amount not in (1, 2, 3, 4, 5, 6, 7, 8)",
    "event.amount == event.points",
    "event.amount != event.points",
    "event.amount + 1 != 1",
    "event.amount - event.amount == 0",
    "event.rating != 1",
    'event.category == "tea"',
    'event.category != "tea"',
    'event.category in ("tea", "rice")',
    'event.category not in ("tea", "rice")',
    "event.gift == True",
    "event.gift != True",
    '"spring" in event.tags',
    '"spring" not in event.tags',
    'event.booked != "2027-02-05"',
    'event.departs != "2027-02-05T20:00"',
    'event.address.city != "杭州"',
    "event.address.geo.height != 1",
    'weekday(event.booked) != "mon"',
    "days_between(event.booked, event.date) != 1",
    'member.level != "gold"',
    'member.days_since("registered") != 1',
    "count(event.lines) != 1",
    "sum(line.amount for line in event.lines) != 1",
    "min(event.amount, 1) != 2",
    "(event.amount if event.points == 1 else event.points) != 1",
    "between(event.amount, 0, 10)",
    "event.gift",
    "member.is_staff",
    'any(line.category != "tea" for line in event.lines)',
    'all(line.category != "tea" for line in event.lines)',
]
MISFITS: list[Any] = [
    None, "", "1", "2027-02-30", "20270205", "2027-02-05T20:00", True, False, 1.5, float("nan"), float("inf"),
    10**30, -(10**400), [], {}, [None], [1, "spring"], {"city": 1}, {"geo": "high"}, [{"amount": "1"}],
    b"tea", object(), datetime.min, date.max,  # noqa: DTZ901
]  # fmt: skip


@pytest.mark.parametrize("text", COMPARISONS)
def test_a_comparison_with_something_missing_is_false_and_its_not_is_true(text: str) -> None:
    assert holds(text) is False
    assert holds(f"not ({text})") is True
    assert holds(text, dict.fromkeys(("amount", "points", "tags", "lines", "address", "gift"))) is False


@pytest.mark.parametrize(
    ("field", "misfit"),
    [
        ("event.amount", True),
        ("event.amount", "1"),
        ("event.amount", 1.0),
        ("event.rating", True),
        ("event.rating", "4.5"),
        ("event.rating", float("nan")),
        ("event.category", 1),
        ("event.gift", 1),
        ("event.gift", "true"),
        ("event.booked", "2027-2-5"),
        ("event.booked", "2027-02-30"),
        ("event.booked", "20270205"),
        ("event.departs", "2027-02-05T20:00"),
        ("event.departs", "soon"),
        ("event.tags", "spring"),
        ("event.lines", {"amount": 1}),
        ("event.address", "杭州"),
    ],
)
def test_a_value_of_another_type_counts_as_missing(field: str, misfit: Any) -> None:
    assert holds(f"missing({field})", {field.removeprefix("event."): misfit})


def test_present_and_missing_tell_whether_there_is_a_value() -> None:
    event = {"amount": 0, "gift": False, "tags": [], "address": {"city": ""}}
    for field in ("event.amount", "event.gift", "event.tags", "event.address", "event.address.city"):
        assert holds(f"present({field}) and not missing({field})", event)
        assert holds(f"missing({field}) and not present({field})")
    assert holds('missing(member.days_since("registered")) and present(event.time)')


def test_a_choice_gives_a_default_for_what_is_missing() -> None:
    assert worth("event.amount if present(event.amount) else 5") == 5
    assert worth("event.amount if present(event.amount) else 5", {"amount": 0}) == 0


def test_dividing_by_zero_counts_as_missing() -> None:
    for text in ("event.amount // event.points", "event.amount % event.points"):
        assert worth(text, {"amount": 7, "points": 0}) is None
        assert not holds(f"{text} == 0", {"amount": 7, "points": 0})
        assert worth(text, {"amount": 7, "points": 2}) in (3, 1)


def test_numbers_of_more_than_fifteen_digits_count_as_missing_in_arithmetic() -> None:
    most = 10**15 - 1
    assert worth("event.amount", {"amount": most}) == most
    assert worth("event.amount", {"amount": most + 1}) is None
    assert worth("event.amount - 1", {"amount": most + 1}) is None
    assert worth("event.amount + 1", {"amount": most}) is None
    assert worth("-event.amount - 1", {"amount": most}) is None
    assert worth("event.amount * event.amount - event.amount * event.amount", {"amount": most}) is None
    assert worth("sum(line.amount for line in event.lines)", {"lines": [{"amount": most}] * 2}) is None
    assert worth("event.amount % 10", {"amount": -most}) == 1
    # Comparing needs no arithmetic, and sees the number as it is.
    assert holds(f"event.amount > {most}", {"amount": most + 1})


def test_a_loop_leaves_out_elements_that_are_not_what_the_list_holds() -> None:
    lines: list[Any] = [
        None,
        7,
        "tea",
        [],
        {"category": "tea", "amount": 5},
        {"category": "tea"},
        {"amount": True},
    ]
    assert worth("sum(line.amount for line in event.lines)", {"lines": lines}) == 5
    assert worth("count(event.lines)", {"lines": lines}) == 3
    assert holds("any(missing(line.amount) for line in event.lines)", {"lines": lines})
    assert worth("count(tag for tag in event.tags)", {"tags": ["a", None, 1]}) == 1


def test_nothing_in_a_list_meets_any_and_everything_meets_all() -> None:
    assert not holds("any(True for line in event.lines)", {"lines": []})
    assert holds("all(False for line in event.lines)", {"lines": []})
    assert worth("sum(line.amount for line in event.lines)", {"lines": []}) == 0
    assert not holds("all(True for line in event.lines)")
    assert worth("count(event.lines)") is None


def test_what_the_member_raises_goes_through() -> None:
    class NotLoaded(Exception):
        pass

    class Unloaded(Member):
        def fact(self, name: str) -> Any:
            raise NotLoaded(name)

    with pytest.raises(NotLoaded, match="level"):
        holds('member.level == "gold"', member=Unloaded())


misfits = st.one_of(
    st.sampled_from(MISFITS), st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.datetimes()
)
anything = st.recursive(
    misfits,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("category", "amount", "tags", "city", "floor", "geo", "height")), inner
        )
    ),
    max_leaves=6,
)
events = st.dictionaries(
    st.sampled_from(
        ("amount", "points", "rating", "category", "gift", "tags", "lines", "address", "departs", "booked")
    ),
    anything,
)
members = st.builds(
    Member, facts=st.dictionaries(st.sampled_from(("level", "is_staff", "birthday", "last_login")), anything)
)


scopes = st.lists(st.tuples(events, members, st.just(Moment())), min_size=1, max_size=4)


@settings(max_examples=80, deadline=None)
@given(conditions, scopes)
def test_no_condition_raises_for_any_event(text: str, asked: list[tuple[Any, Member, Moment]]) -> None:
    condition = compile_condition(text, VOCABULARY)
    assert {condition(*scope) for scope in asked} <= {True, False}


@settings(max_examples=50, deadline=None)
@given(values, scopes)
def test_a_whole_number_is_missing_or_has_at_most_fifteen_digits(
    text: str, asked: list[tuple[Any, Member, Moment]]
) -> None:
    value = compile_value(text, VOCABULARY, INT)
    for found in (value(*scope) for scope in asked):
        assert found is None or (type(found) is int and abs(found) < 10**15)


@settings(max_examples=60, deadline=None)
@given(ints(2), st.sampled_from(("==", "!=", "<", "<=", ">", ">=")), written_ints)
def test_not_turns_every_comparison_round(value: str, operator: str, other: str) -> None:
    compared = f"({value}) {operator} {other}"
    assert holds(compared) is not holds(f"not {compared}")
    if worth(value) is None:
        assert holds(compared) is False
