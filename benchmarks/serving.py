"""Processes: the server that is measured, as its command starts it, and the load that is put on it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import msgspec
import psutil

from benchmarks.load import Load, Spec

FESTOON = "from festoon.cli.app import main; main()"
ROOT = Path(__file__).resolve().parents[1]


class Serving:
    """A running server. `worked` is the processor time of all its processes so far, in seconds."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self._process = psutil.Process(process.pid)

    def tree(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    @property
    def worked(self) -> float:
        return worked(self.tree())

    @property
    def memory(self) -> int:
        """Resident bytes of all processes."""
        return sum(process.memory_info().rss for process in self.tree())


def worked(processes: Sequence[psutil.Process]) -> float:
    """Processor time so far, in seconds, of those that are there: a server's helpers come and go."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            spent = process.cpu_times()
            total += spent.user + spent.system
    return total


@contextmanager
def festoon(dsn: str, workers: int) -> Iterator[Serving]:
    """`festoon serve`, on loopback."""
    port = free_port()
    given = ("--port", str(port), "--workers", str(workers), "--waiting", "50000")
    command = [sys.executable, "-c", FESTOON, "serve", *given]
    with process(command, {"FESTOON_DATABASE_URL": dsn}) as started:
        await_ready(port, "/readyz")
        yield Serving(port, started)


@contextmanager
def process(command: Sequence[str], settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    started = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, start_new_session=True)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_ready(port: int, path: str, seconds: float = 60) -> None:
    """Wait until a server answers. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        asking = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", path)
            if asking.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            asking.close()
        time.sleep(0.05)
    raise TimeoutError(f"nothing answers on port {port}")


def put_load(spec: Spec) -> Load:
    """Run a load in a process of its own. Raises RuntimeError when an answer was not 200."""
    command = [sys.executable, "-m", "benchmarks.load"]
    asked = msgspec.json.encode(spec)
    done = subprocess.run(command, cwd=ROOT, input=asked, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    found = msgspec.json.decode(done.stdout, type=Load)
    if found.errors:
        raise RuntimeError(f"{found.errors} of {found.requests} answers were errors")
    return found
