"""The database a command works on: FESTOON_DATABASE_URL, or the embedded server of this directory, migrated."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import asyncpg

from festoon.cli.terminal import err, failures
from festoon.store.embedded import DATABASE, EmbeddedServer
from festoon.store.migrate import migrate
from festoon.store.pool import connect

Found = TypeVar("Found")


@contextmanager
def database(name: str = DATABASE, *, fresh: bool = False) -> Iterator[str]:
    """The URL of a migrated database. `fresh` empties an embedded one first."""
    url = os.environ.get("FESTOON_DATABASE_URL")
    if url and not fresh:
        migrate(url)
        yield url
        return
    with err.status("starting PostgreSQL …") as status:
        server = EmbeddedServer.start(on_progress=lambda step: status.update(f"PostgreSQL: {step} …"))
    with server:
        if fresh:
            server.drop_database(name)
        server.create_database(name)
        with err.status("bringing the tables up to date …"):
            migrate(server.dsn(name))
        yield server.dsn(name)


def on_connection(go: Callable[[asyncpg.Connection], Awaitable[Found]], *, as_json: bool = False) -> Found:
    """What `go` finds on a connection to the database, with errors as words and exit codes."""

    async def whole(dsn: str) -> Found:
        connection = await connect(dsn)
        try:
            return await go(connection)
        finally:
            await connection.close()

    with failures(as_json=as_json), database() as dsn:
        return asyncio.run(whole(dsn))
