"""Read the rows of a range from the journal. The same range gives the same tables, whenever it is read."""

from collections.abc import Callable

import asyncpg
import pyarrow as pa
import structlog

from festoon.outbox.ranges import Range
from festoon.outbox.rows import Unfolding

CHUNK = 1000

log = structlog.get_logger(__name__)

# Unsorted on purpose: sorting numbers in Arrow costs a tenth of sorting whole rows in the server.
_EVENTS = """
    SELECT seq, member_id, source, id, type, (extract(epoch FROM time) * 1000000)::bigint,
           (extract(epoch FROM now) * 1000000)::bigint, data, outcome, transfers
    FROM event WHERE xid >= $1 AND xid < $2 AND seq > $3 AND seq <= $4"""
_PUBLICATIONS = """
    SELECT seq, (extract(epoch FROM at) * 1000000)::bigint, transfers
    FROM publication WHERE xid >= $1 AND xid < $2 AND seq > $3 AND seq <= $4"""


Progress = Callable[[int], None]
"""Told how many rows more were read."""


def quiet(_: int) -> None:
    """Tells nobody."""


async def read(
    connection: asyncpg.Connection, range: Range, on_progress: Progress
) -> tuple[int, dict[str, pa.Table]]:
    """How many rows of the journal are in a range, and the facts they come to, kind by kind."""
    facts = Unfolding()
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(_EVENTS, *range.bounds)
        while rows := await cursor.fetch(CHUNK):
            facts.add_events(rows)
            on_progress(len(rows))
        if published := await connection.fetch(_PUBLICATIONS, *range.publication_bounds):
            facts.add_publications(published)
    if facts.odd:
        log.warning("facts.odd_orders", range=range.name, orders=facts.odd)
    return facts.rows, facts.tables()
