"""Erasure in the store: every row that says who a member was is destroyed or loses that; the books stay.

Runs in the transaction of the event that erases him, under his lock, after everything else of it is written. What was
handed on before (a file of facts, a backup, a log of the platform) is not reached from here; the journal holds his
number and no personal field.
"""

from collections.abc import Iterable

import asyncpg

_ERASURES = (
    "DELETE FROM member_personal WHERE member_id = ANY($1::bigint[])",
    "DELETE FROM handed_in WHERE member_id = ANY($1::bigint[])",
    "DELETE FROM sighting WHERE member_id = ANY($1::bigint[])",
    "DELETE FROM outbox WHERE member_id = ANY($1::bigint[]) AND sent IS NULL",
    """DELETE FROM segment_list_entry e USING identity i
       WHERE i.member_id = ANY($1::bigint[]) AND e.subject = i.subject""",
    """UPDATE compensation_member SET subject = '', state = coalesce(state, 'refused')
       WHERE member_id = ANY($1::bigint[])""",
    "DELETE FROM identity WHERE member_id = ANY($1::bigint[])",
    """UPDATE member SET subject = gen_random_uuid()::text, profile = '{}', erased = true
       WHERE id = ANY($1::bigint[])""",
)


async def erase_rows(connection: asyncpg.Connection, numbers: Iterable[int]) -> None:
    """Erase these members, and the accounts that have become part of them."""
    absorbed = await connection.fetch(
        "SELECT unnest(absorbed) AS number FROM member WHERE id = ANY($1::bigint[])", list(numbers)
    )
    every = [*numbers, *(row["number"] for row in absorbed)]
    for statement in _ERASURES:
        await connection.execute(statement, every)
