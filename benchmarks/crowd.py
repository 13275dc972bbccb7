"""A platform with many members and much history: some of it really happened, the rest are copies of that."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from benchmarks.ground import put_up
from benchmarks.plans import examples, three_match
from benchmarks.rounds import Tell
from festoon.base.clock import wall
from festoon.base.events import Event
from festoon.engine.engine import Engine
from festoon.engine.reload import load_program
from festoon.engine.run_batch import run_batch
from festoon.store.pool import connect, connect_hot

REAL = 1_000
"""Members who really did something."""
STRIDE = 1_000_000
"""Between the numbers of a member and of his copies."""
AT_ONCE = 50
"""Copies of everybody in one statement."""

COPIED = {
    "member": ("id + {0}, subject || '-' || k, registered, profile, seen", "id, subject, registered, profile, seen"),
    "identity": ("subject || '-' || k, member_id + {0}", "subject, member_id"),
    "member_personal": ("member_id + {0}, fields", "member_id, fields"),
    "account": ("member_id + {0}, asset, part, balance, floor", "member_id, asset, part, balance, floor"),
    "lot": ("member_id + {0}, asset, expires, amount", "member_id, asset, expires, amount"),
    "progress": ("member_id + {0}, campaign, mechanic, state", "member_id, campaign, mechanic, state"),
    "item": (
        "member_id + {0}, id, kind, ref, state, code || '-' || k, serial + {0}, given, expires, campaign, mechanic",
        "member_id, id, kind, ref, state, code, serial, given, expires, campaign, mechanic",
    ),
    "event": (
        "member_id + {0}, key, hash, source, id, type, time, now, data, outcome, transfers",
        "member_id, key, hash, source, id, type, time, now, data, outcome, transfers",
    ),
}  # fmt: skip
"""What is copied of each table, from rows of the members who are real, and into which columns."""


class Crowd(Struct, frozen=True):
    """What there is now."""

    members: int
    events: int


def crowd(dsn: str, members: int, tell: Tell) -> Crowd:
    """Fill a database: the five example plans run, some members take part for a week, everybody else is like them.
    About ten events a member."""
    today = wall().date()
    asyncio.run(put_up(dsn, three_match(today), *examples(today)))
    tell("the members who are real take part")
    asyncio.run(_live(dsn, today))
    return asyncio.run(_copy(dsn, max(members // REAL - 1, 0), tell))


def _week(today: date) -> Iterator[Event]:
    """A week of a thousand members."""
    start = datetime.combine(today, datetime.min.time()).astimezone() - timedelta(days=6)
    for number in range(REAL):
        who, at = f"member-{number}", start + timedelta(minutes=number)
        yield _event(
            "member.registered", who, at, name=f"Name {number}", phone=f"138{number:08}", region="Shanghai"
        )
        for day in range(3):
            later = at + timedelta(days=day, hours=1)
            order = {
                "order": f"o-{number}-{day}",
                "amount": 1_000 + 37 * number,
                "currency": "CNY",
                "lines": [],
            }
            yield _event("member.logged_in", who, later)
            yield _event("content.liked", who, later, content=f"c-{number % 50}")
            yield _event("order.paid", who, later, **order)


def _event(type_: str, who: str, at: datetime, **data: object) -> Event:
    return Event("shop", f"{type_}/{who}/{at.isoformat()}", type_, who, at, data)


async def _live(dsn: str, today: date) -> None:
    connection = await connect_hot(dsn)
    try:
        engine = Engine(await load_program(connection), load_program, wall)
        events = list(_week(today))
        for start in range(0, len(events), 500):
            answers = await run_batch(engine, connection, events[start : start + 500])
            failed = [answer.error for answer in answers if answer.error is not None]
            assert not failed, failed[0]
    finally:
        await connection.close()


async def _copy(dsn: str, copies: int, tell: Tell) -> Crowd:
    connection = await connect(dsn)
    try:
        await connection.execute("SET statement_timeout = 0")  # filling tables takes as long as it takes
        for low in range(1, copies + 1, AT_ONCE):
            high = min(low + AT_ONCE, copies + 1)
            tell(f"copying: {low} of {copies}")
            async with connection.transaction():
                await connection.execute("SELECT journal_extend(2)")
                for table, (values, columns) in COPIED.items():
                    await connection.execute(_insert(table, values, columns, low, high))
        await connection.execute("VACUUM (ANALYZE)")
        row = await connection.fetchrow("SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM event)")
        assert row is not None
        return Crowd(row[0], row[1])
    finally:
        await connection.close()


def _insert(table: str, values: str, columns: str, low: int, high: int) -> str:
    key = "id" if table == "member" else "member_id"
    override = "OVERRIDING SYSTEM VALUE" if table == "member" else ""
    return f"""INSERT INTO {table} ({columns}) {override}
               SELECT {values.format(f"k * {STRIDE}::bigint")} FROM {table}, generate_series({low}, {high - 1}) AS k
               WHERE {key} < {STRIDE}"""
