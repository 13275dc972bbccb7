"""Proofs that wait for a verdict (待审核凭证): those that have to be decided first come first."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.times import FOREVER
from festoon.engine.priority import NOBODY_FIRST, First, goes_first
from festoon.engine.program import Program
from festoon.mechanics.proof import OVERDUE

MOST = 200


class OpenProof(Struct, frozen=True):
    """Something a member handed in. `photo` is what he said of where the picture is; `due` is when it decides itself,
    None when it waits as long as it takes; `priority` says that his level brings priority support."""

    member: str
    number: int
    campaign: str
    mechanic: str
    proof: str
    day: date
    photo: str
    due: datetime | None
    name: str
    priority: bool = False

    def key(self) -> tuple[datetime, str, int]:
        """Where it stands in the list."""
        return self.due or FOREVER, self.name, self.number

    def place(self) -> str:
        """The same as a text, for the next page to begin after."""
        due, name, number = self.key()
        return f"{due.isoformat()}|{number}|{name}"


class After(Struct, frozen=True):
    """Where a page ends."""

    due: datetime
    name: str
    number: int


def after_from(text: str) -> After | None:
    """Where a page ended, as `place` wrote it; None for what is no such place."""
    due, _, rest = text.partition("|")
    number, _, name = rest.partition("|")
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        return None
    right = at.tzinfo is not None and number.isascii() and number.isdecimal() and len(number) < 19
    return After(at, name, int(number)) if right and "\0" not in name else None


def reviewing(program: Program, campaign: str | None = None) -> list[str]:
    """The mechanics whose proofs somebody looks at, as `campaign/mechanic`; of one campaign or all that run."""
    return [
        mechanic.key
        for each in program.campaigns.values()
        if campaign in (None, each.campaign)
        for mechanic in each.mechanics
        if getattr(mechanic.mechanic.params, "review", None) is not None
    ]


async def open_proofs(
    connection: asyncpg.Connection,
    owners: Iterable[str],
    *,
    after: After | None = None,
    limit: int = 50,
    first: First = NOBODY_FIRST,
    only: First | None = None,
) -> list[OpenProof]:
    """A page of proofs that wait, of these mechanics. Those whose members go `first` are marked; `only` leaves the
    others out."""
    rows = await connection.fetch(
        f"""SELECT t.owner, t.name, t.due, t.data, t.member_id, m.subject,
                  {goes_first("$6", "$7")} AS priority
           FROM unnest($1::text[]) AS o (owner)
           CROSS JOIN LATERAL (
               SELECT owner, name, due, data, member_id FROM timer
               WHERE owner = o.owner AND name LIKE 'overdue/%'
                 AND ($2::timestamptz IS NULL OR (due, name, member_id) > ($2, $3, $4))
                 AND ($8::text[] IS NULL OR EXISTS (
                     SELECT FROM member m WHERE m.id = timer.member_id AND {goes_first("$8", "$9")}))
               ORDER BY due, name, member_id LIMIT $5) AS t
           JOIN member m ON m.id = t.member_id
           ORDER BY t.due, t.name, t.member_id LIMIT $5""",
        list(owners), after and after.due, after.name if after else "", after.number if after else 0,
        min(limit, MOST + 1), first.attributes, first.levels, only and only.attributes, only and only.levels,
    )  # fmt: skip
    return [_proof(row) for row in rows]


async def open_proof(connection: asyncpg.Connection, member: str, owner: str, proof: str) -> OpenProof | None:
    """One of them; None when it waits no more."""
    rows = await connection.fetch(
        """SELECT t.owner, t.name, t.due, t.data, t.member_id, m.subject, false AS priority
           FROM timer t JOIN member m ON m.id = t.member_id
           WHERE t.member_id = (SELECT member_id FROM identity WHERE subject = $1) AND t.owner = $2
             AND t.name LIKE 'overdue/%'""",
        member, owner,
    )  # fmt: skip
    return next((each for row in rows if (each := _proof(row)).proof == proof), None)


_data = msgspec.json.Decoder(dict[str, Any])


def _proof(row: asyncpg.Record) -> OpenProof:
    campaign, _, mechanic = row["owner"].partition("/")
    day, _, _ = row["name"].removeprefix(OVERDUE).partition("/")
    data = _data.decode(row["data"])
    return OpenProof(
        row["subject"], row["member_id"], campaign, mechanic, data["proof"], date.fromordinal(int(day)),
        data.get("photo", ""), None if row["due"] >= FOREVER else row["due"], row["name"],
        row["priority"],
    )  # fmt: skip
