"""What an operator does from the terminal: an event like any other, taken now, with an id of its own."""

from datetime import datetime

import asyncpg

from festoon.base.clock import wall
from festoon.base.errors import Refused
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.engine import Engine
from festoon.engine.outcome import Outcome, decode
from festoon.engine.program import Program
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.intake.batcher import Batcher
from festoon.store.pool import connect_hot

SOURCE = "festoon/operators"


async def operate(dsn: str, id: str, type_: str, subject: str, data: dict[str, object]) -> Outcome:
    """Send one event and return what became of it. Sent again with the same id, it gets the outcome it got.

    Raises what it was turned away or refused with. In a rehearsal it is taken at the time of the latest event.
    """
    connection = await connect_hot(dsn)
    try:
        program = await load_program(connection)
        now = await moment(connection, program, wall())
        event = Event(SOURCE, id, type_, subject, now, data)
        (answer,) = await run_batch(Engine(program, load_program, lambda: now), connection, [event])
    finally:
        await connection.close()
    return outcome_of(event, answer)


async def decide(batcher: Batcher, event: Event) -> Outcome:
    """The same in a process that serves, through its batcher. Raises as `operate` does, and Unavailable."""
    return outcome_of(event, await batcher.submit(event))


async def moment(connection: asyncpg.Connection, program: Program, now: datetime) -> datetime:
    """When an operator's event happens: now, or in a rehearsal at the time of the latest event."""
    if not program.rehearsal:
        return now
    return await connection.fetchval("SELECT max(now) FROM event") or now


def outcome_of(event: Event, answer: Answer) -> Outcome:
    """What became of an event. Raises what it was turned away or refused with, also by the mechanic that it names."""
    if answer.error is not None:
        raise answer.error
    outcome = decode(answer.outcome)
    named = f"{event.data.get('campaign')}/{event.data.get('mechanic')}"
    refused = [outcome.refused, *(made.refused for made in outcome.mechanics if made.mechanic == named)]
    for no in refused:
        if no is not None:
            raise Refused(no.code, **no.data)
    return outcome
