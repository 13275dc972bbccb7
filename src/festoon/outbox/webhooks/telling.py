"""From what was committed to what is to be sent: every row is told once to everybody who wants it.

An endpoint's place is moved in the transaction that writes its messages, over ranges of the journal below the oldest
open transaction, as the facts are (`outbox/ranges.py`). So whenever this is killed, it has told what stands below the
place and nothing above it. Without an endpoint that is on, nothing is read at all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.engine.program import Program
from festoon.engine.reload import load_program
from festoon.outbox import ranges
from festoon.outbox.ranges import LAST, Range
from festoon.outbox.relay import LOCK as RELAY_LOCK
from festoon.outbox.webhooks.campaigns import FROM_PHASES, FROM_TRAIL, phases_told, trail_told
from festoon.outbox.webhooks.levels import FROM_LEVELS, levels_told
from festoon.outbox.webhooks.message import Message
from festoon.outbox.webhooks.outcomes import FROM_EVENTS, Row, Touched, items_told, messages_of, touched_by

LOCK = 0x74656C6C
"""Of any number of workers, one tells."""
CAP = 2000
"""About how many rows of the journal are told in a transaction."""
_ROWS = """
    SELECT e.seq, coalesce(m.merged_into, e.member_id), m.subject, e.source, e.id, e.type, e.now, e.data, e.outcome,
           e.time
    FROM event e JOIN member m ON m.id = e.member_id
    WHERE e.xid >= $1 AND e.xid < $2 AND e.seq > $3 AND e.seq <= $4 ORDER BY e.seq"""


class Listening(Struct, frozen=True):
    """An endpoint that is on: what it wants, and its place."""

    id: str
    kinds: frozenset[str]
    campaigns: frozenset[str]
    generation: int
    position: int
    trail: int
    phases: datetime

    def wants(self, message: Message) -> bool:
        return (not self.kinds or message.kind in self.kinds) and (
            not self.campaigns or message.campaign in self.campaigns
        )

    def wants_any(self, kinds: frozenset[str]) -> bool:
        return not self.kinds or bool(self.kinds & kinds)


class Teller:
    """Tells what was committed, over one connection at a time. Keeps the program it last saw."""

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._program: Program | None = None
        self._secret = ""

    async def tell(self, connection: asyncpg.Connection, now: datetime) -> int:
        """Write down all that can be told now; returns how many messages that came to. None while another process does
        it. Raises what the connection raises."""
        if not (listening := await _listening(connection)):
            return 0
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            return 0
        try:
            if not await _settled(connection):
                return 0
            await self._look(connection)
            told = await self._campaigns(connection, listening, now)
            return told + await self._journal(connection, now)
        finally:
            if not connection.is_closed():
                await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)

    async def _look(self, connection: asyncpg.Connection) -> None:
        version = await connection.fetchval("SELECT version FROM program")
        if self._program is None or self._program.version != version:
            self._program = await load_program(connection)
            self._secret = self._program.secret.hex()

    async def _campaigns(
        self, connection: asyncpg.Connection, listening: Sequence[Listening], now: datetime
    ) -> int:
        """What is told of campaigns; each endpoint keeps its place in the trail."""
        told = 0
        for one in listening:
            async with connection.transaction():
                for still in await _listening(connection, [one.id]):
                    told += await self._campaigns_of(connection, still, now)
        if any(one.wants_any(FROM_LEVELS) for one in listening):
            assert self._program is not None
            async with connection.transaction():
                found = await levels_told(connection, self._program, self._secret, now)
                told += await _write(connection, await _listening(connection), found, now)
        return told

    async def _campaigns_of(self, connection: asyncpg.Connection, one: Listening, now: datetime) -> int:
        entries = await trail_told(connection, self._secret, one.trail)
        found = entries.messages if one.wants_any(FROM_TRAIL) else []
        if one.wants_any(FROM_PHASES):
            found += await phases_told(connection, self._secret, one.phases)
        await connection.execute(
            "UPDATE webhook_endpoint SET trail = $2, phases = $3 WHERE id = $1", one.id, entries.until, now
        )
        return await _write(connection, [one], found, now)

    async def _journal(self, connection: asyncpg.Connection, now: datetime) -> int:
        """The journal, endpoint by endpoint; those that stand at the same place are told together, and the one that is
        furthest behind first, until it has caught up with the next."""
        known, told = await ranges.generations(connection), 0
        while listening := await _listening(connection):
            places = sorted({(one.generation, one.position) for one in listening})
            (number, low), following = places[0], places[1] if len(places) > 1 else None
            together = [one.id for one in listening if (one.generation, one.position) == places[0]]
            open_below = await connection.fetchval(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            )
            generation = known[number]
            end = LAST if generation.closed else open_below
            if following is not None and following[0] == number:
                end = min(end, following[1])
            for high in await ranges.cuts(connection, Range(generation, low, end), self._cap):
                told += await self._range(connection, Range(generation, low, high), together, now)
                low = high
            if generation.closed and end == LAST:
                await _move(connection, together, (number, low), (number + 1, 0))
            elif following is not None and following == (number, end):
                await _move(connection, together, (number, low), following)
            elif following is None or following[0] == number:
                return told
        return told

    async def _range(
        self, connection: asyncpg.Connection, range: Range, together: Sequence[str], now: datetime
    ) -> int:
        async with connection.transaction():
            place = (range.generation.number, range.low)
            listening = [
                one
                for one in await _listening(connection, together)
                if (one.generation, one.position) == place
            ]
            found = await self._told(connection, range, listening)
            await _move(
                connection, [one.id for one in listening], place, (range.generation.number, range.high)
            )
            return await _write(connection, listening, found, now)

    async def _told(
        self, connection: asyncpg.Connection, range: Range, listening: Sequence[Listening]
    ) -> list[Message]:
        if not any(one.wants_any(FROM_EVENTS) for one in listening):
            return []
        assert self._program is not None
        messages: list[Message] = []
        touched: list[Touched] = []
        for each in await connection.fetch(_ROWS, *range.bounds):
            row = Row(*each)
            messages += messages_of(row, self._secret)
            if (found := touched_by(row, self._secret, self._program.codes)) is not None:
                touched.append(found)
        return messages + (await items_told(connection, touched) if touched else [])


async def _listening(connection: asyncpg.Connection, ids: Sequence[str] | None = None) -> list[Listening]:
    """The endpoints that are on; of those named, locked, when any are."""
    locked = "" if ids is None else "AND id = ANY ($1) ORDER BY id FOR NO KEY UPDATE"
    rows = await connection.fetch(
        f"""SELECT id, kinds, campaigns, generation, position, trail, phases FROM webhook_endpoint
            WHERE state = 'on' {locked}""",
        *([] if ids is None else [list(ids)]),
    )
    return [Listening(row[0], frozenset(row[1]), frozenset(row[2]), *row[3:]) for row in rows]


async def _settled(connection: asyncpg.Connection) -> bool:
    """Whether it is known where the database lives; found out here when no relay is there to do it."""
    if await ranges.settled(connection):
        return True
    async with connection.transaction():
        if await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", RELAY_LOCK):
            await ranges.settle(connection)
            return True
    return False


async def _move(
    connection: asyncpg.Connection, ids: Sequence[str], from_: tuple[int, int], to: tuple[int, int]
) -> None:
    await connection.execute(
        """UPDATE webhook_endpoint SET generation = $4, position = $5
           WHERE id = ANY ($1) AND generation = $2 AND position = $3""",
        list(ids), *from_, *to,
    )  # fmt: skip


async def _write(
    connection: asyncpg.Connection, listening: Iterable[Listening], found: Sequence[Message], now: datetime
) -> int:
    """Messages that somebody wants, with a delivery to each of those. What was told before is not told again."""
    wanted = [(one.id, each) for one in listening for each in found if one.wants(each)]
    if not wanted:
        return 0
    kept = {each.id: each for _, each in wanted}
    await connection.execute(
        """INSERT INTO webhook_message (id, kind, campaign, body, made)
           SELECT *, $5::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
           ON CONFLICT DO NOTHING""",
        [each.id for each in kept.values()],
        [each.kind for each in kept.values()],
        [each.campaign for each in kept.values()],
        [each.body for each in kept.values()],
        now,
    )
    rows = await connection.fetch(
        """INSERT INTO webhook_delivery (endpoint, message, kind, due)
           SELECT *, $4::timestamptz FROM unnest($1::text[], $2::text[], $3::text[])
           ON CONFLICT (endpoint, message) DO NOTHING RETURNING 1""",
        [id for id, _ in wanted],
        [each.id for _, each in wanted],
        [each.kind for _, each in wanted],
        now,
    )
    return len(rows)
