"""The database a command works on: FESTOON_DATABASE_URL, or the embedded server of this directory, migrated."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from festoon.cli.terminal import err
from festoon.store.embedded import DATABASE, EmbeddedServer
from festoon.store.migrate import migrate


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
