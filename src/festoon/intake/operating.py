"""What an operator does from the terminal: an event like any other, taken now, with an id of its own."""

from festoon.base.clock import wall
from festoon.base.errors import Refused
from festoon.base.events import Event
from festoon.engine.engine import Engine
from festoon.engine.outcome import Outcome, decode
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect_hot

SOURCE = "festoon/operators"


async def operate(dsn: str, id: str, type_: str, subject: str, data: dict[str, object]) -> Outcome:
    """Send one event and return what became of it. Sent again with the same id, it gets the outcome it got.

    Raises what it was turned away or refused with. In a rehearsal it is taken at the time of the latest event.
    """
    connection = await connect_hot(dsn)
    try:
        program = await load_program(connection)
        now = wall()
        if program.rehearsal:
            now = await connection.fetchval("SELECT max(now) FROM event") or now
        event = Event(SOURCE, id, type_, subject, now, data)
        (answer,) = await run_batch(Engine(program, load_program, lambda: now), connection, [event])
    finally:
        await connection.close()
    if answer.error is not None:
        raise answer.error
    outcome = decode(answer.outcome)
    if outcome.refused is not None:
        raise Refused(outcome.refused.code, **outcome.refused.data)
    return outcome
