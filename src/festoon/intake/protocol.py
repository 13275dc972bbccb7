"""The short way of an ordinary request for POST /v1/events: from the socket to the queue, and from the answer to the
socket.

Ordinary is HTTP/1.1 with a body of a stated, modest length, a key that was looked up lately, and nothing else under way
on the connection. Everything else goes uvicorn's way, through ASGI, and gets the same answer: what is decided about a
request is decided in `intake/http.py` on both ways. Here are only bytes.

A platform's requests mostly have the same head, but for the length. So a head that was parsed is remembered, and a
request that is one of these heads and a body of its length is not parsed again.
"""

import asyncio
import time
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from festoon.base.errors import FestoonError
from festoon.intake.asgi import Head, Header, Reply
from festoon.intake.http import PATH, Asked, EventsRoute, turned_away
from festoon.intake.measures import REQUEST_SECONDS

STATE = "festoon.events"
"""Where an application's lifespan state has its ShortWay. Without one, every request goes uvicorn's way."""
MOST_HEADS = 1_000
LONGEST_HEAD = 4_096

_PATH = PATH.encode()
_START = b"POST %b HTTP/1.1\r\n" % _PATH
_UNUSUAL = frozenset({b"expect", b"transfer-encoding", b"upgrade"})


class ShortWay:
    """What a process's connections share: the route, how replies are framed, and the heads that were parsed, with what
    each asks and the length of the body that belongs to it."""

    def __init__(self, route: EventsRoute) -> None:
        self.route = route
        self.frames = Frames()
        self._heads: dict[bytes, tuple[Asked, int]] = {}

    def parsed_before(self, data: bytes) -> tuple[Asked, bytes] | None:
        """What is asked, and the body, when the data is one whole request with a head that is remembered."""
        end = data.find(b"\r\n\r\n") + 4
        found = self._heads.get(data[:end])
        if found is None or len(data) != end + found[1] or found[0].until <= self.route.keyring.seconds():
            return None
        return found[0], data[end:]

    def remember(self, data: bytes, asked: Asked, body: bytes) -> None:
        """Data that began with a request and ended with it: what stands before the body is the head."""
        end = len(data) - len(body)
        if end <= LONGEST_HEAD and data.startswith(_START) and data.find(b"\r\n\r\n") + 4 == end:
            if len(self._heads) >= MOST_HEADS:
                self._heads.clear()
            self._heads[data[:end]] = asked, len(body)


class Frames:
    """Replies as they go over the wire, with the server's own headers in front. Those change once a second, when the
    time does: until then what stands before the length of a body is the same for replies that differ in nothing else.
    """

    def __init__(self) -> None:
        self._own: list[Header] = []
        self._fronts: dict[tuple[int, bytes, tuple[Header, ...]], bytes] = {}

    def framed(self, reply: Reply, own: list[Header], *, keep_alive: bool) -> bytes:
        """A reply with `own` headers in front."""
        if own is not self._own:
            self._own = own
            self._fronts.clear()
        front = self._fronts.get((reply.status, reply.kind, reply.extra)) or self._front(reply)
        end = b"" if keep_alive else b"connection: close\r\n"
        return b"%b%d\r\n%b\r\n%b" % (front, len(reply.body), end, reply.body)

    def _front(self, reply: Reply) -> bytes:
        lines = [
            b"%b: %b\r\n" % header for header in (*self._own, (b"content-type", reply.kind), *reply.extra)
        ]
        front = b"".join((STATUS_LINE[reply.status], *lines, b"content-length: "))
        self._fronts[reply.status, reply.kind, reply.extra] = front
        return front


class EventsProtocol(HttpToolsProtocol):
    """One connection. To uvicorn an Exchange is the request under way: what comes behind it waits in uvicorn's
    pipeline, and a shutdown lets it finish."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        plain = not (config.access_log or self.root_path or self.limit_concurrency)
        self._short: ShortWay | None = app_state.get(STATE) if plain else None
        self._exchange: Exchange | None = None
        self._between = True
        self._answered = 0.0

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.cycle = self._exchange = None  # type: ignore[assignment]  # they know this connection: no circle is left

    def data_received(self, data: bytes) -> None:
        if self._short is None or not self._between or self._busy:
            super().data_received(data)
        elif (found := self._short.parsed_before(data)) is not None:
            self.cycle = exchange = Exchange(self, self._short, found[0], keep_alive=True)  # type: ignore[assignment]
            exchange.body = found[1]
            exchange.take()
        else:
            super().data_received(data)
            begun = self._exchange
            if begun is not None and self._between and begun.keep_alive and begun.asked.own is None:
                self._short.remember(data, begun.asked, begun.body)

    @property
    def _busy(self) -> bool:
        """Whether something is under way, or was said and not read."""
        return (self.cycle is not None and not self.cycle.response_complete) or self.flow.write_paused

    def answered(self, now: float) -> None:
        """An exchange is over. uvicorn sets a clock for the idle connection and takes it away again with every request;
        here one that is set goes on, and looks when it rings."""
        self._answered = now
        if self.pipeline or self.timeout_keep_alive_task is None:
            self.on_response_complete()
        else:
            self.server_state.total_requests += 1
            self.flow.resume_reading()

    def timeout_keep_alive_handler(self) -> None:
        """The clock rang: hang up, unless something was under way until lately."""
        rest = self.timeout_keep_alive + self._answered - time.perf_counter()
        if self._busy or rest > 0:
            again = self.timeout_keep_alive if self._busy else rest
            self.timeout_keep_alive_task = self.loop.call_later(again, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def on_message_begin(self) -> None:
        self._between = False
        self._exchange = None
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        if self._short is not None and self.url == _PATH and not self._busy:
            asked = self._ordinary(self._short.route)
            if asked is not None:
                keep = self.parser.should_keep_alive()
                self._exchange = Exchange(self, self._short, asked, keep_alive=keep)
                self.cycle = self._exchange  # type: ignore[assignment]
                return
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers  # in place: the scope has this list
        super().on_headers_complete()

    def _ordinary(self, route: EventsRoute) -> Asked | None:
        """What the request asks, when it can go the short way."""
        if self.parser.get_method() != b"POST" or self.parser.get_http_version() != "1.1":
            return None
        head = Head(self.headers)
        length = head.headers.get(b"content-length")
        if length is None or int(length) > HIGH_WATER_LIMIT or not _UNUSUAL.isdisjoint(head.headers):
            return None
        if route.shared and b"origin" in head.headers:
            return None  # another site's page: which answers it may read is said on the other way
        try:
            return route.known(head)
        except FestoonError:
            return None  # said on the other way

    def on_body(self, body: bytes) -> None:
        if self._exchange is not None:
            self._exchange.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._between = True
        if self._exchange is not None:
            self._exchange.take()
        else:
            super().on_message_complete()


class _Nobody:
    """Waits for no part of a body."""

    def set(self) -> None:
        pass


class Exchange:
    """A request on the short way, and its reply. uvicorn knows of `body`, `disconnected`, `keep_alive`,
    `message_event` and `response_complete`: they are those of its own requests."""

    __slots__ = (
        "_began",
        "_frames",
        "_protocol",
        "_route",
        "asked",
        "body",
        "disconnected",
        "keep_alive",
        "response_complete",
    )
    message_event = _Nobody()

    def __init__(self, protocol: EventsProtocol, short: ShortWay, asked: Asked, *, keep_alive: bool) -> None:
        self._began = time.perf_counter()
        self._protocol = protocol
        self._frames = short.frames
        self._route = short.route
        self.asked = asked
        self.body = b""
        self.disconnected = False
        self.keep_alive = keep_alive
        self.response_complete = False

    def take(self) -> None:
        """The body is whole."""
        try:
            self._route.take(self.asked, self.body, self._reply)
        except Exception as error:
            self._reply(turned_away(error, self.asked.language))
        if self.response_complete:  # at once, so no batch settles it
            REQUEST_SECONDS.settle()

    def _reply(self, reply: Reply) -> None:
        protocol = self._protocol
        transport = protocol.transport
        if not self.disconnected and not transport.is_closing():
            headers = protocol.server_state.default_headers
            transport.write(self._frames.framed(reply, headers, keep_alive=self.keep_alive))
            if not self.keep_alive:
                transport.close()
        now = time.perf_counter()
        REQUEST_SECONDS.keep(now - self._began)
        self.body = b""
        self.response_complete = True
        protocol.answered(now)
