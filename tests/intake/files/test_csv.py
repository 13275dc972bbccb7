"""CSV: what is read, and what is refused with its line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from festoon.base.errors import FestoonError, Invalid
from festoon.intake.files import check_file
from tests.intake.files.making import BASKETS, HEADER, ORDERS, events_of, map_of, order_lines, until_it_stops


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(order_lines(5)), encoding="utf-8")
    return path


def refusal(path: Path, text: str = ORDERS, **more: str) -> FestoonError:
    _, error = until_it_stops(path, map_of(text, **more))
    assert error is not None
    return error


def test_a_row_becomes_an_event(orders: Path) -> None:
    first = events_of(orders, map_of(ORDERS))[0]
    assert (first.source, first.id, first.type, first.subject) == ("shop", "order-o1", "order.paid", "m1")
    assert first.time == datetime(2027, 2, 5, 2, 1, tzinfo=UTC)
    assert first.data == {"order": "o1", "amount": 150, "currency": "CNY"}
    assert first.sent == "2027-02-05T02:01:00+00:00"


def test_reading_a_file_again_makes_the_same_events(orders: Path) -> None:
    first, again = events_of(orders, map_of(ORDERS)), events_of(orders, map_of(ORDERS))
    assert [(event.key, event.hash) for event in first] == [(event.key, event.hash) for event in again]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5"])
def test_files_in_the_encodings_of_chinese_tables_are_read(orders: Path, encoding: str) -> None:
    text = HEADER.replace("customer", "會員") + "o1,李雷,2027-02-05 10:00:00,1.50\n"
    orders.write_bytes(text.encode(encoding))
    map = ORDERS.replace("customer", "會員")
    said = "utf-8" if encoding.startswith("utf") else encoding
    assert events_of(orders, map_of(map, encoding=said))[0].subject == "李雷"


def test_a_file_in_another_encoding_than_said_is_refused_with_its_line(orders: Path) -> None:
    orders.write_bytes((HEADER + "o1,m1,2027-02-05,1\no2,李雷,2027-02-05,1\n").encode("gb18030"))
    error = refusal(orders)
    assert (error.code, error.place, error.data["encoding"]) == ("file.encoding", "orders.csv:3", "utf-8")


def test_a_file_in_utf_16_is_refused(orders: Path) -> None:
    orders.write_bytes(HEADER.encode("utf-16"))
    assert refusal(orders).code == "file.encoding"


def test_a_missing_column_is_named_with_what_may_have_been_meant(orders: Path) -> None:
    error = refusal(orders, ORDERS.replace("column: total", "column: totals"))
    assert (error.code, error.data["column"]) == ("file.column_missing", "totals")
    assert "total" in error.data["near"]
    assert "paid_at" in error.todo()


def test_a_header_that_names_a_column_twice_is_refused(orders: Path) -> None:
    orders.write_text("order,customer,paid_at,total,total\n", encoding="utf-8")
    assert refusal(orders).code == "file.header_duplicate"


def test_columns_without_a_name_and_empty_lines_are_passed_over(orders: Path) -> None:
    orders.write_text(
        "order,customer,paid_at,total,,\n\no1,m1,2027-02-05 10:00:00,1.50,,\n\n", encoding="utf-8"
    )
    assert len(events_of(orders, map_of(ORDERS))) == 1


def test_an_empty_file_is_refused_and_one_with_only_a_header_has_no_events(orders: Path) -> None:
    orders.write_text("", encoding="utf-8")
    assert refusal(orders).code == "file.empty"
    orders.write_text(HEADER, encoding="utf-8")
    assert events_of(orders, map_of(ORDERS)) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "orders.csv").code == "file.missing"


def test_a_file_whose_ending_says_nothing_needs_its_format_in_the_map(orders: Path) -> None:
    renamed = orders.rename(orders.with_suffix(".dat"))
    assert refusal(renamed).code == "file.format_unknown"
    assert len(events_of(renamed, map_of(ORDERS, format="csv"))) == 5


def test_cells_may_hold_the_delimiter_quotes_and_line_breaks(orders: Path) -> None:
    orders.write_text(
        'order;customer;paid_at;total\n"o;""1""";"m\n1";2027-02-05 10:00:00;1.50\nbad\n', encoding="utf-8"
    )
    map = map_of(ORDERS, csv='{delimiter: ";"}')
    events, error = until_it_stops(orders, map)
    assert [(event.id, event.subject) for event in events] == [('order-o;"1"', "m\n1")]
    assert error is not None
    assert (error.code, error.place) == ("file.row_width", "orders.csv:4")


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ("o3,m3,2027-02-30 10:00:00,3.50", "file.cell_invalid", "paid_at"),
        ("o3,m3,2027-02-05 10:00:00,3.505", "file.cell_inexact", "total"),
        ("o3,m3,2027-02-05 10:00:00,three", "file.cell_invalid", "total"),
        ("o3,,2027-02-05 10:00:00,3.50", "file.cell_missing", "customer"),
        (",m3,2027-02-05 10:00:00,3.50", "file.cell_missing", "order-{order}"),
        ("o3,m3,,3.50", "file.cell_missing", "paid_at"),
        (f"o3,{'m' * 257},2027-02-05 10:00:00,3.50", "file.cell_invalid", "customer"),
    ],
)
def test_a_row_that_does_not_fit_is_named_by_line_and_column(
    orders: Path, cells: str, code: str, column: str
) -> None:
    lines = [*order_lines(2), f"{cells}\n", *order_lines(4)]
    orders.write_text(HEADER + "".join(lines), encoding="utf-8")
    events, error = until_it_stops(
        orders, map_of(ORDERS.replace("  order: order\n", "  order: {value: x}\n"))
    )
    assert [event.id for event in events] == ["order-o1", "order-o2"]
    assert error is not None
    assert (error.code, error.place, error.data["column"]) == (code, "orders.csv:4", column)


@pytest.mark.parametrize(("total", "field"), [("-1.00", "amount"), ("", "amount")])
def test_data_that_its_type_does_not_allow_is_refused_with_the_row(
    orders: Path, total: str, field: str
) -> None:
    orders.write_text(f"{HEADER}o1,m1,2027-02-05 10:00:00,{total}\n", encoding="utf-8")
    error = refusal(orders)
    assert error.code in ("event.data_invalid", "event.data_missing")
    assert (error.place, error.data["field"]) == ("orders.csv:2", field)


def test_the_data_of_a_type_that_is_not_in_the_vocabulary_is_taken_as_it_is(orders: Path) -> None:
    map = map_of(ORDERS.replace("order.paid", "lesson.paid").replace("{value: CNY}", "{value: 7}"))
    assert events_of(orders, map)[0].data["currency"] == 7


def test_a_file_cut_anywhere_gives_only_whole_events_and_can_be_imported_again(orders: Path) -> None:
    whole, map = orders.read_bytes(), map_of(ORDERS)
    every = events_of(orders, map)
    for length in range(len(HEADER), len(whole)):
        orders.write_bytes(whole[:length])
        events, error = until_it_stops(orders, map)
        assert events == every[: len(events)]
        if whole[:length].endswith(b"\n"):
            assert error is None
        else:
            assert error is not None
            assert (error.code, error.data["events"]) == ("file.cut_off", len(events))
            assert error.place == f"orders.csv:{len(events) + 2}"


def test_a_file_cut_inside_quotes_is_cut_off(orders: Path) -> None:
    orders.write_text(f'{HEADER}o1,m1,2027-02-05 10:00:00,1.50\n"o2,m2\n', encoding="utf-8")
    events, error = until_it_stops(orders, map_of(ORDERS))
    assert len(events) == 1
    assert error is not None
    assert error.code == "file.cut_off"


def test_a_last_line_without_line_feed_is_whole_when_the_map_says_so(orders: Path) -> None:
    orders.write_bytes(orders.read_bytes().removesuffix(b"\n"))
    assert len(events_of(orders, map_of(ORDERS, csv="{last_line: open}"))) == 5
    orders.write_bytes(orders.read_bytes().removesuffix(b",5.50"))
    assert refusal(orders, csv="{last_line: open}").code == "file.cut_off"


def test_a_basket_in_which_the_file_is_cut_is_left_out_whole(tmp_path: Path) -> None:
    path = tmp_path / "baskets.csv"
    head = "order,customer,paid_at,line,product,price\n"
    path.write_text(
        head
        + "o1,m1,2027-02-05 10:00:00,1,tea,1.00\n"
        + "o2,m2,2027-02-05 10:00:00,1,tea,1.00\n"
        + "o2,m2,2027-02-05 10:00:00,2,cup,2.0",
        encoding="utf-8",
    )
    events, error = until_it_stops(path, map_of(BASKETS))
    assert [event.id for event in events] == ["order-o1"]
    assert isinstance(error, Invalid)
    assert (error.code, error.data["events"]) == ("file.cut_off", 1)
    assert "again" in error.todo()


def test_a_line_without_end_does_not_fill_the_memory(orders: Path) -> None:
    orders.write_bytes(HEADER.encode() + b"x" * (2 * 1024 * 1024))
    assert refusal(orders).code == "file.line_too_long"


def test_nul_is_refused(orders: Path) -> None:
    orders.write_bytes(HEADER.encode() + b"o1,m\x001,2027-02-05 10:00:00,1.50\n")
    assert (refusal(orders).code, refusal(orders).place) == ("file.row_unreadable", "orders.csv:2")


def test_a_check_counts_and_lists_what_is_wrong_without_stopping(orders: Path) -> None:
    wrong = "o9,m9,2027-02-05 10:00:00,nine\nshort\n"
    orders.write_text(HEADER + wrong + "".join(order_lines(5)), encoding="utf-8")
    found = check_file(orders, map_of(ORDERS))
    assert (found.rows, found.events, found.types, found.sound) == (7, 5, {"order.paid": 5}, False)
    assert [(problem.place, problem.code) for problem in found.problems] == [
        ("orders.csv:2", "file.cell_invalid"),
        ("orders.csv:3", "file.row_width"),
    ]
    assert (found.problem_count, found.stopped) == (2, None)
    assert found.first == datetime(2027, 2, 5, 2, 1, tzinfo=UTC)
    assert found.last == datetime(2027, 2, 5, 2, 5, tzinfo=UTC)


def test_a_check_says_what_stopped_it(orders: Path) -> None:
    orders.write_bytes(orders.read_bytes()[:-3])
    found = check_file(orders, map_of(ORDERS))
    assert (found.events, found.sound) == (4, False)
    assert found.stopped is not None
    assert found.stopped.code == "file.cut_off"
