"""Looks for what is wrong once a minute, so that it is known since when it has been so."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import asyncpg
import structlog

from festoon.base.errors import FestoonError
from festoon.engine.reload import load_program
from festoon.insight.alerts.alert import Alert
from festoon.insight.alerts.alerts import alerts
from festoon.store.pool import GONE, connect

log = structlog.get_logger(__name__)
EVERY_SECONDS = 60.0


class AlertKeeper:
    """One of any number of workers notes; that the others look too does no harm."""

    def __init__(self, dsn: str, now: Callable[[], datetime]) -> None:
        self._dsn = dsn
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set. Whatever fails is said, and tried again."""
        while not stop.is_set():
            try:
                await self.run_once()
            except (*GONE, asyncpg.PostgresError, FestoonError) as error:
                log.warning("alerts.wait", reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)

    async def run_once(self) -> list[Alert]:
        """Look once."""
        connection = await connect(self._dsn)
        try:
            return await alerts(connection, await load_program(connection), self._now())
        finally:
            await connection.close()
