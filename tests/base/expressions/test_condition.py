"""What a compiled condition tells of itself."""

import pickle
from datetime import UTC

import pytest

from festoon.base.expressions import DATE, INT, NUMBER, compile_condition, compile_value
from tests.base.expressions.stage import VOCABULARY, Member, Moment


@pytest.mark.parametrize(
    ("text", "reads", "on_event_alone"),
    [
        ("True", set(), True),
        ("event.amount > 1 and event.amount < 9", {"event.amount"}, True),
        ('event.address.geo.height > 1 or event.weekday == "sat"', {"event.address", "event.weekday"}, True),
        ("any(line.amount > event.points for line in event.lines)", {"event.lines", "event.points"}, True),
        ("event.date >= campaign.start", {"event.date", "campaign.start"}, True),
        ("member.is_staff", {"member.is_staff"}, False),
        (
            'member.segment("returning") and member.count("first-post") > 1',
            {"member.segment:returning", "member.count:first-post"},
            False,
        ),
        ("member.registered_in(campaign)", {"member.registered_in:campaign"}, False),
    ],
)
def test_it_knows_what_it_reads(text: str, reads: set[str], *, on_event_alone: bool) -> None:
    condition = compile_condition(text, VOCABULARY)
    assert condition.reads == reads
    assert condition.on_event_alone is on_event_alone


@pytest.mark.parametrize(
    ("text", "equalities"),
    [
        ('event.category == "tea"', (("category", "tea"),)),
        ('"tea" == event.category and event.amount == 5', (("category", "tea"), ("amount", 5))),
        ('event.gift and (event.amount > 1 and event.category == "tea")', (("category", "tea"),)),
        ('event.category == "tea" or event.amount == 5', ()),
        ('not event.category == "tea"', ()),
        ('event.category != "tea"', ()),
        ("event.gift == True", ()),
        ("event.rating == 4", ()),
        ('event.booked == "2027-02-05"', ()),
        ('event.type == "order.paid" and event.hour == 3', ()),
        ('event.address.city == "杭州"', ()),
        ('member.level == "gold"', ()),
        ("event.amount == 1 == event.points", ()),
    ],
)
def test_it_knows_the_equalities_it_cannot_hold_without(text: str, equalities: tuple[object, ...]) -> None:
    assert compile_condition(text, VOCABULARY).equalities == equalities


def test_it_never_holds_where_an_equality_does_not() -> None:
    condition = compile_condition('event.category == "tea" and event.amount == 5', VOCABULARY)
    scope = Member(), Moment()
    assert condition({"category": "tea", "amount": 5}, *scope)
    for name, value in condition.equalities:
        event = {"category": "tea", "amount": 5}
        assert event.pop(name) == value
        assert not condition(event, *scope)


@pytest.mark.parametrize(
    ("text", "optional"),
    [
        ("event.amount if present(event.points) else 1", True),
        ("event.hour // 2", True),
        ("count(event.lines)", True),
        ("day(event.date)", False),
        ("day(member.birthday)", True),
        ("days_between(campaign.start, event.date) + 1", False),
        ("days_between(campaign.start, event.date) // day(event.date)", True),
        ("7", False),
    ],
)
def test_a_value_knows_whether_it_may_come_out_missing(text: str, *, optional: bool) -> None:
    assert compile_value(text, VOCABULARY, INT).type.optional is optional
    assert compile_value("event.booked", VOCABULARY, DATE).type.optional is False
    assert compile_value("event.rating", VOCABULARY, NUMBER).type.optional is True


def test_conditions_and_values_can_be_sent_to_another_process() -> None:
    condition = compile_condition('event.amount > 1 and event.time > "2027-02-05T20:00"', VOCABULARY)
    again = pickle.loads(pickle.dumps(condition))
    assert (again.text, again.tree, again.reads) == (condition.text, condition.tree, condition.reads)
    assert again({"amount": 2}, Member(), Moment()) is True
    value = compile_value("event.amount // 2", VOCABULARY, INT)
    assert pickle.loads(pickle.dumps(value))({"amount": 5}, Member(), Moment()) == 2


def test_written_moments_become_utc() -> None:
    condition = compile_condition('event.time > "2027-02-05T20:00"', VOCABULARY)
    (moment,) = [each for each in condition.holds.__globals__.values() if getattr(each, "tzinfo", None)]
    assert moment.tzinfo is UTC
    assert moment.hour == 12
