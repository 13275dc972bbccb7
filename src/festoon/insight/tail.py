"""The end of the journal, in a bounded number of pages.

The index over event numbers summarizes pages some time after they were filled, so asking it for the last events reads
everything since it last did. The journal only grows at its end, so its last pages hold its last events; they are
read by their place.
"""

import asyncpg
from msgspec import Struct

PAGE_ROWS = 4
"""A page holds at least so many events: longer texts are moved out of line."""
SLACK = 1_024
"""Pages more, for those that were added ahead of need."""


class Tail(Struct, frozen=True):
    """The last events: `table` is a subquery with the journal's columns, for events numbered above `low`."""

    table: str
    low: int


async def tail(connection: asyncpg.Connection, end: int, rows: int) -> Tail:
    """The journal's last `rows` events, when `end` is the last number that was taken."""
    pages = rows // PAGE_ROWS + SLACK
    partitions = await connection.fetch(
        """SELECT quote_ident(c.relname) AS name, pg_relation_size(c.oid) / current_setting('block_size')::int AS pages
           FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'event'::regclass AND pg_relation_size(c.oid) > 0
           ORDER BY c.relname DESC LIMIT 2"""
    )
    parts = []
    for partition in partitions:
        if pages > 0:
            first = max(partition["pages"] - pages, 0)
            parts.append(f"SELECT * FROM {partition['name']} WHERE ctid >= '({first},0)'::tid")
            pages -= partition["pages"]
    low = max(end - rows, 0)
    joined = " UNION ALL ".join(parts) or "SELECT * FROM event WHERE false"
    return Tail(f"(SELECT * FROM ({joined}) AS pages WHERE seq > {low})", low)
