"""What came of a member, out of the journal: his events with what each came to, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import text_of
from festoon.engine.noting import UNTOLD
from festoon.engine.outcome import Outcome, decode

_data = msgspec.json.Decoder(dict[str, Any])


class Taken(Struct, frozen=True):
    """An event by its place in the journal: what it is, when it happened and when it was received."""

    seq: int
    source: str
    id: str
    type: str
    time: datetime
    received: datetime


class MemberEvent(Taken, frozen=True):
    """An event as the journal keeps it, without what is personal, and what it came to."""

    data: dict[str, Any]
    outcome: Outcome

    def refusals(self, language: str) -> list[tuple[str, str, str]]:
        """What was refused, and what he was not written of: the mechanic (or "" for the event as a whole), the code,
        and its text."""
        found = [("", self.outcome.refused)] if self.outcome.refused is not None else []
        found += [
            (made.mechanic, made.refused) for made in self.outcome.mechanics if made.refused is not None
        ]
        told = [
            (mechanic, no.code, text_of(no.code, no.data, language))
            for mechanic, no in found
            if no is not None
        ]
        untold = [
            (made.mechanic, made.note[UNTOLD]) for made in self.outcome.mechanics if UNTOLD in made.note
        ]
        return told + [(mechanic, no["code"], text_of(no["code"], no, language)) for mechanic, no in untold]


async def numbers_of_person(connection: asyncpg.Connection, number: int) -> list[int]:
    """His number, and those that have become part of it: the journal still names them."""
    absorbed = await connection.fetchval("SELECT absorbed FROM member WHERE id = $1", number)
    return [number, *(absorbed or ())]


async def events(
    connection: asyncpg.Connection,
    number: int,
    *,
    types: Sequence[str] | None = None,
    id: str | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[MemberEvent]:
    """His latest events, newest first: of these types, of that id, up to an instant, before an event's number."""
    rows = await connection.fetch(
        """SELECT seq, source, id, type, time, now, data, outcome FROM event
           WHERE member_id = ANY($1::bigint[]) AND ($2::text[] IS NULL OR type = ANY($2))
             AND ($3::text IS NULL OR id = $3) AND ($4::timestamptz IS NULL OR time <= $4) AND seq < $5
           ORDER BY seq DESC LIMIT $6""",
        await numbers_of_person(connection, number), None if types is None else list(types), id, until,
        2**62 if before is None else before, limit,
    )  # fmt: skip
    return [
        MemberEvent(
            row["seq"], row["source"], row["id"], row["type"], row["time"], row["now"], _data.decode(row["data"]),
            decode(row["outcome"]),
        )
        for row in rows
    ]  # fmt: skip
