"""An event's hash: what a journal of years was written with is what is computed today."""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.events import Event

AT = datetime(2027, 2, 10, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
)


@given(type_=TEXT, sent=TEXT, subject=TEXT, data=st.dictionaries(TEXT, JSON, max_size=4))
def test_it_is_over_the_canonical_json_of_all_that_the_sender_said(
    type_: str, sent: str, subject: str, data: dict[str, Any]
) -> None:
    said = msgspec.json.encode((type_, sent, subject, data), order="deterministic")
    event = Event("shop", "1", type_, subject, AT, data, sent)
    assert event.hash == blake2b(said, digest_size=16).digest()


def test_the_order_of_fields_does_not_matter_and_what_they_say_does() -> None:
    one = Event("shop", "1", "order.paid", "ann", AT, {"amount": 1, "order": {"a": 1, "b": 2}})
    turned = Event("shop", "1", "order.paid", "ann", AT, {"order": {"b": 2, "a": 1}, "amount": 1})
    other = Event("shop", "1", "order.paid", "ann", AT, {"order": {"b": 2, "a": 1}, "amount": 2})
    assert one.hash == turned.hash != other.hash
    assert one.text == turned.text == b'{"amount":1,"order":{"a":1,"b":2}}'


def test_it_does_not_change_between_releases() -> None:
    event = Event(
        "shop", "1", "order.paid", "张三", AT, {"amount": 100, "note": "新年"}, "2027-02-10T08:00:00+08:00"
    )
    assert event.hash.hex() == "02fd8f8d9552115de28b3946ec8cf83d"


@pytest.mark.parametrize("change", [{"type": "order.refunded"}, {"sent": "later"}, {"subject": "ben"}])
def test_who_what_and_when_are_part_of_it(change: dict[str, Any]) -> None:
    event = Event("shop", "1", "order.paid", "ann", AT, {"amount": 1})
    assert msgspec.structs.replace(event, **change).hash != event.hash
