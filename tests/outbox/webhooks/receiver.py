"""A platform's side of webhooks: a real HTTP server that verifies what it is sent, and answers as it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from msgspec import Struct
from standardwebhooks import Webhook

Answer = Callable[[int], int]
"""The status to answer with, by how many have come before."""


class Received(Struct, frozen=True):
    """A message as it arrived: whether a secret of the receiver's verified it is found out when it is asked for."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found

    def signatures_of(self, secret: str) -> bool:
        """Whether one of the signatures is made with this secret over what arrived."""
        at = self.headers["webhook-timestamp"]
        signed = Webhook(secret).sign(self.id, _instant(at), self.body.decode())
        return signed in self.headers["webhook-signature"].split(" ")


class Receiver:
    """Listens on loopback; `answer` may be changed at any time, `more` are headers of every answer."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Answer = always(200)
        self.more: dict[str, str] = {}
        self.body = b"{}"
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"receiver": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"

    def take(self, received: Received) -> int:
        with self._lock:
            before = len(self.received)
            self.received.append(received)
        return self.answer(before)

    @property
    def kinds(self) -> list[str]:
        return [each.told["type"] for each in self.received]

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever sent it is gone
        self._say(self.receiver.take(Received({k.lower(): v for k, v in self.headers.items()}, body)))

    def do_GET(self) -> None:
        self._say(200)

    def _say(self, status: int) -> None:
        self.send_response(status)
        for name, value in self.receiver.more.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(self.receiver.body)))
        self.end_headers()
        self.wfile.write(self.receiver.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def always(status: int) -> Answer:
    return lambda _: status


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.close()
        thread.join(10)


def _instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
