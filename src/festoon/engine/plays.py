"""A member's own plays of a draw, as he can check them: what was rolled, on which table, and what it gave."""

from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from festoon.engine.outcome import decode


class Play(Struct, frozen=True):
    """One play: the how-manieth of the member it was, the epoch whose seed it was rolled with, the table of [prize,
    weight], the roll below `total`, and the prize that was given."""

    at: datetime
    play: int
    epoch: str
    table: list[list[Any]]
    total: int
    roll: int
    rolled: str
    given: str


async def plays(connection: asyncpg.Connection, member: int, key: str, limit: int) -> list[Play]:
    """The latest plays of a draw, `campaign/mechanic`, newest first."""
    rows = await connection.fetch(
        """SELECT now, outcome FROM event
           WHERE member_id = $1 AND type = 'draw.played' AND outcome LIKE '%"' || $2 || '"%' AND outcome LIKE '%"roll"%'
           ORDER BY seq DESC LIMIT $3""",
        member,
        key,
        limit,
    )
    found = []
    for row in rows:
        for made in decode(row["outcome"]).mechanics:
            note = made.note
            if made.mechanic == key and "roll" in note:
                found.append(
                    Play(row["now"], note["play"], note["epoch"], note["table"], note["total"], note["roll"],
                         note["rolled"], note["given"])
                )  # fmt: skip
    return found
