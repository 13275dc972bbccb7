"""A pool on a live database: what is left over goes back to its line, once, and the books agree."""

from datetime import UTC, datetime, timedelta

from festoon.base.events import Event
from festoon.engine.appointments import NOBODY
from tests.live import HEAD, Platform, event, put_up, refusals

PLAN = (
    HEAD
    + """
mechanics:
  packets:
    kind: red_packet
    pool: {asset: CNY, amount: 5000, line: prizes}
    packets: 10
    closes: 2027-02-11
"""
)


CLOSED = datetime(2027, 2, 11, 16, tzinfo=UTC)


async def test_what_is_left_over_goes_back_to_its_line_once(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    assert await platform.shared("spring/budget/prizes", "CNY") == 95_000
    got = sum(
        made.mechanics[0].note["amount"] for made in await platform.outcomes(reach("mei"), reach("lin"))
    )
    platform.at = CLOSED
    await platform.wake(NOBODY)
    await platform.wake(NOBODY)
    assert await platform.shared("spring/budget/prizes.packets", "CNY") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - got
    assert await platform.shared("spring/cost/prizes.packets", "CNY") == got
    assert refusals(await platform.outcomes(reach("wu"))) == ["red_packet.closed"]
    await platform.audit()
    await platform.close()


def reach(who: str, id: str = "") -> Event:
    return event("red_packet.claimed", who, id, campaign="spring", mechanic="packets")


async def dues(platform: Platform) -> list[datetime]:
    return [row["due"] for row in await platform.connection.fetch("SELECT due FROM timer ORDER BY due")]


async def test_a_pool_that_nobody_has_reached_into_goes_back_and_concerns_no_member(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    platform.at = CLOSED
    await platform.wake(NOBODY)
    assert await platform.shared("spring/budget/prizes.packets", "CNY") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000
    [journal] = await platform.connection.fetch("SELECT outcome, transfers FROM event")
    assert journal["outcome"] == '{"status":"accepted"}'
    assert "spring/budget/prizes.packets" in journal["transfers"]
    await platform.audit()
    await platform.close()


async def test_a_new_version_moves_an_appointment_and_does_not_repeat_one_that_was_kept(
    database: str,
) -> None:
    platform = await Platform.open(database, PLAN)
    later = PLAN.replace("2027-02-11", "2027-02-12")
    await put_up(database, later)
    assert await dues(platform) == [CLOSED + timedelta(days=1)]
    platform.at = CLOSED
    await platform.wake(NOBODY)
    assert await platform.shared("spring/budget/prizes.packets", "CNY") == 5000
    platform.at = CLOSED + timedelta(days=1)
    await platform.wake(NOBODY)
    assert await platform.shared("spring/budget/prizes.packets", "CNY") == 0
    await put_up(database, later.replace("en: Spring", "en: Spring again"))
    assert await dues(platform) == []
    await platform.audit()
    await platform.close()


async def test_a_new_member_is_not_rolled_for_again_because_his_packet_wants_a_lock(database: str) -> None:
    """A roll goes by the member's number. One who was made anew with each attempt could only ever miss: a miss wants no
    lock."""
    platform = await Platform.open(database, PLAN.replace("packets: 10", "packets: 60\n    odds: 50"))
    for number in range(60):
        await platform.outcomes(reach(f"m{number}"))
    numbers = await platform.connection.fetch("SELECT id FROM member WHERE subject <> '' ORDER BY id")
    first = numbers[0]["id"]
    assert [row["id"] for row in numbers] == list(range(first, first + 60))
    hits = await platform.connection.fetchval("SELECT count(*) FROM event WHERE outcome LIKE '%amount%'")
    assert 10 < hits < 50
    await platform.close()


async def test_a_packet_of_many_coins_is_decided_again_once(database: str) -> None:
    """All the accounts it has to be exact about are locked together, however many kinds of coins there are."""
    wide = PLAN.replace("amount: 5000", "amount: 90000").replace("packets: 10", "packets: 3\n    max: 89000")
    platform = await Platform.open(database, wide)
    (answer,) = await platform.send(reach("mei"))
    assert answer.error is None
    await platform.audit()
    await platform.close()
