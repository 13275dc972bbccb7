"""A member's own rows for his pages: who he is, and his things, newest first, by key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import NotFound
from festoon.engine.load import Locked
from festoon.engine.members import MEMBER_UNKNOWN
from festoon.members.appeal import VERDICT, Verdict
from festoon.members.parcel import PARCEL

COLUMNS = "id, kind, ref, state, given, campaign, mechanic, expires, code, serial"


class Page(Struct, frozen=True):
    """Where a page of things begins: after the one that was given then, with that id."""

    given: datetime
    id: str

    @classmethod
    def read(cls, text: str) -> "Page":
        """From what `written` made of it. Raises ValueError."""
        given, _, id = text.partition("_")
        return cls(datetime.fromisoformat(given), id)

    def written(self) -> str:
        return f"{self.given.isoformat()}_{self.id}"


async def himself(connection: asyncpg.Connection, subject: str) -> Locked:
    """A member by one of his external ids. Nothing is locked. Raises NotFound."""
    row = None
    if "\0" not in subject:
        row = await connection.fetchrow(
            """SELECT m.id, m.subject, m.registered, m.profile FROM identity i JOIN member m ON m.id = i.member_id
               WHERE i.subject = $1""",
            subject,
        )
    if row is None:
        raise NotFound(MEMBER_UNKNOWN, member=subject)
    return Locked(row["id"], row["subject"], row["registered"], row["profile"])


async def profile_of(connection: asyncpg.Connection, number: int) -> dict[str, Any]:
    """What is known of a member, without what is personal."""
    profile: dict[str, Any] = _profile.decode(
        await connection.fetchval("SELECT profile FROM member WHERE id = $1", number)
    )
    return profile


async def things(
    connection: asyncpg.Connection,
    member: int,
    *,
    campaign: str | None = None,
    kind: str | None = None,
    before: Page | None = None,
    limit: int = 50,
) -> Sequence[asyncpg.Record]:
    """A member's things, newest first."""
    return await connection.fetch(
        f"""SELECT {COLUMNS} FROM item
            WHERE member_id = $1 AND ($2::text IS NULL OR campaign = $2) AND ($3::text IS NULL OR kind = $3)
              AND ($4::timestamptz IS NULL OR (given, id) < ($4, $5))
            ORDER BY given DESC, id DESC LIMIT $6""",
        member, campaign, kind, before and before.given, before.id if before else "", limit,
    )  # fmt: skip


class Sent(Struct, frozen=True):
    """What there is to know of a gift that is sent: whether its address is known, who carries it, and under what
    number."""

    addressed: bool = False
    carrier: str = ""
    number: str = ""


async def sent(connection: asyncpg.Connection, member: int) -> dict[str, Sent]:
    """The same of all gifts of a member, by item, as far as there is anything."""
    rows = await connection.fetch(
        """SELECT p.item, p.carrier, p.number, NULL AS fields FROM parcel p WHERE p.member_id = $1
           UNION ALL SELECT '', '', '', fields FROM member_personal WHERE member_id = $1""",
        member,
    )
    known: set[str] = set()
    for row in rows:
        if row["fields"] is not None:
            known |= {
                name.removeprefix(PARCEL)
                for name in _personal.decode(row["fields"])
                if name.startswith(PARCEL)
            }
    found = {
        row["item"]: Sent(row["item"] in known, row["carrier"], row["number"])
        for row in rows
        if row["fields"] is None
    }
    return {**{item: Sent(addressed=True) for item in known}, **found}


async def verdicts(connection: asyncpg.Connection, member: int, campaign: str) -> list[tuple[str, Verdict]]:
    """What came of a member's appeals in a campaign, by held reward, the latest first."""
    fields = await connection.fetchval(
        "SELECT fields FROM member_personal WHERE member_id = $1 AND strpos(fields, $2) > 0", member, VERDICT
    )
    if fields is None:
        return []
    found = [
        (name.removeprefix(VERDICT), msgspec.json.decode(said, type=Verdict))
        for name, said in _personal.decode(fields).items()
        if name.startswith(VERDICT)
    ]
    mine = [each for each in found if each[1].mechanic.startswith(f"{campaign}/")]
    return sorted(mine, key=lambda each: each[1].at, reverse=True)


_profile = msgspec.json.Decoder(dict[str, Any])
_personal = msgspec.json.Decoder(dict[str, msgspec.Raw])
