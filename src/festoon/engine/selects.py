"""What a batch is decided on, locked and read in one round trip, which costs more than the rows do.

The statements are those of `read_batch` (`store/migrations/sql/0032.sql`): each source takes arrays of keys and looks
each key up by itself (`LATERAL … OFFSET 0`). As a plain join, a plan made while the table was nearly empty went through
the table and looked into the array: 0.9 ms an event when it had grown. All sources answer in the same columns: the
source's name, the member, four texts, a number, an instant, two hashes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import asyncpg
from msgspec import Struct

from festoon.store import arrays

PROGRAM_LOCK = 0x466573746F6F6E
"""The advisory lock of the program: batches take it shared, publishing takes it exclusively."""
_CALL = f"SELECT * FROM read_batch({', '.join(f'${place}' for place in range(1, 15))})"

Row = tuple[
    str, int, str | None, str | None, str | None, str | None, int | None, Any, bytes | None, bytes | None
]
Pairs = Collection[tuple[int, str]]
"""Members, each with a key."""


class Locking(Struct, frozen=True):
    """The members to lock before anything is read, by number, and those whose number is not known, by one of their ids:
    in `Wanted`, minus the place in `unnamed` (from 1) stands for the number. `until` is when timers of theirs have to
    be due. With `only_free`, those whom somebody else has locked are left out, and nothing is waited for."""

    members: Collection[int]
    unnamed: Sequence[str]
    until: datetime
    only_free: bool


class Wanted(Struct):
    """The keys that are looked up. Claims are members with the keys that their events have in the journal."""

    claims: Collection[tuple[int, bytes]] = ()
    accounts: Pairs = ()
    lots: Pairs = ()
    progress: Pairs = ()
    shared: Collection[int] = ()

    def known_as(self, numbers: Mapping[int, int]) -> "Wanted":
        """The same but for claims, of the members who are in `numbers`, by the number that it has for them."""
        accounts, lots, progress = (
            [(numbers[given], key) for given, key in pairs if given in numbers]
            for pairs in (self.accounts, self.lots, self.progress)
        )
        return Wanted((), accounts, lots, progress, self.shared)

    def __bool__(self) -> bool:
        return bool(self.claims or self.accounts or self.lots or self.progress or self.shared)


async def lock_and_read(connection: asyncpg.Connection, locking: Locking, wanted: Wanted) -> list[Row]:
    """Lock the program shared, then members in the order of their numbers, then read in a later statement.

    First comes the row of the program: its version, and the numbers of who was unnamed as an array's text. Then those
    of the members who were locked: id, profile, ids that have become part of them, whether erased, what they have
    become part of, since when they are registered. Then what was wanted, in no order."""
    unnamed = arrays.texts(locking.unnamed) if locking.unnamed else None
    members = arrays.numbers(locking.members)
    return await _fetch(
        connection, (PROGRAM_LOCK, members, unnamed, locking.only_free, locking.until), wanted
    )


async def read(connection: asyncpg.Connection, wanted: Wanted) -> list[Row]:
    """Only read."""
    return await _fetch(connection, (None, None, None, None, None), wanted) if wanted else []


async def _fetch(connection: asyncpg.Connection, locking: tuple[Any, ...], wanted: Wanted) -> list[Row]:
    claimed = keys = None
    if wanted.claims:
        numbers, hashes = zip(*wanted.claims, strict=True)
        claimed, keys = arrays.numbers(numbers), arrays.hashes(hashes)
    rows = await connection.fetch(
        _CALL,
        *locking, claimed, keys,
        *_columns(wanted.accounts), *_columns(wanted.lots), *_columns(wanted.progress),
        arrays.numbers(wanted.shared) if wanted.shared else None,
    )  # fmt: skip
    return cast(list[Row], rows)


def _columns(pairs: Pairs) -> tuple[str | None, str | None]:
    """Members and their keys as two arrays; nothing when there are none."""
    if not pairs:
        return None, None
    members, keys = zip(*pairs, strict=True)
    return arrays.numbers(members), arrays.texts(keys)
