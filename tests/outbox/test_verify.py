"""The proof that the facts are the journal, and what it finds when they are not."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import pytest_asyncio

from festoon.outbox import facts
from festoon.outbox.ranges import START, head, link
from festoon.outbox.verify import Finding, findings
from festoon.store.pool import connect
from tests.outbox.writing import MOVED, relay_all, write


@pytest_asyncio.fixture
async def writer(database: str, tmp_path: Path) -> AsyncIterator[asyncpg.Connection]:
    """Three ranges of four events each, relayed."""
    connection = await connect(database)
    for _ in range(3):
        await write(connection, 4, transfers=MOVED)
        await relay_all(database, tmp_path)
    yield connection
    await connection.close()


async def found(writer: asyncpg.Connection, directory: Path) -> list[Finding]:
    return [finding async for finding in findings(writer, directory)]


def names(directory: Path) -> list[str]:
    return facts.names(directory)


async def test_facts_that_are_the_journal_pass(writer: asyncpg.Connection, tmp_path: Path) -> None:
    rows: list[int] = []
    assert [one async for one in findings(writer, tmp_path, rows.append)] == []
    assert sum(rows) == 12
    # What waits for the relay is no finding.
    await write(writer)
    assert await found(writer, tmp_path) == []


async def test_the_chain_is_made_of_the_files_alone(writer: asyncpg.Connection, tmp_path: Path) -> None:
    chain = START
    for name in names(tmp_path):
        chain = link(chain, facts.digest(tmp_path, name) or "")
    assert chain == await head(writer) != START


async def test_a_changed_byte_is_found(writer: asyncpg.Connection, tmp_path: Path) -> None:
    name = names(tmp_path)[1]
    file = tmp_path / "events" / f"{name}.parquet"
    made = bytearray(file.read_bytes())
    made[len(made) // 2] ^= 1
    file.write_bytes(made)
    assert Finding("digest", name) in await found(writer, tmp_path)


def _without_one(events: "pq.Table") -> "pq.Table":
    return events.slice(1)


def _one_twice(events: "pq.Table") -> "pq.Table":
    return events.take([0, 0, 1, 2, 3])


def _another_member(events: "pq.Table") -> "pq.Table":
    place = events.schema.get_field_index("member")
    return events.set_column(place, events.field(place), pc.add(events["member"], 1))


@pytest.mark.parametrize("change", [_without_one, _one_twice, _another_member])
async def test_rows_that_are_not_the_journals_are_found_though_digest_and_chain_were_mended(
    writer: asyncpg.Connection, tmp_path: Path, change: "Callable[[pq.Table], pq.Table]"
) -> None:
    name = names(tmp_path)[2]
    file = tmp_path / "events" / f"{name}.parquet"
    pq.write_table(change(pq.read_table(file)), file)
    digest = facts.digest(tmp_path, name)
    before = await writer.fetchval("SELECT chain FROM relay_range ORDER BY low DESC OFFSET 1 LIMIT 1")
    await writer.execute(
        "UPDATE relay_range SET digest = $1, chain = $2 WHERE low = (SELECT max(low) FROM relay_range)",
        digest,
        link(before, digest or ""),
    )
    assert await found(writer, tmp_path) == [Finding("rows", name, "events")]


async def test_a_file_that_is_gone_is_found(writer: asyncpg.Connection, tmp_path: Path) -> None:
    first, second, _ = names(tmp_path)
    for kind in ("events", "outcomes", "transfers"):
        (tmp_path / kind / f"{first}.parquet").unlink()
    (tmp_path / "transfers" / f"{second}.parquet").unlink()
    assert await found(writer, tmp_path) == [
        Finding("missing", first),
        Finding("digest", second),
        Finding("rows", second, "transfers"),
    ]


async def test_a_file_too_many_is_found(writer: asyncpg.Connection, tmp_path: Path) -> None:
    stray = f"g0000-{1:019d}-{2:019d}"
    (tmp_path / "events" / f"{stray}.parquet").touch()
    assert await found(writer, tmp_path) == [Finding("stray", stray)]


async def test_a_range_left_out_is_found(writer: asyncpg.Connection, tmp_path: Path) -> None:
    first, second, third = names(tmp_path)
    await writer.execute("DELETE FROM relay_range WHERE low = 0")
    assert await found(writer, tmp_path) == [
        Finding("stray", first),
        Finding("gap", second),
        Finding("chain", second),
    ]
    assert third in names(tmp_path)


async def test_a_link_that_does_not_follow_is_found(writer: asyncpg.Connection, tmp_path: Path) -> None:
    await writer.execute("UPDATE relay_range SET chain = md5('x') || md5('y') WHERE low = 0")
    first, second, _ = names(tmp_path)
    assert await found(writer, tmp_path) == [Finding("chain", first), Finding("chain", second)]
