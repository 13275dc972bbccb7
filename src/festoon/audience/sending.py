"""Send a refresh's events in by the way that all events take, one batch after the other, in their order.

Not through the batcher: it puts events off whose members are busy elsewhere, and here who stands first is to be
served first. Each batch waits for its members.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol

import asyncpg
import structlog

from festoon.base.clock import RehearsalClock
from festoon.base.errors import FestoonError
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.intake.batcher import EVENT_FAILED
from festoon.intake.clock import due_members
from festoon.store.pool import GONE, connect_hot

BATCH = 500

log = structlog.get_logger(__name__)


class Send(Protocol):
    """Takes events in and answers each, in order; batches never overtake each other."""

    async def __call__(self, events: Sequence[Event]) -> list[Answer]: ...


class _Door:
    """One connection, and the engine on it. `all_timers`: whatever is due comes before a batch, whosever it is."""

    def __init__(self, dsn: str, engine: Engine, connection: asyncpg.Connection, *, all_timers: bool) -> None:
        self.dsn = dsn
        self.engine = engine
        self.connection = connection
        self.all_timers = all_timers

    async def send(self, events: Sequence[Event]) -> list[Answer]:
        answers: list[Answer] = []
        for start in range(0, len(events), BATCH):
            answers += await self._decide(events[start : start + BATCH])
        return answers

    async def _decide(self, events: Sequence[Event]) -> list[Answer]:
        """Run a batch; one that a mechanic's own mistake spoils is halved until the event it fails on stands alone."""
        woken: list[int] = []
        if self.all_timers:
            woken = [number for number, _ in await due_members(self.connection, self.engine.now())]
        try:
            return await run_batch(self.engine, self.connection, events, woken)
        except GONE:
            raise
        except Exception:
            log.exception("segment.batch_failed", events=len(events))
            with suppress(Exception):
                self.connection.terminate()
            self.connection = await connect_hot(self.dsn)
        if len(events) == 1:
            return [Answer("turned_away", error=FestoonError(EVENT_FAILED))]
        half = len(events) // 2
        return await self._decide(events[:half]) + await self._decide(events[half:])


def live(dsn: str, clock: Callable[[], datetime]) -> AbstractAsyncContextManager[Send]:
    """A lane of one's own beside those that serve."""
    return _door(dsn, clock, all_timers=False)


def rehearsed(dsn: str, at: datetime) -> AbstractAsyncContextManager[Send]:
    """On the events' own clock, which stands at `at`; whatever came due until then happens first."""
    return _door(dsn, RehearsalClock(at), all_timers=True)


@asynccontextmanager
async def _door(dsn: str, clock: Callable[[], datetime], *, all_timers: bool) -> AsyncIterator[Send]:
    connection = await connect_hot(dsn)
    door = _Door(
        dsn, Engine(await load_program(connection), load_program, clock), connection, all_timers=all_timers
    )
    try:
        yield door.send
    finally:
        door.connection.terminate()
