"""Read what a batch needs from the store: members under lock first, then, in later statements, everything else.

Never lock and read in one statement: under READ COMMITTED the tables beside the locked row come from before the wait.
Reads are joins with arrays of keys, so that a plan made on an empty table stays right.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.program import Program
from festoon.engine.world import Hold, Item, Member, Timer, World
from festoon.ledger.accounts import PARTS
from festoon.ledger.book import member_key
from festoon.ledger.transfers import Transfer

PROGRAM_LOCK = 0x466573746F6F6E
"""The advisory lock of the program: batches take it shared, publishing takes it exclusively."""

_json = msgspec.json.Decoder()
_lots = msgspec.json.Decoder(tuple[tuple[datetime, int], ...])
_profile = msgspec.json.Decoder(dict[str, Any])


class Locked(Struct, frozen=True):
    """A member's row, read under its lock."""

    number: int
    subject: str
    registered: datetime | None
    profile: str
    fresh: bool


class Claim(Struct, frozen=True):
    """An event that was decided before: the hash of its body and the outcome it got."""

    hash: bytes
    outcome: str


class Keys(Struct):
    """What to read, as (member, key) pairs."""

    accounts: set[tuple[int, str]] = set()
    progress: set[tuple[int, str]] = set()
    items: set[tuple[int, str]] = set()
    holds: set[tuple[int, str]] = set()
    transfers: set[tuple[int, str]] = set()
    shared: set[str] = set()
    numbers: set[str] = set()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


async def begin(connection: asyncpg.Connection) -> None:
    await connection.execute(f"BEGIN; SELECT pg_advisory_xact_lock_shared({PROGRAM_LOCK})")


async def lock_members(
    connection: asyncpg.Connection, numbers: Sequence[int], fresh: frozenset[int]
) -> tuple[int, list[Locked]]:
    """Lock members in id order (`numbers` is sorted); read the program's version after its lock was granted."""
    rows = await connection.fetch(
        """SELECT m.id, m.subject, m.registered, m.profile, (SELECT version FROM program) AS version
           FROM member m JOIN unnest($1::bigint[]) AS wanted (id) USING (id)
           ORDER BY m.id FOR NO KEY UPDATE OF m""",
        numbers,
    )
    version = rows[0]["version"] if rows else await connection.fetchval("SELECT version FROM program")
    return version, [Locked(row[0], row[1], row[2], row[3], row[0] in fresh) for row in rows]


async def claims(
    connection: asyncpg.Connection, wanted: Sequence[tuple[int, bytes]]
) -> dict[tuple[int, bytes], Claim]:
    """Which of these (member, key) pairs are in the journal, over all its live partitions."""
    rows = await connection.fetch(
        """SELECT e.member_id, e.key, e.hash, e.outcome
           FROM unnest($1::bigint[], $2::bytea[]) AS wanted (member_id, key)
           JOIN event e USING (member_id, key)""",
        [member for member, _ in wanted],
        [key for _, key in wanted],
    )
    return {(row[0], row[1]): Claim(row[2], row[3]) for row in rows}


async def due_timers(
    connection: asyncpg.Connection, members: Iterable[int], until: datetime
) -> list[tuple[int, Timer]]:
    """The timers of locked members that are due, earliest first."""
    rows = await connection.fetch(
        """SELECT t.member_id, t.id, t.due, t.owner, t.name, t.data
           FROM timer t JOIN unnest($1::bigint[]) AS wanted (member_id) USING (member_id)
           WHERE t.due <= $2 ORDER BY t.due, t.id""",
        list(members),
        until,
    )
    return [(row[0], Timer(row[1], row[2], row[3], row[4], _json.decode(row[5]))) for row in rows]


class Loaded:
    """The rows a batch has read, kept apart from the world that decisions change, so that a world can be made anew."""

    def __init__(self, program: Program, members: Iterable[Locked]) -> None:
        self.program = program
        self.members = {member.number: member for member in members}
        self.accounts: dict[tuple[int, str], int] = {}
        self.lots: dict[tuple[int, str], list[tuple[datetime, int]]] = {}
        self.progress: dict[tuple[int, str], tuple[str, ...] | None] = {}
        self.items: dict[tuple[int, str], Item | None] = {}
        self.holds: dict[tuple[int, str], Hold | None] = {}
        self.transfers: dict[tuple[int, str], Transfer | None] = {}
        self.due: dict[int, list[Timer]] = {}
        self.shared: dict[str, int] = {}
        self.locked: frozenset[str] = frozenset()
        self.numbers: dict[str, int | None] = {}

    def timers(self) -> list[tuple[int, Timer]]:
        """The due timers that were read, with their members."""
        return [(number, timer) for number, timers in self.due.items() for timer in timers]

    def world(self) -> World:
        """A fresh world over what has been read."""
        world = World(complete=False)
        world.numbers = dict(self.numbers)
        world.transfers = dict(self.transfers)
        shared = world.shared
        shared.floors = self.program.floors
        shared.balances = dict(self.shared)
        shared.exact = self.program.exact
        shared.locked = self.locked
        by_number: dict[int, Member] = {}
        for row in self.members.values():
            profile = _profile.decode(row.profile) if row.profile != "{}" else {}
            member = Member(
                row.number, row.subject, complete=row.fresh, registered=row.registered, profile=profile
            )
            member.due = list(self.due.get(row.number, ()))
            by_number[row.number] = world.members[row.subject] = member
        for (number, key), balance in self.accounts.items():
            by_number[number].book.balances[key] = balance
        for (number, asset), lots in self.lots.items():
            by_number[number].book.lots[asset] = list(lots)
        for (number, key), raw in self.progress.items():
            by_number[number].progress[key] = (
                None if raw is None else self.program.decode_progress(key, raw[0])
            )
        for (number, id), item in self.items.items():
            by_number[number].items[id] = item
        for (number, id), hold in self.holds.items():
            by_number[number].holds[id] = hold
        return world

    async def read(self, connection: asyncpg.Connection, keys: Keys) -> None:
        """Read what has not been read yet. What is not in the store is noted as nothing."""
        if wanted := [pair for pair in keys.accounts if pair not in self.accounts]:
            await self._read_accounts(connection, wanted)
        if wanted := [pair for pair in keys.progress if pair not in self.progress]:
            await self._read_progress(connection, wanted)
        if wanted := [pair for pair in keys.items if pair not in self.items]:
            await self._read_items(connection, wanted)
        if wanted := [pair for pair in keys.holds if pair not in self.holds]:
            await self._read_holds(connection, wanted)
        if wanted := [pair for pair in keys.transfers if pair not in self.transfers]:
            await self._read_transfers(connection, wanted)
        if shared := [key for key in keys.shared if key not in self.shared]:
            await self.read_shared(connection, shared)
        if subjects := [subject for subject in keys.numbers if subject not in self.numbers]:
            await self._read_numbers(connection, subjects)

    async def _read_accounts(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        assets = {(number, _asset(key)) for number, key in wanted}
        for number, asset in assets:
            for part in PARTS:
                self.accounts[number, member_key(asset, part)] = 0
        members, codes = [number for number, _ in assets], [asset for _, asset in assets]
        for row in await connection.fetch(
            """SELECT a.member_id, a.asset, a.part, a.balance
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, asset)
               JOIN account a USING (member_id, asset)""",
            members,
            codes,
        ):
            self.accounts[row[0], member_key(row[1], row[2])] = row[3]
        expiring = [pair for pair in assets if pair[1] in self.program.expiring]
        if not expiring:
            return
        for pair in expiring:
            self.lots[pair] = []
        for row in await connection.fetch(
            """SELECT l.member_id, l.asset, l.expires, l.amount
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, asset)
               JOIN lot l USING (member_id, asset) ORDER BY l.expires""",
            [number for number, _ in expiring],
            [asset for _, asset in expiring],
        ):
            self.lots[row[0], row[1]].append((row[2], row[3]))

    async def _read_progress(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        self.progress |= dict.fromkeys(wanted)
        for row in await connection.fetch(
            """SELECT p.member_id, p.key, p.state
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, key)
               JOIN progress p USING (member_id, key)""",
            [number for number, _ in wanted],
            [key for _, key in wanted],
        ):
            self.progress[row[0], row[1]] = (row[2],)

    async def _read_items(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        self.items |= dict.fromkeys(wanted)
        by_code = [(number, id[5:]) for number, id in wanted if id.startswith("code:")]
        by_id = [(number, id) for number, id in wanted if not id.startswith("code:")]
        columns = """i.member_id, i.id, i.kind, i.ref, i.state, i.given, i.expires, i.campaign, i.mechanic, i.code,
                     i.serial, i.cost, i.line"""
        for column, pairs in (("id", by_id), ("code", by_code)):
            if not pairs:
                continue
            for row in await connection.fetch(
                f"""SELECT {columns} FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, {column})
                    JOIN item i USING (member_id, {column})""",
                [number for number, _ in pairs],
                [value for _, value in pairs],
            ):
                item = Item(*row[1:])
                self.items[row[0], item.id] = item
                if item.code is not None:
                    self.items[row[0], f"code:{item.code}"] = item

    async def _read_holds(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        self.holds |= dict.fromkeys(wanted)
        for row in await connection.fetch(
            """SELECT h.member_id, h.id, h.asset, h.amount, h.lots, h.lapses, h.why
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, id)
               JOIN hold h USING (member_id, id)""",
            [number for number, _ in wanted],
            [id for _, id in wanted],
        ):
            self.holds[row[0], row[1]] = Hold(row[1], row[2], row[3], _lots.decode(row[4]), row[5], row[6])

    async def _read_transfers(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        self.transfers |= dict.fromkeys(wanted)
        for number, id in wanted:
            if not _is_transfer_id(id):
                continue
            seq, _, place = id.partition("-")
            row = await connection.fetchrow(
                """SELECT asset, debit, credit, amount, lot, why FROM transfer
                   WHERE seq = $1 AND place = $2 AND member_id = $3""",
                int(seq), int(place), number,
            )  # fmt: skip
            if row is not None:
                self.transfers[number, id] = Transfer(*row)

    async def read_shared(
        self, connection: asyncpg.Connection, keys: Iterable[str], *, lock: bool = False
    ) -> None:
        """Balances of shared accounts: unlocked, or locked in id order when this batch has lost a race before."""
        ids = sorted(self.program.shared[key].id for key in keys if key in self.program.shared)
        rows = await connection.fetch(
            f"""SELECT s.holder, s.asset, s.balance FROM shared_account s
                JOIN unnest($1::bigint[]) AS wanted (id) USING (id)
                {"ORDER BY s.id FOR NO KEY UPDATE OF s" if lock else ""}""",
            ids,
        )
        self.shared |= {f"{row[0]}|{row[1]}": row[2] for row in rows}
        if lock:
            self.locked |= frozenset(f"{row[0]}|{row[1]}" for row in rows)

    async def _read_numbers(self, connection: asyncpg.Connection, subjects: list[str]) -> None:
        self.numbers |= dict.fromkeys(subjects)
        for row in await connection.fetch(
            """SELECT subject, member_id FROM unnest($1::text[]) AS wanted (subject) JOIN identity USING (subject)""",
            subjects,
        ):
            self.numbers[row[0]] = row[1]


def _asset(key: str) -> str:
    return key.partition("@")[0]


def _is_transfer_id(id: str) -> bool:
    seq, dash, place = id.partition("-")
    return bool(dash) and seq.isdecimal() and place.isdecimal() and len(seq) < 19 and len(place) < 6
