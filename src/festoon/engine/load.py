"""Read what a batch needs from the store: members under lock first, then, in later statements, everything else. The
first two go in one round trip.

Never lock and read in one statement: under READ COMMITTED the tables beside the locked row come from before the wait.
"""

from bisect import insort
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.events import Event
from festoon.engine import selects
from festoon.engine.code_shelf import Shelf
from festoon.engine.grant_rows import grants_of, holds_of
from festoon.engine.keys import Keys
from festoon.engine.lists import Lists
from festoon.engine.members import Unnamed, number_that_stays
from festoon.engine.program import Program
from festoon.engine.progress import NOTHING
from festoon.engine.rows import Rows
from festoon.engine.selects import Locking, Row, Wanted
from festoon.engine.sightings import seen_at, sightings_of
from festoon.engine.watch import INVITER
from festoon.engine.world import NUMBERED, Booked, Item, Member, Place, Timer, World
from festoon.ledger.accounts import OWED, PARTS
from festoon.ledger.book import member_key
from festoon.ledger.transfers import Transfer

_json = msgspec.json.Decoder()
_profile = msgspec.json.Decoder(dict[str, Any])


class Locked(Struct, frozen=True, gc=False):
    """A member's row, read under its lock."""

    number: int
    subject: str
    registered: datetime | None
    profile: str
    merged_into: int | None = None
    """The number that this account has become part of."""
    absorbed: tuple[int, ...] = ()
    """The numbers that have become part of this one."""
    erased: bool = False
    """Whether it is nobody's any more."""


class Claim(Struct, frozen=True, gc=False):
    """An event that was decided before: the hash of its body and the outcome it got."""

    hash: bytes
    outcome: str


async def begin(connection: asyncpg.Connection) -> None:
    """Begin a transaction, unless the commit of the last batch has begun it already."""
    if not connection.is_in_transaction():
        await connection.execute("BEGIN")


class First(Struct, frozen=True):
    """What a batch locked and read first: the program's version, the numbers of who was unnamed (None for who is not
    there), the members, what was wanted of them, and the rows of that."""

    version: int
    named: list[int | None]
    members: list[Locked]
    wanted: Wanted
    rows: list[Row]


async def lock_and_read(
    connection: asyncpg.Connection,
    program: Program,
    locking: Locking,
    keys: Keys,
    claims: Collection[tuple[int, bytes]],
) -> First:
    """Lock members in id order. Then read which of the batch's events were decided before (`claims`), over all live
    partitions of the journal; which timers of the members are due; and `keys`. What belongs to members whom somebody
    else has locked is left out.

    Raises Unnamed.
    """
    wanted = _hot(program, keys)
    wanted.claims = claims
    rows = await selects.lock_and_read(connection, locking, wanted)
    _, version, named_text, *_ = rows[0]
    named = _named(locking, named_text)
    members, rest = [], 1
    while rest < len(rows) and rows[rest][0] == "member":
        members.append(_locked(rows[rest]))
        rest += 1
    rows = rows[rest:]
    free = {member.number for member in members}
    busy = len(free) < len(locking.members) + sum(number is not None for number in named)
    if busy:
        rows = [row for row in rows if row[1] in free or row[0] == "shared"]
    if busy or named:
        standing_for = {number: number for number in locking.members if number in free}
        standing_for |= {-place: number for place, number in enumerate(named, 1) if number in free}
        wanted = wanted.known_as(standing_for)
    return First(version, named, members, wanted, rows)


def _named(locking: Locking, text: str | None) -> list[int | None]:
    """The numbers of who was unnamed. Raises Unnamed."""
    if not locking.unnamed:
        return []
    named = [None if number == "NULL" else int(number) for number in (text or "")[1:-1].split(",")]
    there = [number for number in named if number is not None]
    if len({*there, *locking.members}) < len(there) + len(locking.members):
        raise Unnamed
    return named


def new_member(subject: str, number: int) -> Locked:
    """The row of a member who was made in this transaction."""
    return Locked(number, subject, None, "{}")


def _locked(row: Row) -> Locked:
    _, number, subject, profile, absorbed, erased, merged_into, registered, _, _ = row
    return Locked(
        number, subject or "", registered, profile or "{}", merged_into,
        tuple(map(int, absorbed[1:-1].split(","))) if absorbed and absorbed != "{}" else (),
        erased is not None,
    )  # fmt: skip


def _hot(program: Program, keys: Keys) -> Wanted:
    """What `keys` want of the tables that nearly every batch reads. Of an account, all parts of its asset."""
    assets = {(number, _asset(key)) for number, key in keys.accounts}
    expiring = program.expiring
    return Wanted(
        accounts=assets,
        lots=[pair for pair in assets if pair[1] in expiring] if expiring else (),
        progress=keys.progress,
        shared=_ids(program, keys.shared),
    )


class Loaded:
    """The rows a batch has read, kept apart from the world that decisions change, so that a world can be made anew."""

    def __init__(
        self, program: Program, members: Iterable[Locked], fresh: frozenset[int], now: datetime
    ) -> None:
        self.program = program
        self.fresh = fresh
        self.now = now
        self.members = {member.number: member for member in members}
        self.rows = {number: Rows() for number in self.members}
        self.transfers: dict[tuple[int, str], Booked | None] = {}
        self.shared: dict[str, int] = {}
        self.locked: frozenset[str] = frozenset()
        self.numbers: dict[str, int | None] = {}
        self.lists = Lists()
        self.codes = Shelf(complete=False)
        self.claims: dict[tuple[int, bytes], Claim] = {}
        """The events of the batch that were decided before."""
        self.kin = {number: row.number for row in self.members.values() for number in row.absorbed}
        """Numbers that have become part of a member of the batch, with that member's."""
        self.ids: dict[int, list[str]] = {}
        """The ids of those members."""
        self.merging: frozenset[int] = frozenset()
        self.seen_at: dict[Place, dict[int, int]] = {}

    def exact(self) -> frozenset[str]:
        """Of the shared accounts that were read, those that are decided on under their lock only."""
        return self.program.exact & self.shared.keys()

    def timers(self) -> list[tuple[int, Timer]]:
        """The due timers that were read, with their members."""
        return [(number, timer) for number, rows in self.rows.items() if rows.beside for timer in rows.due]

    def world(self) -> World:
        """A fresh world over what has been read."""
        world = World(complete=False)
        world.numbers = dict(self.numbers)
        world.transfers = dict(self.transfers)
        world.sightings = self.seen_at
        world.lists = self.lists.copy()
        world.merging = self.merging
        world.codes = self.codes.copy()
        shared = world.shared
        shared.floors = self.program.floors
        shared.read = dict(self.shared)
        shared.exact = self.program.exact
        shared.locked = self.locked
        decode = self.program.decode_progress
        for row in self.members.values():
            number = row.number
            rows, fresh = self.rows[number], number in self.fresh
            member = world.members[row.subject] = Member(
                number,
                row.subject,
                complete=fresh,
                registered=row.registered,
                profile=_profile.decode(row.profile) if row.profile != "{}" else None,
                book=rows.book(number, fresh=fresh),
            )
            member.decode = decode
            rows.put_into(member)
            if row.absorbed:
                member.absorbed = row.absorbed
            if row.erased:
                member.erased = True
        return world

    async def take_first(self, connection: asyncpg.Connection, keys: Keys, first: First) -> None:
        """Take what was read with the locks, and read what is rare of `keys`."""
        self._take_all(first.wanted, first.rows)
        for rows in self.rows.values():
            if rows.beside:
                rows.due.sort(key=lambda timer: (timer.due, timer.id))
        await self._read_rare(connection, keys)

    async def read_claims(
        self, connection: asyncpg.Connection, claims: Collection[tuple[int, bytes]]
    ) -> None:
        """Which events were decided under numbers that have become part of a member of the batch."""
        self._take_all(Wanted(), await selects.read(connection, Wanted(claims)))

    async def read(self, connection: asyncpg.Connection, keys: Keys) -> None:
        """Read what has not been read yet: everything hot in one statement, and what is rare in statements of its own.
        What is not in the store is noted as nothing."""
        rows = self.rows
        missing = Keys(
            accounts={(number, key) for number, key in keys.accounts if key not in rows[number].balances},
            progress={pair for pair in keys.progress if pair[1] not in rows[pair[0]].parts},
            shared=keys.shared - self.shared.keys(),
        )
        wanted = _hot(self.program, missing)
        self._take_all(wanted, await selects.read(connection, wanted))
        await self._read_rare(connection, keys)

    def _take_all(self, wanted: Wanted, found: Iterable[Row]) -> None:
        """Put rows where they belong. Of what was wanted there is nothing until a row says otherwise."""
        rows = self.rows
        for number, asset in wanted.accounts:
            rows[number].balances |= _nothing_of(asset)
        for number, asset in wanted.lots:
            rows[number].lots = {**rows[number].lots, asset: []}
        for number, campaign in wanted.progress:
            rows[number].parts[campaign] = NOTHING
        for row in found:
            self._take(row)

    async def _read_rare(self, connection: asyncpg.Connection, keys: Keys) -> None:
        if not keys.rare:
            return
        if items := [pair for pair in keys.items if pair[1] not in self.rows[pair[0]].items]:
            await self._read_items(connection, items)
        if keys.holds or keys.grants or keys.sightings or keys.seen_at:
            await self._read_set_aside(connection, keys)
        if transfers := [pair for pair in keys.transfers if pair not in self.transfers]:
            await self._read_transfers(connection, transfers)
        if subjects := [subject for subject in keys.numbers if subject not in self.numbers]:
            await self._read_numbers(connection, subjects)
        await self.lists.read(connection, keys.files, keys.holders, keys.no_more)
        await self.codes.load(connection, self.program.codes, keys.codes, keys.to_give.items(), self.now)

    def _take(self, row: Row) -> None:
        """Put a row where it belongs."""
        what, number, a, b, c, d, amount, at, key, hash_ = row
        if what == "shared":
            self.shared[f"{a}|{b}"] = amount or 0
            return
        if what == "claim":
            self.claims[number, key or b""] = Claim(hash_ or b"", a or "")
            return
        rows, name = self.rows[number], a or ""
        if what == "account":
            held = member_key(name, b or "")
            rows.balances[held] = amount or 0
            rows.places[held] = c or ""
            if b == OWED and amount:
                rows.owing += (name,)
        elif what == "progress":
            rows.parts[name] = rows.parts[name].with_row(b or "", c or "", d or "")
        elif what == "lot":
            insort(rows.lots[name], (at, amount or 0))
        else:
            rows.due.append(Timer(name, at, b or "", c or "", _json.decode(d or "{}")))

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

    async def _read_set_aside(self, connection: asyncpg.Connection, keys: Keys) -> None:
        """What is set aside, and where members were seen."""
        if holds := [pair for pair in keys.holds if pair[1] not in self.rows[pair[0]].holds]:
            for (number, id), hold in (await holds_of(connection, holds)).items():
                self.rows[number].holds[id] = hold
        if grants := [number for number in keys.grants if self.rows[number].grants is None]:
            for number, found in (await grants_of(connection, grants)).items():
                self.rows[number].grants = found
        if keys.sightings or keys.seen_at:
            await self._read_sightings(connection, keys)

    async def _read_sightings(self, connection: asyncpg.Connection, keys: Keys) -> None:
        """Where members were seen, and then who else was seen there and whom they invited."""
        places = set(keys.seen_at)
        if members := [number for number in keys.sightings if self.rows[number].sightings is None]:
            for number, found in (await sightings_of(connection, members)).items():
                self.rows[number].sightings = found
                places |= found.keys() | {(INVITER, str(number))}
        if missing := [place for place in places if place not in self.seen_at]:
            self.seen_at |= await seen_at(connection, missing)

    async def _read_transfers(self, connection: asyncpg.Connection, wanted: list[tuple[int, str]]) -> None:
        self.transfers |= dict.fromkeys(wanted)
        for number, id in wanted:
            if not _is_transfer_id(id):
                continue
            seq, _, place = id.partition("-")
            row = await connection.fetchrow(
                """SELECT t.asset, t.debit, t.credit, t.amount, t.lot, t.why, e.source, e.id, e.type, e.time
                   FROM transfer t JOIN event e ON e.seq = t.seq
                   WHERE t.seq = $1 AND e.seq = $1 AND t.place = $2 AND t.member_id = ANY($3::bigint[])""",
                int(seq), int(place), [number, *self.members[number].absorbed],
            )  # fmt: skip
            if row is not None:
                source, event, type_, at = row[6:]
                event = Event(source, event, type_, self.members[number].subject, at, {})
                self.transfers[number, id] = Booked(Transfer(*row[:6]), event)

    async def lock_shared(self, connection: asyncpg.Connection, keys: Iterable[str]) -> None:
        """Balances of shared accounts, locked in id order: this batch has lost a race before."""
        rows = await connection.fetch(
            """SELECT s.holder, s.asset, s.balance FROM shared_account s
               JOIN unnest($1::bigint[]) AS wanted (id) USING (id) ORDER BY s.id FOR NO KEY UPDATE OF s""",
            _ids(self.program, keys),
        )
        self.shared |= {f"{row[0]}|{row[1]}": row[2] for row in rows}
        self.locked |= frozenset(f"{row[0]}|{row[1]}" for row in rows)

    async def _read_numbers(self, connection: asyncpg.Connection, subjects: list[str]) -> None:
        self.numbers |= dict.fromkeys(subjects)
        for row in await connection.fetch(
            """SELECT wanted.subject, i.member_id FROM unnest($1::text[]) AS wanted (subject) CROSS JOIN LATERAL (
                   SELECT member_id FROM identity i WHERE i.subject = wanted.subject OFFSET 0) AS i""",
            [subject for subject in subjects if subject[0] != NUMBERED],
        ):
            self.numbers[row[0]] = row[1]
        numbers = [int(subject[1:]) for subject in subjects if subject[0] == NUMBERED]
        if numbers:
            for row in await connection.fetch("SELECT id FROM member WHERE id = ANY($1)", numbers):
                self.numbers[f"{NUMBERED}{row[0]}"] = await number_that_stays(connection, row[0])


def _ids(program: Program, keys: Iterable[str]) -> list[int]:
    return sorted(program.shared[key].id for key in keys if key in program.shared)


def _asset(key: str) -> str:
    return key.partition("@")[0]


@lru_cache(1024)
def _nothing_of(asset: str) -> dict[str, int]:
    """Every part of an asset, with nothing in it. To be copied from."""
    return {member_key(asset, part): 0 for part in PARTS}


def _is_transfer_id(id: str) -> bool:
    seq, dash, place = id.partition("-")
    return bool(dash) and seq.isdecimal() and place.isdecimal() and len(seq) < 19 and len(place) < 6
