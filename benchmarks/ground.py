"""What both sides stand on: one durable PostgreSQL of our own, a fresh database each, a plan published on ours."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import asyncpg
import psutil
import psycopg

from festoon.access.keys import create
from festoon.base.clock import wall
from festoon.engine.publish import approve, publish, submit
from festoon.store import postmaster, tuning
from festoon.store.embedded import EmbeddedServer
from festoon.store.migrate import migrate
from festoon.store.pool import connect

SCOPES = ("events:write", "members:write", "metrics:read")
TIDYING = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
SETTLE_POLLS = 100
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
WORN_IN = 2_048
"""Megabytes of WAL that stand ready to be written over."""


class Ground:
    """The server under a run. `template` is a migrated database to copy; one is made when there is none."""

    def __init__(self, server: EmbeddedServer, template: str = "") -> None:
        self.server = server
        self._template = template
        self._names = (f"bench_{number}" for number in count(1))

    def database(self) -> str:
        """The URL of a fresh migrated database. Raises RuntimeError when the server would not keep what it says."""
        if not self._template:
            self.server.create_database("bench_template")
            migrate(self.server.dsn("bench_template"))
            self._template = "bench_template"
        name = next(self._names)
        self.server.create_database(name, self._template)
        asyncio.run(_durable(self.server.dsn(name)))
        return self.server.dsn(name)

    def settle(self) -> None:
        """Wait until the server has tidied up after the side that worked last: what it left to be vacuumed is its own
        cost and not the next one's."""
        with psycopg.connect(self.server.dsn("postgres"), autocommit=True) as connection:
            for _ in range(SETTLE_POLLS):
                if connection.execute(TIDYING).fetchone() == (0,):
                    return
                time.sleep(0.2)

    def processes(self) -> list[psutil.Process]:
        """The server's processes, to read how long they worked."""
        found = postmaster.find(self.server.data_dir)
        assert found is not None
        parent = psutil.Process(found.pid)
        return [parent, *parent.children()]


@contextmanager
def ground() -> Iterator[Ground]:
    """A server in a directory of its own, gone when the run is over."""
    room = Path(tempfile.mkdtemp(prefix="festoon-bench-"))
    room.chmod(0o711)  # under root the server runs as another account, which has to pass through
    server = EmbeddedServer.start(room / "pg")
    try:
        _wear_in(server)
        yield Ground(server)
    finally:
        server.stop()
        if (room / "pg").is_symlink():
            shutil.rmtree((room / "pg").resolve().parent)
        shutil.rmtree(room)


def _wear_in(server: EmbeddedServer) -> None:
    """Have the server make its WAL's files, as any that has run for a day has: it writes over old ones then. Who comes
    first would have to make them otherwise, a sixteenth of a second for every sixteen megabytes."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for _ in range(WORN_IN // tuning.WAL_SEGMENT):
            connection.execute("SELECT pg_logical_emit_message(true, 'benchmarks', '')")
            connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")


async def _durable(dsn: str) -> None:
    connection = await connect(dsn)
    try:
        for name in DURABLE:
            if await connection.fetchval(f"SHOW {name}") != "on":
                raise RuntimeError(f"{name} is off: such figures say nothing")
    finally:
        await connection.close()


async def put_up(dsn: str, *plans: str) -> None:
    """Publish plans the way a live database wants it: one makes, another checks."""
    connection = await connect(dsn)
    try:
        for plan in plans:
            await _put_up(connection, plan, wall())
    finally:
        await connection.close()


async def _put_up(connection: asyncpg.Connection, plan: str, now: datetime) -> None:
    campaign, version = await submit(connection, plan, "maker", now)
    await approve(connection, campaign, version, "checker", now)
    await publish(connection, campaign, version, "checker", now)


async def new_key(dsn: str) -> str:
    """A key that may send events."""
    connection = await connect(dsn)
    try:
        return await create(connection, "benchmarks", SCOPES, wall(), "benchmarks")
    finally:
        await connection.close()
