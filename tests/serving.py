"""A serving process for tests: the real server on loopback over a test database, with a plan published and keys."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import httpx
import msgspec
import uvicorn

from festoon.access.keys import SCOPES, create
from festoon.api.server import Server, Serving
from festoon.api.sides import Side
from festoon.engine.audit import audit
from festoon.intake.protocol import EventsProtocol
from festoon.store.embedded import EmbeddedServer
from festoon.store.pool import connect
from tests.live import put_up

ONE = {"content-type": "application/cloudevents+json"}
MANY = {"content-type": "application/cloudevents-batch+json"}
PATIENCE = 60
Found = TypeVar("Found")

_ids = count(1)


def head(campaign: str = "spring", budget: int = 1_000_000) -> str:
    """The head of a plan that runs now, whenever that is."""
    today = datetime.now(UTC).date()
    start, end = today - timedelta(days=40), today + timedelta(days=40)
    return f"""
festoon: 1
campaign: {campaign}
title: {{en: Spring, zh-Hans: 春日}}
timezone: Asia/Shanghai
schedule: {{start: {start}, end: {end}, settle: {end + timedelta(days=14)}}}
budget: {{currency: CNY, lines: {{prizes: {budget}}}}}
"""


def cloud_event(type_: str, subject: str, /, **attributes: Any) -> dict[str, Any]:
    """A CloudEvent as a platform sends it; `data` and everything else may be given."""
    made = {"specversion": "1.0", "id": f"e{next(_ids)}", "source": "shop", "type": type_, "subject": subject}
    return {**made, "data": {}, **attributes}


def order_paid(subject: str, amount: Any = 1000, /, **attributes: Any) -> dict[str, Any]:
    number = next(_ids)
    data = {"order": f"o{number}", "amount": amount, "currency": "CNY", "lines": []}
    return cloud_event("order.paid", subject, **{"id": f"o{number}", "data": data, **attributes})


def waited(work: Coroutine[Any, Any, Found]) -> Found:
    """What a coroutine finds. It runs in a thread of its own: the caller's may have a loop (Playwright's)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Client(httpx.Client):
    """A platform's side of the API, with a key that may do everything unless another is given."""

    def one(self, event: Any, **headers: str) -> httpx.Response:
        """One event, structured."""
        return self.post("/v1/events", content=msgspec.json.encode(event), headers={**ONE, **headers})

    def many(self, events: Sequence[Any], **headers: str) -> httpx.Response:
        """A batch."""
        return self.post("/v1/events", content=msgspec.json.encode(events), headers={**MANY, **headers})

    def raw(self, body: Any, kind: str | None = ONE["content-type"], **headers: str) -> httpx.Response:
        """A body as it stands."""
        given = {} if kind is None else {"content-type": kind}
        return self.post("/v1/events", content=body, headers={**given, **headers})

    def metric(self, name: str) -> float:
        """A measure's value, 0 when it has not been counted yet."""
        lines = self.get("/metrics").text.splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


class Running:
    """A server that runs in a thread of this process."""

    def __init__(self, dsn: str, port: int, server: uvicorn.Server) -> None:
        self.dsn = dsn
        self.port = port
        self.key = make_key(dsn)
        self._server = server
        self.client = self.with_key(self.key)

    def with_key(self, key: str | None) -> Client:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        return Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=PATIENCE)

    def with_scopes(self, *scopes: str) -> Client:
        return self.with_key(make_key(self.dsn, *scopes))

    def key_of(self, actor: str) -> str:
        """A new key of somebody's, with all scopes."""
        return make_key(self.dsn, actor=actor)

    def stop(self) -> None:
        """Begin to stop: nothing new is taken, what is under way is finished."""
        self._server.should_exit = True

    @property
    def connections(self) -> list[Any]:
        """The server's side of what is connected."""
        return list(self._server.server_state.connections)

    def listens_no_more(self) -> bool:
        """Whether new connections are refused: it has begun to stop."""
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return True
        return False

    def fetch(self, query: str, *values: Any) -> list[Any]:
        """Look into the store."""

        async def go() -> list[Any]:
            connection = await connect(self.dsn)
            try:
                return list(await connection.fetch(query, *values))
            finally:
                await connection.close()

        return waited(go())

    def books_balance(self) -> bool:
        async def go() -> bool:
            connection = await connect(self.dsn)
            try:
                found = await audit(connection)
                assert found.holds, found.findings
                return True
            finally:
                await connection.close()

        return waited(go())


def make_key(dsn: str, *scopes: str, actor: str = "tests") -> str:
    """A new key; with all scopes when none are named."""

    async def go() -> str:
        connection = await connect(dsn)
        try:
            return await create(connection, actor, scopes or tuple(SCOPES), datetime.now(UTC), "tests")
        finally:
            await connection.close()

    return waited(go())


@contextmanager
def serving(
    dsn: str,
    plan: str = "",
    http: Any = EventsProtocol,
    root_path: str = "",
    sides: Sequence[Side] = (),
    **settings: Any,
) -> Iterator[Running]:
    """The server, from before its first request until after its last. `settings` are those of `Serving`; `http` and
    `root_path` are uvicorn's; `sides` are what is shown beside the API."""
    if plan:
        waited(put_up(dsn, plan))
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        Server(Serving(dsn, **settings), sides),
        http=http,
        root_path=root_path,
        access_log=False,
        log_level="error",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        assert server.started
        running = Running(dsn, listening.getsockname()[1], server)
        yield running
        running.client.close()
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()
    assert not thread.is_alive()


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that must come true; the test's own timeout is the bound."""
    while True:
        if true():
            return
        await asyncio.sleep(0.005)


def wait_until(true: Any, seconds: float = PATIENCE) -> None:
    """Wait for something that must come true. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.01)


@contextmanager
def serving_anew(
    server: EmbeddedServer, template: str, name: str, plan: str, **settings: Any
) -> Iterator[Running]:
    """The server over a database of its own, dropped afterwards; `settings` are those of `serving`."""
    server.create_database(name, template)
    with serving(server.dsn(name), plan, **settings) as running:
        yield running
    server.drop_database(name)
