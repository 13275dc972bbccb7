"""A database that was moved to another cluster: every row is relayed once, wherever its ids start.

A dump is restored here the way it looks afterwards: rows that say they were written by transactions this
cluster has never had, numbers that go on after the last of them, and a relay that was far ahead.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from festoon.base.errors import Conflict
from festoon.outbox.read import facts
from festoon.store.pool import connect
from tests.outbox.writing import contents, numbers, relay_all, write

AHEAD = 10_000_000_000
ELSEWHERE = 4711


@pytest_asyncio.fixture
async def writer(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()


async def restore(writer: asyncpg.Connection, rows: int) -> list[int]:
    """Rows as a dump brings them: from four to a transaction, of a cluster that was far ahead of this one."""
    made = await writer.fetch(
        """INSERT INTO event (xid, member_id, key, hash, source, id, type, time, now, data, outcome)
           SELECT $1 + n / 4, 7, int8send(n), '\\x00', 'shop', 'r' || n, 'content.published', now(), now(),
                  '{}', '{"status":"accepted"}'
           FROM generate_series(1, $2::bigint) AS n RETURNING seq""",
        AHEAD,
        rows,
    )
    return [row["seq"] for row in made]


async def moved(writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE relay_generation SET cluster = $1", ELSEWHERE)


async def generations(writer: asyncpg.Connection) -> list[tuple[int, int]]:
    rows = await writer.fetch("SELECT generation, event_after FROM relay_generation ORDER BY generation")
    return [(row["generation"], row["event_after"]) for row in rows]


async def test_ids_that_start_low_open_a_generation_and_lose_nothing(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    restored = await restore(writer, 20)
    await writer.execute("INSERT INTO relay_generation VALUES (0, $1, 0, 0)", ELSEWHERE)
    # Half of them had been relayed when the dump was taken.
    await writer.execute("INSERT INTO relay_range (generation, low, high) VALUES (0, 0, $1)", AHEAD + 3)
    new = await write(writer, 5)
    await relay_all(database, tmp_path)
    new += await write(writer, 5)
    await relay_all(database, tmp_path)
    assert await generations(writer) == [(0, 0), (1, restored[-1])]
    assert numbers(tmp_path) == restored + new
    assert [name[:5] for name in facts(tmp_path).ranges] == ["g0000", "g0000", "g0001", "g0001"]


async def test_a_cluster_that_has_caught_up_with_the_old_ids_before_the_relay_looks_loses_nothing(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    # The old cluster was young: its ids were below what this one has now, yet above what it had at first.
    mine = await writer.fetchval("SELECT pg_current_xact_id()::text::bigint")
    restored = await restore(writer, 20)
    new = await write(writer, 5)
    await writer.execute("DROP TRIGGER append_only ON event; DROP TRIGGER append_only ON event_000000")
    await writer.execute("UPDATE event SET xid = $1 WHERE xid >= $2", mine, AHEAD)
    await writer.execute("INSERT INTO relay_generation VALUES (0, $1, 0, 0)", ELSEWHERE)
    high = await writer.fetchval("SELECT pg_current_xact_id()::text::bigint")
    await writer.execute("INSERT INTO relay_range (generation, low, high) VALUES (0, 0, $1)", high)
    await relay_all(database, tmp_path)
    assert numbers(tmp_path) == restored + new


async def test_a_cluster_whose_ids_go_on_keeps_its_generation(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await write(writer, 5)
    await relay_all(database, tmp_path)
    await moved(writer)
    after = await write(writer, 5)
    await relay_all(database, tmp_path)
    await relay_all(database, tmp_path)
    assert await generations(writer) == [(0, 0)]
    assert await writer.fetchval("SELECT cluster <> $1 FROM relay_generation", ELSEWHERE)
    assert numbers(tmp_path) == before + after


async def test_a_journal_restored_before_it_was_ever_relayed_is_relayed_whole(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    restored = await restore(writer, 20)
    new = await write(writer, 5)
    await relay_all(database, tmp_path)
    assert await generations(writer) == [(0, 0), (1, restored[-1])]
    assert numbers(tmp_path) == restored + new


async def test_ids_that_went_back_without_a_restore_are_refused(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    await write(writer, 5)
    await relay_all(database, tmp_path)
    await writer.execute("UPDATE relay_range SET high = $1", AHEAD)
    before = contents(tmp_path)
    with pytest.raises(Conflict) as told:
        await relay_all(database, tmp_path)
    assert (told.value.code, told.value.data["high"]) == ("relay.ids_went_back", AHEAD)
    assert contents(tmp_path) == before
