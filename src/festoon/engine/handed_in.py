"""What members hand in as proof and we keep ourselves: photos, and words.

A row is the member's and goes with him: erased, it is destroyed; it takes part in no backup of the journal and in no
facts. Its name is made of what is in it, so the same photo sent twice is one, and a proof that was used is known again.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Literal

import asyncpg
from msgspec import Struct

from festoon.base.errors import Conflict, define
from festoon.mechanics.proof import A_PHOTO, SOME_WORDS

PHOTO, WORDS = A_PHOTO, SOME_WORDS
A_DAY = 12
"""So many a member may hand in on a day of his campaign, used or not."""
KEPT = timedelta(days=180)
"""How long it is kept; for as long as it waits for a verdict in any case."""
LONGEST_WORDS = 1000

TOO_MANY = define(
    "photo.too_many",
    409,
    "that was all for today: {limit} photos or texts a day",
    "今日提交次数已达上限（每日{limit}次）",
    todo="try again tomorrow",
    todo_zh="请明天再试",
)


class HandedIn(Struct, frozen=True):
    """A proof before it has a row: whose, for what, when; a photo as it is kept and the same small, or words, which may
    belong to a photo of his."""

    member: int
    name: str
    campaign: str
    mechanic: str
    day: date
    at: datetime
    photo: bytes | None = None
    small: bytes | None = None
    words: str | None = None
    beside: str = ""


class Words(Struct, frozen=True):
    """What a member said, and the photo that belongs to it, or ""."""

    words: str
    beside: str


def named(kind: str, secret: bytes, member: int, content: bytes) -> str:
    """The name of what a member hands in: nobody who does not have it can make it up."""
    digest = blake2b(content, digest_size=16, key=secret[:64], salt=member.to_bytes(8, "big")).hexdigest()
    return kind + digest


def is_kept(name: str) -> bool:
    """Whether a name is one of ours."""
    return name.startswith((PHOTO, WORDS))


async def known(connection: asyncpg.Connection, member: int, name: str) -> bool:
    """Whether he has handed it in already."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM handed_in WHERE member_id = $1 AND name = $2)", member, name
        )
    )


async def check_day(connection: asyncpg.Connection, member: int, day: date) -> None:
    """Raises Conflict when he has handed in all that he may on a day."""
    count = await connection.fetchval(
        "SELECT count(*) FROM handed_in WHERE member_id = $1 AND day = $2", member, day
    )
    if count >= A_DAY:
        raise Conflict(TOO_MANY, limit=A_DAY)


async def keep(connection: asyncpg.Connection, given: HandedIn) -> None:
    """Keep it, once. Raises Conflict when it is too much for a day."""
    async with connection.transaction():
        # Of two at once the second has to see the first. It is a lock of its own: no batch waits for it.
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('handed_in', $1))", given.member
        )
        if await known(connection, given.member, given.name):
            return
        await check_day(connection, given.member, given.day)
        await connection.execute(
            """INSERT INTO handed_in (member_id, name, campaign, mechanic, day, at, photo, small, words, beside)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
            given.member, given.name, given.campaign, given.mechanic, given.day, given.at, given.photo,
            given.small, given.words, given.beside,
        )  # fmt: skip


async def photo_of(
    connection: asyncpg.Connection, member: int, name: str, size: Literal["photo", "small"]
) -> bytes | None:
    """A photo of a member, as JPEG; None when there is none."""
    found: bytes | None = await connection.fetchval(_PHOTOS[size], member, name)
    return found


_PHOTOS = {
    "photo": "SELECT photo FROM handed_in WHERE member_id = $1 AND name = $2",
    "small": "SELECT small FROM handed_in WHERE member_id = $1 AND name = $2",
}


async def words_of(
    connection: asyncpg.Connection, asked: Collection[tuple[int, str]]
) -> dict[tuple[int, str], Words]:
    """What members said, by member and name, as far as it is there."""
    rows = await connection.fetch(
        """SELECT member_id, name, words, beside FROM handed_in
           JOIN unnest($1::bigint[], $2::text[]) AS asked (member_id, name) USING (member_id, name)
           WHERE words IS NOT NULL""",
        [member for member, _ in asked],
        [name for _, name in asked],
    )
    return {(row["member_id"], row["name"]): Words(row["words"], row["beside"]) for row in rows}


async def forget(connection: asyncpg.Connection, before: datetime) -> None:
    """Destroy what was handed in before, but for what still waits for a verdict."""
    await connection.execute(
        """DELETE FROM handed_in h WHERE h.at < $1 AND NOT EXISTS (
               SELECT FROM timer t WHERE t.member_id = h.member_id AND t.name LIKE 'overdue/%'
                   AND strpos(t.data::text, h.name) > 0)""",
        before,
    )
