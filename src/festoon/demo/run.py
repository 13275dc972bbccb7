"""The demo's steps: history, back-test, the year through the live engine, audit, facts, report.

Every step is the one a platform would take, in the order it would take it. What members would have done with
incentives that did not exist in 2017 is assumed, and the assumptions are stated with the result.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from festoon.audience.rehearsal import Refreshing
from festoon.base.events import Event
from festoon.engine.assumptions import Assumptions, Responses
from festoon.engine.backtest import seed_bytes
from festoon.engine.publish import publish, submit
from festoon.engine.replay import Replay, program_in_memory
from festoon.intake.files import read_event_parquet, write_event_parquet
from festoon.intake.rehearsal import Rehearsed, rehearse
from festoon.outbox.relay import Relay
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.store.pool import connect

ASSUMED = Assumptions(plays=0.8, check_ins=0.3)
"""Members use four of five chances, and check in on three of ten days on which they shop."""
BEFORE = datetime(2017, 1, 1, tzinfo=UTC)
AFTER = datetime(2018, 3, 1, tzinfo=UTC)
"""When the rehearsal's clock stops: points lapse at the end of 2017."""
BATCH = 5_000

OnEvents = Callable[[int], None]


class Counted(Struct):
    """Outcomes of the rehearsal, read back from its journal."""

    events: int
    outcomes: dict[str, int]
    refusals: dict[str, int]
    grants: dict[str, int]
    transfers: int


def plan_text() -> str:
    """The demo's plan."""
    return files("festoon.demo").joinpath("plan.yaml").read_text(encoding="utf-8")


def with_responses(history: Path, target: Path, on_events: OnEvents) -> int:
    """Write the year as the campaign would have seen it: history, and what members are assumed to do about what they
    are given. Returns the number of events."""
    replay = Replay(program_in_memory([compile_plan(read_plan(plan_text()))], seed_bytes(1)))
    responses = Responses(replay.program, ASSUMED, seed_bytes(1))

    def decided() -> Iterator[Event]:
        for event, _, outcome in replay.run(responses.merged(flat(read_event_parquet(history)))):
            if event.type != "timer.due":
                yield event
            responses.react(event, outcome)

    return write_event_parquet(target, counted(batches(decided()), on_events))


def flat(lists: Iterable[list[Event]]) -> Iterator[Event]:
    """Events one by one."""
    for events in lists:
        yield from events


def batches(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Events in lists."""
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def counted(lists: Iterable[list[Event]], on_events: OnEvents) -> Iterator[list[Event]]:
    """The same lists, with their sizes told."""
    for events in lists:
        yield events
        on_events(len(events))


async def publish_in_rehearsal(dsn: str, plan: str) -> str:
    """Make the database a rehearsal and let a plan take over, before the year begins; its campaign."""
    connection = await connect(dsn)
    try:
        await connection.execute("UPDATE installation SET mode = 'rehearsal'")
        campaign, version = await submit(connection, plan, "demo", BEFORE)
        await publish(connection, campaign, version, "demo", BEFORE)
        return campaign
    finally:
        await connection.close()


async def live_year(dsn: str, events: Path, members: Path, facts: Path, on_events: OnEvents) -> Rehearsed:
    """The year through the live engine, durably, on the events' own clock; members are imported first, and segments
    refreshed as their times come."""

    def everything() -> Iterator[list[Event]]:
        yield from read_event_parquet(members)
        yield from read_event_parquet(events)

    return await rehearse(
        dsn,
        everything(),
        on_batch=lambda count, _: on_events(count),
        until=AFTER,
        schedule=Refreshing(dsn, facts),
    )


async def count_outcomes(dsn: str) -> Counted:
    """What the journal says came of the year."""
    connection = await connect(dsn)
    try:
        return await _count(connection)
    finally:
        await connection.close()


async def _count(connection: asyncpg.Connection) -> Counted:
    outcomes: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    grants: Counter[str] = Counter()
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    events = 0
    async with connection.transaction(readonly=True):
        async for row in connection.cursor("SELECT type, outcome FROM event", prefetch=5_000):
            events += 1
            body = decode(row["outcome"])
            outcomes[f"{row['type']} {body['status']}"] += 1
            for result in body.get("mechanics", ()):
                if refused := result.get("refused"):
                    refusals[refused["code"]] += 1
                for given in result.get("given", ()):
                    grants[f"{given['kind']} {given['ref']}"] += 1
    transfers = await connection.fetchval(
        "SELECT coalesce(sum(jsonb_array_length(transfers::jsonb)), 0)::bigint FROM event WHERE transfers IS NOT NULL"
    )
    return Counted(events, dict(outcomes), dict(refusals), dict(grants), transfers)


async def hand_on(dsn: str, facts: Path, on_rows: OnEvents) -> int:
    """Write the facts of everything that was committed; how many rows."""
    relay = Relay(dsn, facts)
    rows = 0
    while True:
        relayed = await relay.run_once()
        rows += relayed.rows
        on_rows(relayed.rows)
        if relayed.caught_up:
            return rows
