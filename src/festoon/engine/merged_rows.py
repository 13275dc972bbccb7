"""What two accounts of one person have in the store under the number that is no more, moved to the one that stays.

Runs in the transaction of the merge, under the locks of both members, after everything else of it is written.
"""

from collections.abc import Iterable

import asyncpg

from festoon.engine.members import number_that_stays
from festoon.engine.merging import Merged

_MOVES = (
    # $1 is the number that stays, $2 the one that is no more
    "UPDATE item SET member_id = $1::bigint WHERE member_id = $2::bigint",
    "UPDATE parcel SET member_id = $1::bigint WHERE member_id = $2::bigint",
    "UPDATE handed_in SET member_id = $1::bigint WHERE member_id = $2::bigint",
    "UPDATE hold SET member_id = $1::bigint WHERE member_id = $2::bigint",
    "DELETE FROM progress WHERE member_id = $2::bigint AND $1::bigint <> $2::bigint",
    """INSERT INTO sighting AS s (member_id, kind, value, seen)
       SELECT $1::bigint, kind, value, seen FROM sighting WHERE member_id = $2::bigint
       ON CONFLICT (member_id, kind, value) DO UPDATE SET seen = greatest(s.seen, EXCLUDED.seen)""",
    "DELETE FROM sighting WHERE member_id = $2::bigint AND $1::bigint <> $2::bigint",
    "UPDATE identity SET member_id = $1::bigint WHERE member_id = $2::bigint",
    """UPDATE outbox o SET member_id = $1::bigint WHERE member_id = $2::bigint AND sent IS NULL
       AND NOT EXISTS (SELECT FROM outbox known WHERE known.member_id = $1::bigint AND known.cause = o.cause)""",
    """INSERT INTO member_personal AS p (member_id, fields)
       SELECT $1::bigint, fields FROM member_personal WHERE member_id = $2::bigint
       ON CONFLICT (member_id) DO UPDATE SET fields = (
           EXCLUDED.fields::jsonb || p.fields::jsonb || jsonb_build_object('external_ids',
               coalesce(EXCLUDED.fields::jsonb -> 'external_ids', '{}')
               || coalesce(p.fields::jsonb -> 'external_ids', '{}')))::text""",
    "DELETE FROM member_personal WHERE member_id = $2::bigint AND $1::bigint <> $2::bigint",
    """UPDATE member SET absorbed = coalesce(absorbed, '{}') || $2::bigint
           || coalesce((SELECT absorbed FROM member WHERE id = $2::bigint), '{}') WHERE id = $1::bigint""",
    "UPDATE member SET merged_into = $1::bigint, profile = '{}' WHERE id = $2::bigint",
)
_TIMERS = """
    WITH moved AS (DELETE FROM timer WHERE member_id = $2 RETURNING id, due, owner, name, data)
    INSERT INTO timer (member_id, id, due, owner, name, data)
    SELECT $1, id, due, owner, name, data FROM moved WHERE id <> ALL ($3::text[])
    ON CONFLICT (member_id, id) DO NOTHING"""


async def move_rows(connection: asyncpg.Connection, merged: Iterable[Merged]) -> None:
    """Move everything."""
    for each in merged:
        into, gone = each.into, each.gone
        for statement in _MOVES:
            await connection.execute(statement, into.number, gone.number)
        await connection.execute(_TIMERS, into.number, gone.number, sorted(into.stopped))


async def forward_timers(connection: asyncpg.Connection, number: int) -> int:
    """Timers that were started for a number that is no more, by who had not heard of it: hand them to the number that
    stays, which is returned."""
    async with connection.transaction():
        into = await number_that_stays(connection, number)
        if into == number:
            return number
        await connection.execute(
            "SELECT id FROM member WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", [number, into]
        )
        await connection.execute(_TIMERS, into, number, [])
    return into
