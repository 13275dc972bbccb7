"""Who won what, for everybody to see: prizes that are sent to somebody, and the winners of grand draws, masked."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict
from festoon.engine.draw_records import winners


class Won(Struct, frozen=True):
    """A prize that went to somebody. `prize` is the gift's name in the plan, or the grand draw's prize."""

    mechanic: str
    prize: str
    winner: str
    at: datetime | None = None


async def gifts_won(
    connection: asyncpg.Connection, campaign: str, mechanics: Sequence[str], limit: int
) -> list[Won]:
    """The latest gifts that these mechanics gave, newest first."""
    rows = await connection.fetch(
        """SELECT i.mechanic, i.ref, i.given, m.subject
           FROM unnest($2::text[]) AS wanted (mechanic) CROSS JOIN LATERAL (
               SELECT mechanic, ref, given, member_id FROM item i
               WHERE i.kind = 'gift' AND i.campaign = $1 AND i.mechanic = wanted.mechanic
               ORDER BY i.given DESC LIMIT $3) AS i
           JOIN member m ON m.id = i.member_id ORDER BY i.given DESC LIMIT $3""",
        campaign, list(mechanics), limit,
    )  # fmt: skip
    return [Won(row["mechanic"], row["ref"], masked(row["subject"]), row["given"]) for row in rows]


async def grand_winners(connection: asyncpg.Connection, campaign: str, mechanic: str) -> list[Won]:
    """The winners of a grand draw; none before it was drawn."""
    try:
        found = await winners(connection, campaign, mechanic)
    except Conflict:
        return []
    return [Won(mechanic, each.prize, masked(each.subject)) for each in found]


def masked(name: str) -> str:
    """A name of which its bearer knows himself, and nobody else does: its first sign and its last two."""
    if len(name) < 5:
        return f"{name[:1]}**"
    return f"{name[:1]}***{name[-2:]}"
