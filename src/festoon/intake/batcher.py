"""The batcher: whatever is waiting becomes the next batch, up to a cap, with no artificial wait.

Lanes, each with a connection of its own, take their batches from one queue and run side by side, or in turns. The queue
is bounded: when it is full, that is said at once.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import repeat

import asyncpg
import structlog
from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import FestoonError, Unavailable, define
from festoon.base.events import Event
from festoon.engine.answer import Answer
from festoon.engine.engine import Engine
from festoon.engine.run_batch import BUSY, Manner, run_batch
from festoon.intake.measures import BATCH_SIZE, EVENTS, QUEUED, REQUEST_SECONDS, STORE_FAILURES
from festoon.intake.queue import Answered, Queue, Taken, settle
from festoon.store.pool import GONE, connect_hot
from festoon.store.script import COMMIT, COMMIT_AND_BEGIN

log = structlog.get_logger(__name__)

QUEUE_FULL = define(
    "queue.full",
    503,
    "{waiting} events are waiting; there is no room for more",
    "已有{waiting}个事件在排队，暂时无法接收更多",
    todo="send the event again after the seconds in Retry-After",
    todo_zh="请在 Retry-After 指定的秒数后重新发送",
)
STORE_GONE = define(
    "store.gone",
    503,
    "the database cannot be reached",
    "数据库暂时无法连接",
    todo="send the event again after the seconds in Retry-After; if it was stored, you get its outcome",
    todo_zh="请在 Retry-After 指定的秒数后重新发送；若事件已保存，将返回其结果",
)
CLOSING = define("server.closing", 503, "the server is shutting down", "服务正在关闭")
EVENT_FAILED = define(
    "event.failed",
    500,
    "a mechanic failed on this event; it was not stored, and what happened was written down",
    "某个玩法处理该事件时出错；事件未保存，错误已记录",
    todo="look into the server's log, correct the mechanic or pause it, and send the event again",
    todo_zh="请查看服务器日志，修正或暂停该玩法后重新发送",
)


PATIENCE = 8
"""How often an event is put off because another process is busy with its member, before it waits for him. A batch that
waits does so with all its other members locked, and then others wait for it."""
REST_SECONDS = 2.0
"""How long a lane that has nothing to do keeps open the transaction that was begun for its next batch."""
SPEAK_SECONDS = 2.0
"""How often a lane ends a transaction without beginning the next: only then does the server hear what it changed, and
sends somebody to tidy up behind it."""
SWIFT = Manner(only_free=True, end=COMMIT_AND_BEGIN)
PATIENT = Manner(end=COMMIT_AND_BEGIN)


class Bounds(Struct, frozen=True):
    """How much a process takes on: events a batch, lanes, and events waiting over all lanes. With `turns` the lanes
    decide one batch after the other, and side by side only when one takes long: where other processes use the
    processors meanwhile, two batches cost more than one of both."""

    batch: int = 1_000
    lanes: int = 2
    waiting: int = 20_000
    turns: bool = False


class Lane:
    """One connection, one batch at a time. It looks for one when `bell` rings."""

    def __init__(self, engine: Engine, dsn: str, queue: Queue, bell: asyncio.Event, cap: int) -> None:
        self.engine = engine
        self.dsn = dsn
        self.queue = queue
        self.bell = bell
        self.cap = cap
        self._failed: set[int] = set()
        self._gone = ""
        self._closing = False
        self._spoke = 0.0
        self._connection: asyncpg.Connection | None = None

    def close(self) -> None:
        """Let it end once everybody who waits is answered."""
        self._closing = True
        self.bell.set()
        # Whoever waits for his turn hears with the others that the last batch is over.
        self.bell = self.queue.bell

    async def run(self) -> None:
        """Serve until closed or cancelled."""
        try:
            while True:
                await self._let_in()
                taken = self.queue.take(self.cap)
                if taken is not None:
                    await self._batch(taken)
                elif self._closing and self.queue.empty:
                    return
                else:
                    self.bell.clear()
                    await self._rest()
        finally:
            if self._connection is not None:
                self._connection.terminate()

    async def _let_in(self) -> None:
        """Before the first of all batches is taken: have read what was sent, for as long as that brings more. Those who
        were answered together come back together; whoever is read first would be a batch of his own, and the others
        wait for it."""
        queue, seen = self.queue, 0
        while queue.idle and seen < len(queue) < self.cap:
            seen = len(queue)
            await asyncio.sleep(0)

    async def _rest(self) -> None:
        """Wait for the bell. A transaction that was begun ahead holds nothing, but does not stay open for long."""
        connection = self._connection
        if connection is not None and not connection.is_closed() and connection.is_in_transaction():
            with suppress(TimeoutError):
                async with asyncio.timeout(REST_SECONDS):
                    await self.bell.wait()
                    return
            try:
                await connection.execute("COMMIT")
            except (*GONE, asyncpg.PostgresError):
                await self._drop()
        await self.bell.wait()

    async def _batch(self, taken: Taken) -> None:
        BATCH_SIZE.observe(len(taken.events))
        QUEUED.set(len(self.queue))
        answers: Iterable[Answer] = repeat(Answer("turned_away", error=Unavailable(CLOSING)))
        try:
            events = [waiting.event for waiting in taken.events]
            members = [woken.number for woken in taken.wakes]
            answers = await self._decide(events, members, self._manner(taken))
        finally:  # when it is cancelled, too, whoever waits is told
            later = []
            for waiting, answer in zip(taken.events, answers, strict=False):
                if answer.error is BUSY:
                    later.append(waiting)
                else:
                    waiting.parcel.put(waiting.place, answer)
            self.queue.put_back(later)
            for woken in taken.wakes:
                settle(woken.done, woken.number not in self._failed)
            self._failed.clear()
            self.queue.leave(taken)
            EVENTS.settle()
            REQUEST_SECONDS.settle()

    async def _decide(self, events: list[Event], members: list[int], manner: Manner) -> list[Answer]:
        """Run a batch, whatever happens to it. One that a mechanic's own mistake spoils is halved until the event
        or the member it fails on stands alone."""
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await connect_hot(self.dsn)
                await self.engine.reload(self._connection)
            answers = await run_batch(self.engine, self._connection, events, members, manner)
            self._say_once(gone="")
            return answers
        except GONE as gone:
            STORE_FAILURES.inc()
            self._say_once(gone=type(gone).__name__)
            await self._drop()
            return [Answer("turned_away", error=Unavailable(STORE_GONE, retry_after=2)) for _ in events]
        except Exception:
            log.exception("batch_failed", events=len(events), members=members[:10])
            await self._drop()
        if len(events) + len(members) == 1:
            self._failed.update(members)
            return [Answer("turned_away", error=FestoonError(EVENT_FAILED)) for _ in events]
        half, middle = len(events) // 2, len(members) // 2
        parts: list[tuple[list[Event], list[int]]] = [(events[:half], []), (events[half:], [])]
        if members:
            parts = [([], members[:middle]), ([], members[middle:]), (events, [])]
        return [answer for part in parts if any(part) for answer in await self._decide(*part, manner)]

    def _manner(self, taken: Taken) -> Manner:
        """Members that another process is busy with are left for a later batch, so that a whole batch does not wait for
        one of them; but not for ever, and not when a timer is due."""
        patient = taken.wakes or any(waiting.tries >= PATIENCE for waiting in taken.events)
        manner = PATIENT if patient else SWIFT
        now = asyncio.get_running_loop().time()
        if now - self._spoke < SPEAK_SECONDS:
            return manner
        self._spoke = now
        return replace(manner, end=COMMIT)

    def _say_once(self, gone: str) -> None:
        """Log that the store went away and that it is back, and nothing in between, however many ask."""
        if gone and not self._gone:
            log.warning("store_gone", error=gone)
        if self._gone and not gone:
            log.info("store_back")
        self._gone = gone

    async def _drop(self) -> None:
        """Forget a connection that cannot be trusted; what was not committed on it never happened."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.terminate()


class Batcher:
    """The lanes of one process."""

    def __init__(self, engine: Engine, dsn: str, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.engine = engine
        self.queue = queue = Queue(lanes=self.bounds.lanes, turns=self.bounds.turns)
        bells = (queue.bell if lane == 0 else queue.late for lane in range(self.bounds.lanes))
        self.lanes = [Lane(engine, dsn, queue, bell, self.bounds.batch) for bell in bells]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(lane.run()) for lane in self.lanes]

    async def stop(self) -> None:
        """Answer what is waiting, then stop."""
        for lane in self.lanes:
            lane.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def waiting(self) -> int:
        return len(self.queue)

    async def submit(self, event: Event) -> Answer:
        """Queue an event and wait for its answer. Raises Unavailable (`queue.full`) when there is no room."""
        return (await self.submit_all((event,)))[0]

    async def submit_all(self, events: Sequence[Event]) -> list[Answer]:
        """Queue many and wait for all. Raises Unavailable, with nothing queued, when they do not fit."""
        if not events:
            return []
        answered: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()
        self.give(events, partial(settle, answered))
        return await answered

    def give(self, events: Sequence[Event], answered: Answered) -> None:
        """Queue one or more, and have `answered` called with their answers; it must not raise. Raises Unavailable,
        with nothing queued, when they do not fit."""
        if (waiting := self.waiting) + len(events) > self.bounds.waiting:
            raise Unavailable(QUEUE_FULL, retry_after=1, waiting=waiting)
        self.queue.put(events, answered)

    async def wake(self, members: Sequence[tuple[int, str]]) -> list[int]:
        """Fire the due timers of these members (number, external id); the numbers of those it failed on."""
        fired = await asyncio.gather(*(self.queue.wake(number, subject) for number, subject in members))
        return [number for (number, _), done in zip(members, fired, strict=True) if not done]
