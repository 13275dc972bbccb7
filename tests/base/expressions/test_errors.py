"""An error says where, what is wrong and what was probably meant, in English and Chinese."""

import re
from zoneinfo import ZoneInfo

import pytest

from festoon.base.errors import CODES
from festoon.base.expressions import (
    CAMPAIGN,
    INT,
    TEXT,
    ExpressionError,
    Vocabulary,
    compile_condition,
    compile_value,
    event_fields,
    member_functions,
)
from festoon.base.expressions.to_ibis import Columns, to_ibis
from tests.base.expressions.stage import VOCABULARY, wrong

BERLIN = ZoneInfo("Europe/Berlin")
ORDERS = Vocabulary(fields=event_fields({"amount": INT, "code": INT, "shop": TEXT}))
REFUNDS = Vocabulary(fields=event_fields({"amount": INT, "code": TEXT}))
BOTH = Vocabulary.in_common({"order.paid": ORDERS, "order.refunded": REFUNDS})
EXAMPLES = {
    "expression.empty": "",
    "expression.syntax": "event amount",
    "expression.unfinished": "event.amount >",
    "expression.too_long": " " * 2001,
    "expression.too_deep": "not " * 40 + "True",
    "expression.too_many_parts": "True or " * 200 + "True",
    "expression.text_too_long": f'event.category == "{"x" * 201}"',
    "expression.number_too_large": "event.amount > 9223372036854775808",
    "expression.hidden_character": "event.amount\u200b > 1",
    "expression.character": "event.amount ≥ 1",
    "expression.not_allowed": "event.amount ** 2 > 1",
    "expression.unknown_field": "event.amont > 1",
    "expression.unknown_function": 'member.segmant("returning")',
    "expression.unknown_value": 'member.level == "glod"',
    "expression.wrong_type": "event.amount and event.gift",
    "expression.not_comparable": 'event.amount == "1"',
    "expression.wrong_arguments": "min(1) == 1",
    "expression.wrong_date": 'event.date == "2027-02-30"',
    "expression.division_by_zero": "event.amount // 0 == 1",
}


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("event.amont >= 100", 1, "event.amount"),
        ("True and amount >= 100", 10, "event.amount"),
        ("event.adress.city == 'x'", 1, "event.address.city"),
        ("event.address.town == 'x' or event.address.citi == 'x'", 1, ""),
        ("event.foo == 'x'", 1, ""),
        ("evnt.amount == 1", 1, "event.amount"),
        ("memberlevel == 'gold'", 1, "member.level"),
        ("event.address.citi == 'x'", 1, "event.address.city"),
        ("event.address.geo.heigth == 1", 1, "event.address.geo.height"),
        ("member.amount == 1", 1, "event.amount"),
        ("any(line.categry == 'tea' for line in event.lines)", 5, "line.category"),
        ("event.gift == true", 15, "True"),
        ("event.gift == null", 15, "missing(…)"),
        ('member.level == "glod"', 17, '"gold"'),
        ('member.level in ("gold", "silber")', 26, '"silver"'),
        ('event.weekday == "Saturday"', 18, ""),
        ('event.weekday == "satt"', 18, '"sat"'),
        ('member.segment("retruning")', 16, '"returning"'),
        ('member.segmant("returning")', 1, 'member.segment("parents")'),
        ("member.days_since > 1", 1, 'member.days_since("last_order")'),
        ('member.level() == "gold"', 1, "member.level"),
        ("anny(line.wrapped for line in event.lines)", 1, "any"),
        ("event.amount = 1", 14, "=="),
        ("event.gift && event.amount > 1", 12, "and"),
        ("event.gift || event.amount > 1", 12, "or"),
        ("!event.gift", 1, "not"),
        ("event.category == “tea”", 19, '"'),
        ("min（event.amount, 1) == 1", 4, "("),
        ("event.amount is None", 17, "missing(event.amount)"),
        ("event.amount != None", 17, "present(event.amount)"),
        ('event.category in ("tea")', 20, '("tea",)'),
        ("event.amount / 100 > 1", 1, "//"),
        ("event.time > event.date", 1, "date(event.time)"),
        ('"茶" == event.category and event.amont > 1', 27, "event.amount"),
    ],
)
def test_an_error_says_where_it_is_and_what_was_meant(text: str, column: int, suggestion: str) -> None:
    error = wrong(text)
    assert (error.line, error.column, error.suggestion) == (1, column, suggestion)
    assert error.place == f"1:{column}"
    assert (f"Did you mean {suggestion}?" == error.todo("en")) is bool(suggestion)
    assert (f"是否应为 {suggestion}？" == error.todo("zh-Hans")) is bool(suggestion)


def test_an_error_on_a_later_line_is_found_there() -> None:
    error = wrong("event.amount > 1\r\nand\n  event.amont > 2")
    assert (error.line, error.column, error.place) == (3, 3, "3:3")


def test_an_unknown_field_lists_what_is_known_when_nothing_is_close() -> None:
    error = wrong("event.zzz == 1", ORDERS)
    assert error.todo() == (
        "The fields known here are: event.amount, event.code, event.date, event.hour, event.received, "
        "event.shop, event.source, event.time, event.type, event.weekday."
    )


def test_a_field_of_only_some_event_types_says_of_which() -> None:
    error = wrong('event.shop == "x"', BOTH)
    assert error.code == "expression.field_in_some"
    assert error.text() == "1:1: `event.shop` is known for order.paid, but not for order.refunded"


def test_a_field_of_different_kinds_says_so() -> None:
    error = wrong("event.code == 1", BOTH)
    assert error.code == "expression.field_differs"
    assert "order.paid, order.refunded" in error.text("zh-Hans")


def test_a_table_without_the_column_or_with_another_type_is_refused() -> None:
    condition = compile_condition("event.amount > 1", ORDERS)
    with pytest.raises(ExpressionError) as missing:
        to_ibis(condition, Columns({}))
    assert (missing.value.code, missing.value.data["name"]) == ("expression.no_column", "event.amount")


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("event.amount", "int", "bool"),
        ("event.amount + 1", "int", "bool"),
        ("not event.category", "str", "bool"),
        ("1 if event.amount else 2", "int", "bool"),
        ("event.category + 1 == 2", "str", "int"),
        ("event.rating + 1 == 2", "number", "int"),
        ("1.5 + 1 == 2", "number", "int"),
        ("event.lines", "list of objects", "bool"),
        ("sum(line.category for line in event.lines) == 1", "str", "int"),
        ("any(line.amount for line in event.lines)", "int", "bool"),
        ("any(True for line in event.category)", "str", "list of objects"),
        ("event.category in event.lines", "list of objects", "list of str"),
        ("event.amount in event.tags", "int", "str"),
        ("weekday(event.amount) == 'sat'", "int", "date"),
        ("hour(event.date) == 1", "date", "datetime"),
        ("min(event.date, event.booked) == event.date", "date", "int"),
        ("event.address == event.address", "object", "int"),
    ],
)
def test_a_part_of_the_wrong_kind_says_which_is_wanted(text: str, found: str, wanted: str) -> None:
    error = wrong(text)
    assert error.code == "expression.wrong_type"
    assert error.data["kind"] == found
    assert wanted in error.data["wanted"]


@pytest.mark.parametrize(
    "text",
    [
        'event.amount == "1"',
        "event.amount == 1.5",
        "event.amount > 0.5",
        "event.amount in (1, 1.5)",
        "1.5 < 2",
        "event.amount == event.category",
        "event.amount == event.date",
        "event.amount == True",
        "event.gift > False",
        'event.category > "a"',
        'member.level >= "gold"',
        '"2027-01-01" < "2027-02-05"',
        "event.date == 20270205",
        "event.date in (1, 2)",
        "(1 if event.gift else event.category) == 1",
        "(2.5 if event.gift else 1) > event.amount",
    ],
)
def test_what_cannot_be_compared_is_not_compared(text: str) -> None:
    assert wrong(text).code == "expression.not_comparable"


@pytest.mark.parametrize(
    "text",
    [
        'event.date == "2027-2-5"',
        'event.date == "20270205"',
        'event.date == "2027-02-05T20:00"',
        'event.date == "２０２７-02-05"',
        'event.time == "2027-02-05"',
        'event.time == "2027-02-05T25:00"',
        'event.time == "soon"',
        'days_between("2023-02-29", event.date) == 1',
        'event.time == "0001-01-01T00:00"',
    ],
)
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    assert wrong(text).code == "expression.wrong_date"


def test_a_time_the_clocks_jump_over_is_refused() -> None:
    from_berlin = Vocabulary(fields=event_fields({}), zone=BERLIN)
    assert wrong('event.time > "2027-03-28T02:30"', from_berlin).code == "expression.wrong_date"
    assert compile_condition('event.time > "2027-03-28T03:30"', from_berlin)
    assert compile_condition('event.time > "2027-03-28T02:30+01:00"', from_berlin)


@pytest.mark.parametrize(("code", "text"), EXAMPLES.items())
def test_every_code_reads_well_in_both_languages(code: str, text: str) -> None:
    error = wrong(text)
    assert error.code == code
    assert error.http_status() == 400
    assert error.problem("zh-Hans")["data"]["column"] == error.column
    for language in ("en", "zh-Hans", "zh-Hant"):
        said = error.text(language) + error.todo(language)
        assert "<" not in said.replace("`<`", "")
        assert "{" not in said
    assert re.search(r"[\u4e00-\u9fff]", error.text("zh-Hans"))


def test_every_declared_code_has_an_example_here() -> None:
    shown_elsewhere = {
        "expression.field_in_some",
        "expression.field_differs",
        "expression.no_column",
        "expression.wrong_column",
    }
    declared = {code for code in CODES if code.startswith("expression.")}
    assert declared == EXAMPLES.keys() | shown_elsewhere


def test_a_value_of_another_kind_than_wanted_is_refused() -> None:
    for text, want in (("event.category", INT), ("event.amount", TEXT), ("event.rating", INT), ("1.5", INT)):
        with pytest.raises(ExpressionError) as error:
            compile_value(text, VOCABULARY, want)
        assert error.value.code == "expression.wrong_type"


def test_functions_without_known_names_take_any() -> None:
    free = Vocabulary(fields=CAMPAIGN, functions=member_functions())
    assert compile_condition('member.segment("whoever") and member.count("x") > 1', free)
    assert wrong('member.segmant("whoever")', free).suggestion == 'member.segment("…")'
