"""`festoon work`: what is committed goes on to the facts, and the journal lets go of what nobody needs."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Protocol

import asyncpg
import typer

from festoon.audience.refresher import Refresher
from festoon.base.clock import wall
from festoon.cli.database import database
from festoon.cli.evaluations import Evaluations
from festoon.cli.terminal import err, failures
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
from festoon.store.home import data_home

LATEST_DAYS = Lateness().behind.days
"""An event that happened longer ago is turned away, so it need not be known again."""
KEEP_DAYS = LATEST_DAYS + 5


def work(
    facts: Annotated[Path | None, typer.Option(help="where facts are written")] = None,
    reports: Annotated[
        Path | None, typer.Option(help="where the reports of evaluations are written when they fall due")
    ] = None,
    histories: Annotated[
        Path | None, typer.Option(help="where files of past events are that plans can be tried on")
    ] = None,
    backtests: Annotated[
        int, typer.Option(help="how many back-tests run at once, each in a process of its own", min=0, max=16)
    ] = 1,
    keep_days: Annotated[
        int,
        typer.Option(
            help="how many days the journal is kept, and an event sent again is known again; what is older "
            "is dropped once it is in the facts",
            min=LATEST_DAYS + 1,
        ),
    ] = KEEP_DAYS,
    webhook_network: Annotated[
        list[str] | None,
        typer.Option(
            envvar="FESTOON_WEBHOOK_NETWORKS",
            help="a network that webhooks may call although it is not of the open internet (127.0.0.0/8)",
        ),
    ] = None,
    once: Annotated[bool, typer.Option(help="catch up, then leave")] = False,
) -> None:
    """Hand committed events on: write the facts that segments, figures and reports read, refresh segments when their
    time comes, tell webhooks what happened, and note what is wrong (festoon alerts).

    It runs the back-tests that were asked for, each in a process of its own. When a question of an evaluation falls
    due it writes the report of that date. Once an hour it drops the part of the journal that nobody needs any more.

    Example: `festoon work --facts /var/lib/festoon/facts`
    """
    home = data_home()
    folder = facts or home / "facts"
    folders = Folders(folder, histories or home / "histories", reports or home / "reports")
    allowed = Allowed(tuple(map(_network, webhook_network or ())))

    async def go(dsn: str) -> None:
        relay, retention = Relay(dsn, folder), Retention(dsn, timedelta(days=keep_days), wall)
        evaluations = Evaluations(dsn, folder, folders.reports, wall)
        refresher = Refresher(dsn, folder, wall)
        runner = Runner(Settings(dsn, folders, backtests), wall)
        webhooks, goals = Webhooks(dsn, wall, allowed), GoalKeeper(dsn, folder, wall)
        keeper = AlertKeeper(dsn, wall)
        if once:
            await _catch_up(relay, retention)
            for each in (refresher, evaluations, runner, webhooks, goals, keeper):
                await each.run_once()
            return
        await _until_told(relay, retention, evaluations, refresher, runner, webhooks, goals, keeper)

    with failures(), database() as dsn:
        err.print(f"writing facts to {folder}")
        asyncio.run(go(dsn))


class _Service(Protocol):
    async def run(self, stop: asyncio.Event) -> None: ...


async def _until_told(*services: _Service) -> None:
    """Run them side by side until a signal says to stop."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await asyncio.gather(*(each.run(stop) for each in services))


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise typer.BadParameter(f"{text} is no network; write 127.0.0.0/8") from None


async def _catch_up(relay: Relay, retention: Retention) -> None:
    while not (await relay.run_once()).caught_up:
        pass
    try:
        await retention.run_once()
    except asyncpg.LockNotAvailableError:
        err.print("the journal is too busy to let an old partition go; next time", style="dim")


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "work": lambda app: app.command("work")(work),
}
