"""NDJSON: what is read, and what is refused with its line."""

from pathlib import Path

import msgspec
import pytest

from festoon.base.errors import FestoonError
from festoon.intake.files import read_events
from tests.intake.files.making import ORDERS, events_of, map_of, until_it_stops


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.ndjson"
    lines = (
        {
            "order": f"o{number}",
            "customer": number,
            "paid_at": "2027-02-05T10:00:00+08:00",
            "total": number + 0.15,
        }
        for number in range(1, 5)
    )
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return path


def test_an_object_a_line_becomes_an_event(orders: Path) -> None:
    first = events_of(orders, map_of(ORDERS))[0]
    assert (first.id, first.subject, first.data["amount"]) == ("order-o1", "1", 115)


def test_numbers_keep_every_digit(orders: Path) -> None:
    orders.write_text(
        '{"order":"o1","customer":"m","paid_at":"2027-02-05T10:00:00Z","total":90071992547409.93}\n'
    )
    assert events_of(orders, map_of(ORDERS))[0].data["amount"] == 9007199254740993


def test_a_column_may_be_a_way_down_into_objects(orders: Path) -> None:
    orders.write_text(
        '{"order":"o1","who":{"id":7},"who.id":8,"paid_at":"2027-02-05T10:00:00Z","total":1}\n'
        '{"order":"o2","who":{"id":7},"paid_at":"2027-02-05T10:00:00Z","total":1}\n'
    )
    found = events_of(orders, map_of(ORDERS.replace("customer", "who.id")))
    assert [event.subject for event in found] == ["8", "7"]


@pytest.mark.parametrize("line", ["[1, 2]", "nonsense", '{"order": }', '{"total": 1e999999999999999999999}'])
def test_a_line_that_is_no_object_is_named_and_may_be_left_out(orders: Path, line: str) -> None:
    whole = orders.read_text()
    orders.write_text(f"\n{line}\n{whole}")
    events, error = until_it_stops(orders, map_of(ORDERS))
    assert error is not None
    assert (len(events), error.code, error.place) == (0, "file.row_unreadable", "orders.ndjson:2")
    problems: list[FestoonError] = []
    left = [
        event for batch in read_events(orders, map_of(ORDERS), on_problem=problems.append) for event in batch
    ]
    assert (len(left), len(problems)) == (4, 1)


def test_a_key_that_is_not_there_is_a_missing_cell(orders: Path) -> None:
    orders.write_text('{"order":"o1","paid_at":"2027-02-05T10:00:00Z","total":1}\n')
    _, error = until_it_stops(orders, map_of(ORDERS))
    assert error is not None
    assert (error.code, error.data["column"]) == ("file.cell_missing", "customer")


def test_a_file_cut_anywhere_gives_only_whole_events(orders: Path) -> None:
    whole, map = orders.read_bytes(), map_of(ORDERS)
    every = events_of(orders, map)
    for length in range(1, len(whole)):
        orders.write_bytes(whole[:length])
        events, error = until_it_stops(orders, map)
        assert events == every[: len(events)]
        if error is None:
            # An object is whole at its closing brace, with or without the line feed.
            assert whole[:length].rstrip(b"\n").endswith(b"}")
        else:
            assert (error.code, error.data["events"]) == ("file.cut_off", len(events))


@pytest.mark.parametrize("levels", [64, 480, 995, 5_000])
def test_a_row_that_is_nested_too_deeply_is_named_and_may_be_left_out(orders: Path, levels: int) -> None:
    whole = orders.read_text().splitlines()
    deep = whole[0].removesuffix("}") + ', "more": ' + "[" * levels + "]" * levels + "}"
    orders.write_text("\n".join([whole[0], deep, *whole[1:]]) + "\n")
    problems: list[FestoonError] = []
    left = [
        event for batch in read_events(orders, map_of(ORDERS), on_problem=problems.append) for event in batch
    ]
    assert [(each.code, each.place) for each in problems] == [("event.too_deep", "orders.ndjson:2")]
    assert len(left) == len(whole)


def test_a_row_may_be_nested_as_deeply_as_an_event(orders: Path) -> None:
    whole = orders.read_text().splitlines()
    deep = whole[0].removesuffix("}") + ', "more": ' + "[" * 63 + "]" * 63 + "}"
    orders.write_text(deep + "\n")
    assert len(events_of(orders, map_of(ORDERS))) == 1


def test_a_member_has_a_name(orders: Path) -> None:
    line = msgspec.json.decode(orders.read_text().splitlines()[0]) | {"customer": ""}
    orders.write_bytes(msgspec.json.encode(line) + b"\n")
    _, error = until_it_stops(orders, map_of(ORDERS + "\nmissing: []\n"))
    assert error is not None
    assert error.code == "file.cell_invalid"
