"""Why a condition holds or not: the parts that are false, with the values they read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from festoon.base.expressions import INT, TEXT, Vocabulary, compile_condition, event_fields, member_fields
from festoon.base.expressions.explaining import Explained, explain, why_not
from tests.nobody import Nobody

NOW = datetime(2027, 2, 10, 4, tzinfo=UTC)
FIELDS = Vocabulary(
    fields={**event_fields({"amount": INT, "channel": TEXT}), **member_fields({"level": TEXT, "age": INT})},
    zone=UTC,
)


class Somebody(Nobody):
    """A member with these facts, and the event's envelope."""

    type, source, time, now, local = "order.paid", "shop", NOW, NOW, NOW
    campaign: dict[str, Any] = {}

    def __init__(self, **facts: Any) -> None:
        self.facts = facts

    def fact(self, name: str) -> Any:
        return self.facts.get(name)


def asked(text: str, event: dict[str, Any], **facts: Any) -> Explained:
    somebody = Somebody(**facts)
    return explain(compile_condition(text, FIELDS), event, somebody, somebody)


def behind(explained: Explained) -> list[tuple[str, dict[str, Any]]]:
    return [(part.text, part.values) for part in why_not(explained)]


def test_the_parts_that_are_false_are_named_with_their_values() -> None:
    found = asked(
        'event.amount >= 100 and member.level in ("gold", "platinum") and event.channel == "app"',
        {"amount": 90, "channel": "app"},
        level="silver",
    )
    assert (found.holds, found.how, len(found.parts)) == (False, "all", 3)
    assert behind(found) == [
        ("event.amount >= 100", {"event.amount": 90}),
        ('member.level in ("gold", "platinum")', {"member.level": "silver"}),
    ]


def test_of_an_or_that_fails_every_side_is_behind_it() -> None:
    found = asked('event.amount >= 100 or member.level == "gold"', {"amount": 9})
    assert behind(found) == [
        ("event.amount >= 100", {"event.amount": 9}),
        ('member.level == "gold"', {"member.level": None}),
    ]


def test_under_a_not_it_is_what_holds_that_is_behind_it() -> None:
    found = asked('not (event.amount >= 100 or member.level == "gold")', {"amount": 120}, level="silver")
    assert not found.holds
    assert behind(found) == [("event.amount >= 100", {"event.amount": 120})]


def test_what_is_known_missing_is_said_to_be() -> None:
    found = asked("member.age < 18", {})
    assert (found.holds, found.values) == (False, {"member.age": None})


@pytest.mark.parametrize("event", [{}, {"amount": 5}, {"amount": 500, "channel": "app"}, {"amount": "x"}])
@pytest.mark.parametrize("facts", [{}, {"level": "gold"}, {"level": "gold", "age": 30}])
@pytest.mark.parametrize(
    "text",
    [
        "event.amount >= 100 and not member.age < 18",
        'event.amount * 2 > 900 or (member.level == "gold" and not event.channel == "app")',
        'True if member.level == "gold" else event.amount > 100',
        "not not (event.amount > 3)",
        "event.weekday in ('wed',) and event.amount > 1",
    ],
)
def test_the_whole_holds_exactly_when_the_condition_does(
    text: str, facts: dict[str, Any], event: dict[str, Any]
) -> None:
    somebody = Somebody(**facts)
    assert asked(text, event, **facts).holds == compile_condition(text, FIELDS)(event, somebody, somebody)
