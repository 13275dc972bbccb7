"""Data that fits is handed on untouched; data that does not is refused with the field it is about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from festoon.base.errors import Invalid, text_of
from festoon.base.vocabulary import VOCABULARY, decode_data

ORDER = VOCABULARY["order.paid"].example
LINE = {"line": "1", "product": "tea", "amount": 100}


def refusal(type: str, data: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        decode_data(type, data)
    return caught.value


@pytest.mark.parametrize(
    ("amount", "got"),
    [(12.5, "number 12.5"), (12.0, "number 12.0"), ("1250", "string"), (True, "boolean"), (None, "null")],
)
def test_an_amount_that_is_not_a_whole_number_is_refused(amount: Any, got: str) -> None:
    error = refusal("order.paid", {**ORDER, "amount": amount})
    assert (error.code, error.data["field"], error.data["expected"]) == (
        "event.data_invalid",
        "amount",
        "integer",
    )
    assert error.data["got"] == got


@pytest.mark.parametrize("amount", [-1, 2**62 + 1, 2**63, 10**30])
def test_an_amount_below_nothing_or_beyond_the_books_is_refused(amount: int) -> None:
    error = refusal("order.paid", {**ORDER, "amount": amount})
    assert (error.code, error.data["got"]) == ("event.data_invalid", f"number {amount}")


def test_the_largest_amount_the_books_hold_is_taken() -> None:
    decode_data("order.paid", {**ORDER, "amount": 2**62})


def test_a_wrong_amount_in_a_line_is_named_by_its_place() -> None:
    error = refusal("order.paid", {**ORDER, "lines": [LINE, {**LINE, "amount": 0.5}]})
    assert error.data["field"] == "lines[1].amount"


def test_a_missing_field_is_named() -> None:
    error = refusal("order.paid", {**ORDER, "lines": [{"line": "1", "product": "tea"}]})
    assert (error.code, error.data["field"]) == ("event.data_missing", "lines[0].amount")


def test_a_day_that_does_not_exist_is_refused() -> None:
    error = refusal("check_in.made", {"repair": "2027-02-30"})
    assert (error.data["field"], error.data["expected"]) == ("repair", "RFC 3339 date")


def test_a_time_without_an_offset_is_refused() -> None:
    hold = {"hold": "h", "asset": "points", "amount": 1}
    decode_data("hold.placed", {**hold, "until": "2027-02-10T12:00:00Z"})
    assert refusal("hold.placed", {**hold, "until": "2027-02-10T12:00:00"}).data["field"] == "until"


def test_a_currency_is_an_iso_code() -> None:
    assert refusal("order.paid", {**ORDER, "currency": "yuan"}).data["field"] == "currency"


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_data_that_is_no_object_is_refused(data: Any) -> None:
    assert refusal("order.paid", data).data["expected"] == "object"


def test_fields_of_the_platforms_own_are_kept() -> None:
    data = {**ORDER, "till": {"no": 4, "weight": 1.25}}
    assert decode_data("order.paid", data)["till"] == {"no": 4, "weight": 1.25}


def test_an_operators_adjustment_may_take_away() -> None:
    decode_data("balance.adjusted", {"asset": "points", "amount": -50, "reason": "granted twice"})


def test_what_a_person_wrote_is_not_repeated_in_the_error() -> None:
    error = refusal("member.registered", {"email": ["li.lei@example.com"], "name": "李雷"})
    assert "example.com" not in f"{error} {error.data}"


def test_the_refusal_is_said_in_chinese_too() -> None:
    said = refusal("order.paid", {**ORDER, "amount": 1.5}).text("zh-Hans")
    assert said == "order.paid 的 amount 应为 integer，实际为 number 1.5。"


def test_a_type_nobody_declared_is_refused_here() -> None:
    assert refusal("lesson.finished", {}).code == "event.type_unknown"


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**70,
    0.5,
    float("nan"),
    "",
    "x",
    "2027-02-30",
    [],
    [None],
    [{}],
    {},
    {"": []},
    {"a": -1},
)


@given(some.data())
def test_an_example_with_something_odd_in_it_is_taken_or_refused_by_field(data: some.DataObject) -> None:
    type = data.draw(some.sampled_from(sorted(VOCABULARY)))
    name = data.draw(some.sampled_from(["own", *VOCABULARY[type].data.__struct_fields__]))
    raw = {**VOCABULARY[type].example, name: data.draw(some.sampled_from(ODD))}
    found = answer(type, raw)
    if isinstance(found, Invalid):
        assert found.code in ("event.data_invalid", "event.data_missing")
        assert found.data["field"].startswith(name)
    else:
        assert found is raw


def answer(type: str, raw: Any) -> dict[str, Any] | Invalid:
    try:
        return decode_data(type, raw)
    except Invalid as error:
        return error


def test_what_is_there_instead_is_said_in_the_readers_language() -> None:
    error = answer("order.paid", {**VOCABULARY["order.paid"].example, "amount": b"1"})
    assert isinstance(error, Invalid)
    assert text_of(error.code, error.data, "zh-Hans").endswith("实际为 其他值。")
