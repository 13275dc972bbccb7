"""Several processes on one port are one server: `festoon serve --workers 2`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from tests.serving import Client, free_port, make_key, order_paid, wait_until

pytestmark = pytest.mark.timeout(300)
WORKERS = 2


@pytest.fixture
def process(database: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    port = free_port()
    command = [sys.executable, "-m", "festoon.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    command += ["--no-create-members", "--lanes", "1"]
    with subprocess.Popen(command, env={**os.environ, "FESTOON_DATABASE_URL": database}) as process:
        yield process, port
        process.terminate()
        process.wait(60)


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

    serving = [child for child in workers.children() if "resource_tracker" not in " ".join(child.cmdline())]
    assert len(serving) == WORKERS
    serving[0].kill()
    wait_until(
        lambda: len([child for child in workers.children() if child not in serving]) >= 1 and ready(port)
    )
    assert register(41) == 404
