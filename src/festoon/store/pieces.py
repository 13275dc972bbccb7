"""Large amounts in pieces, so that a process that serves others turns to them in between: what stands in one call of a
driver or of a serializer holds everybody up until it is done."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import asyncpg

PIECE = 5_000
"""Rows at a time: some ten milliseconds of work."""

Thing = TypeVar("Thing")


def pieces(things: Iterable[Thing], size: int = PIECE) -> Iterator[list[Thing]]:
    """The same things in lists of so many; none is empty."""
    rest = iter(things)
    while piece := list(islice(rest, size)):
        yield piece


async def copy_in(
    connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Copy rows into a table; how many. Each piece is a statement of its own: one transaction belongs around them."""
    count = 0
    for piece in pieces(rows):
        await connection.copy_records_to_table(table, records=piece, columns=columns)
        count += len(piece)
        await asyncio.sleep(0)
    return count
