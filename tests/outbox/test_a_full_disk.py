"""No room for facts: the relay waits and says so, the journal goes on, and no half a file has a name.

The process may not write files beyond a size, which the kernel refuses just as it refuses a full disk.
"""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest_asyncio

from festoon.outbox.verify import findings
from festoon.store.pool import connect
from tests.outbox.writing import MOVED, contents, numbers, until, write

TINY = 2048


@pytest_asyncio.fixture
async def writer(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()


async def test_the_relay_waits_for_room_and_then_goes_on(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    first = await write(writer, 200, transfers=MOVED)
    relay = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "festoon.outbox", database, str(tmp_path), "--pace", "0.05",
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (TINY, resource.RLIM_INFINITY)),
    )  # fmt: skip
    assert relay.stdout is not None
    said = (await relay.stdout.readline()).decode()
    assert "facts.disk_full" in said
    assert "File too large" in said
    # Nothing has its name, nothing half written is left, and the journal takes events all the same.
    assert contents(tmp_path) == {}
    second = await write(writer, 5)
    [recorded] = await writer.fetch("SELECT low, high FROM relay_range WHERE done IS NULL")
    resource.prlimit(relay.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await until(lambda: len(numbers(tmp_path)) == 205)
    relay.terminate()
    await relay.communicate()
    assert relay.returncode == 0
    assert numbers(tmp_path) == first + second
    # What was recorded before the disk was full was read again, no more and no less.
    first_rows = await writer.fetchval(
        "SELECT rows FROM relay_range WHERE low = $1 AND high = $2", recorded["low"], recorded["high"]
    )
    assert first_rows == len(first)
    assert [finding async for finding in findings(writer, tmp_path)] == []
