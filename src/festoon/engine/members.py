"""From external ids to internal numbers, inside the batch's transaction. Members nobody has seen are made here."""

from collections.abc import Sequence

import asyncpg
from msgspec import Struct

from festoon.base.errors import FestoonError, Invalid, define
from festoon.base.events import Event
from festoon.base.visitors import PREFIX, is_visitor
from festoon.engine.engine import Engine

MEMBER_UNKNOWN = define(
    "member.unknown",
    404,
    "there is no member '{member}'",
    "不存在会员“{member}”",
    todo="register or import the member first, or let unknown members be created",
    todo_zh="请先注册或导入该会员，或允许自动创建未知会员",
)
MAKES_MEMBERS = frozenset({"member.registered", "member.imported"})


class Found(Struct, frozen=True):
    """Numbers by external id, which of them were made just now, and who was turned away."""

    numbers: dict[str, int]
    fresh: frozenset[int]
    refused: dict[str, FestoonError]


def known(engine: Engine, events: Sequence[Event]) -> tuple[dict[str, int], list[str]]:
    """The numbers of a batch's subjects as far as this process has met them; and the others, in the order in which -1,
    -2 and so on stand for their numbers."""
    numbers, earlier, unnamed = engine.numbers, engine.earlier, []
    found: dict[str, int] = {}
    for event in events:
        subject = event.subject
        if subject not in found:
            number = numbers.get(subject) or earlier.get(subject)
            if number is None:
                unnamed.append(subject)
                number = -len(unnamed)
            found[subject] = number
    return found, unnamed


class Unnamed(Exception):
    """Somebody was made by another process meanwhile, or the same member was named twice: he has to be looked up before
    members are locked."""


async def look_up(
    connection: asyncpg.Connection, numbers: dict[str, int], unnamed: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    """The same as `known`, once those who were unnamed have been looked for in the store."""
    found = numbers | await _stored(connection, unnamed)
    still = [subject for subject in unnamed if found[subject] < 0]
    return found | {subject: -place for place, subject in enumerate(still, 1)}, still


async def with_new(
    engine: Engine,
    connection: asyncpg.Connection,
    events: Sequence[Event],
    found: Found,
    new: Sequence[str],
    taken: dict[str, int],
) -> Found:
    """What was found, and the members whom nobody has seen. Who is made keeps the number he has in `taken` from an
    earlier attempt at the same batch, and is noted there: what he rolls goes by it.

    Raises Unnamed when somebody else has made one of them, and has committed.
    """
    makers = {event.subject for event in events if event.type in MAKES_MEMBERS}
    wanted = [
        subject
        for subject in sorted(new)
        if engine.create_members or subject in makers or is_visitor(subject)
    ]
    made = await _made(connection, wanted, taken) if wanted else {}
    taken |= made
    if len(made) < len(wanted):
        raise Unnamed
    refused: dict[str, FestoonError] = {
        subject: Invalid(MEMBER_UNKNOWN, member=subject) for subject in new if subject not in made
    }
    return Found(found.numbers | made, frozenset(made.values()), refused)


async def number_that_stays(connection: asyncpg.Connection, number: int) -> int:
    """The number that an account has become part of, if it has; otherwise its own."""
    while further := await connection.fetchval("SELECT merged_into FROM member WHERE id = $1", number):
        number = further
    return number


async def _stored(connection: asyncpg.Connection, subjects: Sequence[str]) -> dict[str, int]:
    rows = await connection.fetch(
        """SELECT wanted.subject, i.member_id FROM unnest($1::text[]) AS wanted (subject) CROSS JOIN LATERAL (
               SELECT member_id FROM identity i WHERE i.subject = wanted.subject OFFSET 0) AS i""",
        subjects,
    )
    return {row[0]: row[1] for row in rows}


async def _made(connection: asyncpg.Connection, subjects: list[str], taken: dict[str, int]) -> dict[str, int]:
    """Insert in one order everywhere, so that two batches making the same members wait and do not deadlock."""
    rows = await connection.fetch(
        """WITH made AS (
               INSERT INTO identity (subject, member_id)
               SELECT subject, coalesce(number, CASE WHEN starts_with(subject, $3) THEN nextval('visitor_number')
                                                     ELSE nextval(pg_get_serial_sequence('member', 'id')) END)
               FROM unnest($1::text[], $2::bigint[]) AS wanted (subject, number) ORDER BY subject
               ON CONFLICT (subject) DO NOTHING RETURNING subject, member_id)
           INSERT INTO member (id, subject) OVERRIDING SYSTEM VALUE SELECT member_id, subject FROM made
           RETURNING subject, id""",
        subjects,
        [taken.get(subject) for subject in subjects],
        PREFIX,
    )
    return {row[0]: row[1] for row in rows}
