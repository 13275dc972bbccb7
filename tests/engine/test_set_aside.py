"""Rewards set aside in a real database: read under the member's lock, decided once, and audited."""

import asyncio
from datetime import UTC, datetime

from festoon.base.events import Event
from festoon.engine.outcome import Outcome
from tests.live import HEAD, Platform, event, put_up, refusals

PLAN = (
    HEAD.replace("prizes: 1000", "prizes: 30")
    + """
coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 2}}
items: {camera: {edition: 2}}
mechanics:
  photo:
    kind: task
    on: proof.submitted
    review: {}
    repeat: {}
    limits: {total: 5}
    give: [{points: 50}, {coupon: ten-off}, {item: camera}]
"""
)
LANES = 8


def hand_in(who: str, proof: str = "p") -> Event:
    return event("proof.submitted", who, f"in/{proof}", proof=proof)


def verdict(kind: str, who: str, proof: str = "p", id: str = "") -> Event:
    return event(f"proof.{kind}", who, id or f"{kind}/{proof}", proof=proof, reason="no")


async def held(platform: Platform) -> int:
    found: int = await platform.connection.fetchval("SELECT count(*) FROM held_grant")
    return found


async def test_what_waits_is_kept_in_the_store_and_given_by_the_verdict(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(hand_in("ann"), hand_in("bea"))
    assert await held(platform) == 2
    assert await platform.balance("ann", part="@pending") == 50
    assert await platform.shared("reserved", "spring/stock/coupon:ten-off") == 2
    assert await platform.shared("spring/committed/prizes", "CNY") == 2000
    await platform.audit()
    (short,) = await platform.outcomes(hand_in("cid"))
    assert refusals([short]) == ["stock.empty"]
    (given,) = await platform.outcomes(verdict("approved", "ann"))
    assert [(gift.kind, gift.serial) for gift in given.mechanics[0].given] == [
        ("asset", None), ("coupon", None), ("item", 1),
    ]  # fmt: skip
    await platform.outcomes(verdict("rejected", "bea"))
    assert await held(platform) == 0
    assert (await platform.balance("ann"), await platform.balance("bea", part="@pending")) == (50, 0)
    assert await platform.shared("spring/committed/prizes", "CNY") == 1000
    await platform.audit()
    await platform.close()


async def test_what_is_handed_in_and_decided_in_one_batch_leaves_nothing_behind(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(hand_in("ann"), verdict("approved", "ann"), hand_in("ann", "q"))
    await platform.outcomes(verdict("rejected", "ann", "q"), hand_in("ann", "r"))
    assert await held(platform) == 1
    await platform.audit()
    await platform.close()


async def test_of_verdicts_that_come_at_once_one_decides(database: str) -> None:
    platforms = [await Platform.open(database, PLAN if lane == 0 else "") for lane in range(LANES)]
    await platforms[0].outcomes(hand_in("ann"))

    async def decide(lane: int) -> Outcome:
        kind = ("approved", "rejected")[lane % 2]
        (outcome,) = await platforms[lane].outcomes(verdict(kind, "ann", id=f"v{lane}"))
        return outcome

    outcomes = await asyncio.gather(*map(decide, range(LANES)))
    assert refusals(outcomes) == ["proof.decided"] * (LANES - 1)
    assert await held(platforms[0]) == 0
    for platform in platforms:
        await platform.audit()
        await platform.close()


async def test_when_the_campaign_is_settled_what_waits_flows_back_by_itself(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(hand_in("ann"))
    platform.at = datetime(2027, 3, 13, 16, tzinfo=UTC)
    await platform.wake("ann")
    assert await held(platform) == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 3000
    assert await platform.shared("shelf", "spring/stock/coupon:ten-off") == 2
    await platform.audit()
    await platform.close()


async def test_a_version_that_settles_later_keeps_what_waits(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(hand_in("ann"))
    await put_up(database, PLAN.replace("settle: 2027-03-14", "settle: 2027-03-20"))
    platform.at = datetime(2027, 3, 15, tzinfo=UTC)
    await platform.wake("ann")
    (given,) = await platform.outcomes(event("proof.approved", "ann", at=platform.at, proof="p"))
    assert given.mechanics[0].given
    await platform.audit()
    await platform.close()


async def test_a_transfer_of_what_is_set_aside_is_not_reversed_by_itself(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(hand_in("ann"))
    seq = await platform.connection.fetchval("SELECT seq FROM event")
    (no,) = await platform.outcomes(
        event("transfer.reversed", "ann", transfer=f"{seq}-0", reason="mistake", made_by="lin")
    )
    assert no.refused is not None
    assert no.refused.code == "transfer.of_a_hold"
    await platform.audit()
    await platform.close()
