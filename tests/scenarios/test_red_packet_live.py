"""A pool on a live database: what is left over goes back to its line, once, and the books agree."""

from datetime import UTC, datetime

from tests.live import HEAD, Platform, event, refusals

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


async def test_what_is_left_over_goes_back_to_its_line_once(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    assert await platform.shared("spring/budget/prizes", "CNY") == 95_000
    reach = [
        event("red_packet.claimed", who, campaign="spring", mechanic="packets") for who in ("mei", "lin")
    ]
    got = sum(outcome.mechanics[0].note["amount"] for outcome in await platform.outcomes(*reach))
    platform.at = datetime(2027, 2, 11, 16, tzinfo=UTC)
    await platform.wake("mei", "lin")
    await platform.wake("mei", "lin")
    assert await platform.shared("spring/budget/prizes.packets", "CNY") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - got
    assert await platform.shared("spring/cost/prizes.packets", "CNY") == got
    late = event("red_packet.claimed", "wu", campaign="spring", mechanic="packets")
    assert refusals(await platform.outcomes(late)) == ["red_packet.closed"]
    await platform.audit()
    await platform.close()
