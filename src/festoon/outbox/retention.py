"""Drop partitions of the journal that nobody needs any more; the facts keep what was in them.

A partition goes when all of its events are in the facts and were taken before a given instant: the start of
the window in which an event sent again is still known again. What its transfers summed to is added to
`journal_opening` in the same transaction, so the books still balance: for every account, opening plus
transfers is the balance. There a member's account is held by his number and the part (`17@`, `17@held`,
`17@pending`), as the audit names it; a shared one by its holder.
"""

from datetime import datetime

import asyncpg

from festoon.outbox import ranges
from festoon.outbox.partitions import Partition, partitions
from festoon.outbox.ranges import Generation


async def drop_partitions(connection: asyncpg.Connection, before: datetime) -> list[str]:
    """Drop, oldest first, the partitions whose events were all taken before `before`. Returns their names.

    Stops at the first one that has to stay. Raises `asyncpg.LockNotAvailableError` when the journal is too
    busy to let one go within seconds; then that one is still whole, and the call can be made again.
    """
    dropped: list[str] = []
    if not await ranges.settled(connection):
        return dropped  # on another server ids mean something else, and the relay has not looked yet
    known = await ranges.generations(connection)
    for partition in await partitions(connection):
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = 0")
            # Whoever still writes to it is waited for, and nobody can start to: what is summed is dropped.
            await connection.execute(f"LOCK TABLE {partition.name} IN SHARE MODE")
            if not await _may_go(connection, partition, known, before):
                break
            await _open(connection, partition)
            await connection.execute(f"DROP TABLE {partition.name}")
        dropped.append(partition.name)
    return dropped


async def _may_go(
    connection: asyncpg.Connection, partition: Partition, known: list[Generation], before: datetime
) -> bool:
    if partition.high > await connection.fetchval("SELECT last_value FROM event_seq"):
        return False
    if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {partition.name} WHERE now >= $1)", before):
        return False
    for generation in known:
        if await connection.fetchval(
            f"SELECT EXISTS (SELECT FROM {partition.name} WHERE xid >= $1 AND seq > $2 AND seq <= $3)",
            await ranges.done_below(connection, generation.number),
            generation.event_after,
            generation.event_until,
        ):
            return False
    return True


async def _open(connection: asyncpg.Connection, partition: Partition) -> None:
    await connection.execute(
        f"""INSERT INTO journal_opening AS opening (holder, asset, amount)
            SELECT CASE WHEN side.holder LIKE '@%' THEN e.member_id::text || side.holder
                        ELSE side.holder END,
                   move ->> 0, sum(side.sign * (move ->> 3)::bigint)::bigint
            FROM {partition.name} e
            CROSS JOIN jsonb_array_elements(e.transfers::jsonb) AS move
            CROSS JOIN LATERAL (VALUES (move ->> 1, -1), (move ->> 2, 1)) AS side (holder, sign)
            WHERE e.transfers IS NOT NULL
            GROUP BY 1, 2
            ON CONFLICT (holder, asset) DO UPDATE SET amount = opening.amount + EXCLUDED.amount"""
    )
