"""What a member paid in an exchange that is held: it comes back to him when the reward is voided, lot by lot."""

from datetime import datetime, timedelta

import pytest

from tests.live import HEAD, NOW, Platform, event
from tests.scenarios.story import SPRING, Story

RISK = """
segments: {watched: {title: Watched}}
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
  lapse: {days: 3, then: THEN}
"""
MALL = """
coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 3}}
mechanics:
  welcome: {kind: gift, on: page.viewed, give: {points: 50}}
  mall: {kind: exchange, price: {amount: 60}, give: {coupon: ten-off}, at_risk: {doubtful: hold}}
  wheel:
    kind: draw
    chances: {free: {per: campaign, count: 1}}
    prizes: [{id: coupon, weight: 1, give: {coupon: ten-off}}]
    sold_out: keep_chance
    at_risk: {doubtful: hold}
"""


@pytest.mark.parametrize(("then", "left", "coupons"), [("void", 100, 0), ("release", 40, 1)])
def test_what_nobody_decides_on_leaves_the_price_or_the_thing(then: str, left: int, coupons: int) -> None:
    story = Story(
        SPRING + "assets: {points: {cost: 0.01, line: prizes}}\n" + RISK.replace("THEN", then) + MALL
    )
    for _ in range(2):
        story.happens("page.viewed", "ann", "2027-03-01", page="x")
    story.happens("segment.entered", "ann", "2027-03-01", segment="watched")
    story.happens("exchange.made", "ann", "2027-03-02", campaign="spring", mechanic="mall")
    assert (story.points("ann"), story.items("ann")["ten-off"]) == (40, 0)
    story.happens("draw.played", "ann", "2027-03-02", campaign="spring", mechanic="wheel")
    story.passes("2027-03-20")
    assert (story.points("ann"), story.items("ann")["ten-off"]) == (left, 2 * coupons)
    assert story.shows("ann", "wheel", "2027-03-20")["free_left"] == 0, "a chance stays used"
    assert story.books_balance()


async def test_it_comes_back_into_the_lots_it_was_taken_from(database: str) -> None:
    points = "assets: {points: {cost: 0.01, line: prizes, expires: {days: 3}}}\n"
    platform = await Platform.open(database, HEAD + points + RISK.replace("THEN", "void") + MALL)
    for day in range(2):
        platform.at = NOW + timedelta(days=day)
        await platform.outcomes(event("page.viewed", "ann", at=platform.at, page="x"))
    before = await lots(platform)
    assert [amount for _, amount in before] == [50, 50]
    await platform.outcomes(event("segment.entered", "ann", at=platform.at, segment="watched"))

    async def held() -> str:
        made = event("exchange.made", "ann", at=platform.at, campaign="spring", mechanic="mall")
        (outcome,) = await platform.outcomes(made)
        return str(outcome.mechanics[0].note["hold"])

    async def voided(hold: str) -> dict[str, int]:
        decided = event("grant.voided", "ann", hold, platform.at, hold=hold, reason="a ring", decided_by="wu")
        (outcome,) = await platform.outcomes(decided)
        back: dict[str, int] = outcome.mechanics[0].note.get("price", {})
        return back

    assert await voided(await held()) == {"points": 60}
    assert await lots(platform) == before

    platform.at += timedelta(hours=1)
    hold = await held()
    platform.at = before[0][0] + timedelta(hours=1)  # by now the first fifty would have lapsed
    assert await voided(hold) == {"points": 10}
    assert await lots(platform) == before[1:]
    await platform.audit()
    await platform.close()


async def lots(platform: Platform) -> list[tuple[datetime, int]]:
    rows = await platform.connection.fetch(
        "SELECT l.expires, l.amount FROM lot l JOIN member m ON m.id = l.member_id WHERE m.subject = 'ann' ORDER BY 1"
    )
    return [tuple(row) for row in rows]
