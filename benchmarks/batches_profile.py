"""Where a batch spends its time, from the bodies of its requests to the bodies of its answers, on one connection."""

import asyncio
import random
from collections.abc import Sequence

import asyncpg
import uvloop
from msgspec import Struct

from benchmarks.ground import Ground, put_up
from benchmarks.pgbench import make_members
from benchmarks.plans import three_match
from benchmarks.serving import worked
from benchmarks.spans import Spans, Wrapped
from festoon.access.keys import SCOPES
from festoon.base.clock import wall
from festoon.base.collector import calm
from festoon.base.events import Event
from festoon.engine import deciding, load, run_batch
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.intake.batcher import SWIFT
from festoon.intake.cloudevents import decode_one
from festoon.intake.door import Door, Lateness
from festoon.intake.http import present
from festoon.store.pool import connect_hot

SIZES = (1, 64, 500)
EVENTS = {1: 1_000, 64: 6_400, 500: 20_000}
"""Events that are measured, by batch size."""
MEMBERS = 20_000
ANYTHING = frozenset(SCOPES)

TAKEN: tuple[Wrapped, ...] = (
    (load, "begin", "read"),
    (run_batch, "known", "read"),
    (run_batch, "keys_for", "read"),
    (load, "lock_and_read", "read"),
    (load.Loaded, "take_first", "read"),
    (load.Loaded, "world", "world"),
    (deciding.Deciding, "__init__", "identity"),
    (deciding.Deciding, "decide", "decide"),
    (run_batch, "post", "post"),
    (deciding.Deciding, "answers", "answer"),
)
SPANS = {
    "door": "decode and admit",
    "read": "lock and read: members, claims, timers, accounts, progress, shared",
    "identity": "key and hash",
    "world": "rows to members",
    "decide": "decide, and encode outcomes",
    "post": "post: journal, accounts, progress, shared, commit",
    "rest": "what is between",
    "answer": "look up the answer",
    "present": "encode the answer",
}


class Profile(Struct, frozen=True):
    """One batch size. Microseconds per event, by span: (wall, our own processor). `store` is PostgreSQL's processor;
    `trips` is how often a batch waits for it."""

    size: int
    spans: dict[str, tuple[float, float]]
    store: float
    trips: int

    @property
    def whole(self) -> tuple[float, float]:
        return sum(wall for wall, _ in self.spans.values()), sum(own for _, own in self.spans.values())


def profile(ground: Ground, sizes: Sequence[int] = SIZES) -> list[Profile]:
    """Take the profile of every batch size, on one connection, with the collector as a serving process has it."""
    calm()
    found = []
    for size in sizes:
        dsn = ground.database()
        asyncio.run(put_up(dsn, three_match(wall().date())))
        asyncio.run(make_members(dsn, MEMBERS))
        found.append(uvloop.run(_profile(ground, dsn, size)))
    return found


async def _profile(ground: Ground, dsn: str, size: int) -> Profile:
    connection = await connect_hot(dsn)
    program = await load_program(connection)
    engine = Engine(program, load_program, wall)
    door = Door(Lateness(), lambda: engine.program)
    bodies = _bodies(EVENTS[size] + 5 * size)
    batches = [bodies[start : start + size] for start in range(0, len(bodies), size)]
    spans = Spans()
    for batch in batches[:4]:
        await _taken(engine, connection, door, batch, Spans())
    trips = await _trips(engine, connection, door, batches[4])
    store = worked(ground.processes())
    with spans.on(TAKEN):
        for batch in batches[5:]:
            await _taken(engine, connection, door, batch, spans)
    store = worked(ground.processes()) - store
    await connection.close()
    each = 1e6 / sum(map(len, batches[5:]))
    taken = {name: (spent.wall * each, spent.worked * each) for name, spent in sorted(spans.spent.items())}
    return Profile(size, taken, store * each, trips)


async def _trips(engine: Engine, connection: asyncpg.Connection, door: Door, bodies: Sequence[bytes]) -> int:
    """How often one batch waits for the server. The driver tells of all but a COPY, of which there is one."""
    told: list[object] = []
    with connection.query_logger(told.append):
        await _taken(engine, connection, door, bodies, Spans())
        await asyncio.sleep(0)  # it tells of the last one a moment later
    return len(told) + 1


async def _taken(
    engine: Engine, connection: asyncpg.Connection, door: Door, bodies: Sequence[bytes], spans: Spans
) -> None:
    """One batch from the bodies of its requests to the bodies of its answers."""
    with spans.span("door"):
        now = engine.now()
        events: list[Event] = [door.admit(decode_one(body), now, ANYTHING) for body in bodies]
    with spans.span("rest"):
        answers = await run_batch.run_batch(engine, connection, events, (), SWIFT)
    with spans.span("present"):
        for event, answer in zip(events, answers, strict=True):
            present(event, answer, "en", engine.program)


def _bodies(count: int) -> list[bytes]:
    """Orders, as a platform would send them."""
    draw = random.Random(1)
    sent = wall().isoformat().encode()
    return [
        b'{"specversion":"1.0","id":"%d","source":"shop","type":"order.paid","subject":"member-%d","time":"%b","data":'
        b'{"order":"%d","amount":%d,"currency":"CNY","lines":[{"line":"1","product":"tea-17","category":"tea",'
        b'"amount":%d}]}}'
        % (number, draw.randrange(MEMBERS), sent, number, amount := draw.randrange(100, 20_000), amount)
        for number in range(count)
    ]


def head(found: Sequence[Profile]) -> tuple[str, ...]:
    return ("wall / own processor, µs per event", *(f"batches of {each.size}" for each in found))


def rows(found: Sequence[Profile]) -> list[tuple[str, ...]]:
    """The lines of the table."""
    lines = [
        (title, *("{:.0f} / {:.0f}".format(*each.spans.get(name, (0.0, 0.0))) for each in found))
        for name, title in SPANS.items()
    ]
    lines.append(("all of it", *("{:.0f} / {:.0f}".format(*each.whole) for each in found)))
    lines.append(("PostgreSQL's processor", *(f"{each.store:.0f}" for each in found)))
    lines.append(("round trips a batch", *(f"{each.trips}" for each in found)))
    return lines
