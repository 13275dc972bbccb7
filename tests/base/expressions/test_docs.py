"""Every example in the reference page does what the page says."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from festoon.base.expressions import BUILT_IN, EVENT, Kind, compile_condition
from festoon.base.expressions.text import MAX_DEPTH, MAX_LENGTH, MAX_PARTS, MAX_TEXT
from tests.base.expressions.stage import VOCABULARY, Member, Moment, holds, worth, wrong

PAGE = (Path(__file__).parents[3] / "docs/reference/conditions.md").read_text()
BLOCKS = re.findall(r"^```(\w+) ?(.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CONDITIONS = [(told, text) for kind, told, text in BLOCKS if kind == "condition"]
VALUES = [(told, text) for kind, told, text in BLOCKS if kind == "value"]


def example(name: str) -> dict[str, Any]:
    """One of the page's JSON examples."""
    (text,) = (text for kind, told, text in BLOCKS if (kind, told) == ("json", name))
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


def the_event() -> tuple[dict[str, Any], Moment]:
    event = example("event")
    envelope = Moment(time=datetime.fromisoformat(event["time"]), type=event["type"], source=event["source"])
    return event["data"], envelope


def the_member() -> Member:
    told = example("member")
    days, segments, counts = told.pop("days_since"), set(told.pop("segments")), told.pop("counts")
    return Member(told, days, segments, counts, date.fromisoformat(told.pop("registered")))


@pytest.mark.parametrize(("told", "text"), CONDITIONS)
def test_a_condition_of_the_page_holds_fails_or_is_refused_as_it_says(told: str, text: str) -> None:
    if told.startswith("expression."):
        assert wrong(text).code == told
    else:
        event, envelope = the_event()
        assert holds(text, event, the_member(), envelope) is (told != "fails")


@pytest.mark.parametrize(("told", "text"), VALUES)
def test_a_value_of_the_page_comes_out_as_it_says(told: str, text: str) -> None:
    assert worth(text, the_event()[0]) == int(told)


def test_the_page_has_its_examples() -> None:
    assert len(CONDITIONS) > 35
    assert len(VALUES) == 2
    assert {told for told, _ in CONDITIONS} >= {"", "fails", "expression.not_allowed"}


@pytest.mark.parametrize("name", [*BUILT_IN, *EVENT, *(f"`{kind}`" for kind in Kind), *VOCABULARY.functions])
def test_the_page_tells_of_every_function_field_and_kind(name: str) -> None:
    assert name in PAGE


@pytest.mark.parametrize("usage", BUILT_IN.values())
def test_the_usage_shown_in_errors_can_be_written(usage: str) -> None:
    compared = {"date": " == event.date", "weekday": ' == "sat"'}
    compared |= dict.fromkeys(("missing", "present", "between", "any", "all"), "")
    assert compile_condition(usage + compared.get(usage.partition("(")[0], " > 1"), VOCABULARY)


@pytest.mark.parametrize("limit", [MAX_LENGTH, MAX_DEPTH, MAX_PARTS, MAX_TEXT, 2**63 - 1])
def test_the_page_tells_of_every_limit(limit: int) -> None:
    assert f"{limit:,}" in PAGE
