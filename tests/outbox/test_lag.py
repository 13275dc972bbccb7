"""The lag: what waits, for how long, and who holds it back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from festoon.outbox import lag
from festoon.outbox.lag import Holder, Lag
from festoon.outbox.relay import sound
from festoon.store.pool import connect
from tests.outbox.writing import relay_all, write


@pytest_asyncio.fixture
async def writer(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()


async def test_rows_wait_until_they_are_relayed(
    database: str, writer: asyncpg.Connection, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    await write(writer, 5, now=now - timedelta(seconds=90))
    await write(writer, 5, now=now)
    behind = await lag.measure(writer)
    assert (behind.rows, behind.ranges) == (10, 1)
    assert 90 <= behind.seconds < 3600
    await relay_all(database, tmp_path)
    after = await lag.measure(writer)
    assert (after.rows, after.ranges, after.seconds) == (0, 0, 0.0)


async def test_a_rehearsal_is_years_behind_the_wall_and_not_late(writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE installation SET mode = 'rehearsal'")
    await write(writer, now=datetime(2017, 3, 1, tzinfo=UTC))
    behind = await lag.measure(writer)
    assert (behind.rows, behind.seconds) == (1, 0.0)


async def test_whoever_holds_everything_back_is_named(
    database: str, writer: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lag, "OLD_SECONDS", 0.0)
    old = await connect(database)
    held = old.transaction()
    await held.start()
    await write(old)
    pid = old.get_server_pid()
    mine = [holder for holder in (await lag.measure(writer)).holders if holder.pid == pid]
    assert [(holder.name, holder.state) for holder in mine] == [("festoon", "idle in transaction")]
    await held.rollback()
    await old.close()
    assert pid not in [holder.pid for holder in (await lag.measure(writer)).holders]


def test_being_late_and_being_held_back_are_said() -> None:
    late = Lag(7, 1, 75.2, (Holder(4321, "psql", "idle in transaction", 300.4),))
    with capture_logs() as said:
        sound(late)
        sound(Lag(7, 1, 3.0, ()))
    assert said == [
        {"event": "relay.lags", "log_level": "warning", "rows": 7, "ranges": 1, "seconds": 75},
        {
            "event": "relay.held_back", "log_level": "warning", "pid": 4321, "name": "psql",
            "state": "idle in transaction", "seconds": 300,
        },
    ]  # fmt: skip
    assert late.held_seconds == 300.4
