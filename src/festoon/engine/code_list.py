"""Batches of codes page by page, without counting what is in them: a batch may hold a million."""

import asyncpg

from festoon.engine.code_batches import Batch

MOST_COUNTED = 10_000
"""Of the codes that are free so many are counted."""


class Listed(Batch, frozen=True):
    """A batch. `free` is how many of its codes are still free, MOST_COUNTED for that many or more."""

    id: int
    free: int


async def listed(
    connection: asyncpg.Connection, *, campaign: str | None = None, before: int | None = None, limit: int = 50
) -> list[Listed]:
    """A page of batches, newest first; `before` is the id of the last one of the page before."""
    rows = await connection.fetch(
        """SELECT b.id, b.campaign, b.owner, b.name, b.pattern, b.count, free.count AS free, b.made, b.maker,
                  b.until, b.voided
           FROM code_batch b CROSS JOIN LATERAL (
               SELECT count(*) FROM (SELECT FROM coupon_code c
                                     WHERE c.batch = b.id AND c.member_id IS NULL AND c.used IS NULL
                                       AND b.voided IS NULL LIMIT $4) x
           ) AS free
           WHERE ($1::text IS NULL OR b.campaign = $1) AND ($2::integer IS NULL OR b.id < $2)
           ORDER BY b.id DESC LIMIT $3""",
        campaign, before, limit, MOST_COUNTED,
    )  # fmt: skip
    return [Listed(**row) for row in rows]
