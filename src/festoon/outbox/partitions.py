"""The partitions of the journal that are still there."""

import asyncpg
from msgspec import Struct


class Partition(Struct, frozen=True):
    """A table that holds the events numbered `low` <= seq < `high`."""

    name: str
    low: int
    high: int


async def partitions(connection: asyncpg.Connection) -> list[Partition]:
    """The journal's partitions, oldest first."""
    rows = await connection.fetch(
        r"""SELECT name, bounds[1]::bigint AS low, bounds[2]::bigint
            FROM (SELECT c.oid::regclass::text AS name,
                         regexp_match(pg_get_expr(c.relpartbound, c.oid), '(\d+)\D+(\d+)') AS bounds
                  FROM pg_inherits p JOIN pg_class c ON c.oid = p.inhrelid
                  WHERE p.inhparent = 'event'::regclass) AS found
            ORDER BY low"""
    )
    return [Partition(*row) for row in rows]
