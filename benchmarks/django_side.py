"""B3's other side: Django's own threaded server around the view, in a process of its own."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.ground import Ground
from benchmarks.serving import await_ready, free_port, process
from festoon.store.pool import connect

TABLES = """
CREATE TABLE member (id bigserial PRIMARY KEY, subject text UNIQUE NOT NULL);
CREATE TABLE event (id bigserial PRIMARY KEY, member_id bigint NOT NULL REFERENCES member, key text UNIQUE NOT NULL,
                    type text NOT NULL, time timestamptz NOT NULL, data jsonb NOT NULL, outcome jsonb NOT NULL);
CREATE TABLE progress (id bigserial PRIMARY KEY, member_id bigint NOT NULL REFERENCES member, mechanic text NOT NULL,
                       count bigint NOT NULL DEFAULT 0, UNIQUE (member_id, mechanic));
CREATE TABLE account (id bigserial PRIMARY KEY, member_id bigint UNIQUE NOT NULL REFERENCES member,
                      points bigint NOT NULL DEFAULT 0);
CREATE TABLE counter (name text PRIMARY KEY, "left" bigint NOT NULL CHECK ("left" >= 0));
INSERT INTO counter VALUES ('stock', 1000000000), ('budget', 100000000000);
"""


@contextmanager
def django(ground: Ground, members: int) -> Iterator[int]:
    """Serve the view on a port of loopback."""
    ground.server.create_database("bench_django")
    dsn = ground.server.dsn("bench_django")
    asyncio.run(_prepare(dsn, members))
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.django_view", str(port)]
    with process(command, {"BENCH_DATABASE_URL": dsn, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}):
        await_ready(port, "/ready")
        yield port


async def _prepare(dsn: str, members: int) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute(TABLES)
        await connection.execute(
            "INSERT INTO member (subject) SELECT 'member-' || n FROM generate_series(0, $1::int - 1) AS n",
            members,
        )
        await connection.execute("VACUUM (FREEZE, ANALYZE)")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
