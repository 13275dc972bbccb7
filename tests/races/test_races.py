"""Races: many processes at once, and what may happen once happens once.

Each process has its own connection and engine, like a serving process of its own.
"""

import asyncio
import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import pytest

from festoon.engine.outcome import decode
from festoon.engine.publish import approve, publish, submit
from festoon.store.pool import connect
from tests.live import BEFORE, HEAD, Platform, event, order, play, put_up

PROCESSES = 16
SPAWN = multiprocessing.get_context("spawn")
# One worker of the test run takes all races: they would otherwise only wait for each other's processes.
pytestmark = pytest.mark.xdist_group("races")

ONE_PRIZE = (
    HEAD
    + """
gifts: {phone: {cost: 900, line: prizes}}
mechanics:
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 5}}
    prizes: [{id: phone, weight: 1, stock: 1, give: {gift: phone}}]
    nothing: 0
    sold_out: nothing
"""
)
ONE_COUPON = (
    HEAD
    + """
coupons: {five-off: {value: 5, cost: 5, line: prizes, stock: 1}}
mechanics:
  claim: {kind: gift, on: page.viewed, give: [{coupon: five-off}], limits: {per_member: 1}}
"""
)
SMALL_BUDGET = (
    HEAD.replace("prizes: 1000", "prizes: 1")
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  spend: {kind: gift, on: order.paid, give: [{points: 7}]}
"""
)
NUMBERED = (
    HEAD
    + """
items: {rabbit: {edition: 20}}
mechanics:
  rabbit: {kind: gift, on: page.viewed, give: [{item: rabbit}], limits: {per_member: 1}}
"""
)


CAPPED = """
shared_caps: {daily: {of: points, amount: 100, per: day}}
mechanics:
  spend: {kind: gift, on: order.paid, give: [{points: 7}]}
"""


@cache
def processes() -> ProcessPoolExecutor:
    """As many processes as race, started once for the whole file."""
    return ProcessPoolExecutor(PROCESSES, SPAWN)


@pytest.fixture(scope="module", autouse=True)
def _no_process_stays() -> Iterator[None]:
    yield
    processes().shutdown()
    processes.cache_clear()


def in_processes(work: Any, dsn: str) -> list[Any]:
    """Run `work(dsn, number)` in all processes at once, and gather what each came to."""
    return list(processes().map(work, [dsn] * PROCESSES, range(PROCESSES)))


async def _send(dsn: str, events: list[Any]) -> list[str]:
    platform = await Platform.open(dsn)
    try:
        return [answer.outcome or answer.kind for one in events for answer in await platform.send(one)]
    finally:
        await platform.close()


def draw(dsn: str, number: int) -> list[str]:
    return asyncio.run(_send(dsn, [play(f"member-{number}", f"{number}-{nth}") for nth in range(3)]))


def claim(dsn: str, number: int) -> list[str]:
    return asyncio.run(_send(dsn, [event("page.viewed", f"member-{number}", page="gift")]))


def same_event(dsn: str, _number: int) -> list[str]:
    return asyncio.run(_send(dsn, [event("page.viewed", "ann", "the-one", page="gift")]))


def same_member(dsn: str, number: int) -> list[str]:
    return asyncio.run(_send(dsn, [event("page.viewed", "ann", f"{number}", page="gift")]))


def spend(dsn: str, number: int) -> list[str]:
    return asyncio.run(_send(dsn, [order(f"member-{number}", 100, f"{number}-{nth}") for nth in range(3)]))


def spend_alone(dsn: str, number: int) -> list[str]:
    """Two lanes of one process, with orders of the same two members."""

    async def lanes() -> list[str]:
        wanted = [
            [order(f"member-{lane}", 100, f"{number}-{lane}-{nth}") for nth in range(3)] for lane in (0, 1)
        ]
        wanted += [[order("member-0", 100, f"{number}-again-{nth}") for nth in range(3)]]
        return [
            each
            for found in await asyncio.gather(*(_send(dsn, events) for events in wanted))
            for each in found
        ]

    return asyncio.run(lanes())


def given(outcomes: list[list[str]], kind: str) -> list[Any]:
    return [
        each
        for texts in outcomes
        for text in texts
        for result in decode(text).mechanics
        for each in result.given
        if each.kind == kind
    ]


async def test_one_prize_is_won_once_by_sixteen_processes(database: str) -> None:
    await put_up(database, ONE_PRIZE)
    outcomes = await asyncio.to_thread(in_processes, draw, database)
    assert len(given(outcomes, "gift")) == 1
    platform = await Platform.open(database)
    await platform.audit()
    await platform.close()


async def test_one_coupon_is_claimed_once_by_many_claimers(database: str) -> None:
    await put_up(database, ONE_COUPON)
    outcomes = await asyncio.to_thread(in_processes, claim, database)
    assert len(given(outcomes, "coupon")) == 1
    platform = await Platform.open(database)
    await platform.audit()
    await platform.close()


async def test_the_same_event_from_sixteen_processes_acts_once(database: str) -> None:
    await put_up(database, ONE_COUPON)
    outcomes = await asyncio.to_thread(in_processes, same_event, database)
    assert len({text for texts in outcomes for text in texts}) == 1
    platform = await Platform.open(database)
    assert (await platform.audit()).events == 1
    await platform.close()


async def test_a_limit_per_member_holds_when_his_claims_come_at_once(database: str) -> None:
    await put_up(database, ONE_COUPON.replace("stock: 1", "stock: 100"))
    outcomes = await asyncio.to_thread(in_processes, same_member, database)
    assert len(given(outcomes, "coupon")) == 1


async def test_a_budget_line_is_never_overspent(database: str) -> None:
    await put_up(database, SMALL_BUDGET)
    outcomes = await asyncio.to_thread(in_processes, spend, database)
    assert len(given(outcomes, "asset")) == 100 // 7
    platform = await Platform.open(database)
    assert await platform.shared("spring/budget/prizes", "CNY") == 100 % 7
    await platform.audit()
    await platform.close()


async def test_serial_numbers_are_given_once_each_and_without_gaps(database: str) -> None:
    await put_up(database, NUMBERED)
    outcomes = await asyncio.to_thread(in_processes, claim, database)
    assert sorted(each.serial for each in given(outcomes, "item")) == list(range(1, PROCESSES + 1))


async def test_two_publishes_at_once_leave_one_plan_and_whole_books(database: str) -> None:
    await put_up(database, ONE_COUPON)
    connection = await connect(database)
    versions = []
    for stock in (5, 9):
        campaign, version = await submit(
            connection, ONE_COUPON.replace("stock: 1", f"stock: {stock}"), "maker", BEFORE
        )
        await approve(connection, campaign, version, "checker", BEFORE)
        versions.append(version)
    await connection.close()

    async def take_over(version: int) -> None:
        own = await connect(database)
        await publish(own, "spring", version, "checker", BEFORE)
        await own.close()

    await asyncio.gather(*map(take_over, versions))
    platform = await Platform.open(database)
    running = await platform.connection.fetchval("SELECT version FROM campaign")
    published = await platform.connection.fetch("SELECT version FROM plan_version WHERE status = 'published'")
    assert [row["version"] for row in published] == [running]
    assert await platform.shared("shelf", "spring/stock/coupon:five-off") == {2: 5, 3: 9}[running]
    await platform.audit()
    await platform.close()


async def test_no_batch_runs_under_the_old_plan_once_publishing_has_returned(database: str) -> None:
    plan = HEAD + "mechanics: {gift: {kind: gift, on: page.viewed, give: [{points: 1}]}}\n"
    await put_up(database, plan)
    platforms = [await Platform.open(database) for _ in range(4)]
    stop = asyncio.Event()
    late: list[int] = []
    published = asyncio.Event()

    async def press(platform: Platform, lane: int) -> None:
        number = 0
        while not stop.is_set():
            after = published.is_set()
            number += 1
            (outcome,) = await platform.outcomes(
                event("page.viewed", f"m{lane}", f"{lane}-{number}", page="x")
            )
            if after and outcome.mechanics[0].given[0].amount == 1:
                late.append(number)

    pressing = [asyncio.create_task(press(platform, lane)) for lane, platform in enumerate(platforms)]
    await asyncio.sleep(0.3)
    await put_up(database, plan.replace("points: 1", "points: 2"))
    published.set()
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.gather(*pressing)
    assert late == []
    await platforms[0].audit()
    for platform in platforms:
        await platform.close()


PACED = ONE_PRIZE.replace("stock: 1, give", "stock: 10, pace: even, give").replace("cost: 900", "cost: 1")


async def test_no_more_is_released_than_the_pace_allows_however_many_draw_at_once(database: str) -> None:
    await put_up(database, PACED)
    outcomes = await asyncio.to_thread(in_processes, draw, database)
    # Noon of 10 February is 9½ of 28 days: ceil(10 · 9.5 / 28) = 4 have been released.
    assert len(given(outcomes, "gift")) == 4
    platform = await Platform.open(database)
    await platform.audit()
    await platform.close()


POOL = (
    HEAD
    + """
mechanics:
  packets:
    kind: red_packet
    pool: {asset: CNY, amount: 1000, line: prizes}
    packets: 10
    min: 20
"""
)
PLACES = HEAD + "mechanics: {meeting: {kind: place, places: 5}}\n"


def request(type_: str, mechanic: str, number: int) -> Any:
    return event(type_, f"member-{number}", campaign="spring", mechanic=mechanic)


def reach(dsn: str, number: int) -> list[str]:
    return asyncio.run(_send(dsn, [request("red_packet.claimed", "packets", number)]))


def apply(dsn: str, number: int) -> list[str]:
    return asyncio.run(_send(dsn, [request("place.applied", "meeting", number)]))


def notes(outcomes: list[list[str]]) -> list[Mapping[str, Any]]:
    return [result.note for texts in outcomes for result in decode(texts[0]).mechanics if not result.refused]


async def test_a_pool_is_shared_out_to_the_last_fen_by_sixteen_who_reach_for_ten_packets(
    database: str,
) -> None:
    await put_up(database, POOL)
    opened = notes(await asyncio.to_thread(in_processes, reach, database))
    assert sorted(note["number"] for note in opened) == list(range(1, 11))
    assert sum(note["amount"] for note in opened) == 1_000
    assert min(note["amount"] for note in opened) >= 20
    platform = await Platform.open(database)
    assert await platform.shared("spring/budget/prizes.packets", "CNY") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - 1_000
    await platform.audit()
    await platform.close()


async def test_every_place_and_every_position_is_given_once(database: str) -> None:
    await put_up(database, PLACES)
    shown = notes(await asyncio.to_thread(in_processes, apply, database))
    assert sorted(note["place"] for note in shown if note["place"]) == [1, 2, 3, 4, 5]
    assert sorted(note["position"] for note in shown if note["position"]) == list(range(1, PROCESSES - 4))
    platform = await Platform.open(database)
    await platform.audit()
    await platform.close()


async def test_a_cap_over_campaigns_is_reached_to_the_unit_and_never_passed(database: str) -> None:
    for name in ("spring", "summer"):
        await put_up(database, HEAD.replace("campaign: spring", f"campaign: {name}") + CAPPED)
    outcomes = await asyncio.to_thread(in_processes, spend_alone, database)
    amounts = [each.amount for each in given(outcomes, "asset")]
    assert sum(amounts) == 2 * 100
    platform = await Platform.open(database)
    assert [await platform.balance(f"member-{lane}") for lane in (0, 1)] == [100, 100]
    await platform.audit()
    await platform.close()


def come_in(dsn: str, number: int) -> list[str]:
    """The first two are back where they had left; the others are new."""
    again = event(
        "place.applied", f"member-{number + 7}", f"again-{number}", campaign="spring", mechanic="meeting"
    )
    return asyncio.run(_send(dsn, [again]))


async def test_as_many_come_into_a_line_that_all_have_left_as_can_wait(database: str) -> None:
    await put_up(database, PLACES.replace("places: 5", "places: 5, waiting: 4"))
    platform = await Platform.open(database)
    for type_, numbers in (("place.applied", range(9)), ("place.cancelled", range(5, 9))):
        await platform.outcomes(*(request(type_, "meeting", number) for number in numbers))
    shown = notes(await asyncio.to_thread(in_processes, come_in, database))
    assert [note["status"] for note in shown] == ["waiting"] * 4
    await platform.audit()
    await platform.close()
