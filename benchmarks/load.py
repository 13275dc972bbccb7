"""The load: keep-alive connections that send an event, wait for its answer, and send the next. A process of its own.

It is one loop over `epoll`, and what it sends is put together before the clock starts, because a client that costs more
than the server would measure itself; what it can do at the most is measured against an application that does nothing
(`python -m benchmarks ceiling`).
"""

import random
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain, count, islice

import msgspec
from msgspec import Struct

BUFFER = memoryview(bytearray(1 << 20))
"""Where answers arrive, of all connections: asking for a megabyte anew each time costs more than reading it."""
RAMP = 1.0
"""Seconds at the beginning whose latencies do not count: everybody comes at one instant, as nobody ever does again.
They do where there is nothing else, and they always count towards the rate."""
READY = 30_000
"""Events for each second that are ready when the clock starts. Whoever takes more has them made as he goes."""
BATCH = b"application/cloudevents-batch+json"
SINGLE = b"application/cloudevents+json"


class Spec(Struct, frozen=True):
    """What to send. `events` is a request's number of events; `requests` ends the load early, 0 leaves it to time."""

    port: int
    key: str
    connections: int
    seconds: float
    prefix: str
    time: str
    kind: str = "order"
    type: str = "order.paid"
    events: int = 1
    members: int = 1_000
    requests: int = 0
    seed: int = 1


class Load(Struct, frozen=True):
    """What came of it. Latencies in milliseconds, those of requests sent after the first second; `worked` is the load's
    own processor time in seconds."""

    requests: int
    events: int
    seconds: float
    errors: int
    p50: float
    p99: float
    worked: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def order(spec: Spec) -> Iterator[bytes]:
    """Orders of one line by random members."""
    draw = random.Random(spec.seed)
    for number in count():
        amount = draw.randrange(100, 20_000)
        yield (
            b'{"specversion":"1.0","id":"%b-%d","source":"shop","type":"%b","subject":"member-%d",'
            b'"time":"%b","data":{"order":"%b-%d","amount":%d,"currency":"CNY",'
            b'"lines":[{"line":"1","product":"tea-17","category":"tea","amount":%d}]}}'
        ) % (spec.prefix.encode(), number, spec.type.encode(), draw.randrange(spec.members), spec.time.encode(),
             spec.prefix.encode(), number, amount, amount)  # fmt: skip


def draw(spec: Spec) -> Iterator[bytes]:
    """Presses of the draw button by random members."""
    chosen = random.Random(spec.seed)
    for number in count():
        yield (
            b'{"specversion":"1.0","id":"%b-%d","source":"app","type":"draw.played","subject":"member-%d",'
            b'"data":{"campaign":"bench","mechanic":"lucky-draw"}}'
        ) % (spec.prefix.encode(), number, chosen.randrange(spec.members))


KINDS: dict[str, Callable[[Spec], Iterator[bytes]]] = {"order": order, "draw": draw}


def requests(spec: Spec) -> Iterator[bytes]:
    """Whole HTTP requests, without end."""
    head = (
        b"POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer %b\r\ncontent-type: %b\r\n"
        b"content-length: %%d\r\n\r\n"
    ) % (spec.key.encode(), SINGLE if spec.events == 1 else BATCH)
    events = KINDS[spec.kind](spec)
    while True:
        body = b",".join(next(events) for _ in range(spec.events))
        if spec.events > 1:
            body = b"[%b]" % body
        yield head % len(body) + body


def ready(spec: Spec) -> Iterator[bytes]:
    """The same, begun: as many as will be needed are there."""
    source = requests(spec)
    needed = int(spec.seconds * READY / spec.events)
    return chain(list(islice(source, min(needed, spec.requests or needed))), source)


class Line:
    """One connection: what it waits for, and what has come so far."""

    __slots__ = ("got", "sent", "socket", "wanted")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self.got = b""
        self.wanted = 0

    def send(self, request: bytes, now: float) -> None:
        self.sent, self.got, self.wanted = now, b"", 0
        self.socket.sendall(request)

    def take(self) -> bool:
        """Take what has come; True when the answer is whole. Raises ConnectionError when the server hung up."""
        size = self.socket.recv_into(BUFFER)
        if not size:
            raise ConnectionError("the server hung up")
        self.got += BUFFER[:size]
        if not self.wanted:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return False
            at = self.got[:end].lower().find(b"content-length: ") + 16
            self.wanted = end + 4 + int(self.got[at : self.got.find(b"\r\n", at)])
        return len(self.got) >= self.wanted

    @property
    def fine(self) -> bool:
        return self.got[9:12] == b"200"


def run(spec: Spec) -> Load:
    """Send until the time is over or the requests are used up."""
    lines = {(line := Line(spec.port)).socket.fileno(): line for _ in range(spec.connections)}
    poll = select.epoll()
    for number in lines:
        poll.register(number, select.EPOLLIN)
    source = ready(spec)
    clock, worked = time.perf_counter, time.process_time()
    began = clock()
    until = began + spec.seconds
    left = spec.requests or sys.maxsize
    times: list[float] = []
    ramp = 0
    errors = waiting = 0
    for line in list(lines.values())[:left]:
        line.send(next(source), clock())
        left -= 1
        waiting += 1
    while waiting:
        for number, _ in poll.poll(60):
            line = lines[number]
            if not line.take():
                continue
            now = clock()
            times.append(now - line.sent)
            ramp += line.sent - began < RAMP
            errors += not line.fine
            waiting -= 1
            if now < until and left:
                line.send(next(source), now)
                left -= 1
                waiting += 1
    seconds = clock() - began
    for line in lines.values():
        line.socket.close()
    settled = sorted(times[ramp:] or times)
    return Load(
        len(times), len(times) * spec.events, seconds, errors, 1000 * settled[len(settled) // 2],
        1000 * settled[len(settled) * 99 // 100], time.process_time() - worked,
    )  # fmt: skip


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Spec)
    sys.stdout.buffer.write(msgspec.json.encode(run(asked)))
