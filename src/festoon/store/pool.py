"""The pool of the hot path: asyncpg, with the same session settings on every connection."""

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
CONNECT_SECONDS = 10


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
