"""One statement for everything that a read wants, whatever that is: a round trip costs more than the rows do.

Each source takes arrays of keys and looks each key up by itself (`LATERAL … OFFSET 0`). As a plain join, a plan made
while the table was nearly empty went through the table and looked into the array: 0.9 ms an event when it had grown.
All sources answer in the same columns: the source's name, the member, four texts, a number, an instant, two hashes.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

import asyncpg

Row = tuple[
    str, int, str | None, str | None, str | None, str | None, int | None, Any, bytes | None, bytes | None
]
COLUMNS = {
    "a": "text", "b": "text", "c": "text", "d": "text", "n": "bigint", "at": "timestamptz", "k": "bytea", "h": "bytea",
}  # fmt: skip


class Source(NamedTuple):
    """Where rows come from: the parameters as SQL types, what is looked up for each key, and which column is what."""

    types: tuple[str, ...]
    keys: str
    found: str
    shown: dict[str, str]


SOURCES = {
    "claim": Source(
        ("bigint[]", "bytea[]"),
        "unnest({0}, {1}) AS wanted (member_id, key)",
        "SELECT hash, outcome FROM event e WHERE e.member_id = wanted.member_id AND e.key = wanted.key",
        {"a": "outcome", "k": "wanted.key", "h": "hash"},
    ),
    "due": Source(
        ("bigint[]", "timestamptz"),
        "unnest({0}) AS wanted (member_id)",
        "SELECT id, owner, name, data, due FROM timer t WHERE t.member_id = wanted.member_id AND t.due <= {1}",
        {"a": "id", "b": "owner", "c": "name", "d": "data", "at": "due"},
    ),
    "account": Source(
        ("bigint[]", "text[]"),
        "unnest({0}, {1}) AS wanted (member_id, asset)",
        "SELECT part, balance FROM account a WHERE a.member_id = wanted.member_id AND a.asset = wanted.asset",
        {"a": "wanted.asset", "b": "part", "n": "balance"},
    ),
    "lot": Source(
        ("bigint[]", "text[]"),
        "unnest({0}, {1}) AS wanted (member_id, asset)",
        "SELECT expires, amount FROM lot l WHERE l.member_id = wanted.member_id AND l.asset = wanted.asset",
        {"a": "wanted.asset", "n": "amount", "at": "expires"},
    ),
    "progress": Source(
        ("bigint[]", "text[]"),
        "unnest({0}, {1}) AS wanted (member_id, campaign)",
        "SELECT mechanic, state FROM progress p"
        " WHERE p.member_id = wanted.member_id AND p.campaign = wanted.campaign",
        {"a": "wanted.campaign", "b": "mechanic", "c": "state"},
    ),
    "shared": Source(
        ("bigint[]",),
        "unnest({0}) AS wanted (id)",
        "SELECT holder, asset, balance FROM shared_account s WHERE s.id = wanted.id",
        {"a": "holder", "b": "asset", "n": "balance"},
    ),
}


async def select(connection: asyncpg.Connection, wanted: dict[str, Sequence[Any]]) -> list[Row]:
    """The rows of several sources, named with their parameters, in one round trip."""
    if not wanted:
        return []
    given = [parameter for parameters in wanted.values() for parameter in parameters]
    return cast(list[Row], await connection.fetch(_statement(tuple(wanted)), *given))


@lru_cache(256)
def _statement(names: tuple[str, ...]) -> str:
    parts, used = [], 0
    for name in names:
        source = SOURCES[name]
        places = [_place(used + number, type_) for number, type_ in enumerate(source.types, 1)]
        used += len(places)
        member = "0::bigint" if name == "shared" else "wanted.member_id"
        columns = [f"{source.shown.get(column, 'NULL')}::{type_}" for column, type_ in COLUMNS.items()]
        parts.append(
            f"SELECT '{name}', {member}, {', '.join(columns)} FROM {source.keys.format(*places)}"
            f" CROSS JOIN LATERAL ({source.found.format(*places)} OFFSET 0) AS found"
        )
    return "\nUNION ALL\n".join(parts)


def _place(number: int, type_: str) -> str:
    """A parameter; arrays come as text (`store/arrays.py`)."""
    return f"(${number}::text)::{type_}" if type_.endswith("[]") else f"${number}::{type_}"
