"""What is left of budget and stock: exact, whoever took it."""

from datetime import timedelta

from festoon.insight.board.standing import Standing, standing
from tests.live import HEAD, NOW, Platform, event

OF_THEIR_OWN = (
    HEAD
    + """
gifts: {phone: {title: {en: Telephone}, cost: 100, line: prizes}}
mechanics:
  packets: {kind: red_packet, title: {en: Red packets}, pool: {asset: CNY, amount: 5000, line: prizes}, packets: 10}
  places: {kind: place, title: {en: Early access}, on: page.viewed, places: 3, give: [{points: 1}]}
  wheel: {kind: draw, title: {en: Wheel}, prizes: [{id: p, weight: 1, stock: 2, give: {gift: phone}}],
          sold_out: nothing, chances: {free: {per: day}}}
"""
)
TESTED = (
    HEAD
    + """
coupons: {five-off: {title: {en: Five off, zh-Hans: 五元券}, value: 5, cost: 5, line: prizes, stock: 3}}
mechanics: {signup: {kind: gift, on: member.registered, give: {coupon: five-off}}}
rollout: {testers: [tess], steps: [{from: start, share: 100%}]}
"""
)


async def found(platform: Platform) -> Standing:
    return await standing(platform.connection, platform.engine.program.campaigns["spring"])


async def test_what_a_mechanic_only_counts_by_is_no_stock_to_be_shown(database: str) -> None:
    platform = await Platform.open(database, OF_THEIR_OWN)
    await platform.outcomes(event("page.viewed", "ann", page="x"))
    assert [(stock.title["en"], stock.opening, stock.left) for stock in (await found(platform)).stocks] == [
        ("Red packets", 10, 10),
        ("Telephone · Wheel", 2, 2),
    ]
    await platform.close()


async def test_a_tester_costs_what_he_costs(database: str) -> None:
    platform = await Platform.open(database, TESTED)
    platform.at = NOW - timedelta(minutes=1)
    await platform.outcomes(event("member.registered", "tess"), event("member.registered", "ann"))
    left = await found(platform)
    [line], [stock] = left.lines, left.stocks
    assert (line.actual, line.committed, line.remaining) == (0, 1_000, 99_000)
    assert (stock.left, stock.title["zh-Hans"]) == (1, "五元券")
    await platform.close()
