"""Looks for what is wrong once a minute, so that it is known since when it has been so."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from festoon.engine.reload import load_program
from festoon.insight.alerts.alert import Alert
from festoon.insight.alerts.alerts import alerts
from festoon.store.pool import connect
from festoon.store.repeating import repeat

log = structlog.get_logger(__name__)
EVERY_SECONDS = 60.0


class AlertKeeper:
    """One of any number of workers notes; that the others look too does no harm."""

    def __init__(self, dsn: str, now: Callable[[], datetime]) -> None:
        self._dsn = dsn
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set. Whatever fails is said, and tried again."""
        await repeat(
            self.run_once, stop, EVERY_SECONDS, lambda error: log.warning("alerts.wait", reason=str(error))
        )

    async def run_once(self) -> list[Alert]:
        """Look once."""
        connection = await connect(self._dsn)
        try:
            return await alerts(connection, await load_program(connection), self._now())
        finally:
            await connection.close()
