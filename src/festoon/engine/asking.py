"""What a mechanic would say to a member now. Nothing is decided, locked or written."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import asyncpg

from festoon.base.events import Event
from festoon.engine.keys import Keys
from festoon.engine.listener import Listener
from festoon.engine.load import Loaded, Locked
from festoon.engine.missing import Missing, note
from festoon.engine.program import Program
from festoon.engine.view import EventView
from festoon.ledger.book import NotLoaded

SOURCE = "festoon/asked"
Said = TypeVar("Said")


async def ask(
    connection: asyncpg.Connection,
    program: Program,
    member: int,
    listener: Listener,
    question: Callable[[Event, EventView], Said],
    now: datetime,
) -> Said:
    """The answer to a question about an event of a member's that names the mechanic and happens at `now`.

    What the question looks at is read when it does, as it stands.
    """
    (row,) = await connection.fetch("SELECT subject, registered, profile FROM member WHERE id = $1", member)
    locked = Locked(member, row["subject"], row["registered"], row["profile"])
    loaded = Loaded(program, [locked], frozenset(), now)
    loaded.locked = program.exact  # nobody decides on it, so as it stands is exact enough
    named = {"campaign": listener.campaign.campaign, "mechanic": listener.plan.id}
    event = Event(SOURCE, "", listener.plan.types[0], row["subject"], now, named)
    while True:
        world = loaded.world()
        view = EventView(program, world, world.members[row["subject"]], event, now)
        view.listener = listener
        missing = Missing(Keys())
        try:
            return question(event, view)
        except NotLoaded as gap:
            note(missing, gap)
            await loaded.read(connection, missing.keys)
