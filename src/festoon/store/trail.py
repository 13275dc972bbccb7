"""The audit trail: who did what, when, from where, before and after, each entry chained to the last one."""

from collections.abc import AsyncIterator
from contextvars import ContextVar
from datetime import datetime
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec

_encoder = msgspec.json.Encoder(order="deterministic")
ORIGIN: ContextVar[str] = ContextVar("origin", default="")
"""Where what is done now comes from: set once per request, by whoever takes requests."""
TRAIL_LOCK = 0x747261696C
START = "0" * 64
LINKED = ("number", "at", "actor", "act", "object", "before", "after", "origin")


async def record(
    connection: asyncpg.Connection,
    *,
    at: datetime,
    actor: str,
    act: str,
    object: str,
    before: Any = None,
    after: Any = None,
    origin: str = "",
) -> None:
    """Append an entry in the caller's transaction: numbered without gaps, one at a time. `origin` is where it came
    from, by default that of the request under way."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", TRAIL_LOCK)
    last = await connection.fetchrow("SELECT number, chain FROM audit_entry ORDER BY number DESC LIMIT 1")
    number, chain = (last["number"] + 1, last["chain"]) if last else (1, START)
    was, became, origin = _text(before), _text(after), origin or ORIGIN.get()
    await connection.execute(
        """INSERT INTO audit_entry (number, at, actor, act, object, before, after, origin, chain)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        number, at, actor, act, object, was, became, origin,
        link(chain, number, at, actor, act, object, was, became, origin),
    )  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else _encoder.encode(value).decode()


def link(
    chain: str, number: int, at: datetime, actor: str, act: str, object: str, before: str | None,
    after: str | None, origin: str,
) -> str:  # fmt: skip
    """SHA-256 over the previous link and an entry's columns."""
    said = (chain, number, int(at.timestamp() * 1_000_000), actor, act, object, before, after, origin)
    return sha256(_encoder.encode(said)).hexdigest()


async def broken_links(connection: asyncpg.Connection) -> AsyncIterator[int]:
    """The numbers of entries that do not follow from the one before; needs a transaction, for its cursor."""
    chain, expected = START, 1
    async for row in connection.cursor("SELECT * FROM audit_entry ORDER BY number"):
        made = link(chain, *(row[column] for column in LINKED))
        if row["number"] != expected or row["chain"] != made:
            yield row["number"]
        chain, expected = row["chain"], row["number"] + 1
