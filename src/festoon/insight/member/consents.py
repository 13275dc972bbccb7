"""The history of a member's consents out of the journal: what was said when, by whom, and to which words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.outcome import decode
from festoon.insight.member.events import numbers_of_person
from festoon.members.consents import CHANGED, CONSENTS, Answer, answer_in, answers_in_profile
from festoon.members.profile import TYPES

_data = msgspec.json.Decoder(dict[str, Any])
_SAID = """SELECT seq, source, id, type, time, now, data, outcome FROM event
    WHERE member_id = ANY($1::bigint[]) AND seq < $2 AND NOT starts_with(outcome, '{"status":"refused"')
      AND (type = $3 OR (type = ANY($4::text[]) AND strpos(data, $5) > 0)) ORDER BY seq DESC LIMIT $6"""


class SaidOnce(Struct, frozen=True, omit_defaults=True):
    """One answer as it came in: `event` is the event's type and `id` its id, `received` when it was taken. `late` says
    that a newer answer was known already, so that it changed nothing; `reason` is an operator's."""

    seq: int
    answer: Answer
    event: str
    id: str
    received: datetime
    late: bool = False
    reason: str = ""


class History(Struct, frozen=True):
    """A page of answers, newest first, and the number of the event before which the next page begins."""

    lines: list[SaidOnce]
    before: int | None


async def history(
    connection: asyncpg.Connection, number: int, *, before: int | None = None, limit: int = 50
) -> History:
    """What a member, the platform or an operator said of his consents: the answers of so many events, as far back as
    the journal goes."""
    numbers = await numbers_of_person(connection, number)
    start = 2**62 if before is None else before
    rows = await connection.fetch(_SAID, numbers, start, CHANGED, sorted(TYPES), f'"{CONSENTS}"', limit)
    lines = [line for row in rows for line in _lines(row)]
    return History(lines, rows[-1]["seq"] if len(rows) == limit else None)


def _lines(row: asyncpg.Record) -> Iterator[SaidOnce]:
    data = _data.decode(row["data"])
    if row["type"] != CHANGED:
        for answer in answers_in_profile(row["type"], data, row["source"], row["time"]):
            yield SaidOnce(row["seq"], answer, row["type"], row["id"], row["now"])
        return
    made = decode(row["outcome"]).mechanics
    late = any("stands" in each.note for each in made if each.mechanic == f"festoon/{CHANGED}")
    answer = answer_in(data, row["source"], row["time"])
    reason = str(data.get("reason") or "") if answer.by == "operator" else ""
    yield SaidOnce(row["seq"], answer, row["type"], row["id"], row["now"], late, reason)
