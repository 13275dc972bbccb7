"""A relay in a process of its own, to be killed. Imports little: all of it is loaded before the first starts."""

import asyncio
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

from festoon.outbox import minutes
from festoon.outbox.__main__ import serve
from festoon.outbox.schemas import SCHEMAS

CAP = 50
# With the first array Arrow loads what it can work with, and that takes its time.
minutes.count({kind: schema.empty_table() for kind, schema in SCHEMAS.items()})


def start(dsn: str, directory: Path) -> BaseProcess:
    """Forked from a process that has imported everything, so that it is at work at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    process = context.Process(target=_relay, args=(dsn, directory), daemon=True)
    process.start()
    return process


def _relay(dsn: str, directory: Path) -> None:
    asyncio.run(serve(dsn, directory, cap=CAP, pace=0.0))
