"""Asking the engine's own questions about a member as he is now: the view that a mechanic would be shown, over what is
stored, read without a lock and written nowhere."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import asyncpg

from festoon.base.events import Event
from festoon.engine.keys import Keys
from festoon.engine.load import Loaded, Locked
from festoon.engine.missing import Missing, note
from festoon.engine.program import Program
from festoon.engine.view import EventView
from festoon.ledger.book import NotLoaded

Found = TypeVar("Found")
TRIES = 50


async def looked(
    connection: asyncpg.Connection,
    program: Program,
    number: int,
    event: Event | None,
    now: datetime,
    ask: Callable[[EventView], Found],
) -> Found:
    """What `ask` answers for a member and an event (none: one that says nothing, now). It is asked again after what it
    found missing has been read."""
    row = await connection.fetchrow(
        "SELECT id, subject, registered, profile, merged_into, absorbed FROM member WHERE id = $1", number
    )
    assert row is not None, "the number was looked up"
    locked = Locked(row[0], row[1], row[2], row[3], row[4], row[5] or ())
    loaded = Loaded(program, [locked], frozenset(), now)
    event = event or Event("festoon/why", "", "", locked.subject, now)
    for _ in range(TRIES):
        world = loaded.world()
        try:
            return ask(EventView(program, world, world.members[locked.subject], event, now))
        except NotLoaded as gap:
            missing = Missing(Keys())
            note(missing, gap)
            await loaded.read(connection, missing.keys)
    raise LookupError("a question that asks for ever more")
