"""A transfer that is reversed by hand: what it gave is one grant, taken back once, whoever takes it back."""

import pytest

from festoon.engine.compensation_run import run as run_compensation
from festoon.engine.compensations import sign, submit
from tests.live import HEAD, NOW, Platform, event, order

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
shared_caps: {monthly: {of: points, amount: 200, per: month}}
mechanics:
  orders: {kind: earn, per: 100, CLAWBACK}
  likes: {kind: gift, on: content.liked, give: [{points: 30}]}
"""
)
KEPT, PLAIN = "clawback: {}", "min: 1"
BACK = """
compensation: too-much
campaign: spring
reason: orders were paid by mistake
affected: {from: 2027-02-10, until: 2027-02-10, types: [order.paid]}
take_back: {mechanic: orders}
"""


async def earned(database: str, clawback: str = KEPT) -> tuple[Platform, str]:
    """Ann has 100 points for an order and 30 for a like; and the id of the transfer of the 100."""
    platform = await Platform.open(database, PLAN.replace("CLAWBACK", clawback))
    await platform.outcomes(order("ann", 10_000, "o1"), event("content.liked", "ann", "l1", content="c"))
    seq = await platform.connection.fetchval("SELECT seq FROM event WHERE type = 'order.paid'")
    return platform, f"{seq}-0"


async def reverses(platform: Platform, transfer: str, id: str = "r1") -> str:
    (outcome,) = await platform.outcomes(
        event("transfer.reversed", "ann", id, transfer=transfer, reason="wrong", made_by="lin")
    )
    return "" if outcome.refused is None else outcome.refused.code


async def refunds(platform: Platform, amount: int, id: str = "f1") -> None:
    await platform.outcomes(event("order.refunded", "ann", id, NOW, order="o1", refund=id, amount=amount))


async def takes_back(platform: Platform) -> None:
    """A compensation that takes back what orders earned."""
    await submit(platform.connection, BACK, "lin", platform.at)
    await sign(platform.connection, "too-much", "wu", platform.at)
    await run_compensation(platform.engine, platform.connection, "too-much", "lin")


async def ends(platform: Platform, points: int) -> None:
    """Ann has so many points, the budget line has paid for these, and the books balance."""
    assert await platform.balance("ann") == points
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - points
    await platform.audit()
    await platform.close()


async def test_what_was_reversed_is_not_taken_once_more_when_the_order_is_refunded(database: str) -> None:
    platform, transfer = await earned(database)
    assert await reverses(platform, transfer) == ""
    await refunds(platform, 10_000)
    await ends(platform, 30)


async def test_of_what_was_refunded_in_part_the_rest_is_reversed(database: str) -> None:
    platform, transfer = await earned(database)
    await refunds(platform, 4_000)
    assert await reverses(platform, transfer) == ""
    await refunds(platform, 6_000, "f2")
    await ends(platform, 30)


async def test_what_was_refunded_altogether_is_not_reversed_as_well(database: str) -> None:
    platform, transfer = await earned(database)
    await refunds(platform, 10_000)
    assert await reverses(platform, transfer) == "transfer.taken_back"
    await ends(platform, 30)


@pytest.mark.parametrize("clawback", [KEPT, PLAIN])
@pytest.mark.parametrize("first", ["reversed", "taken back"])
async def test_an_operator_and_a_compensation_take_back_one_thing(
    database: str, clawback: str, first: str
) -> None:
    platform, transfer = await earned(database, clawback)
    if first == "reversed":
        assert await reverses(platform, transfer) == ""
        await takes_back(platform)
    else:
        await takes_back(platform)
        assert await reverses(platform, transfer) == "transfer.taken_back"
    assert await platform.balance("ann") == 30
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize("clawback", [KEPT, PLAIN])
async def test_what_was_reversed_counts_no_longer_towards_what_campaigns_share(
    database: str, clawback: str
) -> None:
    platform, transfer = await earned(database, clawback)
    await reverses(platform, transfer)
    await platform.outcomes(order("ann", 20_000, "o2"))
    assert await platform.balance("ann") == 200, "30 of the 200 of the month were used up"
    await platform.close()
