"""Read what a batch needs from the store: members under lock first, then, in later statements, everything else.

Never lock and read in one statement: under READ COMMITTED the tables beside the locked row come from before the wait.

A read takes an array of keys and looks each up by itself (`LATERAL … OFFSET 0`). As a plain join, a plan made while
the table was nearly empty went through the table and looked into the array: 0.9 ms an event when it had grown.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.engine.packed import NOTHING, Part, unpacked
from festoon.engine.program import Program
from festoon.engine.world import Hold, Item, Member, Progress, Timer, World
from festoon.ledger.accounts import PARTS
from festoon.ledger.book import member_key
from festoon.ledger.lots import Lots
from festoon.ledger.transfers import Transfer

PROGRAM_LOCK = 0x466573746F6F6E
"""The advisory lock of the program: batches take it shared, publishing takes it exclusively."""

_json = msgspec.json.Decoder()
_lots = msgspec.json.Decoder(tuple[tuple[datetime, int], ...])
_profile = msgspec.json.Decoder(dict[str, Any])


class Locked(Struct, frozen=True, gc=False):
    """A member's row, read under its lock."""

    number: int
    subject: str
    registered: datetime | None
    profile: str
    fresh: bool


class Claim(Struct, frozen=True, gc=False):
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
    """Lock members in id order, which is that of `numbers`: they are looked up one after the other. Also reads the
    program's version, after its lock was granted."""
    rows = await connection.fetch(
        """SELECT m.id, m.subject, m.registered, m.profile, (SELECT version FROM program) AS version
           FROM unnest($1::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
               SELECT id, subject, registered, profile FROM member m
               WHERE m.id = wanted.id OFFSET 0 FOR NO KEY UPDATE) AS m""",
        numbers,
    )
    version = rows[0]["version"] if rows else await connection.fetchval("SELECT version FROM program")
    return version, [Locked(row[0], row[1], row[2], row[3], row[0] in fresh) for row in rows]


async def claims(
    connection: asyncpg.Connection, wanted: Sequence[tuple[int, bytes]]
) -> dict[tuple[int, bytes], Claim]:
    """Which of these (member, key) pairs are in the journal, over all its live partitions."""
    rows = await connection.fetch(
        """SELECT wanted.member_id, wanted.key, e.hash, e.outcome
           FROM unnest($1::bigint[], $2::bytea[]) AS wanted (member_id, key) CROSS JOIN LATERAL (
               SELECT hash, outcome FROM event e
               WHERE e.member_id = wanted.member_id AND e.key = wanted.key OFFSET 0) AS e""",
        [member for member, _ in wanted],
        [key for _, key in wanted],
    )
    return {(row[0], row[1]): Claim(row[2], row[3]) for row in rows}


class Rows:
    """What has been read of one member. Decisions work on copies: what stands here is never changed, only added to."""

    __slots__ = ("balances", "due", "holds", "items", "known", "lots", "parts", "progress")

    def __init__(self) -> None:
        self.balances: dict[str, int] = {}
        self.lots: dict[str, Lots] = {}
        self.known: set[str] = set()
        """The accounts that have a row, by their key in the book."""
        self.progress: dict[str, Progress | None] = {}
        self.parts: dict[str, Part] = {}
        """What is stored of his progress, by campaign."""
        self.items: dict[str, Item | None] = {}
        self.holds: dict[str, Hold | None] = {}
        self.due: list[Timer] = []


class Loaded:
    """The rows a batch has read, kept apart from the world that decisions change, so that a world can be made anew."""

    def __init__(self, program: Program, members: Iterable[Locked]) -> None:
        self.program = program
        self.members = {member.number: member for member in members}
        self.rows = {number: Rows() for number in self.members}
        self.transfers: dict[tuple[int, str], Transfer | None] = {}
        self.shared: dict[str, int] = {}
        self.locked: frozenset[str] = frozenset()
        self.numbers: dict[str, int | None] = {}

    def timers(self) -> list[tuple[int, Timer]]:
        """The due timers that were read, with their members."""
        return [(number, timer) for number, rows in self.rows.items() for timer in rows.due]

    def world(self) -> World:
        """A fresh world over what has been read."""
        world = World(complete=False)
        world.numbers = dict(self.numbers)
        world.transfers = dict(self.transfers)
        shared = world.shared
        shared.floors = self.program.floors
        shared.read = dict(self.shared)
        shared.exact = self.program.exact
        shared.locked = self.locked
        for row in self.members.values():
            profile = _profile.decode(row.profile) if row.profile != "{}" else {}
            member = world.members[row.subject] = Member(
                row.number, row.subject, complete=row.fresh, registered=row.registered, profile=profile
            )
            rows = self.rows[row.number]
            member.book.balances = rows.balances.copy()
            member.book.lots = rows.lots.copy()
            member.progress = rows.progress.copy()
            member.known, member.parts = rows.known, rows.parts
            member.items = rows.items.copy()
            member.holds = rows.holds.copy()
            member.due = rows.due.copy()
        return world

    async def read_due(self, connection: asyncpg.Connection, until: datetime) -> None:
        """The members' timers that are due, each member's earliest first."""
        for row in await connection.fetch(
            """SELECT wanted.member_id, t.id, t.due, t.owner, t.name, t.data
               FROM unnest($1::bigint[]) AS wanted (member_id) CROSS JOIN LATERAL (
                   SELECT id, due, owner, name, data FROM timer t
                   WHERE t.member_id = wanted.member_id AND t.due <= $2 OFFSET 0) AS t
               ORDER BY t.due, t.id""",
            list(self.members),
            until,
        ):
            timer = Timer(row[1], row[2], row[3], row[4], _json.decode(row[5]))
            self.rows[row[0]].due.append(timer)

    async def read(self, connection: asyncpg.Connection, keys: Keys) -> None:
        """Read what has not been read yet. What is not in the store is noted as nothing."""
        rows = self.rows
        if wanted := [pair for pair in keys.accounts if pair[1] not in rows[pair[0]].balances]:
            await self._read_accounts(connection, {(number, _asset(key)) for number, key in wanted})
        if wanted := [pair for pair in keys.progress if pair[1] not in rows[pair[0]].progress]:
            await self._read_progress(connection, wanted)
        if wanted := [pair for pair in keys.items if pair[1] not in rows[pair[0]].items]:
            await self._read_items(connection, wanted)
        if wanted := [pair for pair in keys.holds if pair[1] not in rows[pair[0]].holds]:
            await self._read_holds(connection, wanted)
        if wanted := [pair for pair in keys.transfers if pair not in self.transfers]:
            await self._read_transfers(connection, wanted)
        if shared := [key for key in keys.shared if key not in self.shared]:
            await self.read_shared(connection, shared)
        if subjects := [subject for subject in keys.numbers if subject not in self.numbers]:
            await self._read_numbers(connection, subjects)

    async def _read_accounts(self, connection: asyncpg.Connection, wanted: set[tuple[int, str]]) -> None:
        """All parts of an asset, and its lots when it expires."""
        for number, asset in wanted:
            self.rows[number].balances |= _nothing_of(asset)
        for number, asset, part, balance in await connection.fetch(
            """SELECT wanted.member_id, wanted.asset, a.part, a.balance
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, asset) CROSS JOIN LATERAL (
                   SELECT part, balance FROM account a
                   WHERE a.member_id = wanted.member_id AND a.asset = wanted.asset OFFSET 0) AS a""",
            [number for number, _ in wanted],
            [asset for _, asset in wanted],
        ):
            key, rows = member_key(asset, part), self.rows[number]
            rows.balances[key] = balance
            rows.known.add(key)
        if expiring := [pair for pair in wanted if pair[1] in self.program.expiring]:
            await self._read_lots(connection, expiring)

    async def _read_lots(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        for number, asset in wanted:
            self.rows[number].lots[asset] = []
        for number, asset, expires, amount in await connection.fetch(
            """SELECT wanted.member_id, wanted.asset, l.expires, l.amount
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, asset) CROSS JOIN LATERAL (
                   SELECT expires, amount FROM lot l
                   WHERE l.member_id = wanted.member_id AND l.asset = wanted.asset OFFSET 0) AS l
               ORDER BY l.expires""",
            [number for number, _ in wanted],
            [asset for _, asset in wanted],
        ):
            self.rows[number].lots[asset].append((expires, amount))

    async def _read_progress(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        """All that is stored of a campaign; what is not wanted of it now stays as it is."""
        campaigns = {(number, key.partition("/")[0]) for number, key in wanted}
        unread = [pair for pair in campaigns if pair[1] not in self.rows[pair[0]].parts]
        if unread:
            await self._read_parts(connection, unread)
        decode = self.program.decode_progress
        for number, key in wanted:
            campaign, _, mechanic = key.partition("/")
            rows = self.rows[number]
            state = rows.parts[campaign].states.get(mechanic)
            rows.progress[key] = None if state is None else decode(key, state)

    async def _read_parts(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        found: dict[tuple[int, str], list[tuple[str, str]]] = {}
        for number, campaign, mechanic, state in await connection.fetch(
            """SELECT wanted.member_id, wanted.campaign, p.mechanic, p.state
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, campaign) CROSS JOIN LATERAL (
                   SELECT mechanic, state FROM progress p
                   WHERE p.member_id = wanted.member_id AND p.campaign = wanted.campaign OFFSET 0) AS p""",
            [number for number, _ in wanted],
            [campaign for _, campaign in wanted],
        ):
            found.setdefault((number, campaign), []).append((mechanic, state))
        for number, campaign in wanted:
            rows = found.get((number, campaign))
            self.rows[number].parts[campaign] = NOTHING if rows is None else unpacked(rows)

    async def _read_items(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        for number, id in wanted:
            self.rows[number].items[id] = None
        by_code = [(number, id[5:]) for number, id in wanted if id.startswith("code:")]
        by_id = [(number, id) for number, id in wanted if not id.startswith("code:")]
        columns = "id, kind, ref, state, given, expires, campaign, mechanic, code, serial, cost, line"
        for column, pairs in (("id", by_id), ("code", by_code)):
            if not pairs:
                continue
            for row in await connection.fetch(
                f"""SELECT wanted.member_id, i.*
                    FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, key) CROSS JOIN LATERAL (
                        SELECT {columns} FROM item i
                        WHERE i.member_id = wanted.member_id AND i.{column} = wanted.key OFFSET 0) AS i""",
                [number for number, _ in pairs],
                [value for _, value in pairs],
            ):
                item, items = Item(*row[1:]), self.rows[row[0]].items
                items[item.id] = item
                if item.code is not None:
                    items[f"code:{item.code}"] = item

    async def _read_holds(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        for number, id in wanted:
            self.rows[number].holds[id] = None
        for row in await connection.fetch(
            """SELECT wanted.member_id, wanted.id, h.asset, h.amount, h.lots, h.lapses, h.why
               FROM unnest($1::bigint[], $2::text[]) AS wanted (member_id, id) CROSS JOIN LATERAL (
                   SELECT asset, amount, lots, lapses, why FROM hold h
                   WHERE h.member_id = wanted.member_id AND h.id = wanted.id OFFSET 0) AS h""",
            [number for number, _ in wanted],
            [id for _, id in wanted],
        ):
            self.rows[row[0]].holds[row[1]] = Hold(
                row[1], row[2], row[3], _lots.decode(row[4]), row[5], row[6]
            )

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
            """SELECT wanted.subject, i.member_id FROM unnest($1::text[]) AS wanted (subject) CROSS JOIN LATERAL (
                   SELECT member_id FROM identity i WHERE i.subject = wanted.subject OFFSET 0) AS i""",
            subjects,
        ):
            self.numbers[row[0]] = row[1]


def _asset(key: str) -> str:
    return key.partition("@")[0]


@lru_cache(1024)
def _nothing_of(asset: str) -> dict[str, int]:
    """Every part of an asset, with nothing in it. To be copied from."""
    return {member_key(asset, part): 0 for part in PARTS}


def _is_transfer_id(id: str) -> bool:
    seq, dash, place = id.partition("-")
    return bool(dash) and seq.isdecimal() and place.isdecimal() and len(seq) < 19 and len(place) < 6
