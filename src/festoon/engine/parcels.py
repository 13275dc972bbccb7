"""Parcels, for who ships them: listed by state, exported with their addresses, packed.

A parcel comes to be with its gift (`engine/parcel_rows.py`); what becomes of the gift itself is events.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.members.parcel import FIELDS, PARCEL
from festoon.store.trail import record

STATES = ("ordered", "packed", "shipped", "received", "returned", "cancelled")
TO_SHIP = ("ordered", "packed", "returned")
MOST = 200
MOST_EXPORTED = 50_000
_PAGE = 1000


class Parcel(Struct, frozen=True):
    """A gift on its way to a member. `ready` says that he has told where it goes."""

    item: str
    member: str
    campaign: str
    mechanic: str
    ref: str
    given: datetime
    state: str
    carrier: str
    number: str
    changed: datetime
    ready: bool


class Addressed(Parcel, frozen=True):
    """A parcel with where it goes; empty while the member has not said it."""

    name: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""


class Sought(Struct, frozen=True):
    """Which parcels: of a campaign, in a state, of a member, under a number; nothing named is all."""

    campaign: str | None = None
    state: str | None = None
    member: str | None = None
    number: str | None = None


class After(Struct, frozen=True):
    """Where a page ends; the next begins after it."""

    given: datetime
    item: str

    def text(self) -> str:
        return f"{self.given.isoformat()}/{self.item}"


def after_from(text: str) -> After | None:
    """Where a page ended, as it was written; None for what is no such place."""
    given, _, item = text.partition("/")
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return None
    return After(at, item) if at.tzinfo is not None and "\0" not in item else None


_WHERE = """
    FROM parcel p JOIN member m ON m.id = p.member_id
    LEFT JOIN member_personal h ON h.member_id = p.member_id
    WHERE ($1::text IS NULL OR p.campaign = $1) AND ($2::text IS NULL OR p.state = $2)
      AND ($3::text IS NULL OR p.member_id = (SELECT member_id FROM identity WHERE subject = $3))
      AND ($4::text IS NULL OR p.number = $4)
      AND ($5::timestamptz IS NULL OR (p.given, p.item) > ($5, $6))
    ORDER BY p.given, p.item LIMIT $7"""
_COLUMNS = """SELECT p.item, m.subject AS member, p.campaign, p.mechanic, p.ref, p.given, p.state, p.carrier, p.number,
    p.changed, coalesce(h.fields::jsonb ? ($8::text || p.item), false) AS ready"""
_HOME = ", coalesce(h.fields::jsonb -> ($8::text || p.item), '{}')::text AS home"


async def parcels(
    connection: asyncpg.Connection, sought: Sought, *, after: After | None = None, limit: int = 50
) -> list[Parcel]:
    """A page of parcels, in the order in which the gifts were given."""
    rows = await connection.fetch(_COLUMNS + _WHERE, *_asked(sought, after, min(limit, MOST + 1)), PARCEL)
    return [Parcel(**row) for row in rows]


async def parcel(connection: asyncpg.Connection, item: str) -> Parcel | None:
    """One, by its gift."""
    rows = await connection.fetch(
        _COLUMNS
        + """ FROM parcel p JOIN member m ON m.id = p.member_id
              LEFT JOIN member_personal h ON h.member_id = p.member_id
              WHERE p.item = $1 AND $2::text IS NULL AND $3::text IS NULL AND $4::text IS NULL
                AND $5::timestamptz IS NULL AND $6::text = '' AND $7::bigint = 1""",
        item, None, None, None, None, "", 1, PARCEL,
    )  # fmt: skip
    return Parcel(**rows[0]) if rows else None


async def addressed(connection: asyncpg.Connection, sought: Sought) -> AsyncIterator[Addressed]:
    """All parcels that are sought, up to MOST_EXPORTED, with where they go."""
    after, told = None, 0
    while told < MOST_EXPORTED:
        rows = await connection.fetch(_COLUMNS + _HOME + _WHERE, *_asked(sought, after, _PAGE), PARCEL)
        for row in rows:
            yield _addressed(row)
        if len(rows) < _PAGE:
            return
        told += len(rows)
        after = After(rows[-1]["given"], rows[-1]["item"])


async def note_export(
    connection: asyncpg.Connection, sought: Sought, count: int, actor: str, now: datetime
) -> None:
    """Keep in the trail who took addresses out, and how many."""
    after = {"sought": msgspec.to_builtins(sought), "parcels": count}
    async with connection.transaction():
        await record(
            connection,
            at=now,
            actor=actor,
            act="parcels.export",
            object="parcels",
            after=after,
        )


async def pack(connection: asyncpg.Connection, items: Sequence[str], actor: str, now: datetime) -> int:
    """Note that parcels are packed; returns how many were to be. Under their members' locks, as all rows of theirs."""
    async with connection.transaction():
        await connection.execute(
            """SELECT m.id FROM member m WHERE m.id IN (SELECT member_id FROM parcel WHERE item = ANY ($1))
               ORDER BY m.id FOR NO KEY UPDATE""",
            list(items),
        )
        rows = await connection.fetch(
            """UPDATE parcel SET state = 'packed', changed = $2
               WHERE item = ANY ($1) AND state IN ('ordered', 'returned') RETURNING item""",
            list(items), now,
        )  # fmt: skip
        if rows:
            packed = sorted(row["item"] for row in rows)
            await record(
                connection,
                at=now,
                actor=actor,
                act="parcels.pack",
                object="parcels",
                after=packed,
            )
    return len(rows)


def _asked(sought: Sought, after: After | None, limit: int) -> tuple[Any, ...]:
    return (
        sought.campaign,
        sought.state,
        sought.member,
        sought.number,
        after and after.given,
        after.item if after else "",
        limit,
    )


_home = msgspec.json.Decoder(dict[str, Any])


def _addressed(row: asyncpg.Record) -> Addressed:
    known: dict[str, Any] = dict(row)
    home = _home.decode(known.pop("home"))
    known |= {name: str(home.get(name) or "") for name in FIELDS}
    return Addressed(**known)
