"""Compensations page by page: all of them, and what became of each member of one."""

from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.amounts import added
from festoon.base.errors import NotFound
from festoon.engine.compensations import UNKNOWN, Preview, Status
from festoon.engine.outcome import Given, decode


class Submitted(Struct, frozen=True):
    """A compensation with its file's text, what was signed for, and when."""

    status: Status
    submitted: datetime
    approved: datetime | None
    done: datetime | None
    source: str
    preview: Preview


class Part(Struct, frozen=True, omit_defaults=True):
    """What became of one member: `waiting`, `done` or `refused` (then with the `code`)."""

    number: int
    member: str
    state: str
    given: tuple[Given, ...] = ()
    taken: dict[str, int] = {}
    code: str = ""


After = tuple[datetime | None, str | None]
_STATUS = (
    """c.id, c.campaign, c.status, c.maker, c.checker, n.members, n.done AS served, n.refused, c.digest"""
)
_COUNTS = """CROSS JOIN LATERAL (
    SELECT count(*) AS members, count(*) FILTER (WHERE m.state = 'done') AS done,
           count(*) FILTER (WHERE m.state = 'refused') AS refused
    FROM compensation_member m WHERE m.compensation = c.id) AS n"""


async def listed(
    connection: asyncpg.Connection, campaign: str | None, status: str | None, after: After, limit: int
) -> list[tuple[Status, datetime]]:
    """A page of compensations with when they were submitted, the latest first, from behind a place on."""
    rows = await connection.fetch(
        f"""SELECT {_STATUS}, c.submitted FROM (
                SELECT * FROM compensation
                WHERE ($1::text IS NULL OR campaign = $1) AND ($2::text IS NULL OR status = $2)
                      AND ($3::timestamptz IS NULL OR (submitted, id) < ($3, $4))
                ORDER BY submitted DESC, id DESC LIMIT $5) AS c {_COUNTS}
            ORDER BY c.submitted DESC, c.id DESC""",
        campaign, status, after[0], after[1] or "", limit,
    )  # fmt: skip
    return [(Status(*tuple(row)[:-1]), row["submitted"]) for row in rows]


async def submitted(connection: asyncpg.Connection, id: str) -> Submitted:
    """One compensation with all that was signed. Raises NotFound."""
    row = await connection.fetchrow(
        f"SELECT {_STATUS}, c.submitted, c.approved, c.done AS ended, c.source, c.preview"
        f" FROM compensation c {_COUNTS} WHERE c.id = $1",
        id,
    )
    if row is None:
        raise NotFound(UNKNOWN, id=id)
    preview = msgspec.json.decode(row["preview"], type=Preview)
    return Submitted(
        Status(*tuple(row)[:9]), row["submitted"], row["approved"], row["ended"], row["source"], preview
    )


async def parts(
    connection: asyncpg.Connection, id: str, state: str | None, after: int | None, limit: int
) -> list[Part]:
    """A page of the members it concerns, by their numbers, and what became of each. Raises NotFound."""
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM compensation WHERE id = $1)", id):
        raise NotFound(UNKNOWN, id=id)
    rows = await connection.fetch(
        """SELECT member_id, subject, coalesce(state, 'waiting') AS state, outcome FROM compensation_member
           WHERE compensation = $1 AND member_id > $2 AND ($3::text IS NULL OR coalesce(state, 'waiting') = $3)
           ORDER BY member_id LIMIT $4""",
        id, after or 0, state, limit,
    )  # fmt: skip
    return [Part(row["member_id"], row["subject"], row["state"], **_became(row["outcome"])) for row in rows]


def _became(stored: str | None) -> dict[str, Any]:
    if not stored:
        return {}
    outcome = decode(stored)
    taken: dict[str, int] = {}
    for made in outcome.mechanics:
        taken = added(taken, made.taken)
    return {
        "given": tuple(each for made in outcome.mechanics for each in made.given),
        "taken": taken,
        "code": "" if outcome.refused is None else outcome.refused.code,
    }
