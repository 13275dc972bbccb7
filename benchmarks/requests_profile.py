"""Where a request spends its time: a serving process under load, sampled."""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.ground import Ground, new_key, put_up
from benchmarks.load import Load, Spec
from benchmarks.pgbench import make_members
from benchmarks.plans import three_match
from benchmarks.sampled import Seen
from benchmarks.serving import Serving, await_ready, free_port, process, put_load, worked
from festoon.base.clock import wall

SHAPES = ((64, 1), (256, 1), (4, 500))
"""Connections, and events of a request."""
MEMBERS = 20_000
SECONDS = 4.0
STAGES = {
    "http": "HTTP: parse, write",
    "request": "route, key, headers, metrics, answer's frame",
    "door": "decode and admit",
    "queue": "queue: wait, batch, hand out",
    "identity": "key and hash",
    "read": "lock and read",
    "world": "rows to members",
    "decide": "decide, and encode outcomes",
    "post": "post and commit",
    "rest": "what is between",
    "answer": "look up the answer",
    "present": "encode the answer",
    "loop": "event loop, sockets, the driver's replies",
}


class Served(Struct, frozen=True):
    """One shape of load. `own` is the server's processor time per event by stage, in microseconds; `store` that of
    PostgreSQL; `waits` milliseconds from queueing to answer, `decides` those of them in the batch itself."""

    connections: int
    events: int
    load: Load
    own: dict[str, float]
    store: float
    waits: float
    decides: float


def serve_profile(ground: Ground, shapes: Sequence[tuple[int, int]] = SHAPES) -> list[Served]:
    """Sample a serving process under each shape of load."""
    dsn = ground.database()
    asyncio.run(put_up(dsn, three_match(wall().date())))
    asyncio.run(make_members(dsn, MEMBERS))
    key, port = asyncio.run(new_key(dsn)), free_port()
    with tempfile.TemporaryDirectory() as room:
        file = Path(room) / "seen"
        with process([sys.executable, "-m", "benchmarks.sampled", dsn, str(port), str(file)], {}) as started:
            await_ready(port, "/readyz")
            serving = Serving(port, started)
            found = []
            for connections, events in shapes:
                for number in range(2):  # the first one warms up
                    spec = Spec(port, key, connections, SECONDS, f"{connections}-{events}-{number}",
                                wall().isoformat(), events=events, members=MEMBERS)  # fmt: skip
                    own, store = serving.worked, worked(ground.processes())
                    started.send_signal(signal.SIGUSR1)
                    load = put_load(spec)
                    started.send_signal(signal.SIGUSR2)
                    own, store = serving.worked - own, worked(ground.processes()) - store
                found.append(_served(spec, load, _read(file), own, store))
    return found


def _read(file: Path) -> Seen:
    until = time.monotonic() + 10
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.05)
    seen = msgspec.json.decode(file.read_bytes(), type=Seen)
    file.unlink()
    return seen


def _served(spec: Spec, load: Load, seen: Seen, own: float, store: float) -> Served:
    each, all_of_it = 1e6 / load.events, sum(seen.samples.values())
    stages = {stage: own * each * count / all_of_it for stage, count in seen.samples.items()}
    waits, decides = (1000 * seconds / max(seen.answered, 1) for seconds in (seen.waited, seen.decided))
    return Served(spec.connections, spec.events, load, stages, store * each, waits, decides)


def rows(found: Sequence[Served]) -> list[tuple[str, ...]]:
    """The lines of the table."""
    lines = [
        (title, *(f"{each.own.get(stage, 0.0):.0f}" for each in found)) for stage, title in STAGES.items()
    ]
    lines += [
        ("all of it", *(f"{sum(each.own.values()):.0f}" for each in found)),
        ("PostgreSQL's processor", *(f"{each.store:.0f}" for each in found)),
        ("events/s", *(f"{each.load.rate:,.0f}" for each in found)),
        ("from queueing to answer, ms", *(f"{each.waits:.1f}" for each in found)),
        ("of that in the batch, ms", *(f"{each.decides:.1f}" for each in found)),
    ]
    return lines


def head(found: Sequence[Served]) -> tuple[str, ...]:
    return ("own processor, µs per event", *(f"{each.connections} × {each.events}" for each in found))
