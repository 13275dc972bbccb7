"""Webhooks beside a server, in its own process: for who serves without a worker, as the demo does."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute

from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.outbox.webhooks.service import Webhooks


@asynccontextmanager
async def webhooks(inside: Inside) -> AsyncIterator[Sequence[BaseRoute]]:
    """Tell and deliver for as long as the server runs; it has no pages."""
    stop = asyncio.Event()
    telling = asyncio.create_task(Webhooks(inside.dsn, wall).run(stop))
    try:
        yield ()
    finally:
        stop.set()
        await telling
