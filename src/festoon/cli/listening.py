"""Listening on an address, with one process or with several, and saying so once somebody is there to answer."""

import sys
from collections.abc import Callable
from contextlib import suppress
from socket import SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket
from threading import Event, Thread
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from festoon.base.errors import Conflict, define
from festoon.cli.terminal import FAILED
from festoon.intake.protocol import EventsProtocol

Said = Callable[[], None]
"""What is done, once, when the address answers."""
START = 300.0
"""Seconds after which nobody waits any more for a first process that serves."""
ADDRESS_TAKEN = define(
    "serve.address_taken",
    409,
    "nobody can listen on {host}:{port}: {reason}",
    "无法监听 {host}:{port}：{reason}",
    todo="choose another with --host and --port, or stop what listens there",
    todo_zh="请用 --host 与 --port 另选地址，或先停止占用它的程序",
)
UVICORN: dict[str, Any] = {
    "loop": "uvloop",
    "http": EventsProtocol,
    "access_log": False,
    "log_level": "warning",
    "server_header": False,
    "timeout_graceful_shutdown": 20,
    "backlog": 2048,
}


def vacant(host: str, port: int) -> None:
    """Make sure, before anything is begun, that an address can be listened on. Raises Conflict."""
    family, kind, protocol, _, address = getaddrinfo(host, port, type=SOCK_STREAM)[0]
    with socket(family, kind, protocol) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise Conflict(ADDRESS_TAKEN, host=host, port=port, reason=error.strerror) from None


def listen(application: Any, host: str, port: int, said: Said) -> None:
    """Serve in this process until it is told to stop. Raises SystemExit when the address cannot be had."""
    server = _Server(uvicorn.Config(application, host=host, port=port, **UVICORN), said)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(FAILED)


def listen_together(factory: str, host: str, port: int, workers: int, said: Said) -> None:
    """Serve in several processes that share the port; each makes its application by a factory, named `module:function`.
    Raises SystemExit when the address cannot be had."""
    config = uvicorn.Config(factory, factory=True, host=host, port=port, workers=workers, **UVICORN)
    with suppress(KeyboardInterrupt):
        _Several(config, config.bind_socket(), said).run()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, said: Said) -> None:
        super().__init__(config)
        self._said = said

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            Thread(
                target=self._said, daemon=True
            ).start()  # it may ask the database, and the loop is there for events


class _Several(Multiprocess):
    def __init__(self, config: uvicorn.Config, bound: socket, said: Said) -> None:
        super().__init__(config, sockets=[bound])
        self._said = said
        self._over = Event()

    def run(self) -> None:
        try:
            super().run()
        finally:
            self._over.set()

    def init_processes(self) -> None:
        super().init_processes()
        Thread(target=self._say, args=(self.processes[0],), daemon=True).start()

    def _say(self, first: Any) -> None:
        if first.wait_until_ready(START, self._over):
            self._said()
