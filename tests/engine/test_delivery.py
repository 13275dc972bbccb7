"""A physical gift on a real database: its cost is committed until it was delivered."""

from tests.live import HEAD, Platform, event

PLAN = (
    HEAD
    + """
gifts: {mug: {cost: 30, line: prizes, stock: 5}}
mechanics: {mug: {kind: gift, on: content.liked, give: {gift: mug}}}
"""
)


async def test_a_delivered_gift_has_cost_what_it_was_committed_to(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    (given,) = await platform.outcomes(event("content.liked", "ann", content="c"))
    item = given.mechanics[0].given[0].item
    assert await platform.shared("spring/committed/prizes", "CNY") == 3_000
    sent = event("gift.delivered", "ann", "d-1", item=item, parcel="SF-1")
    first, second = await platform.send(sent), await platform.send(sent)
    assert (first[0].kind, second[0].kind) == ("new", "again")
    assert await platform.shared("spring/committed/prizes", "CNY") == 0
    assert await platform.shared("spring/cost/prizes", "CNY") == 3_000
    assert await platform.connection.fetchval("SELECT state FROM item") == "delivered"
    await platform.audit()
    await platform.close()
