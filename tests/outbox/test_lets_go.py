"""A relay that is done lets go at once: whoever relays next need not wait for its session to end."""

from pathlib import Path

from festoon.outbox.relay import LOCK, Relay
from festoon.store.pool import connect


async def test_the_next_relay_may_begin_as_soon_as_one_has_ended(database: str, tmp_path: Path) -> None:
    connection = await connect(database)
    for _ in range(20):
        await Relay(database, tmp_path).run_once()
        assert await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK)
        await connection.execute("SELECT pg_advisory_unlock_all()")
    await connection.close()
