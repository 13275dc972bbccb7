"""A rehearsal: history runs through the live engine, durably, on the events' own clock.

Before an event, every timer that is due fires, in order; phases come and go as they would have. What is stored is
what the same events would have left behind live.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import asyncpg
from msgspec import Struct

from festoon.base.clock import RehearsalClock
from festoon.base.errors import Conflict, define
from festoon.base.events import Event
from festoon.engine.appointments import appointments
from festoon.engine.engine import Engine
from festoon.engine.program import Program
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


class Schedule(Protocol):
    """What is done at set times beside timers and appointments: segments are refreshed (`audience/rehearsal.py`)."""

    def following(self, program: Program, since: datetime, until: datetime) -> datetime | None:
        """The first instant at which something is to be done, after one and not after another."""

    async def keep(self, program: Program, at: datetime) -> None:
        """Do what is to be done at an instant; everything that came before it is stored."""


class NoSchedule:
    """Nothing is done."""

    def following(self, program: Program, since: datetime, until: datetime) -> datetime | None:
        return None

    async def keep(self, program: Program, at: datetime) -> None:
        return None


NO_SCHEDULE = NoSchedule()


class _Run(Struct):
    """A rehearsal that is under way."""

    engine: Engine
    connection: asyncpg.Connection
    clock: RehearsalClock
    schedule: Schedule
    done: Rehearsed

    def following(self, until: datetime) -> datetime | None:
        """When something has its time next, not after an instant."""
        since, program = self.clock(), self.engine.program
        coming = (
            _next_appointment(self.engine, since, until), self.schedule.following(program, since, until),
        )  # fmt: skip
        return min((due for due in coming if due is not None), default=None)


async def rehearse(
    dsn: str,
    batches: Iterable[list[Event]],
    *,
    on_batch: Callable[[int, datetime], None] = _unheard,
    until: datetime | None = None,
    schedule: Schedule = NO_SCHEDULE,
) -> Rehearsed:
    """Run batches of events, in order of time, through the engine. `until` lets the clock run on after the last one;
    `schedule` is done as its times come.

    Raises Conflict (`rehearsal.live_database`) when the database is not a rehearsal.
    """
    connection = await connect_hot(dsn)
    try:
        program = await load_program(connection)
        if not program.rehearsal:
            raise Conflict(NOT_A_REHEARSAL)
        clock = RehearsalClock(EPOCH)
        engine = Engine(program, load_program, clock)
        run = _Run(engine, connection, clock, schedule, Rehearsed(0, Counter(), Counter()))
        for events in batches:
            for start in range(0, len(events), BATCH):
                part = events[start : start + BATCH]
                await _run_part(run, part)
                on_batch(len(part), clock())
        if until is not None:
            while (due := run.following(until)) is not None:
                await _keep(run, due)
            await _let_pass(run, until)
        await note_phases(connection, engine.program, clock())
        return run.done
    finally:
        await connection.close()


async def _run_part(run: _Run, part: list[Event]) -> None:
    """A batch, cut wherever something has its time: that sees what was stored until then."""
    end = max(event.time for event in part)
    while (due := run.following(end)) is not None:
        if before := [event for event in part if event.time < due]:
            run.clock.move(max(event.time for event in before))
            await _run(run, before)
        await _keep(run, due)
        part = [event for event in part if event.time >= due]
    run.clock.move(end)
    await _run(run, part)


async def _keep(run: _Run, due: datetime) -> None:
    """Time goes on until then, and what has its time then is done: appointments, then what the schedule says."""
    await _let_pass(run, due - TICK)
    await _let_pass(run, due)
    if run.schedule.following(run.engine.program, due - TICK, due) is not None:
        await run.schedule.keep(run.engine.program, due)


async def _let_pass(run: _Run, until: datetime) -> None:
    """Time goes on until then, and every timer fires that is due by then."""
    run.clock.move(until)
    while await _run(run, []):
        pass


def _next_appointment(engine: Engine, since: datetime, until: datetime) -> datetime | None:
    """When the first appointment is after one instant and not after another."""
    campaigns = engine.program.campaigns.values()
    coming = (timer.due for campaign in campaigns for timer in appointments(campaign))
    return min((due for due in coming if since < due <= until), default=None)


async def _run(run: _Run, events: list[Event]) -> int:
    """One batch, with every member whose timers are due by its end; how many there were."""
    engine, done = run.engine, run.done
    woken = await due_members(run.connection, engine.now())
    for answer in await run_batch(engine, run.connection, events, [number for number, _ in woken]):
        done.kinds[answer.kind] += 1
        if answer.error is not None:
            done.turned_away[answer.error.code] += 1
    done.events += len(events)
    return len(woken)
