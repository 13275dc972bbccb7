"""Event Parquet: what is written comes back, whole or only the fields that are asked for."""

import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from festoon.base.errors import FestoonError
from festoon.base.events import Event
from festoon.intake.files import EVENT_SCHEMA, read_event_parquet, write_event_parquet

START = datetime(2027, 2, 5, 12, 30, 0, 123456, tzinfo=UTC)
LINES = [{"line": "1", "category": "tea", "amount": 100}, {"line": "2", "amount": 50}]


def event(number: int) -> Event:
    data = {"order": f"o{number}", "amount": 150, "lines": LINES, "note": '茶 "x"'}
    return Event(
        "shop", f"e{number}", "order.paid", f"m{number % 3}", START + timedelta(seconds=number), data
    )


EVENTS = [event(number) for number in range(25)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "events.parquet"
    assert write_event_parquet(path, iter([EVENTS[:10], EVENTS[10:]])) == 25
    return path


def test_what_is_written_comes_back_in_order(path: Path) -> None:
    batches = list(read_event_parquet(path, 10))
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert [event for batch in batches for event in batch] == EVENTS
    assert pq.read_schema(path).equals(EVENT_SCHEMA)


def test_only_the_fields_that_are_asked_for_are_decoded(path: Path) -> None:
    found = next(
        read_event_parquet(path, fields={"amount", "lines.category", "lines.amount", "elsewhere.x"})
    )[0]
    assert found.data == {"amount": 150, "lines": [{"category": "tea", "amount": 100}, {"amount": 50}]}
    whole = next(read_event_parquet(path, fields=["lines", "lines.amount"]))[0]
    assert whole.data == {"lines": LINES}
    assert next(read_event_parquet(path, fields=[]))[0].data == {}


def test_a_field_with_fields_of_its_own_may_be_an_object_or_plain(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    given: list[dict[str, Any]] = [{"a": {"b": 1, "c": 2}}, {"a": 7}, {"a": None}, {}]
    write_event_parquet(
        path, iter([[Event("s", str(n), "t.x", "m", START, data) for n, data in enumerate(given)]])
    )
    found = next(read_event_parquet(path, fields=["a.b"]))
    assert [event.data for event in found] == [{"a": {"b": 1}}, {"a": 7}, {"a": None}, {}]


def test_reading_leaves_garbage_collection_as_it_was(path: Path) -> None:
    for _ in read_event_parquet(path):
        assert gc.isenabled()
    gc.disable()
    try:
        list(read_event_parquet(path))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"id": ["1"]}), path)
    with pytest.raises(FestoonError) as caught:
        list(read_event_parquet(path))
    assert caught.value.code == "file.column_missing"


def test_data_that_is_no_json_stops_the_reading_after_what_came_before(path: Path) -> None:
    table = pq.read_table(path)
    broken = table.set_column(5, EVENT_SCHEMA.field("data"), pa.array(["{}"] * 20 + ["{"] * 5))
    pq.write_table(broken, path)
    read = 0
    with pytest.raises(FestoonError) as caught:  # noqa: PT012 - how far it gets is the point
        for batch in read_event_parquet(path, 10):
            read += len(batch)
    assert (caught.value.code, caught.value.data["events"], read) == ("file.damaged", 20, 20)


def test_a_file_that_is_cut_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FestoonError) as caught:
        list(read_event_parquet(path))
    assert caught.value.code == "file.cut_off"
