"""Refreshes as they are stored: what was found is committed with every event it will send, before any is sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
import pyarrow as pa
from msgspec import Struct

from festoon.audience.computing import Computed, Sizes
from festoon.base.errors import Conflict, define
from festoon.base.events import Event
from festoon.engine.segmenting import segment_event
from festoon.store.pieces import PIECE, copy_in

RUNS_ALREADY = define(
    "segment.refresh_runs",
    409,
    "the segments of '{campaign}' are being refreshed by another process",
    "另一进程正在刷新活动“{campaign}”的分群",
    todo="it ends by itself; then try again",
    todo_zh="请等待其完成后重试",
)
CHUNK = 1000


class Refresh(Struct, frozen=True):
    """One refresh of one segment. `sent` of its `changes` have been answered; `came` counts refusals by code."""

    number: int
    campaign: str
    segment: str
    due: datetime
    at: datetime
    changes: int
    sent: int
    finished: datetime | None
    sizes: Sizes
    came: dict[str, int] = {}


_COLUMNS = "number, campaign, segment, due, at, changes, sent, finished, found, came"
_sizes = msgspec.json.Decoder(Sizes)
_counts = msgspec.json.Decoder(dict[str, int])


def _refresh(row: asyncpg.Record) -> Refresh:
    sizes, came = _sizes.decode(row["found"]), _counts.decode(row["came"])
    return Refresh(*tuple(row)[:-2], sizes, came)  # type: ignore[call-arg]  # the columns before those two


async def lock(connection: asyncpg.Connection, campaign: str) -> None:
    """Hold a campaign's refreshes for as long as the connection lives. Raises Conflict when somebody else does."""
    key = f"segments/{campaign}"
    if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", key):
        raise Conflict(RUNS_ALREADY, campaign=campaign)


async def save(
    connection: asyncpg.Connection, campaign: str, computed: Computed, due: datetime, at: datetime
) -> Refresh:
    """Commit what was found, with its changes. What was due then and found before stays as it was found."""
    changes = computed.changes
    async with connection.transaction():
        row = await connection.fetchrow(
            f"""INSERT INTO segment_refresh (campaign, segment, due, at, changes, found) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (campaign, segment, due) DO NOTHING RETURNING {_COLUMNS}""",
            campaign, computed.segment.name, due, at, changes.num_rows,
            msgspec.json.encode(computed.sizes).decode(),
        )  # fmt: skip
        if row is None:
            found = await stored(connection, campaign, computed.segment.name, due)
            assert found is not None, "it was there a moment ago, and nobody deletes it"
            return found
        rows = ((row["number"], place, *change) for place, change in enumerate(_rows(changes), 1))
        columns = ("refresh", "place", "member_id", "segment", "entered")
        await copy_in(connection, "segment_change", columns, rows)
    return _refresh(row)


def _rows(changes: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The changes one by one, made of the table a piece at a time."""
    for piece in changes.to_batches(max_chunksize=PIECE):
        yield from zip(*(column.to_pylist() for column in piece.columns), strict=True)


async def stored(
    connection: asyncpg.Connection, campaign: str, segment: str, due: datetime
) -> Refresh | None:
    """The refresh of an instant, if it was done or begun."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM segment_refresh WHERE campaign = $1 AND segment = $2 AND due = $3",
        campaign, segment, due,
    )  # fmt: skip
    return None if row is None else _refresh(row)


async def unfinished(connection: asyncpg.Connection, campaign: str) -> list[Refresh]:
    """What was found and not sent to its end, in order."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM segment_refresh WHERE campaign = $1 AND finished IS NULL ORDER BY number",
        campaign,
    )
    return [_refresh(row) for row in rows]


async def latest(connection: asyncpg.Connection, campaign: str) -> dict[str, Refresh]:
    """The last refresh of every segment."""
    rows = await connection.fetch(
        f"""SELECT DISTINCT ON (segment) {_COLUMNS} FROM segment_refresh
            WHERE campaign = $1 ORDER BY segment, due DESC""",
        campaign,
    )
    return {row["segment"]: _refresh(row) for row in rows}


async def next_events(connection: asyncpg.Connection, refresh: Refresh, after: int) -> list[Event]:
    """The events after a place, in order. The same change always makes the same event. Who has become part of another
    account meanwhile, or was erased, is told nothing: it was found of him alone."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        """SELECT c.segment, c.entered, m.subject FROM segment_change c JOIN member m ON m.id = c.member_id
           WHERE c.refresh = $1 AND c.place > $2 AND c.place <= $3
             AND m.merged_into IS NULL AND NOT m.erased
           ORDER BY c.place""",
        refresh.number, after, after + CHUNK,
    )  # fmt: skip
    return [
        segment_event(
            refresh.campaign, row["segment"], row["subject"], refresh.due, refresh.at, entered=row["entered"]
        )
        for row in rows
    ]


async def note_sent(
    connection: asyncpg.Connection, refresh: Refresh, sent: int, came: dict[str, int]
) -> None:
    """Remember how far the sending has come."""
    await connection.execute(
        "UPDATE segment_refresh SET sent = $2, came = $3 WHERE number = $1",
        refresh.number, sent, msgspec.json.encode(came).decode(),
    )  # fmt: skip


async def finish(connection: asyncpg.Connection, refresh: Refresh, now: datetime) -> None:
    """All was sent: what was to be sent is no longer kept, since the journal has it."""
    async with connection.transaction():
        await connection.execute(
            "UPDATE segment_refresh SET finished = $2 WHERE number = $1", refresh.number, now
        )
        await connection.execute("DELETE FROM segment_change WHERE refresh = $1", refresh.number)
