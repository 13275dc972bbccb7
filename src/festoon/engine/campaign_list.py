"""Campaigns with their versions, for whoever looks at them: what runs, what waits for a signature, what was stopped."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import NotFound
from festoon.engine.remarks import VERSION_UNKNOWN

STATUSES = ("in_review", "approved", "published", "superseded", "withdrawn")
WAITING = ("in_review", "approved")


class PlanVersion(Struct, frozen=True):
    """A version of a campaign's plan, and who signed it."""

    campaign: str
    version: int
    status: str
    maker: str
    submitted: datetime
    reviewer: str | None
    reviewed: datetime | None
    checker: str | None
    approved: datetime | None
    published: datetime | None
    note: str


class Campaign(Struct, frozen=True):
    """A campaign, and the version that says most about it: the one that runs, or else the newest. `waits` is a newer
    version that waits for a signature or to be published."""

    id: str
    running: int | None
    paused: list[str]
    stopped: datetime | None
    archived: datetime | None
    version: int
    status: str
    source: str
    kinds: str
    waits: int | None


_VERSION = (
    "campaign, version, status, maker, submitted, reviewer, reviewed, checker, approved, published, note"
)
_CAMPAIGN = """
    SELECT c.id, c.version AS running, c.paused, c.stopped, c.archived, n.version, n.status, n.source, n.kinds,
           (SELECT max(w.version) FROM plan_version w
            WHERE w.campaign = c.id AND w.status IN ('in_review', 'approved')) AS waits
    FROM campaign c
    CROSS JOIN LATERAL (
        SELECT version, status, source, kinds FROM plan_version v WHERE v.campaign = c.id
        ORDER BY (v.version = c.version) DESC NULLS LAST, v.version DESC LIMIT 1
    ) n
"""


async def campaigns(connection: asyncpg.Connection, after: str = "", limit: int = 50) -> list[Campaign]:
    """Campaigns by id, from behind `after`; those that were put away are left out."""
    rows = await connection.fetch(
        f"{_CAMPAIGN} WHERE c.id > $1 AND c.archived IS NULL ORDER BY c.id LIMIT $2", after, limit
    )
    return [Campaign(**row) for row in rows]


async def put_away(connection: asyncpg.Connection, after: str = "", limit: int = 50) -> list[Campaign]:
    """Campaigns that somebody put away, by id, from behind `after`."""
    rows = await connection.fetch(
        f"{_CAMPAIGN} WHERE c.id > $1 AND c.archived IS NOT NULL ORDER BY c.id LIMIT $2", after, limit
    )
    return [Campaign(**row) for row in rows]


async def campaign(connection: asyncpg.Connection, id: str, version: int | None = None) -> Campaign:
    """One of them, with the text of `version` when one is asked for. Raises NotFound."""
    row = await connection.fetchrow(f"{_CAMPAIGN} WHERE c.id = $1", id)
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=id, version=version or 1)
    found = Campaign(**row)
    if version is None or version == found.version:
        return found
    other = await connection.fetchrow(
        "SELECT version, status, source, kinds FROM plan_version WHERE campaign = $1 AND version = $2",
        id,
        version,
    )
    if other is None:
        raise NotFound(VERSION_UNKNOWN, campaign=id, version=version)
    return Campaign(**{**dict(row), **dict(other)})


async def version(connection: asyncpg.Connection, id: str, version: int) -> PlanVersion:
    """One version with its signatures. Raises NotFound."""
    row = await connection.fetchrow(
        f"SELECT {_VERSION} FROM plan_version WHERE campaign = $1 AND version = $2", id, version
    )
    if row is None:
        raise NotFound(VERSION_UNKNOWN, campaign=id, version=version)
    return PlanVersion(**row)


async def versions(
    connection: asyncpg.Connection, id: str, before: int | None = None, limit: int = 20
) -> list[PlanVersion]:
    """The versions of a campaign, the newest first, from behind `before`."""
    rows = await connection.fetch(
        f"""SELECT {_VERSION} FROM plan_version
            WHERE campaign = $1 AND ($2::int IS NULL OR version < $2) ORDER BY version DESC LIMIT $3""",
        id, before, limit,
    )  # fmt: skip
    return [PlanVersion(**row) for row in rows]


async def every_version(
    connection: asyncpg.Connection,
    campaign: str | None = None,
    status: str | None = None,
    *,
    after: tuple[str, int] = ("", 0),
    limit: int = 50,
) -> list[PlanVersion]:
    """Versions by campaign and number, from behind `after`; of one campaign, in one status."""
    rows = await connection.fetch(
        f"""SELECT {_VERSION} FROM plan_version
            WHERE (campaign, version) > ($1, $2) AND ($3::text IS NULL OR status = $3)
                  AND ($4::text IS NULL OR campaign = $4)
            ORDER BY campaign, version LIMIT $5""",
        *after, status, campaign, limit,
    )  # fmt: skip
    return [PlanVersion(**row) for row in rows]


async def waiting(
    connection: asyncpg.Connection, statuses: Sequence[str] = WAITING, limit: int = 20
) -> list[PlanVersion]:
    """Versions that wait for a signature or to be published, the oldest first."""
    rows = await connection.fetch(
        f"SELECT {_VERSION} FROM plan_version WHERE status = ANY($1) ORDER BY submitted LIMIT $2",
        list(statuses), limit,
    )  # fmt: skip
    return [PlanVersion(**row) for row in rows]
