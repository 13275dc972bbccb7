"""Held rewards, for who looks at them: a member's own, and all that wait for somebody."""

from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.outcome import Given
from festoon.engine.priority import NOBODY_FIRST, First, goes_first
from festoon.engine.waiting import WAITS
from festoon.engine.world import Aside
from festoon.members.appeal import APPEAL, APPEALED

MOST = 1000


class Held(Struct, frozen=True, omit_defaults=True):
    """A reward that is set aside: what is in it, since when, and how long. `why` is `promise` for one whose mechanic
    waits for a verdict, `risk` for one that somebody has to look at; `score` and `rules` say why then;
    `appealed` is when the member asked that somebody looks again, `appeal` what he said; `priority` says that his level
    brings priority support."""

    id: str
    member: str
    mechanic: str
    why: str
    since: datetime
    given: tuple[Given, ...] = ()
    lapses: datetime | None = None
    score: int | None = None
    rules: tuple[str, ...] = ()
    appealed: datetime | None = None
    appeal: str = ""
    priority: bool = False


class After(Struct, frozen=True):
    """Where a page ends; the next begins after it."""

    since: datetime
    id: str

    def text(self) -> str:
        return f"{self.since.isoformat()}/{self.id}"


def after_from(text: str) -> After | None:
    """Where a page ended, as it was written; None for what is no such place."""
    since, _, id = text.partition("/")
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        return None
    return After(at, id) if at.tzinfo is not None and "\0" not in id else None


async def held(
    connection: asyncpg.Connection,
    *,
    campaign: str | None = None,
    member: str | None = None,
    id: str | None = None,
    why: str | None = None,
    after: After | None = None,
    limit: int = MOST,
    first: First = NOBODY_FIRST,
    only: First | None = None,
) -> list[Held]:
    """Rewards that are set aside and not given, oldest first; of one campaign, one member, under one id, for one
    reason. `after` is where the page before ended. Those whose members go `first` are marked; `only` leaves the
    others out."""
    rows = await connection.fetch(
        f"""SELECT g.id, m.subject, g.owner, g.why, g.since, g.aside, g.lapses, g.data,
                  {goes_first("$8", "$9")} AS priority,
                  CASE WHEN strpos(g.data, '"{APPEALED}"') > 0 THEN (
                      SELECT p.fields::jsonb ->> ('{APPEAL}' || g.id) FROM member_personal p
                      WHERE p.member_id = g.member_id) END AS appeal
           FROM held_grant g JOIN member m ON m.id = g.member_id
           WHERE ($1::text IS NULL OR g.owner LIKE $1 || '/%')
             AND ($2::text IS NULL OR g.member_id = (SELECT member_id FROM identity WHERE subject = $2))
             AND ($3::text IS NULL OR g.id = $3) AND ($4::text IS NULL OR g.why = $4) AND g.why <> '{WAITS}'
             AND ($6::timestamptz IS NULL OR (g.since, g.id) > ($6, $7))
             AND ($10::text[] IS NULL OR {goes_first("$10", "$11")})
           ORDER BY g.since, g.id LIMIT $5""",
        campaign, member, id, why, limit, after and after.since, after.id if after else "",
        first.attributes, first.levels, only and only.attributes, only and only.levels,
    )  # fmt: skip
    return [_held(row) for row in rows]


_aside = msgspec.json.Decoder(Aside)
_data = msgspec.json.Decoder(dict[str, Any])


def _held(row: asyncpg.Record) -> Held:
    data = _data.decode(row["data"])
    return Held(
        id=row["id"],
        member=row["subject"],
        mechanic=row["owner"],
        why=row["why"],
        since=row["since"],
        given=_aside.decode(row["aside"]).given,
        lapses=row["lapses"],
        score=data.get("score"),
        rules=tuple(data.get("rules", ())),
        appealed=datetime.fromisoformat(data[APPEALED]) if APPEALED in data else None,
        appeal=row["appeal"] or "",
        priority=row["priority"],
    )
