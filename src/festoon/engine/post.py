"""Write what a batch decided: the journal, members' rows as absolute values, and last of all the shared accounts as
one netted, guarded statement that locks them in id order first. What is common goes in one script with the commit."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg
import msgspec

from festoon.engine.code_shelf import write as write_codes
from festoon.engine.erased_rows import erase_rows
from festoon.engine.grant_rows import write_grants
from festoon.engine.lists import write_files
from festoon.engine.merged_rows import move_rows
from festoon.engine.parcel_rows import write_parcels
from festoon.engine.program import Program
from festoon.engine.progress import NOTHING, packed
from festoon.engine.sightings import write_sightings
from festoon.engine.world import Item, Member, World
from festoon.ledger.book import SharedBook, asset_and_part
from festoon.store import arrays
from festoon.store.script import Copy, Script, Statement
from festoon.store.trail import record

_json = msgspec.json.Encoder()


class GuardFailed(Exception):
    """A shared account could not take what was decided on an unlocked read."""


Row = tuple[int, bytes, bytes, str, str, str, datetime, datetime, str, str, str | None]
"""One event as the journal keeps it, in the order of COLUMNS."""
COLUMNS = ("member_id", "key", "hash", "source", "id", "type", "time", "now", "data", "outcome", "transfers")


# Rows that were read under their member's lock are where they were when they are written; a shared account may hold
# something else by then.
_MISTAKE = "assert_failure"
_MOVED = "no_data_found"


def _counted(text: str, place: int, otherwise: str) -> str:
    return f"WITH done AS ({text} RETURNING 1) SELECT found_all(count(*), ${place}, '{otherwise}') FROM done"


# Both fail when a row is not where it was; see `store/migrations/sql/0034.sql`.
ACCOUNTS_CHANGED = Statement(
    "festoon_accounts_changed", ("tid[]", "bigint[]", "bigint[]"), "SELECT change_accounts($1, $2, $3)"
)
PROGRESS_CHANGED = Statement(
    "festoon_progress_changed", ("tid[]", "bigint[]", "text"), "SELECT change_progress($1, $2, $3)"
)
ACCOUNTS_NEW = Statement(
    "festoon_accounts_new",
    ("bigint[]", "text[]", "text[]", "bigint[]", "bigint"),
    _counted(
        "INSERT INTO account (member_id, asset, part, balance) SELECT * FROM unnest($1, $2, $3, $4)",
        5,
        _MISTAKE,
    ),
)
PROGRESS_NEW = Statement(
    "festoon_progress_new",
    ("bigint[]", "text[]", "text[]", "text", "bigint"),
    _counted(
        f"""INSERT INTO progress (member_id, campaign, mechanic, state)
            SELECT * FROM unnest($1, $2, $3, {arrays.JSONS.format("$4")})""",
        5,
        _MISTAKE,
    ),
)
SHARED = Statement(
    "festoon_shared",
    ("bigint[]", "bigint[]", "bigint[]", "bigint"),
    f"""WITH held AS (
            SELECT s.id, s.balance, s.floor, change.delta, change.leaving
            FROM shared_account s JOIN unnest($1, $2, $3) AS change (id, delta, leaving) USING (id)
            ORDER BY s.id FOR NO KEY UPDATE OF s),
        done AS (
            UPDATE shared_account s SET balance = s.balance + held.delta FROM held
            WHERE s.id = held.id
              AND (held.floor IS NULL OR held.balance + held.delta >= greatest(held.floor, held.leaving))
            RETURNING 1)
        SELECT found_all(count(*), $4, '{_MOVED}') FROM done""",
)
STATEMENTS = (ACCOUNTS_CHANGED, ACCOUNTS_NEW, PROGRESS_CHANGED, PROGRESS_NEW, SHARED)


async def post(
    connection: asyncpg.Connection,
    program: Program,
    world: World,
    rows: Sequence[Row],
    fired: Iterable[tuple[int, str]],
    end: str,
) -> None:
    """Write everything the batch came to, and end the transaction with `end`. Raises GuardFailed when a shared account
    moved under it."""
    members = list(world.members.values())
    script = Script()
    _accounts(script, members)
    _progress(script, members)
    await _lots(connection, members)
    await _profiles(connection, members)
    await _beside(connection, program, world, fired)
    await write_files(connection, world.lists.written)
    if world.merged:
        await move_rows(connection, world.merged)
    if world.erased:
        await erase_rows(connection, world.erased)
    for line in world.trail:
        await record(
            connection, at=line.at, actor=line.actor, act=line.act, object=line.object, before=line.before,
            after=line.after,
        )  # fmt: skip
    if not await write_codes(connection, world.codes.changed.values()):
        raise GuardFailed
    _shared(script, program, world.shared)
    try:
        await script.run(connection, end, Copy("event", COLUMNS, rows))
    except asyncpg.NoDataFoundError:
        raise GuardFailed from None


async def _beside(
    connection: asyncpg.Connection, program: Program, world: World, fired: Iterable[tuple[int, str]]
) -> None:
    """What members have beside points and progress."""
    members = [member for member in world.members.values() if member.beside]
    if gifts := await _items(connection, members):
        await write_parcels(connection, gifts, world.parcels)
    await _holds(connection, members)
    await write_grants(connection, members)
    await _timers(connection, members, fired)
    await _messages(connection, members)
    if program.watch is not None:
        await write_sightings(connection, members)


def _accounts(script: Script, members: Iterable[Member]) -> None:
    changed: list[tuple[str, int, int]] = []
    new: list[tuple[int, str, str, int]] = []
    for member in members:
        book, places = member.book, member.places
        for key in book.touched:
            if (place := places.get(key)) is not None:
                changed.append((place, member.number, book.balances[key]))
            else:
                new.append((member.number, *asset_and_part(key), book.balances[key]))
    if changed:
        stored, numbers, balances = zip(*changed, strict=True)
        script.add(
            ACCOUNTS_CHANGED,
            arrays.places(stored), arrays.numbers(numbers), arrays.numbers(balances),
        )  # fmt: skip
    if new:
        numbers, assets, parts, balances = zip(*new, strict=True)
        script.add(
            ACCOUNTS_NEW,
            arrays.numbers(numbers), arrays.texts(assets), arrays.texts(parts), arrays.numbers(balances), len(new),
        )  # fmt: skip


async def _lots(connection: asyncpg.Connection, members: Iterable[Member]) -> None:
    touched = [(member, asset) for member in members for asset in member.book.touched_lots]
    if not touched:
        return
    await connection.execute(
        """DELETE FROM lot USING unnest($1::bigint[], $2::text[]) AS gone (member_id, asset)
           WHERE lot.member_id = gone.member_id AND lot.asset = gone.asset""",
        [member.number for member, _ in touched],
        [asset for _, asset in touched],
    )
    rows = [
        (member.number, asset, expires, amount)
        for member, asset in touched
        for expires, amount in member.book.lots[asset]
    ]
    if rows:
        await connection.execute(
            """INSERT INTO lot (member_id, asset, expires, amount)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::bigint[])""",
            *zip(*rows, strict=True),
        )


def _progress(script: Script, members: Iterable[Member]) -> None:
    changed: list[tuple[str, int, str]] = []
    new: list[tuple[int, str, str, str]] = []
    for member in members:
        for campaign, written in member.changed.items():
            for row in packed(member.parts.get(campaign, NOTHING), written):
                if row.place is not None:
                    changed.append((row.place, member.number, row.state))
                else:
                    new.append((member.number, campaign, row.mechanic, row.state))
    if changed:
        stored, numbers, states = zip(*changed, strict=True)
        script.add(
            PROGRESS_CHANGED,
            arrays.places(stored), arrays.numbers(numbers), arrays.jsons(states),
        )  # fmt: skip
    if new:
        numbers, campaigns, mechanics, states = zip(*new, strict=True)
        script.add(
            PROGRESS_NEW,
            arrays.numbers(numbers), arrays.texts(campaigns), arrays.texts(mechanics), arrays.jsons(states), len(new),
        )  # fmt: skip


async def _items(connection: asyncpg.Connection, members: Iterable[Member]) -> list[tuple[int, Item]]:
    """Returns the gifts among them, with their members' numbers."""
    rows, gifts = [], []
    for member in members:
        for id in member.touched_items:
            item = member.items[id]
            if item is not None:
                rows.append(
                    (
                        member.number, item.id, item.kind, item.ref, item.state, item.code, item.serial, item.given,
                        item.expires, item.campaign, item.mechanic, item.cost, item.line,
                    )
                )  # fmt: skip
                if item.kind == "gift":
                    gifts.append((member.number, item))
    if rows:
        await connection.execute(
            """INSERT INTO item (member_id, id, kind, ref, state, code, serial, given, expires, campaign, mechanic,
                                 cost, line)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                                    $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[],
                                    $12::bigint[], $13::text[])
               ON CONFLICT (member_id, id) DO UPDATE SET state = EXCLUDED.state""",
            *zip(*rows, strict=True),
        )
    return gifts


async def _holds(connection: asyncpg.Connection, members: Iterable[Member]) -> None:
    rows, gone = [], []
    for member in members:
        for id in member.touched_holds:
            hold = member.holds[id]
            if hold is None:
                gone.append((member.number, id))
            else:
                lots = _json.encode(hold.lots).decode()
                rows.append((member.number, id, hold.asset, hold.amount, lots, hold.lapses, hold.why))
    if gone:
        await _delete(connection, "hold", gone)
    if rows:
        await connection.execute(
            """INSERT INTO hold (member_id, id, asset, amount, lots, lapses, why)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[],
                                    $6::timestamptz[], $7::text[])""",
            *zip(*rows, strict=True),
        )


async def _timers(
    connection: asyncpg.Connection, members: Sequence[Member], fired: Iterable[tuple[int, str]]
) -> None:
    gone = [*fired, *((member.number, id) for member in members for id in member.stopped)]
    if gone:
        await _delete(connection, "timer", gone)
    rows = [
        (number, timer.id, timer.due, timer.owner, timer.name, _json.encode(timer.data).decode())
        for member in members
        for number, timer in [
            *((member.number, timer) for timer in member.timers.values()),
            *member.foreign_timers,
        ]
    ]
    if rows:
        await connection.execute(
            """INSERT INTO timer (member_id, id, due, owner, name, data)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
               ON CONFLICT (member_id, id) DO UPDATE SET due = EXCLUDED.due, data = EXCLUDED.data""",
            *zip(*rows, strict=True),
        )


async def _delete(connection: asyncpg.Connection, table: str, gone: Sequence[tuple[int, str]]) -> None:
    await connection.execute(
        f"""DELETE FROM {table} t USING unnest($1::bigint[], $2::text[]) AS gone (member_id, id)
            WHERE t.member_id = gone.member_id AND t.id = gone.id""",
        [number for number, _ in gone],
        [id for _, id in gone],
    )


async def _messages(connection: asyncpg.Connection, members: Iterable[Member]) -> None:
    rows = [
        (member.number, message.cause, message.template, _json.encode(message.data).decode())
        for member in members
        for message in member.messages
    ]
    if rows:
        await connection.execute(
            """INSERT INTO outbox (member_id, cause, template, data, made)
               SELECT *, statement_timestamp() FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[])
               ON CONFLICT (member_id, cause) DO NOTHING""",
            *zip(*rows, strict=True),
        )


async def _profiles(connection: asyncpg.Connection, members: Iterable[Member]) -> None:
    touched = [member for member in members if member.touched_profile]
    if not touched:
        return
    await connection.execute(
        """UPDATE member m SET registered = new.registered, profile = new.profile
           FROM unnest($1::bigint[], $2::timestamptz[], $3::text[]) AS new (id, registered, profile)
           WHERE m.id = new.id""",
        [member.number for member in touched],
        [member.registered for member in touched],
        [_json.encode(member.profile).decode() for member in touched],
    )
    if personal := [member for member in touched if member.personal]:
        await connection.execute(
            """INSERT INTO member_personal AS p (member_id, fields) SELECT * FROM unnest($1::bigint[], $2::text[])
               ON CONFLICT (member_id) DO UPDATE SET fields = (p.fields::jsonb || EXCLUDED.fields::jsonb)::text""",
            [member.number for member in personal],
            [_json.encode(member.personal).decode() for member in personal],
        )


def _shared(script: Script, program: Program, book: SharedBook) -> None:
    """Net every shared account once, locked in id order; the guard refuses what would fall below a floor, or below
    what a decision on an unlocked read had to leave."""
    changes = sorted(
        (program.shared[key].id, delta, 0 if key in book.locked else book.leaving.get(key, 0))
        for key, delta in book.deltas.items()
        if delta
    )
    if changes:
        script.add(SHARED, *map(arrays.numbers, zip(*changes, strict=True)), len(changes))
