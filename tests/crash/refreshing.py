"""A refresh in a process of its own, to be killed. Imports little: all of it is loaded before the first starts."""

import asyncio
import multiprocessing
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import ibis
import pyarrow as pa

from festoon.audience.refresh import Due, Place, refresh
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

ibis.duckdb.connect()
pa.array([""])  # with the first array Arrow loads what it can work with, and that takes its time


def start(dsn: str, directory: Path, plan: str, at: datetime) -> BaseProcess:
    """Forked from a process that has imported everything, so that it is at work at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    process = context.Process(target=_refresh, args=(dsn, directory, plan, at), daemon=True)
    process.start()
    return process


def _refresh(dsn: str, directory: Path, plan: str, at: datetime) -> None:
    campaign = compile_plan(read_plan(plan))
    asyncio.run(refresh(Place(dsn, directory, lambda: at), Due(campaign, campaign.segments, at, at)))
