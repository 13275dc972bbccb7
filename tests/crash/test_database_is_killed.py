"""PostgreSQL dies by SIGKILL under load, first single sessions of it, then the whole server: everything comes back."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from festoon.intake.batcher import Bounds
from festoon.store import postmaster
from festoon.store.embedded import EmbeddedServer
from festoon.store.migrate import migrate
from festoon.store.pool import GONE, connect
from tests.crash.books import check_books
from tests.crash.load import PLAN, Load
from tests.crash.test_server_is_killed import timers_have_fired
from tests.serving import serving, until

pytestmark = [pytest.mark.xdist_group("crash"), pytest.mark.timeout(600)]

SENDERS = 4
SESSIONS = 4
SERVERS = 2


@pytest.fixture
def own_server(server_room: Path) -> Iterator[EmbeddedServer]:
    """A database server that a test may kill."""
    server = EmbeddedServer.start(server_room / "pg")
    server.create_database()
    migrate(server.dsn())
    yield server
    EmbeddedServer.start(server_room / "pg").stop()


async def session_of_a_lane(dsn: str) -> int:
    """The process behind a session that has just worked; waits for a database that is still recovering, and for
    somebody to come back to it."""
    while True:
        with suppress(*GONE):
            connection = await connect(dsn)
            try:
                pid: int | None = await connection.fetchval(
                    """SELECT pid FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query <> ''
                       ORDER BY state_change DESC LIMIT 1"""
                )
            finally:
                await connection.close()
            if pid is not None:
                return pid
        await asyncio.sleep(0.05)


async def more_answers(load: Load) -> None:
    """Wait until the platform gets answers, and then a little longer."""
    answered = len(load.answers)
    await until(lambda: len(load.answers) >= answered + 20)


async def kill_the_database(server: EmbeddedServer, load: Load, chance: random.Random) -> None:
    for _ in range(SESSIONS):
        await more_answers(load)
        await asyncio.sleep(chance.random() * 0.3)
        os.kill(
            await session_of_a_lane(server.dsn()), signal.SIGKILL
        )  # the postmaster then restarts them all
    for _ in range(SERVERS):
        await more_answers(load)
        await asyncio.sleep(chance.random() * 0.3)
        running = postmaster.find(server.data_dir)
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        await asyncio.to_thread(EmbeddedServer.start, server.data_dir)
    await more_answers(load)


def test_a_database_that_dies_under_load_loses_nothing_that_was_answered(own_server: EmbeddedServer) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")  # noqa: T201
    with serving(own_server.dsn(), PLAN, bounds=Bounds(lanes=2)) as running:
        load = Load(running.port, running.key, seed)

        async def go() -> None:
            sending = asyncio.create_task(load.run(SENDERS))
            killing = asyncio.create_task(kill_the_database(own_server, load, random.Random(seed)))
            await asyncio.wait((sending, killing), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():  # only by a failure
                killing.cancel()
                await sending
            await killing
            load.stop.set()
            await sending
            await timers_have_fired(own_server.dsn())

        asyncio.run(go())
        assert load.broken > 0
        asyncio.run(check_books(own_server.dsn(), load))
