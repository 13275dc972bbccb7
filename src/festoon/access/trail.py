"""Reading the audit trail: searched, page by page from the newest, with what changed and whether its chain holds."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.store.trail import LINKED, START, link


class Search(Struct, frozen=True):
    """What is looked for; empty means anything. `actor`, `act` and `object` are beginnings."""

    actor: str = ""
    act: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Difference(Struct, frozen=True):
    """One place of what an entry is about, before and after; None where there was nothing."""

    place: str
    before: str | None
    after: str | None


class Entry(Struct, frozen=True):
    """Who did what, when, from where, and what it changed."""

    number: int
    at: datetime
    actor: str
    act: str
    object: str
    origin: str
    differences: tuple[Difference, ...]


async def entries(
    connection: asyncpg.Connection, search: Search, before: int | None = None, limit: int = 50
) -> list[Entry]:
    """Entries from the newest on, from behind the number `before`."""
    rows = await connection.fetch(
        """SELECT number, at, actor, act, object, origin, before, after FROM audit_entry
           WHERE ($1::bigint IS NULL OR number < $1)
                 AND ($2 = '' OR actor LIKE $2 || '%') AND ($3 = '' OR act LIKE $3 || '%')
                 AND ($4 = '' OR object LIKE $4 || '%')
                 AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
           ORDER BY number DESC LIMIT $7""",
        before, _literally(search.actor), _literally(search.act), _literally(search.object), search.since,
        search.until, limit,
    )  # fmt: skip
    return [
        Entry(
            row["number"], row["at"], row["actor"], row["act"], row["object"], row["origin"],
            tuple(differences(row["before"], row["after"])),
        )
        for row in rows
    ]  # fmt: skip


def differences(before: str | None, after: str | None) -> Iterator[Difference]:
    """What differs between two JSON texts, place by place; what stayed the same is left out."""
    was, became = (dict(_places("", msgspec.json.decode(each))) if each else {} for each in (before, after))
    for place in dict.fromkeys((*was, *became)):
        if was.get(place) != became.get(place):
            yield Difference(place, was.get(place), became.get(place))


def _places(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _places(f"{place}.{name}" if place else str(name), each)
    elif isinstance(value, list):
        yield place, ", ".join(map(_said, value)) or "—"
    elif value not in (None, ""):
        yield place, _said(value)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Chain(Struct, frozen=True):
    """What a look at the chain found: how many entries were looked at, and the first that does not follow."""

    looked_at: int
    broken: int | None


async def last_links(connection: asyncpg.Connection, count: int = 5_000) -> Chain:
    """Whether each of the last entries follows from the one before it. `festoon audit` looks at all of them."""
    rows = await connection.fetch("SELECT * FROM audit_entry ORDER BY number DESC LIMIT $1", count + 1)
    rows.reverse()
    if rows and rows[0]["number"] == 1:
        chain, expected = START, 1
    elif rows:
        first, *rows = rows
        chain, expected = first["chain"], first["number"] + 1
    for row in rows:
        if row["number"] != expected or row["chain"] != link(chain, *(row[name] for name in LINKED)):
            return Chain(len(rows), row["number"])
        chain, expected = row["chain"], row["number"] + 1
    return Chain(len(rows), None)
