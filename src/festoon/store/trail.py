"""The audit trail: who did what, when, from where, before and after, each entry chained to the one before it."""

from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec

_encoder = msgspec.json.Encoder(order="deterministic")
TRAIL_LOCK = 0x747261696C
START = "0" * 64


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
    """Append an entry in the caller's transaction. Entries are numbered without gaps and written one at a time."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", TRAIL_LOCK)
    last = await connection.fetchrow("SELECT number, chain FROM audit_entry ORDER BY number DESC LIMIT 1")
    number, chain = (last["number"] + 1, last["chain"]) if last else (1, START)
    texts = [None if value is None else _encoder.encode(value).decode() for value in (before, after)]
    await connection.execute(
        """INSERT INTO audit_entry (number, at, actor, act, object, before, after, origin, chain)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        number, at, actor, act, object, *texts, origin,
        link(chain, number, at, actor, act, object, *texts, origin),
    )  # fmt: skip


def link(
    chain: str, number: int, at: datetime, actor: str, act: str, object: str, before: str | None,
    after: str | None, origin: str,
) -> str:  # fmt: skip
    """SHA-256 over the previous link and an entry's columns."""
    said = (chain, number, int(at.timestamp() * 1_000_000), actor, act, object, before, after, origin)
    return sha256(_encoder.encode(said)).hexdigest()


async def broken_links(connection: asyncpg.Connection) -> AsyncIterator[int]:
    """The numbers of entries that do not follow from the one before them. Needs a transaction (it reads by cursor)."""
    chain, expected = START, 1
    async for row in connection.cursor("SELECT * FROM audit_entry ORDER BY number"):
        made = link(
            chain, row["number"], row["at"], row["actor"], row["act"], row["object"], row["before"], row["after"],
            row["origin"],
        )  # fmt: skip
        if row["number"] != expected or row["chain"] != made:
            yield row["number"]
        chain, expected = row["chain"], row["number"] + 1
