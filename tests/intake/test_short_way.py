"""An ordinary request goes a shorter way than the others; nobody can tell by the answer."""

import asyncio
import socket
import time
from collections.abc import Iterator
from typing import Any, Self

import asyncpg
import msgspec
import pytest

from festoon.access.keyring import Keyring
from festoon.cli.listening import UVICORN
from festoon.intake.asgi import LARGEST_BODY, PROBLEM, Reply
from festoon.intake.door import Door, Lateness
from festoon.intake.http import Asked, EventsRoute
from festoon.intake.protocol import MOST_HEADS, EventsProtocol, Frames, ShortWay
from tests.serving import PATIENCE, Running, cloud_event, order_paid, serving, wait_until

STRUCTURED = "content-type: application/cloudevents+json"
BATCH = "content-type: application/cloudevents-batch+json"
BINARY = ("ce-specversion: 1.0", "ce-id: b1", "ce-source: shop", "ce-type: shop.bell_rung", "ce-subject: ann")
Answered = tuple[bytes, dict[bytes, bytes], bytes]
encode = msgspec.json.encode


@pytest.fixture(scope="module")
def other(running: Running) -> Iterator[Running]:
    """A server over the same store in which all requests go through ASGI."""
    with serving(running.dsn, http="httptools") as other:
        yield other


@pytest.fixture
def through_asgi(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with every request that the route is given through ASGI."""
    seen: list[str] = []
    call = EventsRoute.__call__

    async def called(self: EventsRoute, scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        await call(self, scope, receive, send)

    monkeypatch.setattr(EventsRoute, "__call__", called)
    return seen


class Line:
    """A connection on which bytes are sent as they are written."""

    def __init__(self, running: Running) -> None:
        self._socket = socket.create_connection(("127.0.0.1", running.port), PATIENCE)
        self._read = self._socket.makefile("rb")
        self.port: int = self._socket.getsockname()[1]
        self.send = self._socket.sendall

    def answer(self) -> Answered:
        """Status line, headers and body of the next answer. The time of day is left out."""
        status, headers = self._read.readline(), {}
        while (line := self._read.readline()) not in (b"\r\n", b""):
            name, _, value = line.rstrip(b"\r\n").partition(b": ")
            headers[name] = b"" if name == b"date" else value
        return status, headers, self._read.read(int(headers.get(b"content-length", 0)))

    def send_until_refused(self, request: bytes) -> int:
        """Send the same over and over; how often, and a part of it, until nobody takes any more."""
        self._socket.settimeout(0.5)
        sent = 0
        try:
            while True:
                self.send(request)
                sent += 1
        except TimeoutError:
            return sent
        finally:
            self._socket.settimeout(PATIENCE)

    def ended(self) -> bool:
        return self._read.read(1) == b""

    def close(self) -> None:
        self._read.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def post(body: bytes, *lines: str, key: str, start: str = "POST /v1/events HTTP/1.1") -> bytes:
    """A request as bytes. Lines that say how long the body is, or who asks, are not said twice."""
    said = "\r\n".join(lines).lower()
    if "content-length" not in said and "transfer-encoding" not in said:
        lines += (f"content-length: {len(body)}",)
    if "authorization" not in said:
        lines += (f"authorization: Bearer {key}",)
    return "\r\n".join((start, "host: here", *lines, "", "")).encode() + body


EVENT = order_paid("ann", 700, id="same", data={"order": "o", "amount": 700, "currency": "CNY", "lines": []})
OTHERWISE = {**EVENT, "data": {**EVENT["data"], "amount": 800}}
ORDINARY: dict[str, tuple[Any, ...]] = {
    "structured": (encode(EVENT), STRUCTURED),
    "no content type": (encode(EVENT),),
    "headers in capitals": (encode(EVENT), STRUCTURED.title()),
    "binary": (b'{"n":1}', "content-type: application/json", *BINARY),
    "a batch": (encode([EVENT, {}, 7]), BATCH),
    "a batch by its looks": (encode([EVENT]), "content-type: application/json"),
    "an empty batch": (b"[]", BATCH),
    "nothing good in a batch": (b"[1]", BATCH, "accept-language: zh"),
    "in Chinese": (b"{}", STRUCTURED, "accept-language: zh-CN,zh;q=0.9"),
    "no JSON": (b"{", STRUCTURED),
    "no body": (b"", STRUCTURED),
    "another body": (encode(OTHERWISE), STRUCTURED),
    "not theirs to send": (encode(cloud_event("timer.due", "ann")), STRUCTURED),
    "the last on its connection": (encode(EVENT), STRUCTURED, "connection: close"),
}
UNUSUAL: dict[str, tuple[Any, ...]] = {
    "no key": (encode(EVENT), STRUCTURED, "authorization: none"),
    "a wrong key": (encode(EVENT), STRUCTURED, "authorization: Bearer fst_000000000000_00"),
    "not a content type of ours": (encode(EVENT), "content-type: text/html"),
    "a header twice": (encode(EVENT), STRUCTURED, STRUCTURED),
    "expecting to be let in": (encode(EVENT), STRUCTURED, "expect: 100-continue"),
    "in pieces": (b"2\r\n{}\r\n0\r\n\r\n", STRUCTURED, "transfer-encoding: chunked"),
    "more than a glance": (b" " * 70_000, STRUCTURED),
    "too large, as it says": (b"", STRUCTURED, f"content-length: {LARGEST_BODY + 1}"),
}


@pytest.mark.parametrize("case", [*ORDINARY, *UNUSUAL])
def test_both_ways_give_the_same_answer(
    running: Running, other: Running, through_asgi: list[str], case: str
) -> None:
    request = post(*{**ORDINARY, **UNUSUAL}[case], key=running.key)
    running.client.one(EVENT)
    with Line(other) as line:
        line.send(request)
        line.answer()  # whatever can be stored is, so that from now on it is there again
    through_asgi.clear()
    answers = []
    for server, repeated in ((running, 3), (other, 1)):
        for _ in range(repeated):  # the second time with a head that was parsed before
            with Line(server) as line:
                line.send(request)
                answers.append(line.answer())
                if answers[-1][0].startswith(b"HTTP/1.1 100"):
                    answers.append(line.answer())
                if b"connection: close" in request:
                    assert line.ended()
        if server is running:
            assert len(through_asgi) == (0 if case in ORDINARY else 3)
    assert answers[0][0].startswith(b"HTTP/1.1 ")
    assert all(answer in answers[-2:] for answer in answers)


@pytest.mark.parametrize(
    "start",
    [
        "POST /v1/events HTTP/1.0",
        "POST /v1/events?x=1 HTTP/1.1",
        "POST /v1/%65vents HTTP/1.1",
        "PUT /v1/events HTTP/1.1",
        "POST /v1/nothing HTTP/1.1",
        "POST /v1/events HTTP/7.1",
    ],
)
def test_what_is_not_ordinary_is_answered_as_ever(running: Running, other: Running, start: str) -> None:
    request = post(encode(EVENT), STRUCTURED, key=running.key, start=start)
    answers = []
    running.client.one(EVENT)
    for server in (running, other):
        with Line(server) as line:
            line.send(request)
            answers.append(line.answer())
    assert answers[0] == answers[1]


def test_a_new_event_gets_its_outcome_on_both_ways(running: Running, other: Running) -> None:
    answers = []
    for server, id in ((running, "new-1"), (other, "new-2")):
        with Line(server) as line:
            line.send(post(encode(cloud_event("shop.bell_rung", "ben", id=id)), STRUCTURED, key=running.key))
            status, headers, body = line.answer()
            answers.append((status, headers, body.replace(id.encode(), b"")))
    assert answers[0] == answers[1]
    assert b'"again":false' in answers[0][2]


def test_answers_come_in_the_order_of_their_requests(running: Running) -> None:
    events = [order_paid(f"line-{number}", id=f"line-{number}") for number in range(12)]
    requests = [post(encode(event), STRUCTURED, key=running.key) for event in events]
    for number in (1, 5, 6):
        requests[number] = b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n"
    requests[8] = post(b"{", STRUCTURED, key=running.key)
    running.client.one(EVENT)
    for pieces in (1, 7, 500):  # all at once, and cut where no request ends
        with Line(running) as line:
            sent = b"".join(requests)
            step = -(-len(sent) // pieces)
            for at in range(0, len(sent), step):
                line.send(sent[at : at + step])
            for number in range(len(requests)):
                _, _, body = line.answer()
                said = msgspec.json.decode(body)
                wanted = {1: "status", 5: "status", 6: "status", 8: "code"}.get(number)
                assert wanted in said if wanted else said["id"] == f"line-{number}"


def test_many_requests_on_one_connection_each_by_itself(running: Running, through_asgi: list[str]) -> None:
    running.client.one(EVENT)
    through_asgi.clear()
    with Line(running) as line:
        for number in range(40):
            event = cloud_event("shop.bell_rung", "carl", id=f"{number}", data={"note": "x" * (number % 7)})
            line.send(post(encode(event), STRUCTURED, key=running.key))
            assert msgspec.json.decode(line.answer()[2])["id"] == f"{number}"
    assert through_asgi == []


def test_a_connection_is_hung_up_on_once_it_is_idle_for_long_enough_and_not_before(running: Running) -> None:
    running.client.one(EVENT)
    with Line(running) as line:
        request = post(encode(cloud_event("shop.bell_rung", "ann", id="again")), STRUCTURED, key=running.key)
        line.send(request)
        line.answer()
        (idle,) = (
            each for each in running.connections if each.transport.get_extra_info("peername")[1] == line.port
        )
        idle.timeout_keep_alive, idle.timeout_keep_alive_task = 2.0, None
        for _ in range(4):
            time.sleep(0.6)
            line.send(request)
            assert line.answer()[0] == b"HTTP/1.1 200 OK\r\n"
        assert line.ended()


def test_half_a_request_leaves_nothing(running: Running) -> None:
    running.client.one(EVENT)
    whole = post(encode(order_paid("dora", id="cut")), STRUCTURED, key=running.key)
    other = whole.replace(b"dora", b"emil")
    with Line(running) as line:
        line.send(other)  # now the head is known
        assert line.answer()[0] == b"HTTP/1.1 200 OK\r\n"
        line.send(whole[:-1])
    running.client.one(order_paid("after"))
    assert running.fetch("SELECT FROM identity WHERE subject = 'dora'") == []
    assert len(running.fetch("SELECT FROM identity WHERE subject = 'emil'")) == 1


def test_who_does_not_read_is_not_answered_without_end(running: Running) -> None:
    running.client.one(EVENT)
    request = post(b"[" + b",".join([b"1"] * 200) + b" " * 60_000 + b"]", BATCH, key=running.key)
    with Line(running) as line:
        line.send(request)
        answer = line.answer()
        size = len(answer[2])
        (transport,) = (
            each.transport
            for each in running.connections
            if each.transport.get_extra_info("peername")[1] == line.port
        )
        sent = line.send_until_refused(request)
        assert sent * size > 1_000_000
        assert transport.get_write_buffer_size() < 65_536 + 2 * (size + 1_000)
        assert [line.answer() == answer for _ in range(sent)] == [True] * sent


def test_who_waits_when_a_server_stops_is_answered_and_hung_up_on(database: str) -> None:
    with serving(database) as running, asyncio.Runner() as runner:
        running.client.one(cloud_event("shop.bell_rung", "ann"))
        connection = runner.run(asyncpg.connect(database))
        runner.run(connection.execute("BEGIN; LOCK TABLE program IN ACCESS EXCLUSIVE MODE"))
        with Line(running) as line, Line(running) as half:
            request = post(encode(cloud_event("shop.bell_rung", "ben")), STRUCTURED, key=running.key)
            line.send(request)
            half.send(request[:-5])
            wait_until(lambda: sum(each.cycle is not None for each in running.connections) >= 3)
            running.stop()
            wait_until(running.listens_no_more)
            runner.run(connection.execute("ROLLBACK"))
            half.send(request[-5:])
            for each in (line, half):
                status, headers, _ = each.answer()
                assert (status, headers[b"connection"]) == (b"HTTP/1.1 200 OK\r\n", b"close")
                assert each.ended()
        runner.run(connection.close())


# The heads that are remembered -------------------------------------------------------------------------------------


HEAD = b"POST /v1/events HTTP/1.1\r\nauthorization: x\r\ncontent-length: 2\r\n\r\n"
ASKED = Asked({}, "json", frozenset({"events:write"}), "en", until=10.0)


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def short(now: list[float]) -> ShortWay:
    """One without anything behind it."""
    nothing: Any = None
    return ShortWay(EventsRoute(nothing, Door(Lateness(), nothing), Keyring(nothing, lambda: now[0])))


def test_a_head_is_believed_as_long_as_its_key(short: ShortWay, now: list[float]) -> None:
    assert short.parsed_before(HEAD + b"{}") is None
    short.remember(HEAD + b"{}", ASKED, b"{}")
    assert short.parsed_before(HEAD + b"[]") == (ASKED, b"[]")
    now[0] = 10.0
    assert short.parsed_before(HEAD + b"[]") is None


@pytest.mark.parametrize("data", [HEAD, HEAD + b"{", HEAD + b"{}P", HEAD[:-1], HEAD[1:] + b"{}", b"", b"{}"])
def test_only_one_whole_request_has_a_head_that_is_known(short: ShortWay, data: bytes) -> None:
    short.remember(HEAD + b"{}", ASKED, b"{}")
    assert short.parsed_before(data) is None


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b"\r\n\r\n" + HEAD + b"{}", b"{}"),
        (HEAD + b"{}" + HEAD + b"{}", b"{}"),
        (HEAD + b"{}\r\n", b"{}"),
        (HEAD.replace(b" x", b" " + b"x" * 5000) + b"{}", b"{}"),
    ],
)
def test_data_that_is_not_one_request_of_modest_size_is_not_remembered(
    short: ShortWay, data: bytes, body: bytes
) -> None:
    short.remember(data, ASKED, body)
    assert short.parsed_before(data) is None
    assert short.parsed_before(HEAD + b"{}") is None


def test_heads_are_not_remembered_without_end(short: ShortWay) -> None:
    for number in range(MOST_HEADS + 1):
        short.remember(HEAD.replace(b" x", b" %d" % number) + b"{}", ASKED, b"{}")
    assert short.parsed_before(HEAD.replace(b" x", b" 0") + b"{}") is None
    assert short.parsed_before(HEAD.replace(b" x", b" %d" % MOST_HEADS) + b"{}") is not None


def test_replies_say_what_they_are_in_front_of_their_body_and_the_time_as_the_server_says_it() -> None:
    frames = Frames()
    noon, later = [(b"date", b"noon"), (b"server", b"here")], [(b"date", b"later")]
    busy = Reply(503, b"busy", PROBLEM, ((b"retry-after", b"2"),))
    for _ in range(2):
        assert frames.framed(Reply(200, b"{}"), noon, keep_alive=True) == (
            b"HTTP/1.1 200 OK\r\ndate: noon\r\nserver: here\r\ncontent-type: application/json\r\n"
            b"content-length: 2\r\n\r\n{}"
        )
        assert frames.framed(busy, noon, keep_alive=False) == (
            b"HTTP/1.1 503 Service Unavailable\r\ndate: noon\r\nserver: here\r\n"
            b"content-type: application/problem+json\r\nretry-after: 2\r\n"
            b"content-length: 4\r\nconnection: close\r\n\r\nbusy"
        )
        assert frames.framed(Reply(200, b""), later, keep_alive=True) == (
            b"HTTP/1.1 200 OK\r\ndate: later\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n"
        )


def test_the_commands_serve_with_it() -> None:
    assert UVICORN["http"] is EventsProtocol
