"""The relay's lag among the measures. The relay runs elsewhere: it is read from the database when it is asked for."""

import asyncio
from math import nan

import asyncpg

from festoon.intake.measures import RELAY_HELD, RELAY_RANGES, RELAY_ROWS, RELAY_SECONDS
from festoon.outbox.lag import measure
from festoon.store.pool import GONE, lent

FRESH_SECONDS = 10.0
"""A measurement counts the waiting rows, so it serves everybody who asks within this time."""
PATIENCE_SECONDS = 3.0


class RelayLag:
    """Keeps the gauges of the relay as fresh as that. What could not be read is NaN until it was read once, and stays
    what it was after that: a lag that takes too long to measure has not become shorter."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._until = 0.0
        for gauge in (RELAY_ROWS, RELAY_SECONDS, RELAY_RANGES, RELAY_HELD):
            gauge.set(nan)

    async def refresh(self) -> None:
        """Measure again, unless that was done just now."""
        now = asyncio.get_running_loop().time()
        if now < self._until:
            return
        self._until = now + FRESH_SECONDS
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), lent(self._pool) as connection:
                lag = await measure(connection)
        except GONE:
            return
        RELAY_ROWS.set(lag.rows)
        RELAY_SECONDS.set(lag.seconds)
        RELAY_RANGES.set(lag.ranges)
        RELAY_HELD.set(lag.held_seconds)
