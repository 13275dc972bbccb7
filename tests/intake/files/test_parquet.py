"""Parquet: types of columns, sorting, and files that are not whole."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from festoon.base.errors import FestoonError
from tests.intake.files.making import BASKETS, ORDERS, events_of, map_of, until_it_stops

NAIVE = datetime.fromisoformat("2027-02-05T10:00:00")
AWARE = datetime(2027, 2, 5, 2, tzinfo=UTC)


def table(path: Path, rows: int = 3, **columns: Any) -> Path:
    given = {
        "order": pa.array(range(1, rows + 1)),
        "customer": pa.array([f"m{row}" for row in range(rows)]),
        "paid_at": pa.array([NAIVE] * rows, pa.timestamp("ns")),
        "total": pa.array([row + 0.15 for row in range(rows)]),
    }
    pq.write_table(pa.table(given | columns), path)
    return path


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return table(tmp_path / "orders.parquet")


def refusal(path: Path, text: str = ORDERS) -> FestoonError:
    _, error = until_it_stops(path, map_of(text))
    assert error is not None
    return error


TEXT = ORDERS.replace("  order: order\n", "  order: {column: order, type: str}\n")


def test_a_row_becomes_an_event(orders: Path) -> None:
    second = events_of(orders, map_of(TEXT))[1]
    assert (second.id, second.subject, second.time) == ("order-2", "m1", AWARE)
    assert second.data == {"order": "2", "amount": 115, "currency": "CNY"}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("paid_at", pa.array([AWARE] * 3, pa.timestamp("ms", "America/New_York"))),
        ("paid_at", pa.array([NAIVE] * 3, pa.timestamp("s"))),
        ("paid_at", pa.array(["2027-02-05T10:00:00"] * 3)),
        ("total", pa.array([Decimal("1.15")] * 3, pa.decimal128(10, 2))),
        ("total", pa.array(["1.15"] * 3).dictionary_encode()),
        ("total", pa.array([1.15] * 3, pa.float32())),
        ("total", pa.array([1.15] * 3, pa.float64())),
        ("total", pa.array([None, Decimal("1.15"), None], pa.decimal128(10, 2))),
        ("order", pa.array([2.0, 2.0, 2.0])),
    ],
)
def test_the_kind_of_a_column_makes_no_difference(tmp_path: Path, name: str, column: Any) -> None:
    text = TEXT.replace("order.paid", "shop.visited")
    found = events_of(table(tmp_path / "orders.parquet", **{name: column}), map_of(text))[1]
    assert (found.id, found.time, found.data["amount"]) == ("order-2", AWARE, 115)


def test_a_column_of_days_is_given_the_time_of_day_that_the_map_names(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.parquet", paid_at=pa.array([date(2027, 2, 5)] * 3))
    map = map_of(TEXT.replace("time: paid_at", 'time: {column: paid_at, at: "10:00"}'))
    assert events_of(path, map)[0].time == AWARE


def test_nothing_and_not_a_number_are_missing_cells(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.parquet", total=pa.array([float("nan"), None, 1.0]))
    found = events_of(path, map_of(TEXT.replace("order.paid", "shop.visited")))
    assert [event.data.get("amount") for event in found] == [None, None, 100]


def test_a_column_of_bytes_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.parquet", total=pa.array([b"1"] * 3))
    assert refusal(path, TEXT).code == "file.cell_invalid"


def test_a_missing_column_is_named_with_what_may_have_been_meant(orders: Path) -> None:
    error = refusal(orders, ORDERS.replace("member: customer", "member: costumer"))
    assert (error.code, error.data["column"]) == ("file.column_missing", "costumer")
    assert "customer" in error.data["near"]


def test_a_row_that_does_not_fit_is_named_by_its_number(tmp_path: Path) -> None:
    path = table(tmp_path / "orders.parquet", total=pa.array([1.0, 2.0, 0.001]))
    assert (refusal(path, TEXT).code, refusal(path, TEXT).place) == ("file.cell_inexact", "orders.parquet:3")


def test_scattered_rows_are_brought_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "baskets.parquet"
    orders = ["b", "a", "b", "a", "b"]
    lines = {
        "line": ["1", "1", "2", "2", "3"],
        "product": ["p", "q", "r", "s", "t"],
        "price": [1.0, 2.0, 3.0, 4.0, 5.0],
    }
    given = {
        "order": orders,
        "customer": ["m1"] * 5,
        "paid_at": pa.array([NAIVE] * 5, pa.timestamp("us")),
        **lines,
    }
    pq.write_table(pa.table(given), path)
    map = BASKETS.replace("group_by: order", "group_by: {column: order, scattered: true}")
    first, second = events_of(path, map_of(map))
    assert [line["product"] for line in first.data["lines"]] == ["q", "s"]
    assert [line["product"] for line in second.data["lines"]] == ["p", "r", "t"]
    assert (first.id, second.data["amount"]) == ("order-a", 900)


def test_a_file_cut_anywhere_has_no_events(orders: Path) -> None:
    whole = orders.read_bytes()
    for length in range(0, len(whole), 97):
        orders.write_bytes(whole[:length])
        events, error = until_it_stops(orders, map_of(TEXT))
        assert error is not None
        assert (events, error.code, error.data["events"]) == ([], "file.cut_off", 0)


def test_a_file_with_a_damaged_page_gives_what_came_before_it(tmp_path: Path) -> None:
    rows = 10_000
    path = tmp_path / "orders.parquet"
    given = {
        "order": pa.array(range(rows)),
        "customer": pa.array([f"m{row}" for row in range(rows)]),
        "paid_at": pa.array([NAIVE] * rows, pa.timestamp("us")),
        "total": pa.array([1.0] * rows),
    }
    pq.write_table(pa.table(given), path, row_group_size=1_000, compression="zstd", use_dictionary=False)
    last = pq.ParquetFile(path).metadata.row_group(9).column(1).data_page_offset
    whole = bytearray(path.read_bytes())
    whole[last + 40 : last + 400] = b"\xff" * 360
    path.write_bytes(whole)
    events, error = until_it_stops(path, map_of(TEXT))
    assert error is not None
    assert (error.code, error.data["events"]) == ("file.damaged", len(events))
    assert 0 < len(events) <= 9_000
    assert [event.id for event in events] == [f"order-{row}" for row in range(len(events))]
