"""A grand draw on a live database: late tickets, several processes at once, and one that is cut off in the middle."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from festoon.base.errors import Conflict, NotFound
from festoon.engine.appointments import NOBODY
from festoon.engine.draw_records import Winner, export, export_tickets, winners
from festoon.engine.draws import record_randomness, reveal
from festoon.engine.lists import read_file
from festoon.engine.run_batch import run_batch
from festoon.intake.clock import due_members
from festoon.intake.rehearsal import rehearse
from festoon.mechanics.grand_verify import verify_grand
from festoon.store.pool import connect
from tests.live import HEAD, Platform, event

pytestmark = pytest.mark.xdist_group("races")

FROZEN = datetime.fromisoformat("2027-02-20T20:00+08:00")
DRAWN = FROZEN + timedelta(hours=24)
SETTLED = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)
PUBLIC = "3,251.76"
NAMED = ("spring", "grand")
PLAN = (
    HEAD
    + """
gifts: {phone: {cost: 100, line: prizes}}
mechanics:
  tickets: {kind: gift, on: page.viewed, give: [{chances: grand}]}
  grand:
    kind: grand_draw
    frozen: 2027-02-20 20:00
    drawn: 2027-02-21 20:00
    prizes: [{id: phone, count: 3, give: {gift: phone}}, {id: pen, count: 40, give: {points: 5}}]
    randomness: the index at the close of 2027-02-21
"""
)


async def opened(database: str, members: int = 60) -> Platform:
    """A platform whose n-th member got a ticket n modulo 3 times, on the day of the freezing."""
    platform = await Platform.open(database, PLAN, now=FROZEN - timedelta(hours=1))
    for round in range(3):
        await platform.outcomes(*(ticket(f"m{n}", round) for n in range(members) if n % 3 >= round))
    return platform


def ticket(who: str, number: int = 0, at: datetime = FROZEN - timedelta(hours=1)) -> Any:
    return event("page.viewed", who, f"{who}/{number}/{at.isoformat()}", at, page="x")


async def frozen(platform: Platform) -> dict[str, int]:
    """Let the tickets be frozen, and return them by member."""
    platform.at = max(platform.at, FROZEN + SETTLED)
    await platform.wake(NOBODY)
    lines = (await read_file(platform.connection, *NAMED, "tickets") or "").splitlines()
    names = {
        row["id"]: row["subject"] for row in await platform.connection.fetch("SELECT id, subject FROM member")
    }
    return {names[int(member)]: int(count) for member, _, count in (line.partition(",") for line in lines)}


async def valued(platform: Platform) -> None:
    await record_randomness(platform.connection, *NAMED, "campaign", PUBLIC, platform.at, "tests")


async def handed_out(platform: Platform) -> Sequence[Winner]:
    """Let the winners' timers fire, all of them and again."""
    for _ in range(2):
        woken = await due_members(platform.connection, platform.at)
        await run_batch(platform.engine, platform.connection, [], [number for number, _ in woken])
    return await winners(platform.connection, *NAMED)


async def test_a_ticket_that_was_taken_in_time_counts_and_one_taken_at_the_set_time_does_not(
    database: str,
) -> None:
    platform = await opened(database)
    for who, at in (("m0", FROZEN - MOMENT), ("m1", FROZEN), ("m2", FROZEN + SETTLED), ("new", FROZEN)):
        platform.at = at
        await platform.outcomes(ticket(who, 9, at))
    spent = event(
        "balance.adjusted", "m2", "spent", FROZEN, asset="spring/chances/grand", amount=-2, reason="x"
    )
    await platform.outcomes(spent)
    had = await frozen(platform)
    assert had == {f"m{n}": n % 3 + 1 + (n == 0) for n in range(60)}
    await platform.close()


async def test_who_was_erased_before_the_set_time_has_no_ticket(database: str) -> None:
    platform = await opened(database, members=4)
    await platform.outcomes(
        event("member.erased", "m2", "gone", platform.at, reason="asked", requested_by="wu")
    )
    assert set(await frozen(platform)) == {"m0", "m1", "m3"}
    await valued(platform)
    platform.at = DRAWN + SETTLED
    await platform.wake(NOBODY)
    assert {win.subject for win in await handed_out(platform)} == {"m0", "m1", "m3"}
    await platform.audit()
    await platform.close()


async def test_a_batch_from_before_the_set_time_is_waited_for(database: str) -> None:
    """The appointment is not due before the minute in which every such batch ends is over."""
    platform = await opened(database)
    for at, due in ((FROZEN, []), (FROZEN + SETTLED - MOMENT, []), (FROZEN + SETTLED, [NOBODY])):
        found = await due_members(platform.connection, at, (), at - SETTLED)
        assert [subject for _, subject in found] == due
    await platform.close()


async def test_the_public_value_is_refused_while_tickets_can_still_be_got(database: str) -> None:
    platform = await opened(database)
    with pytest.raises(Conflict) as caught:
        await valued(platform)
    assert caught.value.code == "grand_draw.not_frozen"
    await frozen(platform)
    await valued(platform)
    await platform.close()


async def test_several_processes_draw_the_same_grand_draw_once(database: str, tmp_path: Path) -> None:
    platform = await opened(database)
    await frozen(platform)
    await valued(platform)
    others = [await Platform.open(database, now=DRAWN + SETTLED) for _ in range(5)]
    await asyncio.gather(*(other.wake(NOBODY) for other in others))
    platform.at = DRAWN + SETTLED
    await asyncio.gather(*(handed_out(other) for other in others))
    won = await handed_out(platform)
    assert [win.prize for win in won] == ["phone"] * 3 + ["pen"] * 40
    assert len({win.subject for win in won}) == 43
    assert {win.state for win in won} == {"given"}
    assert await platform.connection.fetchval("SELECT count(*) FROM item WHERE kind = 'gift'") == 3
    assert await platform.shared("shelf", "spring/stock/grand/phone") == 0
    await platform.audit()
    await checks(platform, tmp_path)
    for each in (platform, *others):
        await each.close()


async def checks(platform: Platform, folder: Path) -> None:
    """A stranger finds that what is published holds."""
    seed = await reveal(platform.connection, *NAMED, "campaign", platform.at, "tests")
    record, tickets = folder / "winners.ndjson", folder / "tickets.csv"
    assert await export(platform.connection, *NAMED, "campaign", record) == 43
    await export_tickets(platform.connection, *NAMED, tickets)
    assert verify_grand(record, tickets, seed["seed"], seed["public"], seed["commitment"]).holds


async def test_a_grand_draw_that_is_cut_off_in_the_middle_is_drawn_again_and_comes_to_the_same(
    database: str, tmp_path: Path
) -> None:
    platform = await opened(database)
    await frozen(platform)
    await valued(platform)
    platform.at = DRAWN + SETTLED
    block = await connect(database)
    held = block.transaction()
    await held.start()
    await block.execute("LOCK TABLE timer IN EXCLUSIVE MODE")
    drawing = asyncio.create_task(platform.wake(NOBODY))
    backend = platform.connection.get_server_pid()
    await _waits(block, backend)
    await block.execute("SELECT pg_terminate_backend($1)", backend)
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.AdminShutdownError)):
        await drawing
    await held.rollback()
    assert await read_file(block, *NAMED, "winners") is None
    assert await block.fetchval("SELECT count(*) FROM timer WHERE name = 'won'") == 0
    after = await Platform.open(database, now=DRAWN + SETTLED)
    await after.wake(NOBODY)
    won = await handed_out(after)
    assert len(won) == 43
    assert {win.state for win in won} == {"given"}
    await after.audit()
    await checks(after, tmp_path)
    await block.close()
    await after.close()


async def _waits(connection: asyncpg.Connection, backend: int) -> None:
    blocked = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1"
    while True:
        if await connection.fetchval(blocked, backend):
            return
        await asyncio.sleep(0.005)


async def test_the_seed_stays_secret_until_every_winner_has_his_prize(database: str) -> None:
    platform = await opened(database)
    await frozen(platform)
    await valued(platform)
    platform.at = DRAWN + SETTLED
    for code in ("draw.epoch_not_over", "grand_draw.not_handed_out"):
        with pytest.raises(Conflict) as caught:
            await reveal(platform.connection, *NAMED, "campaign", platform.at, "tests")
        assert caught.value.code == code
        await platform.wake(NOBODY)
    await platform.close()


async def test_what_is_not_there_yet_is_said_to_be_not_there_yet(database: str, tmp_path: Path) -> None:
    platform = await opened(database, members=1)
    for asked in (
        winners(platform.connection, *NAMED),
        export(platform.connection, *NAMED, "campaign", tmp_path / "x"),
    ):
        with pytest.raises(Conflict) as caught:
            await asked
        assert caught.value.code == "grand_draw.not_yet"
    with pytest.raises(NotFound):
        await export_tickets(platform.connection, "spring", "tickets", tmp_path / "x")
    await platform.close()


async def test_a_rehearsal_freezes_the_tickets_of_the_set_time_too(database: str) -> None:
    connection = await connect(database)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    platform = await Platform.open(
        database, PLAN.replace("    randomness: the index at the close of 2027-02-21\n", "")
    )
    events = [ticket(f"m{n}", 0, FROZEN + timedelta(seconds=n - 30)) for n in range(60)]
    await rehearse(database, [events], until=DRAWN + SETTLED)
    listed = (await read_file(connection, *NAMED, "tickets") or "").splitlines()
    assert len(listed) == 30
    won = await winners(connection, *NAMED)
    assert [win.state for win in won] == ["given"] * 30
    await platform.audit()
    await platform.close()
    await connection.close()
