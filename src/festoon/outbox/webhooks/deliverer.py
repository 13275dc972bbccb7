"""Deliveries are sent, each until it is received or given up: at least once, with the same id every time.

What is due is claimed for a while, sent outside any transaction, and its result written. Whoever is killed in between
leaves claims that run out, and what they stand for is sent again. Every endpoint has a few places of its own, so one
that does not answer holds up nobody else; while it fails it has only one.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import asyncpg
from msgspec import Struct

from festoon.outbox.webhooks import schedule
from festoon.outbox.webhooks.attempt import Attempt, attempts_of, text_of
from festoon.outbox.webhooks.sending import ANSWER_SECONDS, GONE, Answered, Sender
from festoon.store.pool import lent
from festoon.store.trail import record

PLACES = 8
"""Messages that are on their way to one endpoint at a time."""
KEPT = len(schedule.STEPS) + 1
"""Attempts that are kept of a delivery, the latest."""
CLAIM = timedelta(seconds=4 * ANSWER_SECONDS)
FESTOON = "festoon"


class _Claimed(Struct, frozen=True):
    """A delivery that is ours to send until the claim runs out."""

    number: int
    endpoint: str
    url: str
    secrets: tuple[str, ...]
    message: str
    body: str
    tries: int
    attempts: tuple[Attempt, ...]


class Deliverer:
    """Sends what is due. `dice` gives numbers between 0 and 1, `seconds` counts them."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        sender: Sender,
        clock: Callable[[], datetime],
        dice: Callable[[], float],
        seconds: Callable[[], float],
    ) -> None:
        self._pool = pool
        self._sender = sender
        self._clock = clock
        self._dice = dice
        self._seconds = seconds
        self._under_way: dict[str, set[asyncio.Task[None]]] = {}

    async def start_due(self) -> int:
        """Begin to send what is due, as far as there are places; returns how much that was."""
        begun = 0
        async with lent(self._pool) as connection:
            for id, failing in await self._with_due(connection):
                running = self._under_way.setdefault(id, set())
                free = (1 if failing else PLACES) - len(running)
                if free > 0:
                    for claimed in await self._claim(connection, id, free):
                        task = asyncio.create_task(self._deliver(claimed))
                        running.add(task)
                        task.add_done_callback(running.discard)
                        begun += 1
        return begun

    @property
    def under_way(self) -> list[asyncio.Task[None]]:
        """What is being sent."""
        return [task for tasks in self._under_way.values() for task in tasks]

    async def send_due(self) -> int:
        """Send all that is due now and wait for it; returns how many attempts that was."""
        attempts = 0
        while (begun := await self.start_due()) or self.under_way:
            attempts += begun
            if running := self.under_way:
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        return attempts

    async def _with_due(self, connection: asyncpg.Connection) -> list[tuple[str, bool]]:
        rows = await connection.fetch(
            """SELECT e.id, e.failing IS NOT NULL FROM webhook_endpoint e
               WHERE e.state = 'on' AND EXISTS (
                   SELECT FROM webhook_delivery d
                   WHERE d.endpoint = e.id AND d.state = 'waiting' AND d.due <= $1)""",
            self._clock(),
        )
        return [(row[0], row[1]) for row in rows]

    async def _claim(self, connection: asyncpg.Connection, id: str, most: int) -> list[_Claimed]:
        now = self._clock()
        rows = await connection.fetch(
            """WITH taken AS (
                   SELECT number FROM webhook_delivery WHERE endpoint = $1 AND state = 'waiting' AND due <= $2
                   ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED)
               UPDATE webhook_delivery d SET due = $4 FROM taken, webhook_endpoint e, webhook_message m
               WHERE d.number = taken.number AND e.id = d.endpoint AND m.id = d.message
               RETURNING d.number, e.id, e.url, e.secret,
                         CASE WHEN e.old_until > $2 THEN e.old_secret END AS old_secret,
                         m.id AS message, m.body, d.tries, d.attempts""",
            id, now, most, now + CLAIM,
        )  # fmt: skip
        return [
            _Claimed(
                row["number"], row["id"], row["url"],
                tuple(each for each in (row["secret"], row["old_secret"]) if each),
                row["message"], row["body"], row["tries"], attempts_of(row["attempts"]),
            )
            for row in rows
        ]  # fmt: skip

    async def _deliver(self, claimed: _Claimed) -> None:
        begun, now = self._seconds(), self._clock()
        answered = await self._sender.send(claimed.url, claimed.secrets, claimed.message, claimed.body, now)
        took = round((self._seconds() - begun) * 1000)
        attempt = Attempt(now, answered.status, answered.error, took)
        async with lent(self._pool) as connection, connection.transaction():
            await self._written(connection, claimed, answered, (*claimed.attempts, attempt))

    async def _written(
        self,
        connection: asyncpg.Connection,
        claimed: _Claimed,
        answered: Answered,
        attempts: Sequence[Attempt],
    ) -> None:
        now, tries = self._clock(), claimed.tries + 1
        wait = schedule.wait(tries, self._dice(), answered.asked)
        state = "delivered" if answered.received else "waiting" if wait is not None else "failed"
        # The endpoint first, as whoever switches it does.
        await self._judge(connection, claimed.endpoint, answered, now)
        await connection.execute(
            """UPDATE webhook_delivery SET state = $2, due = $3, tries = $4, attempts = $5, done = $6
               WHERE number = $1 AND state = 'waiting'""",
            claimed.number, state, now + (wait or timedelta()), tries,
            text_of(attempts[-KEPT:]), None if state == "waiting" else now,
        )  # fmt: skip

    async def _judge(
        self, connection: asyncpg.Connection, id: str, answered: Answered, now: datetime
    ) -> None:
        """What the attempt says about the endpoint: it is well, it fails, or it is to be called no more."""
        if answered.received:
            await connection.execute(
                "UPDATE webhook_endpoint SET failing = NULL WHERE id = $1 AND failing IS NOT NULL", id
            )
            return
        row = await connection.fetchrow(
            """UPDATE webhook_endpoint SET failing = coalesce(failing, $2) WHERE id = $1
               RETURNING state, failing""",
            id, now,
        )  # fmt: skip
        why = _why(answered, row["failing"], now) if row is not None and row["state"] == "on" else ""
        if why:
            await connection.execute(
                "UPDATE webhook_endpoint SET state = 'disabled', why = $2 WHERE id = $1", id, why
            )
            await record(connection, at=now, actor=FESTOON, act="webhook.disable", object=id, after=why)


def _why(answered: Answered, failing: datetime, now: datetime) -> str:
    """Why an endpoint is to be disabled; "" when it is not."""
    if answered.status == GONE:
        return "gone"
    return "failing" if now - failing >= schedule.GIVE_UP else ""
