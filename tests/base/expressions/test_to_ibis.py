"""Both compilers give the same answer, row by row, whatever is missing."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from festoon.base.expressions import INT, NUMBER, Vocabulary, compile_condition, compile_value
from festoon.base.expressions.errors import ExpressionError
from festoon.base.expressions.to_ibis import Columns, to_ibis
from tests.base.expressions.grammar import conditions, values
from tests.base.expressions.rows import SCHEMA, columns, make_rows, scope
from tests.base.expressions.stage import VOCABULARY

ROWS = make_rows(250, seed=20270205)
SCOPES = [scope(row) for row in ROWS]


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Any]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


@pytest.fixture(scope="module")
def table() -> Any:
    return ibis.memtable(pa.Table.from_pylist(ROWS, schema=SCHEMA))


def answers(duckdb: Any, table: Any, expressions: list[Any]) -> list[list[Any]]:
    """What each expression gives for every row, in order."""
    made = {f"x{number}": to_ibis(each, columns(table)) for number, each in enumerate(expressions)}
    found = duckdb.to_pyarrow(table.select("row", **made)).sort_by("row")
    return [found[name].to_pylist() for name in made]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(conditions, min_size=4, max_size=8))
def test_a_condition_holds_for_the_same_rows_in_python_and_on_duckdb(
    duckdb: Any, table: Any, texts: list[str]
) -> None:
    compiled = [compile_condition(text, VOCABULARY) for text in texts]
    for condition, found in zip(compiled, answers(duckdb, table, compiled), strict=True):
        assert [condition(*each) for each in SCOPES] == found, condition.text


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(values, min_size=4, max_size=8))
def test_a_value_is_the_same_in_python_and_on_duckdb(duckdb: Any, table: Any, texts: list[str]) -> None:
    compiled = [compile_value(text, VOCABULARY, INT) for text in texts]
    for value, found in zip(compiled, answers(duckdb, table, compiled), strict=True):
        assert [value(*each) for each in SCOPES] == found, value.text


def test_the_rows_tell_conditions_apart() -> None:
    """A property over rows in which nothing ever holds would prove nothing."""
    for text in (
        "event.amount > 100",
        "event.rating < 4.5",
        "event.gift",
        "member.is_staff",
        "missing(event.tags)",
    ):
        assert {compile_condition(text, VOCABULARY)(*each) for each in SCOPES} == {True, False}


@pytest.mark.parametrize(
    "text",
    [
        " % ".join(["event.amount"] * 28),
        "event.amount" + " // event.points" * 27,
        "event.amount % (" * 15 + "event.points" + ")" * 15,
        "min(event.amount, " * 20 + "event.points" + ")" * 20,
    ],
)
def test_deep_nesting_does_not_make_the_query_explode(duckdb: Any, table: Any, text: str) -> None:
    value = compile_value(text, VOCABULARY, INT)
    assert len(ibis.to_sql(table.select(x=to_ibis(value, columns(table))), dialect="duckdb")) < 60_000
    assert answers(duckdb, table, [value]) == [[value(*each) for each in SCOPES]]


def test_a_measurement_can_be_had_as_a_value(duckdb: Any, table: Any) -> None:
    value = compile_value("event.rating if present(event.rating) else event.amount", VOCABULARY, NUMBER)
    assert answers(duckdb, table, [value]) == [[value(*each) for each in SCOPES]]


def test_narrow_and_unsigned_columns_are_read_as_whole_numbers(duckdb: Any) -> None:
    small = pa.table({"a": pa.array([1, None], pa.int8()), "b": pa.array([2**64 - 1, 1], pa.uint64())})
    table = ibis.memtable(small)
    condition = compile_condition("event.amount < event.points or missing(event.points)", VOCABULARY)
    found = to_ibis(condition, Columns({"event.amount": table.a, "event.points": table.b}))
    assert duckdb.to_pyarrow(table.select(x=found))["x"].to_pylist() == [True, False]


def test_a_column_for_a_field_inside_an_object_comes_first(duckdb: Any) -> None:
    table = ibis.memtable(pa.table({"city": ["杭州", None]}))
    condition = compile_condition('event.address.city == "杭州"', VOCABULARY)
    found = to_ibis(condition, Columns({"event.address.city": table.city}))
    assert duckdb.to_pyarrow(table.select(x=found))["x"].to_pylist() == [True, False]


def test_a_column_of_another_type_is_refused() -> None:
    table = ibis.memtable(pa.table({"text": ["1"], "naive": pa.array([0], pa.timestamp("us"))}))
    for text, column in (("event.amount > 1", table.text), ("event.departs > event.time", table.naive)):
        condition = compile_condition(text, VOCABULARY)
        with pytest.raises(ExpressionError) as error:
            to_ibis(
                condition, Columns({"event.amount": column, "event.departs": column, "event.time": column})
            )
        assert error.value.code == "expression.wrong_column"


def test_a_name_without_a_column_is_refused() -> None:
    table = ibis.memtable(pa.table({"address": [{"street": "x"}]}))
    for text in ('member.segment("returning")', "event.gift", 'event.address.city == "x"'):
        with pytest.raises(ExpressionError) as error:
            to_ibis(compile_condition(text, VOCABULARY), Columns({"event.address": table.address}))
        assert error.value.code == "expression.no_column"


def test_a_zone_without_a_name_cannot_be_used_in_a_database() -> None:
    table = ibis.memtable(pa.table({"time": pa.array([0], pa.timestamp("us", tz="UTC"))}))
    shifted = Vocabulary(VOCABULARY.fields, zone=timezone(timedelta(hours=8)))
    with pytest.raises(ValueError, match="has no name"):
        to_ibis(compile_condition("hour(event.time) == 1", shifted), Columns({"event.time": table.time}))


def test_importing_the_engines_half_does_not_import_ibis() -> None:
    code = "import sys, festoon.base.expressions; sys.exit('ibis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
