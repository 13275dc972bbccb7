"""Connections through asyncpg: a pool, one on its own, and the kind a lane of the engine keeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import asyncpg

# A statement planned once on an empty table keeps its sequential scan long after the table has grown: 0.25 ms
# became 40 ms. Planning each time with the real values costs a fraction of that, and is right after any load.
SESSION = {
    "application_name": "festoon",
    "timezone": "UTC",
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    "statement_timeout": "60s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "60s",
}
# A lane sends the same dozen statements forever, each a join of an array of keys with an index. They are
# planned once, and without the plans that an empty table would suggest.
HOT_SESSION = SESSION | {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_material": "off",
}
CONNECT_SECONDS = 10
GONE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server said goodbye just as something was asked
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    TimeoutError,
)
"""What is raised when the database cannot be reached, or not in time."""


async def open_pool(dsn: str, *, min_size: int = 1, max_size: int = 8) -> asyncpg.Pool:
    """Connections to the database at `dsn`; close the pool, or use it as an asynchronous context manager.

    Raises `OSError` or `asyncpg.PostgresError` when the server does not take the first connections.
    """
    return await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        timeout=CONNECT_SECONDS,
        server_settings=SESSION,
    )


@asynccontextmanager
async def lent(pool: asyncpg.Pool, seconds: float | None = None) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the pool for as long as the block lasts; it is waited for no longer than `seconds`.

    What the pool lends is a stand-in with the connection's own methods; here it is called what it stands for.
    """
    async with pool.acquire(timeout=seconds) as connection:
        yield cast(asyncpg.Connection, connection)


async def connect_hot(dsn: str) -> asyncpg.Connection:
    """A connection for one lane of the engine, with its statements prepared once and kept."""
    return await asyncpg.connect(
        dsn, timeout=CONNECT_SECONDS, server_settings=HOT_SESSION, statement_cache_size=200
    )


async def connect(dsn: str) -> asyncpg.Connection:
    """One connection outside a pool, for what holds a session's lock or runs for long."""
    return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, server_settings=SESSION)
