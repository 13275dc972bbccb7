"""Starts a process for every job that waits, so many at once, and notices those that died."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import asyncpg
import msgspec
import structlog

from festoon.insight.jobs import steps
from festoon.insight.jobs.jobs import WORKER
from festoon.insight.jobs.process import SETTINGS, Settings
from festoon.store.pool import GONE, connect

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
PROCESS = "festoon.insight.jobs.process"
Process = asyncio.subprocess.Process


class Runner:
    """Runs jobs on a database, at most `settings.most` at once however many runners there are; 0 is none."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._processes: list[Process] = []

    @property
    def processes(self) -> list[int]:
        """The ids of the processes that run."""
        return [each.pid for each in self._processes if each.returncode is None]

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until `stop` is set; what runs then is told to stop, and waits again."""
        try:
            while self._settings.most and not stop.is_set():
                try:
                    await self._while_connected(stop)
                except (*GONE, asyncpg.PostgresError) as error:
                    log.warning("job.store_gone", reason=str(error))
                    await _pause(stop)
        finally:
            await self._end()

    async def run_once(self) -> None:
        """Run everything that waits, and come back when it is over."""
        connection = await connect(self._settings.dsn)
        try:
            while True:
                await self._look(connection)
                if not self._processes:
                    return
                await self._processes[0].wait()
        finally:
            await connection.close()

    async def _while_connected(self, stop: asyncio.Event) -> None:
        connection = await connect(self._settings.dsn)
        try:
            await connection.execute("SELECT pg_advisory_lock_shared($1)", WORKER)
            while not stop.is_set():
                await self._look(connection)
                await _pause(stop)
        finally:
            await connection.close()

    async def _look(self, connection: asyncpg.Connection) -> None:
        self._processes = [each for each in self._processes if each.returncode is None]
        for number in await steps.bury(connection, self._now()):
            log.warning("job.died", number=number)
        room = len(self._processes) < self._settings.most
        if room and await steps.waiting(connection, self._settings.most):
            self._processes.append(await self._start())

    async def _start(self) -> Process:
        environment = os.environ | {SETTINGS: msgspec.json.encode(self._settings, enc_hook=str).decode()}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", PROCESS, env=environment, stdin=asyncio.subprocess.DEVNULL
        )

    async def _end(self) -> None:
        for each in self._processes:
            with suppress(ProcessLookupError):
                each.terminate()
        for each in self._processes:
            await each.wait()


async def _pause(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
