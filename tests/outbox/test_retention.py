"""Dropping what nobody needs: never before it is in the facts, and the books balance afterwards."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from festoon.outbox import retention
from festoon.outbox.retention import Retention, drop_partitions
from festoon.outbox.verify import findings
from festoon.outbox.webhooks.endpoints import Wanted, make, switch_off
from festoon.store.pool import connect
from tests.live import HEAD, NOW, Platform, event, order
from tests.outbox.writing import numbers, relay_all

PLAN = (
    HEAD.replace("1000", "1000000")
    + """
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 10}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 1000}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
"""
)
PARTITION = 1000
LATER = NOW + timedelta(days=1)


@pytest_asyncio.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    """A small journal of two full partitions and a bit, with holds and lots in it."""
    small = await connect(database)
    await small.execute("UPDATE installation SET partition_rows = $1", PARTITION)
    await small.execute("DROP TABLE event_000000, event_000001; SELECT journal_extend(3)")
    await small.close()
    platform = await Platform.open(database, PLAN)
    members = [f"m{number}" for number in range(40)]
    await platform.outcomes(*(event("member.registered", name) for name in members))
    await platform.outcomes(
        *(event("hold.placed", name, hold=f"h-{name}", asset="points", amount=70) for name in members[:20])
    )
    for first in range(0, 2100, 700):
        await platform.outcomes(
            *(order(members[number % 40], 300 + number, f"o{number}") for number in range(first, first + 700))
        )
    yield platform
    await platform.close()


async def test_what_a_webhook_has_yet_to_be_told_of_stays(platform: Platform, tmp_path: Path) -> None:
    connection = await connect(platform.dsn)
    made, _ = await make(connection, Wanted("https://shop.example/"), "lin", NOW, bytes)
    await connection.execute("UPDATE webhook_endpoint SET position = 0")
    await relay_all(platform.dsn, tmp_path)
    assert await drop_partitions(connection, LATER) == []
    await switch_off(connection, made.id, "lin", NOW)
    assert await drop_partitions(connection, LATER) == ["event_000000", "event_000001"]
    await connection.close()


async def kept(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        """SELECT inhrelid::regclass::text AS name FROM pg_inherits
           WHERE inhparent = 'event'::regclass ORDER BY name"""
    )
    return [row["name"] for row in rows]


async def test_the_books_balance_after_partitions_were_dropped(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    await relay_all(database, tmp_path)
    before = await platform.audit()
    dropped = await drop_partitions(platform.connection, LATER)
    assert dropped == ["event_000000", "event_000001"]
    after = await platform.audit()
    assert after.accounts == before.accounts
    assert after.transfers < before.transfers / 10
    holders = await platform.connection.fetch("SELECT holder FROM journal_opening WHERE asset = 'points'")
    assert {"issuer", "1@", "1@held"} <= {row["holder"] for row in holders}


async def test_dropping_a_second_time_adds_to_the_opening_sums(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    await relay_all(database, tmp_path)
    await drop_partitions(platform.connection, LATER)
    for first in range(0, 1400, 700):
        await platform.outcomes(*(order(f"m{n % 40}", 500, f"p{first + n}") for n in range(700)))
    await relay_all(database, tmp_path)
    assert await drop_partitions(platform.connection, LATER) == ["event_000002"]
    await platform.audit()
    await platform.outcomes(event("hold.released", "m1", hold="h-m1"))
    await platform.audit()


async def test_facts_keep_what_was_dropped_and_still_verify(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    await relay_all(database, tmp_path, cap=300)
    every = numbers(tmp_path)
    await drop_partitions(platform.connection, LATER)
    left = await platform.connection.fetchval("SELECT count(*) FROM event")
    assert (len(every), left) == (2160, 2160 - 1999)
    assert numbers(tmp_path) == every
    assert [one async for one in findings(platform.connection, tmp_path)] == []


async def test_what_is_not_in_the_facts_stays(platform: Platform, database: str, tmp_path: Path) -> None:
    assert await drop_partitions(platform.connection, LATER) == []
    await relay_all(database, tmp_path, cap=300)
    # The last range, of event 1,461 and those after it, is not finished yet.
    await platform.connection.execute(
        """UPDATE relay_range SET done = NULL, digest = NULL, chain = NULL
           WHERE low = (SELECT max(low) FROM relay_range)"""
    )
    assert await drop_partitions(platform.connection, LATER) == ["event_000000"]
    assert await kept(platform.connection) == ["event_000001", "event_000002"]


async def test_what_may_still_be_sent_again_stays(platform: Platform, database: str, tmp_path: Path) -> None:
    await relay_all(database, tmp_path)
    assert await drop_partitions(platform.connection, NOW) == []
    assert await kept(platform.connection) == ["event_000000", "event_000001", "event_000002"]


async def test_after_a_move_nothing_goes_before_the_relay_has_looked(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    await relay_all(database, tmp_path)
    await platform.connection.execute("UPDATE relay_generation SET cluster = 4711")
    assert await drop_partitions(platform.connection, LATER) == []
    await relay_all(database, tmp_path)
    assert len(await drop_partitions(platform.connection, LATER)) == 2


KEEP = timedelta(days=40)
PAST_IT = NOW + KEEP + timedelta(hours=1)


async def dropped(database: str, now: datetime) -> list[str]:
    return await Retention(database, KEEP, lambda: now).run_once()


async def test_a_partition_goes_when_the_window_has_passed_and_it_is_said(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    await relay_all(database, tmp_path)
    assert await dropped(database, NOW + KEEP) == []
    with capture_logs() as said:
        assert await dropped(database, PAST_IT) == ["event_000000", "event_000001"]
    assert [(line["event"], line["partition"]) for line in said] == [
        ("retention.dropped", "event_000000"),
        ("retention.dropped", "event_000001"),
    ]
    await platform.audit()


async def test_a_rehearsal_is_kept_whole(platform: Platform, database: str, tmp_path: Path) -> None:
    await relay_all(database, tmp_path)
    await platform.connection.execute("UPDATE installation SET mode = 'rehearsal'")
    assert await dropped(database, PAST_IT) == []


async def test_plays_stay_until_their_seed_was_revealed_and_as_long_again(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    await relay_all(database, tmp_path)
    await platform.connection.execute(
        """INSERT INTO draw_epoch (campaign, mechanic, name, opens, closes, commitment, seed)
           VALUES ('spring', 'lucky-draw', 'campaign', $1, $2, '', '')""",
        NOW - timedelta(days=1),
        NOW + timedelta(days=20),
    )
    with capture_logs() as said:
        assert await dropped(database, PAST_IT) == []
    assert [(line["event"], line["mechanic"]) for line in said] == [("retention.kept_for_draw", "lucky-draw")]
    await platform.connection.execute("UPDATE draw_epoch SET revealed = $1", NOW + timedelta(days=21))
    assert await dropped(database, PAST_IT) == []
    assert len(await dropped(database, PAST_IT + timedelta(days=21))) == 2


async def test_one_process_drops_at_a_time(platform: Platform, database: str, tmp_path: Path) -> None:
    await relay_all(database, tmp_path)
    await platform.connection.execute("SELECT pg_advisory_lock($1)", retention.LOCK)
    assert await dropped(database, PAST_IT) == []
    await platform.connection.execute("SELECT pg_advisory_unlock($1)", retention.LOCK)
    assert len(await dropped(database, PAST_IT)) == 2


async def test_a_busy_journal_is_tried_again(
    platform: Platform, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await relay_all(database, tmp_path)
    monkeypatch.setattr(retention, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(retention, "BUSY_SECONDS", 0.01)
    stop, looked = asyncio.Event(), asyncio.Semaphore(0)

    def now() -> datetime:
        looked.release()
        return PAST_IT

    with capture_logs() as said:
        async with platform.connection.transaction():
            await platform.connection.execute("LOCK TABLE event_000000 IN ROW EXCLUSIVE MODE")
            running = asyncio.create_task(Retention(database, KEEP, now).run(stop))
            await looked.acquire()
            await looked.acquire()  # it looks a second time, so the first was in vain
        stop.set()
        await running
    assert said[0]["event"] == "retention.journal_busy"
    await dropped(database, PAST_IT)
    assert await kept(platform.connection) == ["event_000002"]
    await platform.audit()
