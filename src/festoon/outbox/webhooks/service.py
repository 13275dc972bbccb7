"""Webhooks as a worker runs them: tell what was committed, send what is due, forget what is long over."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import asyncpg
import structlog
from msgspec import Struct

from festoon.base.errors import FestoonError
from festoon.outbox.webhooks.addresses import OPEN_INTERNET, Allowed
from festoon.outbox.webhooks.deliverer import Deliverer
from festoon.outbox.webhooks.deliveries import forget
from festoon.outbox.webhooks.sending import Sender
from festoon.outbox.webhooks.telling import Teller
from festoon.store.pool import GONE, lent, open_pool

PACE_SECONDS = 1.0
RETRY_SECONDS = 5.0
KEEP = timedelta(days=30)
"""How long it can be seen what was sent, and sent again."""
FORGET_EVERY = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Worked(Struct, frozen=True):
    """What one pass did: messages told, attempts made."""

    told: int
    attempts: int


class Webhooks:
    """Tells and delivers for the database at `dsn`. Of any number that run, one tells; all deliver."""

    def __init__(
        self,
        dsn: str,
        clock: Callable[[], datetime],
        allowed: Allowed = OPEN_INTERNET,
        *,
        dice: Callable[[], float] = random.random,
        pace: float = PACE_SECONDS,
    ) -> None:
        self._dsn = dsn
        self._clock = clock
        self._allowed = allowed
        self._dice = dice
        self._pace = pace
        self._teller = Teller()
        self._forgotten: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. Whatever fails is said, and tried again."""
        while not stop.is_set():
            try:
                async with self._open() as (pool, deliverer):
                    while not stop.is_set():
                        async with lent(pool) as connection:
                            await self._tell(connection)
                        begun = await deliverer.start_due()
                        await _pause(stop, 0.0 if begun else self._pace, deliverer.under_way)
                    await asyncio.gather(*deliverer.under_way, return_exceptions=True)
            except (*GONE, asyncpg.PostgresError) as error:
                log.warning("webhooks.store_gone", reason=str(error))
                await _pause(stop, RETRY_SECONDS, [])
            except FestoonError as error:
                log.warning(error.code, text=error.text(), todo=error.todo(), **error.data)
                await _pause(stop, RETRY_SECONDS, [])

    async def run_once(self) -> Worked:
        """Tell all that can be told now, and send all that is due."""
        async with self._open() as (pool, deliverer):
            async with lent(pool) as connection:
                told = await self._tell(connection)
            return Worked(told, await deliverer.send_due())

    async def _tell(self, connection: asyncpg.Connection) -> int:
        now = self._clock()
        if self._forgotten is None or now - self._forgotten >= FORGET_EVERY:
            await forget(connection, now - KEEP)
            self._forgotten = now
        return await self._teller.tell(connection, now)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[tuple[asyncpg.Pool, Deliverer]]:
        sender = Sender(self._allowed)
        async with await open_pool(self._dsn, min_size=1, max_size=4) as pool:
            deliverer = Deliverer(pool, sender, self._clock, self._dice, time.monotonic)
            try:
                yield pool, deliverer
            finally:
                for task in deliverer.under_way:
                    task.cancel()
                await asyncio.gather(*deliverer.under_way, return_exceptions=True)
                await sender.close()


async def _pause(stop: asyncio.Event, seconds: float, under_way: list[asyncio.Task[None]]) -> None:
    """Until it is time, or a place has become free, or the end. What failed on its way out is raised."""
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait(
            [stopping, *under_way], timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        stopping.cancel()
        with suppress(asyncio.CancelledError):
            await stopping
    for task in done:
        if task is not stopping:
            task.result()
