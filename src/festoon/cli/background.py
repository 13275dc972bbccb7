"""What is to be done behind a platform: hand on what was committed, keep figures and reports, refresh segments, send
webhooks, run what was asked for. `festoon work` does it in a process of its own, `festoon serve --work` in the one that
serves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Protocol

import asyncpg
import structlog
import typer
from msgspec import Struct
from starlette.routing import BaseRoute

from festoon.api.sides import Inside, Side
from festoon.audience.refresher import Refresher
from festoon.base.clock import wall
from festoon.cli.evaluations import Evaluations
from festoon.insight.alerts.keeper import AlertKeeper
from festoon.insight.board.goals import GoalKeeper
from festoon.insight.jobs.process import Settings
from festoon.insight.jobs.runner import Runner
from festoon.insight.jobs.task import Folders
from festoon.intake.door import Lateness
from festoon.outbox.relay import Relay
from festoon.outbox.retention import Retention
from festoon.outbox.webhooks.addresses import Allowed
from festoon.outbox.webhooks.service import Webhooks

log = structlog.get_logger(__name__)

LATEST_DAYS = Lateness().behind.days
"""An event that happened longer ago is turned away, so it need not be known again."""
KEEP_DAYS = LATEST_DAYS + 5
ENDS_WITHIN_SECONDS = 15.0
AGAIN_SECONDS = 5.0
Networks = Annotated[
    list[str] | None,
    typer.Option(
        envvar="FESTOON_WEBHOOK_NETWORKS",
        help="a network that webhooks may call although it is not of the open internet (127.0.0.0/8)",
    ),
]


class Working(Struct, frozen=True):
    """Where the files are, how many jobs run at once, how long the journal is kept, and whom webhooks may call besides
    the open internet."""

    folders: Folders
    jobs: int = 1
    keep: timedelta = timedelta(days=KEEP_DAYS)
    allowed: Allowed = Allowed()


class Service(Protocol):
    """Something that is done again and again."""

    async def run(self, stop: asyncio.Event) -> None: ...


class Background:
    """All of it for one database."""

    def __init__(self, dsn: str, working: Working) -> None:
        folders = working.folders
        self._relay, self._retention = Relay(dsn, folders.facts), Retention(dsn, working.keep, wall)
        self._evaluations = Evaluations(dsn, folders.facts, folders.reports, wall)
        self._refresher = Refresher(dsn, folders.facts, wall)
        self._runner = Runner(Settings(dsn, folders, working.jobs), wall)
        self._webhooks = Webhooks(dsn, wall, working.allowed)
        self._goals = GoalKeeper(dsn, folders.facts, wall)
        self._alerts = AlertKeeper(dsn, wall)

    async def run_once(self) -> None:
        """Catch up with everything."""
        while not (await self._relay.run_once()).caught_up:
            pass
        try:
            await self._retention.run_once()
        except asyncpg.LockNotAvailableError:
            log.info("retention.journal_busy")
        for each in (
            self._refresher, self._evaluations, self._runner, self._webhooks, self._goals, self._alerts,
        ):  # fmt: skip
            await each.run_once()

    @property
    def services(self) -> tuple[Service, ...]:
        return (
            self._relay, self._retention, self._evaluations, self._refresher, self._runner, self._webhooks,
            self._goals, self._alerts,
        )  # fmt: skip


def beside(working: Working) -> Side:
    """The same beside a server, in its own process, for as long as it runs; it has no pages."""

    @asynccontextmanager
    async def work(inside: Inside) -> AsyncIterator[Sequence[BaseRoute]]:
        stop = asyncio.Event()
        services = Background(inside.dsn, working).services
        tasks = [asyncio.create_task(_kept_running(each, stop)) for each in services]
        try:
            yield ()
        finally:
            stop.set()
            _, late = await asyncio.wait(tasks, timeout=ENDS_WITHIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    return work


async def _kept_running(service: Service, stop: asyncio.Event) -> None:
    """What ends with a mistake of ours begins again: who serves goes on, and the log tells."""
    while not stop.is_set():
        try:
            await service.run(stop)
        except Exception:
            log.exception("work.failed", service=type(service).__name__)
            await asyncio.wait([asyncio.create_task(stop.wait())], timeout=AGAIN_SECONDS)


def allowed_networks(networks: Sequence[str]) -> Allowed:
    """Whom webhooks may call. Raises `typer.BadParameter` for what is no network."""
    return Allowed(tuple(map(_network, networks)))


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise typer.BadParameter(f"{text} is no network; write 127.0.0.0/8") from None
