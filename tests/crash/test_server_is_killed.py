"""The serving process dies by SIGKILL, again and again, under load: no answered event is lost, none acts twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from festoon.store.pool import connect
from tests.crash.books import check_books
from tests.crash.load import PLAN, Load
from tests.live import put_up
from tests.serving import free_port, make_key, until

pytestmark = [pytest.mark.xdist_group("crash"), pytest.mark.timeout(600)]

KILLS = 50
SENDERS = 6


class Zygote:
    """Makes servers on one port, one after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def serve(self) -> int:
        """Start a server; its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("serve\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def zygote(dsn: str, port: int) -> Iterator[Zygote]:
    command = [sys.executable, "-m", "tests.crash.zygote", dsn, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Zygote(process)


async def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.001)


async def kill_again_and_again(servers: Zygote, load: Load, chance: random.Random) -> int:
    """Kill the server at random instants, now and then before it has answered anything; the last one lives."""
    pid = servers.serve()
    for number in range(KILLS):
        if number % 5:
            answered = len(load.answers)
            await until(lambda: len(load.answers) > answered)  # noqa: B023 (called before the next turn)
        await asyncio.sleep(chance.random() * 0.5)
        await kill(pid)
        pid = servers.serve()
    return pid


async def timers_have_fired(dsn: str) -> None:
    connection = await connect(dsn)
    while True:
        if not await connection.fetchval("SELECT count(*) FROM hold"):
            break
        await asyncio.sleep(0.05)
    await connection.close()


def test_fifty_deaths_under_load_lose_nothing_and_double_nothing(database: str) -> None:
    asyncio.run(put_up(database, PLAN))
    port, key, seed = free_port(), make_key(database, "events:write"), random.randrange(10**9)
    print(f"seed {seed}")  # noqa: T201
    load = Load(port, key, seed)

    async def go(servers: Zygote) -> None:
        sending = asyncio.create_task(load.run(SENDERS))
        killing = asyncio.create_task(kill_again_and_again(servers, load, random.Random(seed)))
        await asyncio.wait((sending, killing), return_when=asyncio.FIRST_COMPLETED)
        if sending.done():  # only by a failure
            killing.cancel()
            await sending
        await killing
        load.stop.set()
        await sending
        await timers_have_fired(database)

    with zygote(database, port) as servers:
        asyncio.run(go(servers))
    assert load.broken >= KILLS // 2
    assert len(load.answers) > 20 * KILLS
    asyncio.run(check_books(database, load))
