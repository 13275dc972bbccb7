"""The process of one job: `python -m festoon.insight.jobs.process`, with its settings in the environment.

It takes up the job that has waited longest, runs it in a thread, and tells the database every second how far it is.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

import asyncpg
import msgspec
import structlog
from msgspec import Struct

from festoon.base.clock import wall
from festoon.base.collector import calm
from festoon.base.errors import FestoonError
from festoon.base.logs import log_as_json
from festoon.insight.backtests.work import backtest_job
from festoon.insight.benefits.asking import benefits_job
from festoon.insight.jobs import steps
from festoon.insight.jobs.jobs import FAILED
from festoon.insight.jobs.steps import Taken
from festoon.insight.jobs.task import Cancelled, Folders, Task, Work
from festoon.insight.reporting import report_job
from festoon.store.pool import connect

log = structlog.get_logger(__name__)

SETTINGS = "FESTOON_JOB"
"""The variable that holds `Settings` as JSON."""
TELL_SECONDS = 1.0
NICE = 10
"""It gives way to whoever serves on the same machine."""
KINDS: Mapping[str, Work] = {"backtest": backtest_job, "report": report_job, "benefits": benefits_job}


class Settings(Struct, frozen=True):
    """The database, where files are, and how many jobs may run at once."""

    dsn: str
    folders: Folders
    most: int


class Progress:
    """How far the thread is, for the loop that tells the database; and whether it should stop."""

    def __init__(self) -> None:
        self.done = 0
        self.expected = 0
        self.stopped = False

    def tell(self, done: int, expected: int) -> None:
        self.done, self.expected = done, expected
        if self.stopped:
            raise Cancelled


async def run(settings: Settings) -> None:
    """Run one job, if one waits."""
    connection = await connect(settings.dsn)
    try:
        taken = await steps.take(connection, settings.most, wall())
        if taken is not None:
            await _run(connection, settings, taken)
    finally:
        await connection.close()


async def _run(connection: asyncpg.Connection, settings: Settings, taken: Taken) -> None:
    progress, stop = Progress(), asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    task = Task(taken.number, taken.asked, settings.dsn, settings.folders, progress.tell)
    working = asyncio.create_task(asyncio.to_thread(KINDS[taken.kind], task))
    while not working.done():
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((working, stopping), timeout=TELL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set() and not working.done():
            await steps.give_back(connection, taken.number)
            leave()
        progress.stopped |= not await steps.under_way(
            connection, taken.number, progress.done, progress.expected
        )
    await _keep(connection, taken, working)


async def _keep(connection: asyncpg.Connection, taken: Taken, working: asyncio.Task[object]) -> None:
    try:
        result = msgspec.json.encode(working.result())
    except Cancelled:
        return
    except FestoonError as error:
        await steps.failed(connection, taken.number, error, wall())
    except Exception as error:
        log.exception("job.failed", number=taken.number, kind=taken.kind)
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:300]
        await steps.failed(connection, taken.number, FestoonError(FAILED, reason=reason), wall())
    else:
        await steps.done(connection, taken.number, result, wall())


def leave() -> None:
    """End at once: a thread that computes cannot be asked to, and nothing of it is kept."""
    sys.stderr.flush()
    os._exit(0)


def main() -> None:
    log_as_json()
    os.nice(NICE)
    calm()
    settings = msgspec.json.decode(
        os.environ[SETTINGS], type=Settings, dec_hook=lambda type_, value: type_(value)
    )
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
