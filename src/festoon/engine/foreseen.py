"""What events would come to if they were sent now: decided like any others over what the store has, and forgotten.

Nothing is locked and nothing is written, so what does come of them later may differ by what happens meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping

import asyncpg
from msgspec.structs import replace

from festoon.base.events import Event
from festoon.engine.deciding import Deciding
from festoon.engine.engine import Engine
from festoon.engine.hints import keys_for
from festoon.engine.keys import Keys
from festoon.engine.load import Loaded, Locked
from festoon.engine.outcome import Outcome, decode
from festoon.store.pieces import pieces

AT_ONCE = 500
"""Members a piece: about a hundred milliseconds, beside the loop."""


async def foreseen(
    connection: asyncpg.Connection, engine: Engine, events: Iterable[tuple[int, Event]]
) -> AsyncIterator[Outcome]:
    """What an event of each member, with his number, would come to, in their order; who is no more is left out."""
    for piece in pieces(events, AT_ONCE):
        for outcome in await _piece(connection, engine, dict(piece)):
            yield outcome


async def _piece(
    connection: asyncpg.Connection, engine: Engine, events: Mapping[int, Event]
) -> list[Outcome]:
    now = engine.now()
    loaded = Loaded(engine.program, await _members(connection, events), frozenset(), now)
    sent = [event for number, event in events.items() if number in loaded.members]
    numbers = {event.subject: number for number, event in events.items() if number in loaded.members}
    deciding = Deciding(engine, loaded, numbers, sent, [event.key for event in sent], now)
    await loaded.read(connection, keys_for(engine.program, deciding.named(), frozenset()))
    asked = Keys()
    while missing := await asyncio.to_thread(deciding.decide):
        if missing.keys == asked and missing.locks <= loaded.locked:
            raise LookupError(f"a decision asks for what there is not: {asked}")
        asked = missing.keys
        loaded.locked |= missing.locks  # nobody is kept from them: what they come to is only told
        await loaded.read(connection, replace(asked, shared=asked.shared | missing.locks))
    return [decode(answer.outcome) for answer in deciding.answers({})]


async def _members(connection: asyncpg.Connection, numbers: Mapping[int, object]) -> list[Locked]:
    rows = await connection.fetch(
        """SELECT id, subject, registered, profile, absorbed FROM member
           WHERE id = ANY($1::bigint[]) AND merged_into IS NULL AND NOT erased""",
        list(numbers),
    )
    return [
        Locked(number, subject, registered, profile, absorbed=tuple(absorbed or ()))
        for number, subject, registered, profile, absorbed in rows
    ]
