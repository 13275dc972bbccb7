"""The schedule: what is due when, in the campaign's zone, and that it is done once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from festoon.audience.refresh import preview
from festoon.audience.refresher import Refresher, all_due
from festoon.audience.refreshes import lock, save
from festoon.base.errors import Conflict
from festoon.engine.reload import load_program
from festoon.store.pool import connect
from tests.audience.stage import NOW, Stage, back, posts

PLAN = """
segments:
  away: {title: A, absent: 1 days, refresh: daily at 04:00}
  active: {title: B, when: member.active_days >= 1, refresh: hourly}
  rare: {title: C, when: member.active_days >= 1, refresh: by hand}
"""
FIRST = datetime(2027, 1, 31, 16, tzinfo=UTC)
"""When the campaign starts: the start of 1 February in Shanghai."""


async def due(stage: Stage, at: datetime) -> list[tuple[datetime, list[str]]]:
    program = await load_program(stage.platform.connection)
    found = await all_due(stage.platform.connection, program, at)
    return [(each.due, [segment.name for segment in each.segments]) for each in found]


async def test_the_first_time_is_the_start_and_then_what_the_rhythm_says(
    database: str, tmp_path: Path
) -> None:
    stage = await Stage.open(database, PLAN, tmp_path)
    assert await due(stage, FIRST - timedelta(seconds=1)) == []
    assert await due(stage, FIRST) == [(FIRST, ["away", "active"])]
    stage.platform.at = FIRST + timedelta(minutes=1)
    refresher = Refresher(database, tmp_path, lambda: stage.platform.at)
    await refresher.run_once()
    assert await due(stage, FIRST + timedelta(minutes=59)) == []
    # Nobody was there for a day and a half: only the last of the missed instants counts.
    later = FIRST + timedelta(hours=36, minutes=30)
    assert await due(stage, later) == [
        (FIRST + timedelta(hours=28), ["away"]),
        (FIRST + timedelta(hours=36), ["active"]),
    ]
    stage.platform.at = later
    assert [each.segment for each in await refresher.run_once()] == ["away", "active"]
    assert await refresher.run_once() == []
    await stage.platform.close()


async def test_nobody_enters_while_nothing_would_react_to_it(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, PLAN, tmp_path)
    with pytest.raises(Conflict) as refused:
        await stage.refresh(at=FIRST - timedelta(seconds=1))
    assert refused.value.code == "segment.not_started"
    await stage.platform.close()


async def test_nothing_is_due_once_the_campaign_is_settled(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, PLAN, tmp_path)
    assert await due(stage, datetime(2027, 3, 13, 16, tzinfo=UTC)) == []
    await stage.platform.close()


async def test_what_was_begun_is_finished_although_nothing_is_due(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, PLAN, tmp_path)
    await stage.platform.outcomes(*posts("ann", 1))
    refresher = Refresher(database, tmp_path, lambda: NOW)
    await refresher.run_once()
    [computed] = await preview(stage.place, stage.due("rare", at=back(-0.01)))
    await save(stage.platform.connection, "spring", computed, back(-0.01), NOW)
    assert await refresher.run_once() == []
    assert await stage.inside("rare") == ["ann"]
    await stage.platform.close()


async def test_two_do_not_refresh_a_campaign_at_once(database: str, tmp_path: Path) -> None:
    stage = await Stage.open(database, PLAN, tmp_path)
    other = await connect(database)
    await lock(other, "spring")
    with pytest.raises(Conflict):
        await stage.refresh()
    assert await Refresher(database, tmp_path, lambda: NOW).run_once() == []
    await other.close()
    assert len(await stage.refresh()) == 3
    await stage.platform.close()
