"""Changing what runs: under the program's lock, and told to every process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from festoon.engine.selects import PROGRAM_LOCK


@asynccontextmanager
async def program_locked(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction that no batch runs beside: it waits for those under way and holds up those that come. Whatever else
    it locks, it locks later, as batches do."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", PROGRAM_LOCK)
        yield


async def program_moved(connection: asyncpg.Connection) -> None:
    """Let every process load the program anew before its next batch."""
    await connection.execute("UPDATE program SET version = version + 1")


@asynccontextmanager
async def changing_program(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Both: what is done in the block is what the next batch runs under, in every process."""
    async with program_locked(connection):
        yield
        await program_moved(connection)
