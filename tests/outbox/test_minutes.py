"""The counters of the live board: what the relay adds up of the journal, once."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from festoon.engine.outcome import Given, MechanicOutcome, Outcome, Refusal
from festoon.outbox import facts, minutes
from festoon.outbox.retention import Retention
from festoon.store.pool import connect
from tests.outbox.writing import GAVE, NOW, relay_all, write

LINE = "spring/budget/prizes|CNY"


async def stored(
    connection: asyncpg.Connection, grain: str = "minute"
) -> dict[tuple[Any, ...], tuple[int, int]]:
    rows = await connection.fetch(
        "SELECT campaign, at, what, key, times, amount FROM board_count WHERE grain = $1", grain
    )
    return {tuple(row)[:4]: (row["times"], row["amount"]) for row in rows}


async def totals(connection: asyncpg.Connection, campaign: str = "spring") -> dict[str, int]:
    found = await stored(connection, "total")
    return {f"{what} {key}": times for (of, _, what, key), (times, _) in found.items() if of == campaign}


def recounted(directory: Path) -> Mapping[tuple[Any, ...], tuple[int, int]]:
    """What the counters have to say, from all that was handed on, at once."""
    times: Counter[tuple[Any, ...]] = Counter()
    amounts: Counter[tuple[Any, ...]] = Counter()
    stages: dict[tuple[str, int], int] = {}
    for name in facts.names(directory):
        found = minutes.count(facts.read(directory, name))
        for (campaign, grain, _, what, key), (many, amount) in found.times.items():
            if grain == "total":
                times[campaign, what, key] += many
                amounts[campaign, what, key] += amount
        for campaign, members in found.stages.items():
            for member, came in members.items():
                stages[campaign, member] = max(stages.get((campaign, member), 0), len(came))
    for (campaign, _), stage in stages.items():
        for each in range(1, stage + 1):
            times[campaign, "reached", str(each)] += 1
    return {place: (many, amounts[place]) for place, many in times.items()}


async def agree(connection: asyncpg.Connection, directory: Path) -> bool:
    """Whether the stored totals are what all ranges come to, and minutes and quarters add up to them."""
    ever = {(c, what, key): value for (c, _, what, key), value in (await stored(connection, "total")).items()}
    for grain in ("minute", "quarter"):
        added: dict[tuple[Any, ...], tuple[int, int]] = {}
        for (campaign, _, what, key), (times, amount) in (await stored(connection, grain)).items():
            before = added.get((campaign, what, key), (0, 0))
            added[campaign, what, key] = before[0] + times, before[1] + amount
        assert added == ever
    return ever == recounted(directory)


@pytest.fixture
async def connection(database: str) -> Any:
    connection = await connect(database)
    yield connection
    await connection.close()


async def test_a_range_adds_what_its_events_came_to(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    await write(connection, 2)
    await write(connection, 1, member=8, now=NOW + timedelta(minutes=20))
    await relay_all(database, tmp_path)
    assert await totals(connection) == {
        "took earn": 3, "took lucky-draw": 3, "took other-draw": 3,
        "gave earn": 3, "gave lucky-draw": 6, "rewarded earn": 3, "rewarded lucky-draw": 3,
        "refused limit.per_member task": 3, "passed condition vip": 3, "passed holdout a": 3, "passed holdout b": 3,
        "spent prizes": 6, "reached 1": 2, "reached 2": 2, "reached 3": 2,
    }  # fmt: skip
    found = await stored(connection)
    assert found["spring", NOW, "spent", "prizes"] == (4, 2 * 512)
    assert found["", NOW + timedelta(minutes=20), "event", "content.published"] == (1, 0)
    quarters = await stored(connection, "quarter")
    assert quarters["spring", NOW + timedelta(minutes=15), "took", "earn"] == (1, 0)
    assert await agree(connection, tmp_path)


async def test_a_member_counts_once_however_far_and_however_often_he_comes(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    passed = Outcome("accepted", [], {"condition": ["spring/earn"]})
    noted = Outcome("accepted", [MechanicOutcome("spring/draw", note={"roll": 1})])
    for outcome, reached in (
        (passed, [1]),
        (passed, [1]),
        (noted, [1, 1]),
        (GAVE, [1, 1, 1]),
        (noted, [1, 1, 1]),
    ):
        await write(connection, outcome=outcome)
        await relay_all(database, tmp_path)
        found = await totals(connection)
        assert [found[f"reached {n}"] for n in (1, 2, 3) if f"reached {n}" in found] == reached


async def test_who_could_not_take_part_is_not_among_those_who_came(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    await write(connection, outcome=Outcome("accepted", [], {"holdout": ["spring/a"], "phase": ["spring/b"]}))
    await relay_all(database, tmp_path)
    assert await totals(connection) == {"passed holdout a": 1, "passed phase b": 1}


async def test_of_testers_only_what_they_cost_counts(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    given = MechanicOutcome("spring/earn", [Given("coupon", "x", cost=500, line=LINE)])
    refused = MechanicOutcome("spring/draw", refused=Refusal("draw.no_chances"))
    await write(connection, outcome=Outcome("accepted", [given, refused], tests=["spring"]))
    await relay_all(database, tmp_path)
    assert await totals(connection) == {"spent prizes": 1}


async def test_what_was_handed_on_before_there_were_counters_is_added(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    await write(connection, 3)
    await relay_all(database, tmp_path)
    await connection.execute("TRUNCATE board_count, board_member; UPDATE relay_range SET counted = NULL")
    await write(connection, 1)
    await relay_all(database, tmp_path)
    assert (await totals(connection))["took earn"] == 4
    assert await agree(connection, tmp_path)


async def test_minutes_are_let_go_of_and_totals_stay(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    await write(connection, 1)
    await relay_all(database, tmp_path)
    await connection.execute("INSERT INTO intake_count VALUES ($1, 'event.late', '', 3)", NOW)
    await Retention(database, timedelta(days=35), lambda: NOW + timedelta(days=4)).run_once()
    assert await stored(connection) == {}
    assert await stored(connection, "quarter") != {}
    assert await connection.fetchval("SELECT count(*) FROM intake_count") == 0
    await Retention(database, timedelta(days=35), lambda: NOW + timedelta(days=61)).run_once()
    assert await stored(connection, "quarter") == {}
    assert (await totals(connection))["took earn"] == 1


async def test_of_a_year_that_is_handed_on_at_once_only_its_end_is_written_by_minute(
    connection: asyncpg.Connection, database: str, tmp_path: Path
) -> None:
    async with connection.transaction():
        for days in (0, 200, 365 - 30, 365):
            await write(connection, 1, now=NOW + timedelta(days=days))
    await relay_all(database, tmp_path)
    assert {at for _, at, _, _ in await stored(connection)} == {NOW + timedelta(days=365)}
    assert {at - NOW for _, at, _, _ in await stored(connection, "quarter")} == {
        timedelta(days=335),
        timedelta(days=365),
    }
    assert (await totals(connection))["took earn"] == 4
