"""Listening on an address, with one process or with several, and saying so once somebody is there to answer."""

import sys
from collections.abc import Callable
from contextlib import suppress
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SO_REUSEPORT, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket
from threading import Event, Thread
from typing import Any, Self

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
        _take(probe, address)


def _take(taker: socket, address: Any) -> None:
    taker.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        taker.bind(address)
    except OSError as error:
        taker.close()
        host, port = address[:2]
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
    bound = Port.taken(host, port) if sys.platform == "linux" else config.bind_socket()
    with suppress(KeyboardInterrupt):
        _Several(config, bound, said).run()


class Port(socket):
    """A port that is taken and not listened on. A process that is sent it gets a socket of its own on the same port.

    Out of a socket that processes share, whichever is awake takes every connection that waits, and keeps it. A platform
    holds few connections and holds them for hours: one process would have them all and the others nothing to do. Among
    sockets of their own Linux shares connections out, by where they come from.
    """

    @classmethod
    def taken(cls, host: str, port: int) -> Self:
        """Raises Conflict when somebody else has it: others may join only once it is ours."""
        taken = cls(AF_INET6 if ":" in host else AF_INET, SOCK_STREAM)
        try:
            taken.bind((host, port))
        except OSError:  # perhaps only by connections that a server before this one has just closed
            _take(taken, (host, port))
        taken.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
        return taken

    def __reduce__(self) -> tuple[Any, ...]:
        return _joined, (self.family, self.getsockname())


def _joined(family: int, address: Any) -> socket:
    joined = socket(family, SOCK_STREAM)
    joined.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
    _take(joined, address)
    return joined


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
