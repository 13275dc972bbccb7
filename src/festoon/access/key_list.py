"""The API keys there are: whom they belong to and what they may do, never the keys themselves."""

from datetime import datetime

import asyncpg
from msgspec import Struct

PLACES = ("0/", "1/")


class KeyRow(Struct, frozen=True):
    """A key as the list has it."""

    id: str
    actor: str
    owner: str | None
    scopes: list[str]
    created: datetime
    revoked: datetime | None


async def keys(connection: asyncpg.Connection, after: str = "", limit: int = 50) -> list[KeyRow]:
    """Keys by their ids, those in use first, from behind `after` (`1/id` for one that was revoked, else `0/id`;
    from the beginning for anything else)."""
    rows = await connection.fetch(
        """SELECT id, actor, owner, scopes, created, revoked FROM api_key
           WHERE ($1 = '' OR ((revoked IS NOT NULL)::int, id) > (split_part($1, '/', 1)::int, split_part($1, '/', 2)))
           ORDER BY (revoked IS NOT NULL)::int, id LIMIT $2""",
        after if after.startswith(PLACES) else "", limit,
    )  # fmt: skip
    return [KeyRow(**row) for row in rows]


def place(key: KeyRow) -> str:
    """What `after` wants to go on behind a key."""
    return f"{int(key.revoked is not None)}/{key.id}"
