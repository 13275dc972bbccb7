"""`festoon init`, `festoon serve`."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import asyncpg
import msgspec
import typer

from festoon.access.invitations import first_link
from festoon.api.server import Serving
from festoon.base.clock import wall
from festoon.base.collector import calm
from festoon.base.processors import processors
from festoon.cli.application import serving_application
from festoon.cli.background import Networks, Working, allowed_networks, beside
from festoon.cli.database import database, on_connection
from festoon.cli.listening import listen, listen_together, vacant
from festoon.cli.terminal import err, failures, out
from festoon.cli.worker import SERVING
from festoon.insight.jobs.task import Folders
from festoon.intake.batcher import Bounds
from festoon.intake.measures import measured_together
from festoon.store.home import data_home
from festoon.store.pool import connect

LANES = "batches side by side in a process; otherwise 2, in turns with as many processes as processors"


def init(
    rehearsal: Annotated[
        bool, typer.Option(help="make it a rehearsal: events run on their own clock")
    ] = False,
) -> None:
    """Make the database ready. A live one stays live; an empty one can be made a rehearsal.

    Example: `festoon init --rehearsal`
    """

    async def go(connection: asyncpg.Connection) -> str:
        if rehearsal:
            await connection.execute(
                "UPDATE installation SET mode = 'rehearsal' WHERE NOT EXISTS (SELECT FROM event LIMIT 1)"
            )
        mode: str = await connection.fetchval("SELECT mode FROM installation")
        return mode

    mode = on_connection(go)
    out.print(f"the database is ready; it is {'a rehearsal' if mode == 'rehearsal' else 'live'}")


def serve(
    host: Annotated[
        str, typer.Option(help="the address to listen on; beyond loopback only if you say so")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="the port to listen on", min=1, max=65535)] = 8800,
    workers: Annotated[int, typer.Option(help="processes that share the port", min=1)] = 1,
    lanes: Annotated[int | None, typer.Option(help=LANES, min=1, max=16)] = None,
    waiting: Annotated[
        int, typer.Option(help="events that may wait in a process before it says 503", min=1)
    ] = 20_000,
    create_members: Annotated[bool, typer.Option(help="make members known by their first event")] = True,
    reports: Annotated[Path | None, typer.Option(help="a folder of reports to show under /reports")] = None,
    facts: Annotated[
        Path | None, typer.Option(help="where facts are, as `festoon work` or --work writes them")
    ] = None,
    work: Annotated[
        bool,
        typer.Option("--work", help="do what `festoon work` does as well; one process is then all of it"),
    ] = False,
    webhook_network: Networks = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="a site whose pages may ask for members: https://shop.example; again for more"),
    ] = None,
    sign_in: Annotated[
        str,
        typer.Option(
            help="where the members' pages send whoever has no token; {page} is where he was, {code} who invited him"
        ),
    ] = "",
) -> None:
    """Take events over HTTP and answer each with its outcome.

    With `--work` the process also hands events on to the facts, keeps the live board, refreshes segments, writes
    reports and sends webhooks: enough for a small platform. A larger one runs `festoon work` beside it.

    Example: `festoon serve --work`
    """
    if work and workers > 1:
        raise typer.BadParameter("beside several workers run festoon work", param_hint="--work")
    home = data_home()
    folders = Folders(facts or home / "facts", home / "histories", reports or home / "reports")
    working = Working(folders, allowed=allowed_networks(webhook_network or ()))
    with failures(), database() as dsn:
        vacant(host, port)
        calm()
        if work:
            folders.reports.mkdir(parents=True, exist_ok=True)
        serving = Serving(dsn, bounds_for(workers, lanes, waiting, processors()), create_members=create_members,
                          reports=str(folders.reports) if folders.reports.is_dir() else "",
                          histories=str(folders.histories), facts=str(folders.facts),
                          origins=tuple(origin or ()), sign_in=sign_in)  # fmt: skip
        greet = partial(_greet, dsn, f"http://{host}:{port}")
        if workers == 1:
            sides = (beside(working),) if work else ()
            listen(serving_application(serving, *sides), host, port, greet)
        else:
            os.environ[SERVING] = msgspec.json.encode(serving).decode()
            with measured_together():
                listen_together("festoon.cli.worker:application", host, port, workers, greet)


def bounds_for(workers: int, lanes: int | None, waiting: int, processors: int) -> Bounds:
    """What each of so many processes takes on. Where there is one for each processor, the others work while one waits
    for PostgreSQL: its own lanes take turns."""
    if lanes is not None:
        return Bounds(lanes=lanes, waiting=waiting, turns=lanes == 1)
    return Bounds(waiting=waiting, turns=1 < workers >= processors)


def _greet(dsn: str, url: str) -> None:
    err.print(f"listening on {url}  (API: {url}/docs, console: {url}/console/)", soft_wrap=True)
    if link := first_link_of(dsn):
        err.print(f"nobody is here yet; the first administrator's link, good once, for a day:\n  {url}{link}",
                  highlight=False, soft_wrap=True)  # fmt: skip


def first_link_of(dsn: str) -> str | None:
    """The path of the first administrator's link, or nothing when there is somebody already."""

    async def go() -> str | None:
        connection = await connect(dsn)
        try:
            token = await first_link(connection, wall())
        finally:
            await connection.close()
        return token and f"/console/welcome/{token}/"

    return asyncio.run(go())


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "init": lambda app: app.command("init")(init),
    "serve": lambda app: app.command("serve")(serve),
}
