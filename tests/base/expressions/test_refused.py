"""What no expression may be: hostile or unreadable texts are refused when written, each by its own code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.expressions import Condition, ExpressionError, compile_condition
from tests.base.expressions.stage import VOCABULARY, wrong

NOT_ALLOWED = [
    "event.__class__",
    "event.amount.__class__.__bases__ == 1",
    "event._hidden == 1",
    "_event.amount == 1",
    "__import__",
    "(lambda: 1)() == 1",
    "lambda event: True",
    "(x := 3) == 3",
    'f"{event.amount}" == "1"',
    'b"tea" == event.category',
    'r"tea" == event.category',
    'u"tea" == event.category',
    '"""tea""" == event.category',
    '"te" "a" == event.category',
    r'"\x74ea" == event.category',
    "event.amount \\\n == 1",
    "event.amount == 1 # really",
    "event['amount'] == 1",
    "event.lines[0].amount == 1",
    "event.tags[0:1] == 1",
    "[1, 2] == 3",
    "[line for line in event.lines]",
    "{1: 2} == 3",
    "{1, 2} == 3",
    "event.amount in {1, 2}",
    "event.amount in ()",
    "event.amount in (event.points, 1)",
    'event.category in "tea"',
    "event.amount ** 2 > 1",
    "9 ** 9 ** 9 ** 9 > 1",
    "event.amount / 2 > 1",
    "event.amount << 60 > 1",
    "event.amount & 1 == 1",
    "event.amount | 1 == 1",
    "event.amount ^ 1 == 1",
    "~event.amount == 1",
    "+event.amount == 1",
    "event.amount @ 2 == 1",
    "event.amount is 1",
    "event.amount is not None",
    "event.amount == None",
    "... == 1",
    "1j == 1",
    "await event.amount",
    "(yield 1)",
    "event.amount = 1",
    "event.amount == 1; True",
    "min(event.amount, default=1) == 1",
    'member.segment(name="returning")',
    "any(any(True for tag in event.tags) for line in event.lines)",
    "any(True for event in event.lines)",
    "any(True for sum in event.lines)",
    "any(True for a, b in event.lines)",
    "min(*event.tags) == 1",
    "(event.amount > 1)() == 1",
    "member.segment('returning').real",
    "1 < event.amount in (1, 2)",
    "event.gift,",
    "line.wrapped for line in event.lines",
]


@pytest.mark.parametrize("text", NOT_ALLOWED)
def test_what_is_not_part_of_the_language_is_not_allowed(text: str) -> None:
    assert wrong(text).code == "expression.not_allowed"


@pytest.mark.parametrize(
    "text",
    [
        "print(1)",
        "open('x')",
        "event.get('amount')",
        "getattr(event, 'x')",
        "member.fact('level') == 1",
        "exec(1)",
    ],
)
def test_only_known_functions_can_be_called(text: str) -> None:
    assert wrong(text).code == "expression.unknown_function"


@pytest.mark.parametrize(
    "text",
    [
        "min(event.amount)",
        "any(True for line in event.lines for other in event.lines)",
        "between(event.amount, 1)",
        "missing(1)",
        "missing(event.amount > 1)",
        "missing(event.amount + 1)",
        "sum(event.amount)",
        "sum([line.amount for line in event.lines]) == 1",
        "any(event.gift)",
        "any(True async for line in event.lines)",
        "count(1 for line in event.lines) == 1",
        "count(event.lines, event.lines) == 1",
        "member.segment()",
        'member.segment("returning", "parents")',
        "member.segment(event.category)",
        "member.registered_in(event)",
        'member.registered_in("campaign")',
    ],
)
def test_a_function_is_called_as_it_is_declared(text: str) -> None:
    error = wrong(text)
    assert error.code == "expression.wrong_arguments"
    assert error.data["usage"] in error.text()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "expression.empty"),
        (" \n\t", "expression.empty"),
        ("event.amount ==", "expression.unfinished"),
        ("(event.amount == 1", "expression.unfinished"),
        ('event.category == "tea', "expression.character"),
        ("event.amount == 1)", "expression.syntax"),
        ("True) or (True", "expression.syntax"),
        ("True)\n(", "expression.syntax"),
        ("(event.amount == 1]", "expression.syntax"),
        ("event amount", "expression.syntax"),
        ("event.amount == 1 and and True", "expression.syntax"),
        ("1if True else False", "expression.syntax"),
        ("True if event.gift", "expression.syntax"),
        ("event.amount == 01", "expression.syntax"),
        ("return True", "expression.syntax"),
        ("import os", "expression.syntax"),
        ("event.amount == 1 ?", "expression.character"),
        ("event.amount > 1 and event.gift == $x", "expression.character"),
    ],
)
def test_what_cannot_be_read_says_so(text: str, code: str) -> None:
    assert wrong(text).code == code


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\0", "U+0000"),
        ("\x1b", "U+001B"),
        ("\x0c", "U+000C"),
        ("\r", "U+000D"),
        ("\u00a0", "U+00A0"),
        ("\u200b", "U+200B"),
        ("\u202e", "U+202E"),
        ("\u2066", "U+2066"),
        ("\u2028", "U+2028"),
        ("\ufeff", "U+FEFF"),
        ("\ud800", "U+D800"),
        ("\U000e0041", "U+E0041"),
    ],
)
def test_characters_that_cannot_be_seen_are_refused_everywhere(character: str, name: str) -> None:
    for text in (f"event.amount{character} == 1", f'event.category ==\n"te{character}a"', character):
        error = wrong(text)
        assert (error.code, error.data.get("character")) == ("expression.hidden_character", name)


@pytest.mark.parametrize(
    "text", ["ｅvent.amount == 1", "event.ａmount == 1", "event.ﬁle == 1", "ᵉvent.amount == 1"]
)
def test_names_that_only_look_like_known_ones_are_refused(text: str) -> None:
    error = wrong(text)
    assert error.code == "expression.not_allowed"
    assert error.suggestion.isascii()


def test_whole_numbers_end_where_a_database_ends() -> None:
    assert compile_condition("event.amount <= 9223372036854775807", VOCABULARY)
    for text in ("9223372036854775808", "-9223372036854775809", "9" * 1900, "0x" + "f" * 99, "1e400", "1e19"):
        assert wrong(f"event.amount <= {text}").code == "expression.number_too_large"
    assert wrong("event.amount + 1000000000000000 > 1").code == "expression.number_too_large"


def test_a_division_by_a_written_zero_is_refused() -> None:
    assert wrong("event.amount // 0 == 1").code == "expression.division_by_zero"
    assert wrong("event.amount % 0 == 1").code == "expression.division_by_zero"


def test_texts_and_the_whole_have_a_longest_length() -> None:
    assert compile_condition(f'event.category == "{"茶" * 200}"', VOCABULARY)
    assert wrong(f'event.category == "{"茶" * 201}"').code == "expression.text_too_long"
    assert wrong("True" + " " * 1997).code == "expression.too_long"
    assert wrong("x" * 10_000_000).code == "expression.too_long"


def test_a_text_whose_normal_form_would_be_too_long_is_refused() -> None:
    names = ",".join(f'"{number:012}"' for number in range(132))
    assert len(f"event.category in({names})") <= 2000
    assert wrong(f"event.category in({names})").code == "expression.too_long"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 33 + "True" + ")" * 33,
        "(" * 990 + "True" + ")" * 990,
        "[" * 1900,
        "(" * 1900,
        "not " * 33 + "True",
        "not " * 490 + "True",
        "-" * 1990 + "1 == 1",
        "event" + ".a" * 900,
        "min(1, " * 40 + "1" + ")" * 40 + " == 1",
        "1 if True else " * 120 + "1 == 1",
    ],
)
def test_what_is_nested_too_deep_is_refused_without_exhausting_the_parser(text: str) -> None:
    assert wrong(text).code == "expression.too_deep"


def test_what_is_not_nested_too_deep_is_read() -> None:
    assert compile_condition("(" * 32 + "True" + ")" * 32, VOCABULARY)
    assert compile_condition("not " * 31 + "True", VOCABULARY)


def test_too_many_parts_are_refused() -> None:
    assert compile_condition(" or ".join(["True"] * 199), VOCABULARY)
    assert wrong(" or ".join(["True"] * 200)).code == "expression.too_many_parts"
    assert wrong("event.amount in (" + "1," * 200 + ")").code == "expression.too_many_parts"


def test_a_compiled_condition_reaches_no_builtin() -> None:
    condition = compile_condition("any(line.amount > event.amount for line in event.lines)", VOCABULARY)
    assert condition.holds.__globals__["__builtins__"] == {}


soup = st.lists(
    st.sampled_from(
        (*"()[]{}.,:;'\"#\\\n=<>!+-*/%&|^~@$ 茶“１ａ", "event", "member", ".amount", ".lines", "line", "for",
         "in", "if", "else", "not", "and", "or", "is", "lambda", "any", "sum", "None", "True", "1", "0x1",
         "1e9", "1_0", '"tea"', "==", "**", ":=", "__class__", "await", "\t", "\0")
    ),
    max_size=30,
).map(" ".join)  # fmt: skip


@given(st.one_of(soup, st.text(max_size=60), soup.map(lambda text: text.replace(" ", ""))))
def test_any_text_is_either_compiled_or_refused_with_a_place(text: str) -> None:
    made = attempt(text)
    if isinstance(made, ExpressionError):
        rows = text.replace("\r\n", "\n").split("\n")
        assert 1 <= made.line <= len(rows)
        assert 1 <= made.column <= len(rows[made.line - 1]) + 1
        assert made.text("zh-Hans") != made.text("en")
    else:
        assert compile_condition(made.text, VOCABULARY).text == made.text


def attempt(text: str) -> Condition | ExpressionError:
    try:
        return compile_condition(text, VOCABULARY)
    except ExpressionError as error:
        return error
