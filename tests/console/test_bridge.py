"""From a view's thread to the loop: a page that takes too long is given up, a file out of the journal is waited for."""

import asyncio

import asyncpg
import pytest

from festoon.api.sides import Inside
from festoon.base.errors import Unavailable
from festoon.console.bridge import Bridge
from festoon.store.pool import open_pool


async def slow(connection: asyncpg.Connection) -> str:
    told: str = await connection.fetchval("SELECT 'there' FROM pg_sleep(0.4)")
    return told


async def test_only_who_says_so_is_waited_for_longer(database: str) -> None:
    inside: Inside = None  # type: ignore[assignment]  # nothing of it is asked for
    async with await open_pool(database) as pool:
        bridge = Bridge(inside, pool, asyncio.get_running_loop(), rehearsal=False, seconds=0.05)
        with pytest.raises(Unavailable, match="store"):
            await asyncio.to_thread(bridge.ask, slow)
        assert await asyncio.to_thread(bridge.patient(30.0).ask, slow) == "there"
