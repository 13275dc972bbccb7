"""The relay: whatever was committed is in the facts once, however transactions overlapped."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from festoon.base.errors import Conflict
from festoon.outbox.read import facts
from festoon.outbox.relay import Relay
from festoon.store.pool import connect
from tests.live import HEAD, Platform, event, order
from tests.outbox.writing import GAVE, MOVED, contents, numbers, relay_all, table, until, write

PLAN = (
    HEAD
    + """
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 10}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
"""
)


@pytest_asyncio.fixture
async def writer(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()


async def ranges_of(connection: asyncpg.Connection) -> list[tuple[int, int, bool]]:
    rows = await connection.fetch(
        "SELECT low, high, done IS NOT NULL FROM relay_range ORDER BY generation, low"
    )
    return [tuple(row) for row in rows]


async def test_what_the_engine_decided_is_in_the_facts(database: str, tmp_path: Path) -> None:
    platform = await Platform.open(database, PLAN)
    registered = event("member.registered", "ann")
    await platform.outcomes(
        registered, registered, event("member.registered", "ben"), order("ann", 500, "o1")
    )
    await platform.close()
    await relay_all(database, tmp_path)
    known = facts(tmp_path)
    given = known.outcomes.filter(known.outcomes.what == "given").order_by("seq").to_pyarrow()
    assert known.events.count().to_pyarrow().as_py() == 3
    assert given["amount"].to_pylist() == [100, 100, 5]
    assert given["mechanic"].to_pylist() == ["signup", "signup", "spend"]
    # For every asset, what is taken from accounts is what is put into others, the plan's own funds included.
    transfers = table(tmp_path, "transfers")
    assert set(transfers["why"].to_pylist()) == {"spring@1", "spring/signup", "spring/spend"}
    assert transfers.filter(transfers["seq"].combine_chunks().is_valid()).num_rows == 1 + 3 * 2


async def test_a_row_behind_a_transaction_that_is_still_open_is_not_lost(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    late = await connect(database)
    held = late.transaction()
    await held.start()
    [first] = await write(late)
    [second] = await write(writer)
    assert first < second
    relayed = await Relay(database, tmp_path).run_once()
    assert (relayed.rows, relayed.caught_up) == (0, False)
    [third] = await write(late)
    await held.commit()
    await late.close()
    assert await relay_all(database, tmp_path) == 3
    assert numbers(tmp_path) == [first, second, third]


async def test_a_row_of_a_transaction_that_ends_after_later_ones_were_relayed_is_not_lost(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    [first] = await write(writer)
    await relay_all(database, tmp_path)
    late = await connect(database)
    # It waits for as long as the transactions of other tests hold the relay back.
    await late.execute("SET idle_in_transaction_session_timeout = 0")
    # A number, and no transaction id yet: what is read by numbers alone would skip it. It is taken before: within the
    # transaction it would bring an id with it after a checkpoint, when numbers go to the log, and hold the relay up.
    taken = await late.fetchval("SELECT nextval('event_seq')")
    held = late.transaction()
    await held.start()
    [second] = await write(writer)
    await relay_all(database, tmp_path)
    await late.execute(
        """INSERT INTO event (seq, member_id, key, hash, source, id, type, time, now, data, outcome)
           SELECT $1, 9, 'late', hash, source, id, type, time, now, data, outcome FROM event LIMIT 1""",
        taken,
    )
    await held.commit()
    await late.close()
    await relay_all(database, tmp_path)
    assert first < taken < second
    assert numbers(tmp_path) == [first, taken, second]


async def test_nothing_new_means_no_range_and_no_file(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    assert await relay_all(database, tmp_path) == 0
    assert (await ranges_of(writer), contents(tmp_path)) == ([], {})
    await write(writer, 3)
    await relay_all(database, tmp_path)
    before = contents(tmp_path), await ranges_of(writer)
    assert await relay_all(database, tmp_path) == 0
    assert (contents(tmp_path), await ranges_of(writer)) == before


async def test_ranges_hold_so_many_rows_and_never_a_part_of_a_transaction(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    for _ in range(6):
        await write(writer, 4)
    await write(writer, 25)
    await relay_all(database, tmp_path, cap=10)
    sizes = await writer.fetch("SELECT rows FROM relay_range ORDER BY low")
    assert [row["rows"] for row in sizes] == [12, 8, 29]
    found = await ranges_of(writer)
    assert [low for low, _, _ in found] == [0, *(high for _, high, _ in found[:-1])]


async def test_a_range_that_was_recorded_and_not_finished_is_read_again_to_the_same_bytes(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    order = {"order": "o1", "lines": [{"line": "1", "amount": 5}]}
    await write(writer, 40, type="order.paid", data=order, outcome=GAVE, transfers=MOVED)
    await relay_all(database, tmp_path)
    before = contents(tmp_path)
    assert len(before) == 4
    await writer.execute("UPDATE relay_range SET done = NULL, rows = NULL, digest = NULL, chain = NULL")
    [(low, high, _)] = await ranges_of(writer)
    await write(writer, 2)
    for name in before:
        (tmp_path / name).unlink()
    (tmp_path / "events" / "left.parquet.17.tmp").write_bytes(b"half")
    await relay_all(database, tmp_path)
    after = contents(tmp_path)
    assert {name: made for name, made in after.items() if name in before} == before
    assert not [name for name in after if name.endswith(".tmp")]
    assert (await ranges_of(writer))[0] == (low, high, True)
    assert len(numbers(tmp_path)) == 42


async def test_only_one_relays_and_the_other_is_told_who(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(database, tmp_path, pace=0.05).run(stop))
    await write(writer)
    await until(lambda: len(numbers(tmp_path)) == 1)
    with pytest.raises(Conflict) as told:
        await Relay(database, tmp_path).run_once()
    holder = await writer.fetchval(
        """SELECT pid FROM pg_stat_activity
           WHERE application_name = 'festoon relay' AND datname = current_database()"""
    )
    assert (told.value.code, told.value.data["pid"]) == ("relay.runs_already", holder)
    stop.set()
    await running
    assert (await Relay(database, tmp_path).run_once()).rows == 0


async def cut(connection: asyncpg.Connection) -> int:
    """End the relay's session, whatever it is about. Returns 0 when it has none."""
    ended: int = await connection.fetchval(
        """SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
           WHERE application_name = 'festoon relay' AND datname = current_database()"""
    )
    return ended


async def test_a_relay_whose_connection_is_cut_at_any_moment_goes_on(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(database, tmp_path, pace=0.05).run(stop))
    await write(writer)
    for rows in range(1, 6):
        await until(lambda: running.done() or len(numbers(tmp_path)) == rows)  # noqa: B023
        await asyncio.sleep(0.005 * rows)
        await write(writer)
        await cut(writer)
    await until(lambda: running.done() or len(numbers(tmp_path)) == 6)
    stop.set()
    await running
    assert len(numbers(tmp_path)) == 6


async def test_a_directory_with_another_databases_facts_is_refused(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    await write(writer)
    stray = tmp_path / "events" / f"g0000-{5:019d}-{9:019d}.parquet"
    stray.parent.mkdir()
    stray.touch()
    with pytest.raises(Conflict) as told:
        await Relay(database, tmp_path).run_once()
    assert (told.value.code, told.value.data["first"]) == ("facts.stray_files", stray.stem)
    assert await ranges_of(writer) == []


async def test_a_directory_that_lacks_what_was_written_is_refused(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    await write(writer)
    await relay_all(database, tmp_path / "one")
    with pytest.raises(Conflict) as told:
        await Relay(database, tmp_path / "other").run_once()
    assert told.value.code == "facts.lost_files"
