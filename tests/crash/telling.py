"""A webhook worker in a process of its own, to be killed. All of it is loaded before the first starts."""

import asyncio
import multiprocessing
from multiprocessing.process import BaseProcess

from festoon.base.clock import wall
from festoon.outbox.webhooks.addresses import Allowed
from festoon.outbox.webhooks.service import Webhooks

LOOPBACK = Allowed(("127.0.0.0/8",))


def start(dsn: str) -> BaseProcess:
    """Forked from a process that has imported everything, so that it is at work at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    process = context.Process(target=_work, args=(dsn,), daemon=True)
    process.start()
    return process


def _work(dsn: str) -> None:
    asyncio.run(Webhooks(dsn, wall, LOOPBACK, pace=0.0).run(asyncio.Event()))
