"""Which rows of the journal go into which file: ranges of the transactions that wrote them.

An event carries the id of the transaction that wrote it. Numbers (`seq`) are taken long before their rows can
be seen, so `seq > last` loses rows; but once every transaction below some id is finished, the rows below it
are all there and never change. A range [low, high) of such ids is recorded before it is read: a relay that
was killed reads the same rows again and writes the same file.

Ids belong to a cluster. In a database restored from a dump the rows kept their ids, and the new cluster
started low; rows from before are then told apart by their numbers, and positions carry a generation.
"""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, define
from festoon.outbox.minutes import Counts, add

IDS_WENT_BACK = define(
    "relay.ids_went_back",
    409,
    "transaction ids went back from {high} to {now}, and no rows restored from a dump explain it",
    "事务编号从{high}倒退到{now}，且未发现从备份恢复的数据",
    todo="the database server is damaged or was reset by hand; restore it from a backup",
    todo_zh="数据库服务器可能已损坏或被手工重置，请从备份恢复",
)
CAP = 100_000
"""About how many rows a range has at the most; one of more than 4 kB counts as several."""
LAST = 2**63 - 1
START = "0" * 64
"""What the first link of the chain follows."""


class Generation(Struct, frozen=True):
    """The rows that were written on one cluster: numbered above `*_after`, up to `*_until`."""

    number: int
    event_after: int
    event_until: int
    publication_after: int
    publication_until: int

    @property
    def closed(self) -> bool:
        """Whether the cluster is left behind, so that all of its rows are there."""
        return self.event_until < LAST


class Range(Struct, frozen=True):
    """The rows of a generation that transactions `low` <= id < `high` wrote."""

    generation: Generation
    low: int
    high: int

    @property
    def name(self) -> str:
        """What its files are called; names sort as ranges follow each other."""
        return f"g{self.generation.number:04d}-{self.low:019d}-{self.high:019d}"

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Parameters of the query over events: transactions from, below; numbers above, up to."""
        return self.low, self.high, self.generation.event_after, self.generation.event_until

    @property
    def publication_bounds(self) -> tuple[int, int, int, int]:
        """The same of the query over publications."""
        return self.low, self.high, self.generation.publication_after, self.generation.publication_until


async def generations(connection: asyncpg.Connection) -> list[Generation]:
    """The generations, oldest first, as the relay last knew them."""
    rows = await connection.fetch(
        """SELECT generation, event_after, lead(event_after, 1, $1) OVER after AS event_until,
                  publication_after, lead(publication_after, 1, $1) OVER after AS publication_until
           FROM relay_generation WINDOW after AS (ORDER BY generation) ORDER BY generation""",
        LAST,
    )
    return [Generation(*row) for row in rows] or [Generation(0, 0, LAST, 0, LAST)]


async def settled(connection: asyncpg.Connection) -> bool:
    """Whether the relay knows where the database lives now."""
    cluster, now = await _here(connection)
    last = await _latest(connection)
    return last is not None and _stayed(last, cluster, now, await position(connection, last["generation"]))


async def settle(connection: asyncpg.Connection) -> None:
    """Open a new generation when the database has moved to where ids start low. Only for who holds the lock.

    Raises Conflict (`relay.ids_went_back`) when ids went back and no restored rows explain it.
    """
    async with connection.transaction():
        cluster, now = await _here(connection)
        last = await _latest(connection)
        if last is None:
            await _first(connection, cluster)
            return
        high = await position(connection, last["generation"])
        if not _stayed(last, cluster, now, high):
            await _moved(connection, last, cluster, now, high)


async def _here(connection: asyncpg.Connection) -> tuple[int, int]:
    """The cluster's identifier, and the oldest id on it that is still open."""
    [(cluster, now)] = await connection.fetch(
        """SELECT system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
           FROM pg_control_system()"""
    )
    return cluster, now


async def _latest(connection: asyncpg.Connection) -> asyncpg.Record | None:
    return await connection.fetchrow("SELECT * FROM relay_generation ORDER BY generation DESC LIMIT 1")


def _stayed(last: asyncpg.Record, cluster: int, now: int, high: int) -> bool:
    return bool(cluster == last["cluster"]) and now >= high


async def _first(connection: asyncpg.Connection, cluster: int) -> None:
    """A journal that was restored before it was ever relayed has two generations from the start."""
    await _open(connection, 0, cluster, 0, 0)
    events, publications = await _restored(connection, 0, 0)
    if events or publications:
        await _open(connection, 1, cluster, events, publications)


async def _moved(
    connection: asyncpg.Connection, last: asyncpg.Record, cluster: int, now: int, high: int
) -> None:
    """Find out what a new cluster means: ids that go on (an upgrade in place), or ids that start low."""
    after = last["event_after"], last["publication_after"]
    events, publications = await _restored(connection, *after)
    started_low = now < high or await connection.fetchval(
        "SELECT EXISTS (SELECT FROM event WHERE seq > $1 AND xid < $2)", events, high
    )
    if started_low and (events, publications) != after:
        await _open(connection, last["generation"] + 1, cluster, events, publications)
    elif now < high:
        raise Conflict(IDS_WENT_BACK, high=high, now=now)
    else:
        await connection.execute(
            "UPDATE relay_generation SET cluster = $2 WHERE generation = $1", last["generation"], cluster
        )


async def _restored(
    connection: asyncpg.Connection, event_after: int, publication_after: int
) -> tuple[int, int]:
    """The last event and publication out of a dump: they were written by other transactions than they say."""
    [(events, publications)] = await connection.fetch(
        """SELECT greatest($1, (SELECT max(seq) FROM event
                                WHERE seq > $1 AND xmin::text::bigint <> xid & 4294967295)),
                  greatest($2, (SELECT max(seq) FROM publication
                                WHERE seq > $2 AND xmin::text::bigint <> xid & 4294967295))""",
        event_after,
        publication_after,
    )
    return events, publications


async def _open(
    connection: asyncpg.Connection, number: int, cluster: int, events: int, publications: int
) -> None:
    await connection.execute(
        """INSERT INTO relay_generation (generation, cluster, event_after, publication_after)
           VALUES ($1, $2, $3, $4)""",
        number, cluster, events, publications,
    )  # fmt: skip


async def position(connection: asyncpg.Connection, generation: int) -> int:
    """Where the next range of a generation starts."""
    high = await connection.fetchval(
        "SELECT high FROM relay_range WHERE generation = $1 ORDER BY low DESC LIMIT 1", generation
    )
    return high or 0


async def done_below(connection: asyncpg.Connection, generation: int) -> int:
    """Every row of a generation that was written below this id is in the facts."""
    high = await connection.fetchval(
        "SELECT high FROM relay_range WHERE generation = $1 AND done IS NOT NULL ORDER BY low DESC LIMIT 1",
        generation,
    )
    return high or 0


class Recorded(Struct, frozen=True):
    """A range as it was recorded. `digest` and `chain` are None until it is done."""

    range: Range
    rows: int | None
    digest: str | None
    chain: str | None


async def recorded(connection: asyncpg.Connection, known: Sequence[Generation]) -> list[Recorded]:
    """Every range that was ever recorded, in order."""
    rows = await connection.fetch(
        "SELECT generation, low, high, rows, digest, chain FROM relay_range ORDER BY generation, low"
    )
    return [Recorded(Range(known[row[0]], row[1], row[2]), row[3], row[4], row[5]) for row in rows]


async def unfinished(connection: asyncpg.Connection, known: Sequence[Generation]) -> list[Range]:
    """Ranges that were recorded and not done: where a relay stopped in the middle."""
    rows = await connection.fetch(
        "SELECT generation, low, high FROM relay_range WHERE done IS NULL ORDER BY generation, low"
    )
    return [Range(known[row[0]], row[1], row[2]) for row in rows]


async def next_ranges(connection: asyncpg.Connection, known: Sequence[Generation], cap: int) -> list[Range]:
    """What can be read now, in ranges of about `cap` rows; a transaction is never split. Records nothing."""
    await _summarize(connection)
    open_below = await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    found: list[Range] = []
    for generation in known:
        low = await position(connection, generation.number)
        whole = Range(generation, low, LAST if generation.closed else open_below)
        for high in await cuts(connection, whole, cap):
            found.append(Range(generation, low, high))
            low = high
    return found


async def _summarize(connection: asyncpg.Connection) -> None:
    """Let the index over transaction ids know its newest pages; between two vacuums they would all be read.

    It gives way to a vacuum at once: to wait for one for a second would cancel it, and it does the same work.
    """
    with suppress(asyncpg.LockNotAvailableError):
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '100ms'")
            await connection.execute(
                """SELECT brin_summarize_new_values(i.indexrelid)
                   FROM pg_inherits p
                   JOIN pg_attribute a ON a.attrelid = p.inhrelid AND a.attname = 'xid'
                   JOIN pg_index i ON i.indrelid = p.inhrelid AND i.indkey::text = a.attnum::text
                   JOIN pg_class c ON c.oid = i.indexrelid
                   JOIN pg_am m ON m.oid = c.relam AND m.amname = 'brin'
                   WHERE p.inhparent = 'event'::regclass"""
            )


async def cuts(connection: asyncpg.Connection, whole: Range, cap: int) -> list[int]:
    """Where to end each range. The last one ends at its last row's transaction, not at the oldest open one:
    so a range is never empty, and what a later cluster writes is never below it."""
    rows = await connection.fetch(
        """WITH written AS (
               SELECT xid, 1 + octet_length(data) / 4096 AS rows
               FROM event WHERE xid >= $1 AND xid < $2 AND seq > $3 AND seq <= $4
               UNION ALL
               SELECT xid, 1 FROM publication WHERE xid >= $1 AND xid < $2 AND seq > $5 AND seq <= $6),
           counted AS (SELECT xid, sum(rows) AS rows FROM written GROUP BY xid),
           placed AS (SELECT xid, div(sum(rows) OVER (ORDER BY xid) - rows, $7) AS part FROM counted)
           SELECT max(xid) + 1 FROM placed GROUP BY part ORDER BY part""",
        *whole.bounds,
        *whole.publication_bounds[2:],
        cap,
    )
    return [row[0] for row in rows]


async def record(connection: asyncpg.Connection, range: Range) -> None:
    """Write down that a range is about to be read. Its rows are durable once this returns: their
    commits stand before it in the log."""
    await connection.execute(
        "INSERT INTO relay_range (generation, low, high) VALUES ($1, $2, $3)",
        range.generation.number, range.low, range.high,
    )  # fmt: skip


async def finish(connection: asyncpg.Connection, range: Range, rows: int, digest: str, counts: Counts) -> str:
    """Mark a range done, link it to the one before, and add what is in it to the counters. Returns the chain's head."""
    async with connection.transaction():
        chain = link(await head(connection), digest)
        await connection.execute(
            """UPDATE relay_range SET done = now(), counted = now(), rows = $3, digest = $4, chain = $5
               WHERE generation = $1 AND low = $2 AND done IS NULL""",
            range.generation.number, range.low, rows, digest, chain,
        )  # fmt: skip
        await add(connection, counts)
    return chain


async def uncounted(connection: asyncpg.Connection, known: Sequence[Generation]) -> list[Range]:
    """Ranges that were handed on before there were counters, and are not in them yet."""
    rows = await connection.fetch(
        """SELECT generation, low, high FROM relay_range WHERE done IS NOT NULL AND counted IS NULL
           ORDER BY generation, low"""
    )
    return [Range(known[row[0]], row[1], row[2]) for row in rows]


async def count_late(connection: asyncpg.Connection, range: Range, counts: Counts) -> None:
    """Add a range to the counters that was handed on before there were any."""
    async with connection.transaction():
        await connection.execute(
            """UPDATE relay_range SET counted = now()
               WHERE generation = $1 AND low = $2 AND counted IS NULL""",
            range.generation.number, range.low,
        )  # fmt: skip
        await add(connection, counts)


async def head(connection: asyncpg.Connection) -> str:
    """The chain over all files so far. Who keeps it elsewhere can tell whether any of them was changed."""
    chain = await connection.fetchval(
        "SELECT chain FROM relay_range WHERE done IS NOT NULL ORDER BY generation DESC, low DESC LIMIT 1"
    )
    return chain or START


def link(chain: str, digest: str) -> str:
    """SHA-256 over the previous link and a range's digest, all in hexadecimal."""
    return sha256((chain + digest).encode()).hexdigest()


async def waiting(connection: asyncpg.Connection, known: Sequence[Generation]) -> bool:
    """Whether a committed row is in no range yet, for instance behind a transaction that is still open."""
    for generation in known:
        rest = Range(generation, await position(connection, generation.number), LAST)
        if await connection.fetchval(
            """SELECT EXISTS (SELECT FROM event
                              WHERE xid >= $1 AND xid < $2 AND seq > $3 AND seq <= $4)
                   OR EXISTS (SELECT FROM publication
                              WHERE xid >= $1 AND xid < $2 AND seq > $5 AND seq <= $6)""",
            *rest.bounds,
            *rest.publication_bounds[2:],
        ):
            return True
    return False
