"""Importing: events of a file through the engine, in batches, as often as you like.

In a rehearsal database they run on their own clock; in a live one they are taken now and happened when they say.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from festoon.base.clock import wall
from festoon.base.events import Event
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.intake.rehearsal import BATCH, NO_SCHEDULE, Rehearsed, Schedule, rehearse
from festoon.store.pool import connect_hot

OnBatch = Callable[[int, datetime], None]


async def import_events(
    dsn: str, batches: Iterable[list[Event]], on_batch: OnBatch, schedule: Schedule = NO_SCHEDULE
) -> Rehearsed:
    """Run the events of a file. Sent again, they get the outcomes they got the first time. In a rehearsal `schedule`
    is done as its times come."""
    connection = await connect_hot(dsn)
    try:
        program = await load_program(connection)
        if program.rehearsal:
            return await rehearse(dsn, batches, on_batch=on_batch, schedule=schedule)
        engine = Engine(program, load_program, wall)
        done = Rehearsed(0, Counter(), Counter())
        for events in batches:
            for start in range(0, len(events), BATCH):
                part = events[start : start + BATCH]
                for answer in await run_batch(engine, connection, part):
                    done.kinds[answer.kind] += 1
                    if answer.error is not None:
                        done.turned_away[answer.error.code] += 1
                done.events += len(part)
                on_batch(len(part), part[-1].time)
        return done
    finally:
        await connection.close()
