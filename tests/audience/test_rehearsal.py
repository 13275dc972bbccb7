"""Segments in a rehearsal: refreshed by themselves, at their times on the events' own clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import asyncpg

from festoon.audience.rehearsal import Refreshing
from festoon.base.events import Event
from festoon.engine.audit import audit
from festoon.intake.rehearsal import rehearse
from festoon.store.pool import connect
from tests.live import HEAD, put_up

PLAN = (
    HEAD
    + """
segments:
  sleeping: {title: Asleep, absent: {days: 3, without: content.published}, refresh: daily at 09:00}
  busy: {title: Busy, when: member.posts >= 2, over: 30 days, refresh: weekly on monday at 04:00}
  by-hand: {title: By hand, when: member.posts >= 1, over: 30 days, refresh: by hand}
mechanics:
  come-back: {kind: gift, on: segment.entered, when: event.segment == 'sleeping', give: [{points: 200}]}
  double: {kind: gift, on: content.published, when: "member.segment('sleeping')", give: [{points: 7}]}
"""
)
START = datetime(2027, 1, 31, 16, tzinfo=UTC)
"""Midnight in Shanghai, when February and the campaign begin: a Monday."""


def at(day: int, hour: float = 12) -> datetime:
    """An hour of a day of February in Shanghai."""
    return START + timedelta(days=day - 1, hours=hour)


def posts(who: str, *moments: datetime) -> list[Event]:
    return [
        Event("app", f"{who}/{moment.isoformat()}", "content.published", who, moment, {"content": "c"})
        for moment in moments
    ]


HISTORY = sorted(
    [
        *posts(
            "ann", at(1), at(6)
        ),  # away from the second to the fifth: asleep on the fifth, awake on the seventh
        *posts("bea", *(at(day, 8) for day in range(1, 13))),
        *posts("cai", at(1, 10), at(12, 23)),
    ],
    key=lambda event: event.time,
)


async def opened(database: str, plan: str = PLAN) -> asyncpg.Connection:
    connection = await connect(database)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    await put_up(database, plan)
    return connection


async def told(connection: asyncpg.Connection) -> list[tuple[str, str, str, datetime]]:
    """Who came into which segment or left it, and when."""
    rows = await connection.fetch(
        """SELECT m.subject, e.type, e.data::jsonb ->> 'segment' AS segment, e.time, e.now
           FROM event e JOIN member m ON m.id = e.member_id WHERE e.type LIKE 'segment.%' ORDER BY e.now, m.subject"""
    )
    assert all(row["now"] == row["time"] for row in rows), (
        "it was taken when it happened, by the events' clock"
    )
    return [
        (row["subject"], row["type"].removeprefix("segment."), row["segment"], row["time"]) for row in rows
    ]


async def points(connection: asyncpg.Connection) -> dict[str, int]:
    rows = await connection.fetch(
        "SELECT m.subject, a.balance FROM account a JOIN member m ON m.id = a.member_id WHERE a.asset = 'points'"
    )
    return {row["subject"]: row["balance"] for row in rows}


EXPECTED = [
    ("ann", "entered", "sleeping", at(5, 9)),
    ("cai", "entered", "sleeping", at(5, 9)),
    ("ann", "left", "sleeping", at(7, 9)),
    ("ann", "entered", "busy", at(8, 4)),
    ("bea", "entered", "busy", at(8, 4)),
    ("ann", "entered", "sleeping", at(10, 9)),
]


async def test_segments_are_refreshed_at_their_times_however_the_history_is_cut(
    database: str, tmp_path: Path
) -> None:
    connection = await opened(database)
    for start, end in pairwise([0, 3, 9, len(HISTORY)]):
        await rehearse(database, [HISTORY[start:end]], schedule=Refreshing(database, tmp_path))
    assert await told(connection) == EXPECTED
    assert await points(connection) == {"ann": 400 + 7, "cai": 200 + 7}
    assert (await audit(connection)).holds
    await connection.close()


async def test_the_same_history_again_refreshes_nothing_anew(database: str, tmp_path: Path) -> None:
    connection = await opened(database)
    for _ in range(2):
        await rehearse(database, [HISTORY], schedule=Refreshing(database, tmp_path))
    assert await told(connection) == EXPECTED
    refreshed = await connection.fetchval("SELECT count(*) FROM segment_refresh")
    assert refreshed == 2 + 12 + 2, "when the campaign starts, every morning, and on both Mondays"
    await connection.close()


async def test_the_clock_that_runs_on_refreshes_until_the_campaign_is_settled(
    database: str, tmp_path: Path
) -> None:
    weekly = PLAN.replace("daily at 09:00", "weekly on friday at 09:00").replace(
        "settle: 2027-03-14", "settle: 2027-03-06"
    )
    connection = await opened(database, weekly.replace("weekly on monday at 04:00", "by hand"))
    await rehearse(database, [HISTORY[:3]], schedule=Refreshing(database, tmp_path), until=at(60))
    dues = await connection.fetch("SELECT due FROM segment_refresh WHERE segment = 'sleeping' ORDER BY due")
    assert [row["due"] for row in dues] == [START, *(at(day, 9) for day in (5, 12, 19, 26, 33))]
    assert ("bea", "entered", "sleeping", at(5, 9)) in await told(connection)
    await connection.close()


async def test_without_a_schedule_nothing_is_refreshed(database: str) -> None:
    connection = await opened(database)
    await rehearse(database, [HISTORY])
    assert await told(connection) == []
    await connection.close()
