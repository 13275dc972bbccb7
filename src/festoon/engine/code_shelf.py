"""Codes as a batch of events sees them: those that were typed, and those that it has set aside to give to members.

A code belongs to nobody until it is given or used. What was typed is read unlocked, and the statement that writes it
checks that it is still free; codes to give are locked when they are read, each process its own (`SKIP LOCKED`), so that
nobody waits for anybody.
"""

from collections.abc import Iterable
from datetime import datetime

import asyncpg
from msgspec import Struct

from festoon.base.errors import Refused
from festoon.engine.code_book import CodeBook
from festoon.ledger.book import NotLoaded
from festoon.mechanics.code_refusals import NONE_LEFT

TYPED, TO_GIVE = "code", "codes"


class Code(Struct, frozen=True):
    """A code of a batch: free, given to a member, used by him, or void (`used` without a member)."""

    code: str
    batch: int
    member: int | None = None
    used: datetime | None = None


class Shelf:
    """`read` are codes that were typed (None: there is none), `spare` those set aside to give, by their owner; `short`
    the owners who have no more to set aside, `out` those of them of whom no other process has any in its hands either.
    `changed` are those that this batch gives or uses."""

    __slots__ = ("changed", "complete", "out", "read", "short", "spare", "taken")

    def __init__(self, *, complete: bool = True) -> None:
        self.complete = complete
        self.read: dict[str, Code | None] = {}
        self.spare: dict[str, list[Code]] = {}
        self.short: set[str] = set()
        self.out: set[str] = set()
        self.taken: dict[str, int] = {}
        self.changed: dict[str, Code] = {}

    def copy(self) -> "Shelf":
        """The same, with nothing given or used."""
        copied = Shelf(complete=self.complete)
        copied.read, copied.spare, copied.short = dict(self.read), self.spare, self.short
        copied.out = self.out
        return copied

    def code(self, code: str) -> Code | None:
        """A code that was typed. Raises NotLoaded."""
        if code not in self.read and not self.complete:
            raise NotLoaded(TYPED, 0, code)
        return self.read.get(code)

    def has(self, owner: str, count: int) -> bool:
        """Whether there are so many to give. Raises NotLoaded."""
        needed = self.taken.get(owner, 0) + count
        if needed > len(self.spare.get(owner, ())) and owner not in self.short:
            raise NotLoaded(TO_GIVE, needed, owner)
        return needed <= len(self.spare.get(owner, ())) or owner not in self.out

    def next(self, owner: str, ahead: int) -> Code:
        """The next code to give, behind so many others that are as good as given. Raises NotLoaded; Refused when there
        is none."""
        spare = self.spare.get(owner, ())
        place = self.taken.get(owner, 0) + ahead
        if place < len(spare):
            return spare[place]
        if owner in self.short:
            raise Refused(NONE_LEFT, owner=owner)
        raise NotLoaded(TO_GIVE, place + 1, owner)

    def change(self, changed: Iterable[tuple[str, Code]]) -> None:
        """Codes are given (with the owner they are codes of) or used (with "")."""
        for owner, code in changed:
            if owner:
                self.taken[owner] = self.taken.get(owner, 0) + 1
            self.changed[code.code] = self.read[code.code] = code

    async def load(
        self,
        connection: asyncpg.Connection,
        book: CodeBook,
        typed: Iterable[str],
        wanted: Iterable[tuple[str, int]],
        now: datetime,
    ) -> None:
        """Read what was typed; set aside, for each owner, so many to give in all."""
        if unknown := [code for code in typed if code not in self.read]:
            self.read |= dict.fromkeys(unknown)
            for row in await connection.fetch(
                "SELECT code, batch, member_id, used FROM coupon_code WHERE code = ANY ($1)", unknown
            ):
                self.read[row["code"]] = Code(*row)
        for owner, number in wanted:
            await self._set_aside(connection, owner, number, book.open_batches(owner, now))

    async def _set_aside(
        self, connection: asyncpg.Connection, owner: str, number: int, batches: list[int]
    ) -> None:
        have = self.spare.setdefault(owner, [])
        more = number - len(have)
        rows = await connection.fetch(
            """SELECT code, batch FROM coupon_code
               WHERE batch = ANY ($1) AND member_id IS NULL AND used IS NULL AND code <> ALL ($2)
               LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED""",
            batches,
            [code.code for code in have],
            more,
        )
        have += [Code(row["code"], row["batch"]) for row in rows]
        if len(rows) < more:
            self.short.add(owner)
            elsewhere = await connection.fetchval(
                """SELECT EXISTS (SELECT FROM coupon_code
                   WHERE batch = ANY ($1) AND member_id IS NULL AND used IS NULL AND code <> ALL ($2))""",
                batches,
                [code.code for code in have],
            )
            if not elsewhere:
                self.out.add(owner)


async def write(connection: asyncpg.Connection, changed: Iterable[Code]) -> bool:
    """Write what became of codes; False when one is no longer free. Locked in the order of the codes."""
    rows = sorted(changed, key=lambda code: code.code)
    if not rows:
        return True
    done = await connection.execute(
        """WITH held AS (
               SELECT c.code, new.member_id, new.used FROM coupon_code c
               JOIN unnest($1::text[], $2::bigint[], $3::timestamptz[]) AS new (code, member_id, used) USING (code)
               ORDER BY c.code FOR NO KEY UPDATE OF c)
           UPDATE coupon_code c SET member_id = held.member_id, used = held.used FROM held
           WHERE c.code = held.code AND c.used IS NULL
             AND (c.member_id IS NULL OR c.member_id = held.member_id)""",
        [code.code for code in rows],
        [code.member for code in rows],
        [code.used for code in rows],
    )
    return int(done.rpartition(" ")[2]) == len(rows)
