"""Statements that need no answer, sent as one: whatever a batch writes, and its commit, in one round trip.

Between two round trips the server waits for us with everything locked that was written so far, and whoever wants the
same rows waits with it. Sent together, the statements follow each other inside the server.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from weakref import WeakSet

import asyncpg
from msgspec import Struct


class Statement(Struct, frozen=True):
    """A statement that every connection prepares once, under a name, with the types of its parameters."""

    name: str
    types: tuple[str, ...]
    text: str


_ready: WeakSet[asyncpg.Connection] = WeakSet()


async def prepare(connection: asyncpg.Connection, statements: Iterable[Statement]) -> None:
    """Make statements known to a connection, when it does not know them yet. Outside of a transaction."""
    if connection not in _ready:
        await connection.execute(
            ";".join(f"PREPARE {each.name} ({', '.join(each.types)}) AS {each.text}" for each in statements)
        )
        _ready.add(connection)


COMMIT = "COMMIT"
COMMIT_AND_BEGIN = "COMMIT; BEGIN"
"""What ends a transaction; the second begins the next one in the same round trip."""


class Copy(NamedTuple):
    """Rows that a script copies into a table before anything else."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Script:
    """Statements in their order, with their arguments. Each argument is an array's text (`store/arrays.py`), a text or
    a number."""

    def __init__(self) -> None:
        self._steps: list[str] = []

    def add(self, statement: Statement, *arguments: str | int) -> None:
        given = [f"'{each}'" if "'" not in each else _quoted(each) for each in map(str, arguments)]
        self._steps.append(f"EXECUTE {statement.name}({','.join(given)})")

    async def run(self, connection: asyncpg.Connection, end: str = COMMIT, copy: Copy | None = None) -> None:
        """Run all of it and end the transaction. Raises what any of it raises, and then nothing is committed."""
        script = ";".join([*self._steps, end])
        if copy is not None and copy.rows:
            # The driver puts the condition behind the statement as it stands, and sends the rows without waiting. The
            # server goes on with what follows once it has them all.
            await connection.copy_records_to_table(
                copy.table, records=copy.rows, columns=copy.columns, where=f"true;{script}"
            )
        else:
            await connection.execute(script)


def _quoted(text: str) -> str:
    # Backslashes stand for themselves: `standard_conforming_strings` is on, in every session of ours.
    return "'" + text.replace("'", "''") + "'"
