"""Work that comes again every so often, beside everything else a process does, until the process is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg

from festoon.base.errors import FestoonError
from festoon.store.pool import GONE


async def repeat(
    once: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    seconds: float,
    tell: Callable[[Exception], object],
) -> None:
    """Do it, wait for so many seconds, and do it again, until `stop` is set. What fails because of the store, of files,
    or as an error of ours is told, and tried again the next time; anything else is raised."""
    while not stop.is_set():
        try:
            await once()
        except (*GONE, asyncpg.PostgresError, FestoonError, OSError) as error:
            tell(error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
