"""The normal form reads back as itself, and means the same."""

import ast

import pytest
from hypothesis import given, settings

from festoon.base.expressions import INT, compile_condition, compile_value
from festoon.base.expressions.writing import written
from tests.base.expressions.grammar import conditions, values
from tests.base.expressions.stage import VOCABULARY


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  event.amount>=100   and(event.gift)", "event.amount >= 100 and event.gift"),
        ("event.category=='tea'", 'event.category == "tea"'),
        ("event.category == 'say \"tea\"'", "event.category == 'say \"tea\"'"),
        ("event.amount in [1,2,]", "event.amount in (1, 2)"),
        ("event.amount in (1,)", "event.amount in (1,)"),
        ("event.gift and (True and False)", "event.gift and (True and False)"),
        ("(event.gift and True) or False", "event.gift and True or False"),
        ("event.gift and (True or False)", "event.gift and (True or False)"),
        ("not (event.gift and True)", "not (event.gift and True)"),
        ("not (not event.gift)", "not not event.gift"),
        ("(not event.gift) == True", "(not event.gift) == True"),
        ("not (event.amount == 1)", "not event.amount == 1"),
        ("(1 if event.gift else 2) == 1", "(1 if event.gift else 2) == 1"),
        ("(True if event.gift else (False if True else True))",
         "True if event.gift else False if True else True"),
        ("(True if event.gift else False) if True else False",
         "(True if event.gift else False) if True else False"),
        ("-(-event.amount) == 1", "--event.amount == 1"),
        ("-(event.amount * 2) == 1_000", "-(event.amount * 2) == 1000"),
        ("(-event.amount) * 2 == 0x10", "-event.amount * 2 == 16"),
        ("1 - (2 - event.amount) == 1", "1 - (2 - event.amount) == 1"),
        ("(1 - 2) - event.amount == 1", "1 - 2 - event.amount == 1"),
        ("(1 + 2) * event.amount == 1", "(1 + 2) * event.amount == 1"),
        ("event.rating == 4.50", "event.rating == 4.5"),
        ("event.rating == 1e16", "event.rating == 1e+16"),
        ("any( line.wrapped for line in event.lines if (line.amount>1) )",
         "any(line.wrapped for line in event.lines if line.amount > 1)"),
        ("all((True if line.wrapped else False) for line in event.lines if (True if True else False))",
         "all(True if line.wrapped else False for line in event.lines if (True if True else False))"),
        ("between ( event.amount , 1 , (2) )", "between(event.amount, 1, 2)"),
        ("event.amount\n>\n1", "event.amount > 1"),
    ],
)  # fmt: skip
def test_the_normal_form_has_one_way_of_writing_everything(text: str, normal: str) -> None:
    assert compile_condition(text, VOCABULARY).text == normal
    assert compile_condition(normal, VOCABULARY).text == normal


@settings(max_examples=200, deadline=None)
@given(conditions)
def test_a_condition_reads_back_from_its_normal_form(text: str) -> None:
    first = compile_condition(text, VOCABULARY)
    second = compile_condition(first.text, VOCABULARY)
    assert second.text == first.text
    assert second.tree == first.tree


@settings(max_examples=100, deadline=None)
@given(values)
def test_brackets_are_left_out_only_where_python_reads_the_same(text: str) -> None:
    tree = ast.parse(text, mode="eval").body
    assert ast.dump(ast.parse(written(tree), mode="eval").body) == ast.dump(tree)
    assert compile_value(text, VOCABULARY, INT).text == written(tree)
