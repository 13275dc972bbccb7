"""`festoon work`: what is committed goes on to the facts, and the journal lets go of what nobody needs."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from festoon.cli.background import (
    KEEP_DAYS,
    LATEST_DAYS,
    Background,
    Networks,
    Service,
    Working,
    allowed_networks,
)
from festoon.cli.database import database
from festoon.cli.terminal import err, failures
from festoon.insight.jobs.task import Folders
from festoon.store.home import data_home


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
    webhook_network: Networks = None,
    once: Annotated[bool, typer.Option(help="catch up, then leave")] = False,
) -> None:
    """Hand committed events on: write the facts that segments, figures and reports read, refresh segments when their
    time comes, tell webhooks what happened, and note what is wrong (festoon alerts).

    It runs the back-tests that were asked for, each in a process of its own. When a question of an evaluation falls
    due it writes the report of that date. Once an hour it drops the part of the journal that nobody needs any more.
    On a small platform `festoon serve --work` does all of it beside the server.

    Example: `festoon work --facts /var/lib/festoon/facts`
    """
    home = data_home()
    folders = Folders(facts or home / "facts", histories or home / "histories", reports or home / "reports")
    allowed = allowed_networks(webhook_network or ())
    working = Working(folders, backtests, timedelta(days=keep_days), allowed)

    async def go(dsn: str) -> None:
        background = Background(dsn, working)
        if once:
            await background.run_once()
        else:
            await _until_told(*background.services)

    with failures(), database() as dsn:
        err.print(f"writing facts to {folders.facts}")
        asyncio.run(go(dsn))


async def _until_told(*services: Service) -> None:
    """Run them side by side until a signal says to stop."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await asyncio.gather(*(each.run(stop) for each in services))


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "work": lambda app: app.command("work")(work),
}
