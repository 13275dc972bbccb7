"""E3: a grand draw over so many holders of tickets, frozen, drawn and written, against a shuffle of as many ids."""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta

import asyncpg

from benchmarks.effort import Effort
from benchmarks.ground import Ground, put_up
from benchmarks.rounds import Check, Findings, Ratio, Tell, in_turns
from festoon.engine.appointments import NOBODY
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect, connect_hot

WINNERS = 1 + 10 + 1000
FIRST = datetime(2027, 6, 1, 4, tzinfo=UTC)
"""Noon in Shanghai: the first grand draw; there is one an hour."""
HEAD = """
festoon: 1
campaign: bench
title: Grand draws
timezone: Asia/Shanghai
schedule: {start: 2027-01-01, end: 2027-12-31}
budget: {currency: CNY, lines: {prizes: 1}}
assets: {tickets: {}}
mechanics:
  tickets: {kind: gift, on: order.paid, give: [{asset: tickets, amount: 1}]}
"""
DRAW = """
  grand-{number}:
    kind: grand_draw
    tickets: tickets
    frozen: 2027-06-01 {hour:02d}:00
    prizes:
      - {{id: journey, count: 1, give: {{points: 3}}}}
      - {{id: phone, count: 10, give: {{points: 2}}}}
      - {{id: coupon, count: 1000, give: {{points: 1}}}}
"""
HOLDERS = """
WITH made AS (INSERT INTO member (subject) SELECT 'm' || n FROM generate_series(1, $1) AS n RETURNING id)
INSERT INTO account (member_id, asset, balance) SELECT id, 'bench/tickets', 1 FROM made"""


def grand_draws(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """A round of ours is one grand draw: the list read and written, the winners drawn and told."""
    dsn, count = ground.database(), effort.tickets
    tell(f"{count} holders of a ticket")
    draws = "".join(DRAW.format(number=number, hour=12 + number) for number in range(effort.rounds))
    asyncio.run(put_up(dsn, HEAD + draws))
    asyncio.run(_prepared(dsn, count))
    ids = list(range(count))

    def ours(number: int) -> float:
        return asyncio.run(_draw(dsn, FIRST + timedelta(hours=number, minutes=1)))

    def theirs(_: int) -> float:
        began = time.perf_counter()
        random.shuffle(ids)
        return time.perf_counter() - began

    found = in_turns(effort.rounds, {"drawn": ours, "shuffled": theirs}, tell, ground.settle)
    told = asyncio.run(_told(dsn))
    ratio = Ratio(
        "E3", f"grand draw over {count:,} tickets, frozen, drawn and written", "random.shuffle of as many ids", "ms",
        tuple(1000 * value for value in found["drawn"]), tuple(1000 * value for value in found["shuffled"]),
        10.0, "at most",
    )  # fmt: skip
    wanted = WINNERS * effort.rounds
    return Findings(
        [ratio], [Check("E3", "winners who get an event", str(told), str(wanted), told == wanted)]
    )


async def _prepared(dsn: str, count: int) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute(HOLDERS, count)
        await connection.execute("VACUUM (FREEZE, ANALYZE) account")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _draw(dsn: str, at: datetime) -> float:
    """Let the appointments fire that are due."""
    connection: asyncpg.Connection = await connect_hot(dsn)
    try:
        engine = Engine(await load_program(connection), load_program, lambda: at)
        nobody = await connection.fetchval("SELECT id FROM member WHERE subject = $1", NOBODY)
        began = time.perf_counter()
        await run_batch(engine, connection, [], [nobody])
        return time.perf_counter() - began
    finally:
        await connection.close()


async def _told(dsn: str) -> int:
    connection = await connect(dsn)
    try:
        told: int = await connection.fetchval("SELECT count(*) FROM timer WHERE name = 'won'")
        return told
    finally:
        await connection.close()
