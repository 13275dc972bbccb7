"""Events that were turned away are written down by the minute, by code and type."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from festoon.base.errors import Invalid
from festoon.base.times import LATE_DAYS
from festoon.engine.reload import load_program
from festoon.intake.cloudevents import CloudEvent
from festoon.intake.door import Door, Lateness
from festoon.intake.turned_away import write_down
from festoon.store.pool import connect

NOW = datetime(2027, 2, 10, 4, 5, 6, tzinfo=UTC)
SCOPES = frozenset({"events:write"})


def sent(type_: str, **data: object) -> CloudEvent:
    return CloudEvent(id="e1", source="shop", type=type_, subject="ann", specversion="1.0", data=data)


async def test_what_the_door_turns_away_is_added_up_by_minute_code_and_type(database: str) -> None:
    connection = await connect(database)
    program = await load_program(connection)
    door = Door(Lateness(), lambda: program)
    for minute in (0, 0, 1):
        for type_ in ("order.paid", "order.paid", "never.heard.of"):
            with pytest.raises(Invalid):
                door.admit(sent(type_, amount="much" if type_ == "order.paid" else float("nan")), NOW, SCOPES)
        door.admit_each([{"specversion": "1.0"}], NOW, SCOPES)
        door.admit(sent("content.liked", content="c"), NOW, SCOPES)
        await write_down(connection, door, NOW + timedelta(minutes=minute))
    assert door.turned_away == {}
    rows = await connection.fetch(
        "SELECT minute, type, sum(times) FROM intake_count GROUP BY 1, 2 ORDER BY 1, 2"
    )
    await connection.close()
    first = NOW.replace(second=0)
    later = first + timedelta(minutes=1)
    assert [tuple(row) for row in rows] == [
        (first, "", 4), (first, "order.paid", 4), (later, "", 2), (later, "order.paid", 2),
    ]  # fmt: skip


async def test_what_is_turned_away_while_it_is_written_down_is_not_lost(database: str) -> None:
    connection = await connect(database)
    program = await load_program(connection)
    door = Door(Lateness(), lambda: program)
    door.note(Invalid("event.late"))
    writing = asyncio.create_task(write_down(connection, door, NOW))
    await asyncio.sleep(0)
    door.note(Invalid("event.late"))
    await writing
    assert door.turned_away["event.late", ""] == 1
    await write_down(connection, door, NOW)
    assert await connection.fetchval("SELECT sum(times) FROM intake_count") == 2
    await connection.close()


def test_no_door_lets_an_event_in_that_is_later_than_what_events_are_judged_by_is_kept() -> None:
    assert Lateness().behind < timedelta(days=LATE_DAYS)
