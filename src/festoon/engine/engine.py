"""The engine's own state in one process: the program it runs, how it takes time, and which members it knows."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg

from festoon.engine.program import Program

Reload = Callable[[asyncpg.Connection], Awaitable[Program]]
KNOWN_MEMBERS = 50_000
"""External ids whose internal number is kept in memory, about 120 bytes each, and as many of those met before: the busy
ones of a platform. Anybody else costs a look-up with his batch."""


class Engine:
    """What a process needs to run batches. `clock` gives the wall's time; in a rehearsal the events' own time rules.

    `create_members` says whether an event of a member nobody has seen makes him known, or is turned away.
    """

    def __init__(
        self,
        program: Program,
        reload: Reload,
        clock: Callable[[], datetime],
        *,
        create_members: bool = True,
    ) -> None:
        self.program = program
        self.clock = clock
        self.create_members = create_members
        self.numbers: dict[str, int] = {}
        self.earlier: dict[str, int] = {}
        self._reload = reload

    def now(self) -> datetime:
        """When a batch is taken: read once a batch."""
        return self.clock()

    async def reload(self, connection: asyncpg.Connection) -> None:
        """Take over what was published since."""
        self.program = await self._reload(connection)
        self.numbers, self.earlier = {}, {}

    def forget(self, numbers: frozenset[int]) -> None:
        """These numbers are nobody's any more: their ids are looked up again."""
        self.numbers, self.earlier = (
            {subject: number for subject, number in known.items() if number not in numbers}
            for known in (self.numbers, self.earlier)
        )

    def remember(self, numbers: dict[str, int]) -> None:
        """Keep committed members' numbers; when there are too many, forget those who were not met since that was so
        before."""
        if len(self.numbers) + len(numbers) > KNOWN_MEMBERS:
            self.numbers, self.earlier = {}, self.numbers
        self.numbers.update(numbers)
