"""A rehearsal: history runs through the live engine, durably, on the events' own clock.

Before an event, every timer that is due fires, in order; phases come and go as they would have. What is stored is
what the same events would have left behind live.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import asyncpg
from msgspec import Struct

from festoon.base.clock import RehearsalClock
from festoon.base.errors import Conflict, define
from festoon.base.events import Event
from festoon.engine.appointments import appointments
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.intake.clock import due_members, note_phases
from festoon.store.pool import connect_hot

NOT_A_REHEARSAL = define(
    "rehearsal.live_database",
    409,
    "this database is live; history on its own clock runs only in a rehearsal database",
    "当前为正式数据库；历史数据只能在演练库中按事件时间运行",
    todo="make one: festoon init --rehearsal",
    todo_zh="请先创建演练库：festoon init --rehearsal",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCH = 500
TICK = timedelta(microseconds=1)


class Rehearsed(Struct):
    """What came of a rehearsal so far: answers by kind, and turned-away events by code."""

    events: int
    kinds: Counter[str]
    turned_away: Counter[str]


def _unheard(_events: int, _at: datetime) -> None:
    """Progress that nobody listens to."""


async def rehearse(
    dsn: str,
    batches: Iterable[list[Event]],
    *,
    on_batch: Callable[[int, datetime], None] = _unheard,
    until: datetime | None = None,
) -> Rehearsed:
    """Run batches of events, in order of time, through the engine. `until` lets the clock run on after the last one.

    Raises Conflict (`rehearsal.live_database`) when the database is not a rehearsal.
    """
    connection = await connect_hot(dsn)
    try:
        program = await load_program(connection)
        if not program.rehearsal:
            raise Conflict(NOT_A_REHEARSAL)
        clock = RehearsalClock(EPOCH)
        engine = Engine(program, load_program, clock)
        done = Rehearsed(0, Counter(), Counter())
        for events in batches:
            for start in range(0, len(events), BATCH):
                part = events[start : start + BATCH]
                await _run_part(engine, connection, clock, part, done)
                on_batch(len(part), clock())
        if until is not None:
            await _keep_appointments(engine, connection, clock, until, done)
            await _let_pass(engine, connection, clock, until, done)
        await note_phases(connection, engine.program, clock())
        return done
    finally:
        await connection.close()


async def _run_part(
    engine: Engine, connection: asyncpg.Connection, clock: RehearsalClock, part: list[Event], done: Rehearsed
) -> None:
    """A batch, or two of which the first ends before an appointment: that sees what was stored until then."""
    end = max(event.time for event in part)
    due = _next_appointment(engine, clock(), end)
    if due is not None:
        if before := [event for event in part if event.time < due]:
            clock.move(max(event.time for event in before))
            await _run(engine, connection, before, done)
        await _let_pass(engine, connection, clock, due - TICK, done)
        await _let_pass(engine, connection, clock, due, done)
        if after := [event for event in part if event.time >= due]:
            await _run_part(engine, connection, clock, after, done)
        return
    clock.move(end)
    await _run(engine, connection, part, done)


async def _keep_appointments(
    engine: Engine, connection: asyncpg.Connection, clock: RehearsalClock, until: datetime, done: Rehearsed
) -> None:
    while (due := _next_appointment(engine, clock(), until)) is not None:
        await _let_pass(engine, connection, clock, due - TICK, done)
        await _let_pass(engine, connection, clock, due, done)


async def _let_pass(
    engine: Engine, connection: asyncpg.Connection, clock: RehearsalClock, until: datetime, done: Rehearsed
) -> None:
    """Time goes on until then, and every timer fires that is due by then."""
    clock.move(until)
    while await _run(engine, connection, [], done):
        pass


def _next_appointment(engine: Engine, since: datetime, until: datetime) -> datetime | None:
    """When the first appointment is after one instant and not after another."""
    campaigns = engine.program.campaigns.values()
    coming = (timer.due for campaign in campaigns for timer in appointments(campaign))
    return min((due for due in coming if since < due <= until), default=None)


async def _run(engine: Engine, connection: asyncpg.Connection, events: list[Event], done: Rehearsed) -> int:
    """One batch, with every member whose timers are due by its end; how many there were."""
    woken = await due_members(connection, engine.now())
    for answer in await run_batch(engine, connection, events, [number for number, _ in woken]):
        done.kinds[answer.kind] += 1
        if answer.error is not None:
            done.turned_away[answer.error.code] += 1
    done.events += len(events)
    return len(woken)
