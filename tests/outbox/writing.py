"""Rows of a journal, written as a batch writes them, and the facts they come to."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pyarrow as pa

from festoon.base.events import event_key
from festoon.engine.outcome import Given, MechanicOutcome, Outcome, Refusal, encode, encode_transfers
from festoon.ledger.transfers import Transfer
from festoon.outbox.read import facts
from festoon.outbox.relay import Relay
from festoon.store.pool import connect

NOW = datetime(2027, 2, 10, 4, tzinfo=UTC)
LOT = datetime(2028, 2, 10, 16, tzinfo=UTC)
GAVE = Outcome(
    "accepted",
    [
        MechanicOutcome(
            "spring/earn",
            [Given("asset", "points", 99, expires=LOT, cost=12, line="spring/budget/prizes|CNY")],
        ),
        MechanicOutcome(
            "spring/lucky-draw",
            [
                Given("coupon", "five-off", item="i1", code="C-1", cost=500, line="spring/budget/prizes|CNY"),
                Given("asset", "growth", 3),
            ],
            {"spring/chances/lucky-draw": 1},
            {"roll": 7},
        ),
        MechanicOutcome("spring/task", refused=Refusal("limit.per_member", {"limit": 1})),
        MechanicOutcome("spring/other-draw", note={"roll": 9}),
    ],
    {"condition": ["spring/vip"], "holdout": ["spring/a", "spring/b"]},
)
MOVED = [
    Transfer("points", "issuer", "@", 99, LOT, "spring/earn"),
    Transfer("CNY", "spring/budget/prizes", "spring/cost/prizes", 12, None, "spring/earn"),
]
_ids = count(1)


async def write(
    connection: asyncpg.Connection,
    rows: int = 1,
    *,
    type: str = "content.published",
    data: Any = None,
    outcome: Outcome = GAVE,
    transfers: Sequence[Transfer] = (),
    member: int = 7,
    now: datetime = NOW,
) -> list[int]:
    """Insert events, in the connection's transaction or one of their own. Returns their numbers."""
    names = [f"e{next(_ids)}" for _ in range(rows)]
    found = await connection.fetch(
        """INSERT INTO event (member_id, key, hash, source, id, type, time, now, data, outcome, transfers)
           SELECT $1, n.key, '\\x00', 'shop', n.id, $2, $3, $3, $4, $5, $6
           FROM unnest($7::text[], $8::bytea[]) AS n (id, key) RETURNING seq""",
        member,
        type,
        now,
        msgspec.json.encode(data or {}).decode(),
        encode(outcome),
        encode_transfers(list(transfers)),
        names,
        [event_key("shop", name) for name in names],
    )
    return [row[0] for row in found]


async def until(true: Callable[[], bool]) -> None:
    """Come back when it is so."""
    while True:
        if true():
            return
        await asyncio.sleep(0.02)


async def relay_all(dsn: str, directory: Path, cap: int = 1000) -> int:
    """Relay until nothing is left; transactions of other tests may hold it back. Returns how many rows."""
    relay, rows = Relay(dsn, directory, cap=cap), 0
    while True:
        relayed = await relay.run_once()
        rows += relayed.rows
        if relayed.caught_up:
            return rows


async def all_ended(dsn: str) -> None:
    """Wait until every transaction that was open has ended, those of other tests' databases too: what was committed by
    now is then told by whoever tells in order."""
    connection = await connect(dsn)
    try:
        now = await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        oldest = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM pg_sleep(0.01)"
        while await connection.fetchval(oldest) < now:
            pass
    finally:
        await connection.close()


def table(directory: Path, kind: str = "events") -> pa.Table:
    """The facts of a kind, by `seq`."""
    return facts(directory).table(kind).to_pyarrow().sort_by("seq")


def numbers(directory: Path, kind: str = "events") -> list[int]:
    return list(table(directory, kind)["seq"].to_pylist())


def contents(directory: Path) -> dict[str, bytes]:
    """Every file under the facts, by its path in there."""
    files = sorted(file for file in directory.rglob("*") if file.is_file())
    return {str(file.relative_to(directory)): file.read_bytes() for file in files}
