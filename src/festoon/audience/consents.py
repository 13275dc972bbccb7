"""How many members may be written to, by channel: agreed, refused, never asked."""

from collections.abc import Sequence

import asyncpg
from msgspec import Struct

from festoon.base.channels import CHANNELS
from festoon.base.visitors import FIRST_NUMBER

# One pass over the members, in the database; only profiles that say something of it are looked into.
_COUNTED = f"""WITH people AS MATERIALIZED (
        SELECT CASE WHEN strpos(profile, '"consents"') > 0 THEN profile::jsonb -> 'consents' END AS said FROM member
        WHERE subject <> '' AND merged_into IS NULL AND NOT erased AND id < {FIRST_NUMBER}
          AND ($1::text[] IS NULL OR (strpos(profile, '"segments"') > 0 AND profile::jsonb -> 'segments' ?| $1)))
    SELECT NULL AS channel, count(*) AS members, 0 AS agreed, 0 AS refused FROM people
    UNION ALL
    SELECT each.key, 0, count(*) FILTER (WHERE each.value = 'true'), count(*) FILTER (WHERE each.value = 'false')
    FROM people, jsonb_each(people.said) AS each WHERE people.said IS NOT NULL GROUP BY each.key"""


class Reached(Struct, frozen=True):
    """Of one channel: who may be written to, who may not, and of whom nothing is known, which is no consent."""

    channel: str
    agreed: int
    refused: int
    never_asked: int


async def reached(
    connection: asyncpg.Connection, segments: Sequence[str] | None = None
) -> tuple[int, list[Reached]]:
    """How many members there are, and what they said by channel; only those who are in one of these segments, as
    profiles name them."""
    rows = await connection.fetch(_COUNTED, segments)
    members: int = rows[0]["members"]
    said = {row["channel"]: (row["agreed"], row["refused"]) for row in rows[1:]}
    names = [*CHANNELS, *sorted(said.keys() - CHANNELS.keys())]
    found = [(name, *said.get(name, (0, 0))) for name in names]
    return members, [Reached(name, yes, no, members - yes - no) for name, yes, no in found]
