"""Where members were seen, in the store: read for the rules about risk, written with the batch.

A row is keyed by its member, so his lock covers it. Who else was seen at a place is read without their locks.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import asyncpg

from festoon.engine.watch import MOST, OWN
from festoon.engine.world import Member, Place


async def sightings_of(connection: asyncpg.Connection, members: Sequence[int]) -> dict[int, dict[Place, int]]:
    """Where members were seen lately, with the ordinals of the days."""
    found: dict[int, dict[Place, int]] = {number: {} for number in members}
    for row in await connection.fetch(
        """SELECT wanted.member_id, s.kind, s.value, s.seen
           FROM unnest($1::bigint[]) AS wanted (member_id) CROSS JOIN LATERAL (
               SELECT kind, value, seen FROM sighting s WHERE s.member_id = wanted.member_id
               ORDER BY seen DESC LIMIT $2) AS s""",
        members,
        OWN,
    ):
        found[row[0]][row[1], row[2]] = row[3].toordinal()
    return found


async def seen_at(connection: asyncpg.Connection, places: Sequence[Place]) -> dict[Place, dict[int, int]]:
    """Who was seen at places lately, as far as anybody counts."""
    found: dict[Place, dict[int, int]] = {place: {} for place in places}
    kinds, values = zip(*places, strict=True)
    for row in await connection.fetch(
        """SELECT wanted.kind, wanted.value, s.member_id, s.seen
           FROM unnest($1::text[], $2::text[]) AS wanted (kind, value) CROSS JOIN LATERAL (
               SELECT member_id, seen FROM sighting s WHERE s.kind = wanted.kind AND s.value = wanted.value
               ORDER BY seen DESC LIMIT $3) AS s""",
        kinds,
        values,
        MOST,
    ):
        found[row[0], row[1]][row[2]] = row[3].toordinal()
    return found


async def write_sightings(connection: asyncpg.Connection, members: Iterable[Member]) -> None:
    """Note where members are seen; the latest day of each stays."""
    rows = [
        (member.number, kind, value, date.fromordinal(day))
        for member in members
        for (kind, value), day in member.seen.items()
    ]
    if rows:
        await connection.execute(
            """INSERT INTO sighting (member_id, kind, value, seen)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::date[])
               ON CONFLICT (member_id, kind, value) DO UPDATE SET seen = EXCLUDED.seen
               WHERE sighting.seen < EXCLUDED.seen""",
            *zip(*rows, strict=True),
        )
