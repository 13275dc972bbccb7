"""B7: unique codes, made and stored, against COPY of as many ready-made rows of the same width."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import asyncpg

from benchmarks.effort import Effort
from benchmarks.ground import Ground, put_up
from benchmarks.rounds import Check, Findings, Ratio, Tell, in_turns
from festoon.base.clock import wall
from festoon.base.code_pattern import Pattern
from festoon.engine.code_batches import Order, make
from festoon.store.pool import connect

Done = TypeVar("Done")
PATTERN = "TEA-####-####-####"
PLAN = f"""
festoon: 1
campaign: bench
title: Codes
timezone: Asia/Shanghai
schedule: {{start: 2027-01-01, end: 2027-12-31}}
budget: {{currency: CNY, lines: {{prizes: 1}}}}
mechanics:
  flyer: {{kind: code, single: {{count: 100000000, pattern: "{PATTERN}"}}, give: [{{points: 1}}]}}
"""
TWIN = """CREATE TABLE IF NOT EXISTS ready_made (
    code text COLLATE "C" PRIMARY KEY, batch integer NOT NULL, member_id bigint, used timestamptz)"""
"""The same columns and the same key, which is what makes a code unique."""


def codes(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """Both sides go on in the same tables, round after round."""
    dsn, count = ground.database(), effort.codes
    asyncio.run(put_up(dsn, PLAN))
    asyncio.run(_with(dsn, _twin))
    ready = [Pattern(PATTERN).make(count, secrets.token_bytes) for _ in range(effort.rounds)]

    def ours(number: int) -> float:
        return asyncio.run(_with(dsn, lambda connection: _make(connection, count, f"batch-{number}")))

    def theirs(number: int) -> float:
        end = b"\t%d\n" % number
        rows = end.join(ready[number]) + end
        return asyncio.run(_with(dsn, lambda connection: _copy(connection, rows)))

    found = in_turns(effort.rounds, {"made": ours, "copied": theirs}, tell, ground.settle)
    there = asyncio.run(_with(dsn, _count))
    ratio = Ratio(
        "B7", f"{count:,} unique codes, made and stored", "COPY of as many ready-made rows, same columns and key",
        "ms", tuple(1000 * value for value in found["made"]), tuple(1000 * value for value in found["copied"]),
        3.0, "at most",
    )  # fmt: skip
    wanted = count * effort.rounds
    return Findings(
        [ratio], [Check("B7", "codes that are there, each once", f"{there}", f"{wanted}", there == wanted)]
    )


async def _with(dsn: str, work: Callable[[asyncpg.Connection], Awaitable[Done]]) -> Done:
    connection = await connect(dsn)
    try:
        return await work(connection)
    finally:
        await connection.close()


async def _twin(connection: asyncpg.Connection) -> None:
    await connection.execute(TWIN)


async def _count(connection: asyncpg.Connection) -> int:
    there: int = await connection.fetchval("SELECT count(*) FROM coupon_code")
    return there


async def _make(connection: asyncpg.Connection, count: int, name: str) -> float:
    began = time.perf_counter()
    await make(
        connection, Order("bench", "flyer", name, count), "bench", wall(), secrets.token_bytes, _unheard
    )
    return time.perf_counter() - began


async def _copy(connection: asyncpg.Connection, rows: bytes) -> float:
    async def given() -> AsyncIterator[bytes]:
        yield rows

    began = time.perf_counter()
    await connection.copy_to_table("ready_made", source=given(), columns=("code", "batch"), format="text")
    return time.perf_counter() - began


def _unheard(done: int) -> None:
    """Progress that nobody listens to."""
