"""`festoon init`, `festoon serve`."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import msgspec
import typer
import uvicorn

from festoon.access.invitations import first_link
from festoon.api.server import Serving
from festoon.base.clock import wall
from festoon.base.collector import calm
from festoon.cli.application import serving_application
from festoon.cli.database import database, on_connection
from festoon.cli.terminal import err, failures, out
from festoon.cli.worker import SERVING
from festoon.intake.batcher import Bounds
from festoon.intake.measures import measured_together
from festoon.intake.protocol import EventsProtocol
from festoon.store.home import data_home
from festoon.store.pool import connect


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
    lanes: Annotated[int, typer.Option(help="batches side by side in a process", min=1, max=16)] = 2,
    waiting: Annotated[
        int, typer.Option(help="events that may wait in a process before it says 503", min=1)
    ] = 20_000,
    create_members: Annotated[bool, typer.Option(help="make members known by their first event")] = True,
    reports: Annotated[Path | None, typer.Option(help="a folder of reports to show under /reports")] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="a site whose pages may ask for members: https://shop.example; again for more"),
    ] = None,
    sign_in: Annotated[
        str, typer.Option(help="where the members' pages send whoever has no token; {page} is where he was")
    ] = "",
) -> None:
    """Take events over HTTP and answer each with its outcome.

    Example: `festoon serve --workers 2`
    """
    with failures(), database() as dsn:
        calm()
        folder = reports or data_home() / "reports"
        serving = Serving(dsn, Bounds(lanes=lanes, waiting=waiting), create_members=create_members,
                          reports=str(folder) if folder.is_dir() else "",
                          histories=str(data_home() / "histories"), origins=tuple(origin or ()),
                          sign_in=sign_in)  # fmt: skip
        home = f"http://{host}:{port}"
        err.print(f"listening on {home}  (API: {home}/docs, console: {home}/console/)", soft_wrap=True)
        if link := first_link_of(dsn):
            err.print(f"nobody is here yet; the first administrator's link, good once, for a day:\n  {home}{link}",
                      highlight=False, soft_wrap=True)  # fmt: skip
        if workers == 1:
            uvicorn.run(serving_application(serving), host=host, port=port, **UVICORN)
        else:
            os.environ[SERVING] = msgspec.json.encode(serving).decode()
            with measured_together():
                uvicorn.run(
                    "festoon.cli.worker:application",
                    factory=True,
                    host=host,
                    port=port,
                    workers=workers,
                    **UVICORN,
                )


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


UVICORN: dict[str, Any] = {
    "loop": "uvloop",
    "http": EventsProtocol,
    "access_log": False,
    "log_level": "warning",
    "server_header": False,
    "timeout_graceful_shutdown": 20,
    "backlog": 2048,
}


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "init": lambda app: app.command("init")(init),
    "serve": lambda app: app.command("serve")(serve),
}
