"""From a view's thread to the server's event loop and back.

Views are plain functions in threads; what they show and do is asynchronous, over asyncpg, on the loop that also takes
events. A view asks for one function at a time; each is lent a connection of the console's own pool.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import asyncpg

from festoon.api.sides import Inside
from festoon.base.errors import Unavailable
from festoon.intake.batcher import STORE_GONE
from festoon.store.pool import GONE, lent

BRIDGE = "festoon.bridge"
"""Where a request's environment has its bridge."""
SECONDS = 20.0
"""A page that takes longer is given up."""
WAIT_FOR_CONNECTION = 5.0

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Bridge:
    """What a view reaches the rest of Festoon through: `request.bridge`."""

    def __init__(
        self,
        inside: Inside,
        pool: asyncpg.Pool,
        loop: asyncio.AbstractEventLoop,
        *,
        rehearsal: bool,
        seconds: float = SECONDS,
    ) -> None:
        self.inside = inside
        self.rehearsal = rehearsal
        self._pool = pool
        self._loop = loop
        self._seconds = seconds

    def patient(self, seconds: float) -> "Bridge":
        """The same bridge for something that takes long, such as a file out of the whole journal."""
        return Bridge(self.inside, self._pool, self._loop, rehearsal=self.rehearsal, seconds=seconds)

    def ask(
        self,
        function: Callable[Concatenate[asyncpg.Connection, Given], Awaitable[Found]],
        *args: Given.args,
        **named: Given.kwargs,
    ) -> Found:
        """What an asynchronous function finds on a connection that is lent to it.

        Raises what the function raises; Unavailable (`store.gone`) when the store or the time has run out.
        """

        async def go() -> Found:
            async with lent(self._pool, WAIT_FOR_CONNECTION) as connection:
                return await function(connection, *args, **named)

        return self._wait(go())

    def run(
        self,
        function: Callable[Concatenate[Inside, Given], Awaitable[Found]],
        *args: Given.args,
        **named: Given.kwargs,
    ) -> Found:
        """The same for a function that works with the engine, the batcher or the door."""

        async def go() -> Found:
            return await function(self.inside, *args, **named)

        return self._wait(go())

    def _wait(self, work: Coroutine[Any, Any, Found]) -> Found:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(self._seconds)
        except GONE:
            future.cancel()
            raise Unavailable(STORE_GONE, retry_after=2) from None
