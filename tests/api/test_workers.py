"""Several processes on one port are one server: `festoon serve --workers 2`."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import psutil
import pytest

from tests.serving import Client, free_port, make_key, order_paid, wait_until

pytestmark = pytest.mark.timeout(300)
WORKERS = 2
CONNECTIONS = 64


@pytest.fixture
def process(database: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    port = free_port()
    command = [sys.executable, "-m", "festoon.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    command += ["--no-create-members", "--lanes", "1"]
    with subprocess.Popen(command, env={**os.environ, "FESTOON_DATABASE_URL": database}) as process:
        yield process, port
        process.terminate()
        process.wait(60)


def processes(server: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """Those that serve."""
    children = psutil.Process(server.pid).children()
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


def held(child: psutil.Process, port: int) -> int:
    """How many connections a process has taken."""
    taken = child.net_connections("tcp")
    return sum(each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port for each in taken)


def test_connections_that_come_at_one_instant_are_shared_out_among_them(
    process: tuple["subprocess.Popen[bytes]", int],
) -> None:
    """A platform has few connections and keeps them: whoever took them all would have all the work."""
    server, port = process
    wait_until(lambda: sum(listens(child, port) for child in processes(server)) == WORKERS)
    with ExitStack() as opened:
        for _ in range(CONNECTIONS):
            opened.enter_context(socket.create_connection(("127.0.0.1", port)))
        wait_until(lambda: sum(held(child, port) for child in processes(server)) == CONNECTIONS)
        assert min(held(child, port) for child in processes(server)) >= CONNECTIONS // 8


def listens(child: psutil.Process, port: int) -> bool:
    taken = child.net_connections("tcp")
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in taken)


def ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_they_have_their_settings_share_their_measures_and_are_replaced_when_they_die(
    database: str, process: tuple["subprocess.Popen[bytes]", int]
) -> None:
    server, port = process
    headers = {"authorization": f"Bearer {make_key(database)}"}
    workers = psutil.Process(server.pid)
    wait_until(lambda: ready(port))

    def register(number: int) -> int:
        with Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
            unknown = client.one(order_paid("nobody")).status_code
            assert client.post("/v1/members", json={"id": f"m{number}", "event_id": "1"}).status_code == 200
            assert client.one(order_paid(f"m{number}")).status_code == 200
            return unknown

    with ThreadPoolExecutor(8) as senders:
        assert set(senders.map(register, range(40))) == {404}
    with Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
        assert client.metric('festoon_events_total{kind="new"}') == 80
        assert client.metric('festoon_turned_away_total{code="member.unknown"}') == 40

    serving = processes(server)
    assert len(serving) == WORKERS
    serving[0].kill()
    wait_until(
        lambda: len([child for child in workers.children() if child not in serving]) >= 1 and ready(port)
    )
    assert register(41) == 404
