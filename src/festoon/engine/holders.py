"""Who held how much of an asset at an instant that has passed: what they hold now, less what has changed since.

Read in one statement, so of one snapshot. What was taken before the instant must be in the books by then: whoever asks
waits until no batch from before is under way (`intake/clock.py`).
"""

from datetime import datetime, timedelta

import asyncpg

MARGIN = timedelta(minutes=5)
"""No batch is under way for longer: what stands further back in the journal was taken before."""
FIRST_LOOK = 2_048
"""So many of the journal's last pages are looked through at first; eight times as many when that is not enough."""


async def holders_at(connection: asyncpg.Connection, asset: str, at: datetime) -> str:
    """A line `member,amount` for everybody who held some of it at `at`, by ascending member. Who was erased since is
    nobody any more."""
    since = await _since(connection, at)
    parts: list[bytes] = []

    async def take(part: bytes) -> None:
        parts.append(part)

    await connection.copy_from_query(
        f"""WITH late AS (
                SELECT coalesce(nullif(split_part(side, '@', 1), '')::bigint, e.member_id) AS member_id,
                       sum(sign * (row ->> 3)::bigint) AS net
                FROM ({since}) AS e CROSS JOIN LATERAL jsonb_array_elements(e.transfers::jsonb) AS row
                CROSS JOIN LATERAL (VALUES (row ->> 2, 1), (row ->> 1, -1)) AS sides (side, sign)
                WHERE e.now >= $2 AND strpos(e.transfers, $1) > 0 AND row ->> 0 = $1 AND side ~ '^[0-9]*@$'
                GROUP BY 1)
            SELECT a.member_id, a.balance - coalesce(late.net, 0)::bigint
            FROM account a LEFT JOIN late ON late.member_id = a.member_id
            WHERE a.asset = $1 AND a.part = '@' AND a.balance > coalesce(late.net, 0)
            AND NOT EXISTS (SELECT FROM member m WHERE m.id = a.member_id AND m.erased) ORDER BY 1""",
        asset,
        at,
        output=take,
        format="csv",
    )
    return b"".join(parts).decode()


async def _since(connection: asyncpg.Connection, at: datetime) -> str:
    """The events of the journal from a while before an instant on, as a subquery.

    The journal only grows at its end. There is no index over when events were taken, so its last pages are read by
    their place, as many as it takes.
    """
    partitions = await connection.fetch(
        """SELECT quote_ident(c.relname) AS name, pg_relation_size(c.oid) / current_setting('block_size')::int AS pages
           FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'event'::regclass ORDER BY c.relname DESC"""
    )
    look = FIRST_LOOK
    while True:
        left, parts, earliest = look, [], None
        for partition in partitions:
            first = max(partition["pages"] - left, 0)
            parts.append(
                f"SELECT member_id, now, transfers FROM {partition['name']} WHERE ctid >= '({first},0)'::tid"
            )
            if partition["pages"]:
                earliest = (
                    f"SELECT min(now) FROM {partition['name']} WHERE ctid >= '({first},0)'::tid"
                    f" AND ctid < '({first + 8},0)'::tid"
                )
            left -= partition["pages"]
            if left <= 0:
                break
        found = await connection.fetchval(earliest) if earliest else None
        if left > 0 or (found is not None and found < at - MARGIN):
            return " UNION ALL ".join(parts)
        look *= 8
