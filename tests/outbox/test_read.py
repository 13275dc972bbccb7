"""Reading the facts: whole ranges only, and the right columns before there is anything."""

from pathlib import Path

from festoon.outbox.read import facts
from festoon.outbox.schemas import SCHEMAS
from festoon.store.pool import connect
from tests.outbox.writing import GAVE, MOVED, relay_all, write


def test_facts_that_are_not_there_yet_are_empty_tables(tmp_path: Path) -> None:
    known = facts(tmp_path / "nowhere")
    assert {kind: known.table(kind).to_pyarrow().num_rows for kind in SCHEMAS} == dict.fromkeys(SCHEMAS, 0)
    for kind, schema in SCHEMAS.items():
        assert known.table(kind).schema().to_pyarrow().names == schema.names


async def test_columns_are_the_same_with_and_without_rows(database: str, tmp_path: Path) -> None:
    connection = await connect(database)
    order = {"order": "o1", "lines": [{"line": "1", "amount": 5}]}
    await write(connection, 2, type="order.paid", data=order, transfers=MOVED)
    await connection.close()
    await relay_all(database, tmp_path / "full")
    empty, full = facts(tmp_path / "empty"), facts(tmp_path / "full")
    for kind in SCHEMAS:
        assert empty.table(kind).schema() == full.table(kind).schema()
        assert full.table(kind).count().to_pyarrow().as_py() > 0


async def test_what_is_not_whole_yet_is_not_seen(database: str, tmp_path: Path) -> None:
    connection = await connect(database)
    await write(connection, 2, outcome=GAVE, transfers=MOVED)
    await relay_all(database, tmp_path)
    await write(connection, 3, outcome=GAVE, transfers=MOVED)
    await connection.close()
    await relay_all(database, tmp_path)
    # As it is while the second range is written: all of its files have their names, but that of the events.
    last = max((tmp_path / "events").iterdir())
    last.rename(last.with_name(last.name + ".17.tmp"))
    known = facts(tmp_path)
    assert [len(known.ranges), known.events.count().to_pyarrow().as_py()] == [1, 2]
    assert known.outcomes.seq.nunique().to_pyarrow().as_py() == 2
    assert known.transfers.count().to_pyarrow().as_py() == 4


async def test_calendar_functions_count_in_utc(database: str, tmp_path: Path) -> None:
    connection = await connect(database)
    await write(connection)
    await connection.close()
    await relay_all(database, tmp_path)
    events = facts(tmp_path).events
    assert events.select(hour=events.time.hour()).to_pyarrow()["hour"].to_pylist() == [4]
