"""The list of compensations, a page at a time; and how far one has come."""

from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.compensations import Preview

_preview = msgspec.json.Decoder(Preview)


class Listed(Struct, frozen=True):
    """One compensation in a list, with what was said of it when it was submitted."""

    id: str
    campaign: str
    status: str
    maker: str
    checker: str | None
    submitted: datetime
    preview: Preview
    reason: str

    @property
    def key(self) -> str:
        """What the next page goes on from."""
        return f"{self.submitted.isoformat()}_{self.id}"


async def listed(connection: asyncpg.Connection, after: str = "", limit: int = 30) -> list[Listed]:
    """The latest first. `after` is the key of the last one of the page before; the first page for what is none."""
    at, _, id = after.partition("_")
    try:
        before = datetime.fromisoformat(at) if at else None
    except ValueError:
        before = None
    if before is not None and (before.tzinfo is None or "\0" in id):
        before = None
    rows = await connection.fetch(
        """SELECT id, campaign, status, maker, checker, submitted, preview,
                  event::jsonb ->> 'reason' AS reason FROM compensation
           WHERE $1::timestamptz IS NULL OR (submitted, id) < ($1, $2) ORDER BY submitted DESC, id DESC LIMIT $3""",
        before, id, limit,
    )  # fmt: skip
    return [_listed(row) for row in rows]


async def one(connection: asyncpg.Connection, id: str) -> Listed | None:
    """One of them, or None."""
    row = await connection.fetchrow(
        """SELECT id, campaign, status, maker, checker, submitted, preview, event::jsonb ->> 'reason' AS reason
           FROM compensation WHERE id = $1""",
        id,
    )
    return None if row is None else _listed(row)


def _listed(row: asyncpg.Record) -> Listed:
    id, campaign, status, maker, checker, submitted, preview, reason = row
    return Listed(id, campaign, status, maker, checker, submitted, _preview.decode(preview), reason or "")
