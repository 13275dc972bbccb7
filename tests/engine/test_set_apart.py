"""What is set apart of a budget line for one mechanic: when a version is published, changed, and taken away."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from festoon.base.errors import Conflict
from festoon.engine.amendments import ask_for_more, can_have_more, sign_more
from festoon.engine.appointments import NOBODY
from festoon.engine.run_batch import run_batch
from festoon.intake.clock import due_members
from festoon.plan.problems import PlanInvalid
from tests.live import HEAD, NOW, Platform, event, gifts, put_up, refusals

GIFTS = """
gifts: {phone: {cost: 100, line: prizes}}
coupons: {ten: {value: 10, cost: 10, line: prizes}}
mechanics:
  tickets: {kind: gift, on: page.viewed, give: [{chances: grand}]}
  buyers: {kind: gift, on: content.published, give: [{coupon: ten}]}
"""
GRAND = """
  grand:
    kind: grand_draw
    frozen: 2027-02-20 20:00
    drawn: 2027-02-21 20:00
    prizes: [{id: phone, count: 3, give: {gift: phone}}]
"""
POOL = "\n  packets: {kind: red_packet, pool: {amount: 40000, asset: CNY, line: prizes}, packets: 4}\n"
FROZEN = datetime.fromisoformat("2027-02-20T20:01+08:00")
DRAWN = datetime.fromisoformat("2027-02-21T20:01+08:00")
PLAN = HEAD + GIFTS + GRAND


async def lines(platform: Platform, of: str = "budget", mechanic: str = "grand") -> tuple[int, int]:
    """What is left of the line, and of what is set apart of it, in yuan."""
    home, apart = f"spring/{of}/prizes", f"spring/{of}/prizes.{mechanic}"
    return await platform.shared(home, "CNY") // 100, await platform.shared(apart, "CNY") // 100


async def buy(platform: Platform, *who: str) -> list[str]:
    """Spend ten yuan of the line for each of them; what was refused."""
    bought = [event("content.published", each, at=platform.at, content=each) for each in who]
    return refusals(await platform.outcomes(*bought))


async def drawn(platform: Platform, *holders: str) -> None:
    """Let these hold a ticket each, and let the draw be drawn and its winners have their prizes."""
    await platform.outcomes(*(event("page.viewed", who, at=platform.at, page="x") for who in holders))
    for platform.at in (FROZEN, DRAWN):
        await platform.wake(NOBODY)
    woken = await due_members(platform.connection, platform.at)
    await run_batch(platform.engine, platform.connection, [], [number for number, _ in woken])


async def test_publishing_sets_the_prizes_apart_and_others_do_not_get_at_them(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    assert await lines(platform) == (700, 300)
    assert await buy(platform, *(f"m{n}" for n in range(71))) == ["budget.short"]
    await drawn(platform, "ann", "ben")
    assert await lines(platform) == (100, 0)
    assert await lines(platform, "committed") == (700, 200)
    assert await platform.connection.fetchval("SELECT count(*) FROM item WHERE kind = 'gift'") == 2
    await platform.audit()
    await platform.close()


async def test_a_line_that_cannot_hold_the_prizes_is_not_published(database: str) -> None:
    with pytest.raises(PlanInvalid) as no:
        await put_up(database, PLAN.replace("prizes: 1000", "prizes: 299"))
    assert "plan.prizes_over_line" in [problem.code for problem in no.value.problems]


async def test_prizes_that_the_line_has_been_spent_on_already_are_not_published(database: str) -> None:
    platform = await Platform.open(database, HEAD + GIFTS.replace("chances: grand", "points: 1"))
    await buy(platform, *(f"m{n}" for n in range(71)))
    with pytest.raises(Conflict, match=r"plan\.already_spent"):
        await put_up(database, PLAN)
    await platform.audit()
    await platform.close()


async def test_a_new_version_sets_more_or_less_apart(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await put_up(database, PLAN.replace("count: 3", "count: 5"))
    assert await lines(platform) == (500, 500)
    await put_up(database, PLAN.replace("count: 3", "count: 2").replace("prizes: 1000", "prizes: 1100"))
    assert await lines(platform) == (900, 200)
    await platform.audit()
    await platform.close()


async def test_the_fast_lane_adds_prizes_and_budget(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    path = "mechanics.grand.prizes[0].count"
    assert path in [each.path for each in await can_have_more(platform.connection, "spring")]
    adds = {path: Decimal(4), "budget.lines.prizes": Decimal(100)}
    more = await ask_for_more(platform.connection, "spring", adds, "it goes well", "lin", NOW)
    await sign_more(platform.connection, "spring", more.version, "wu", NOW)
    assert await lines(platform) == (400, 700)
    await platform.audit()
    await platform.close()


async def test_a_version_without_the_draw_has_its_prizes_back_on_the_line(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await buy(platform, "ann")
    await put_up(database, HEAD + GIFTS.replace("chances: grand", "points: 1"))
    assert await lines(platform) == (990, 0)
    await put_up(database, PLAN)
    assert await lines(platform) == (690, 300)
    await platform.audit()
    await platform.close()


@pytest.mark.parametrize("again", [1, 2])
async def test_what_was_spent_of_it_is_not_filled_up_again(database: str, again: int) -> None:
    platform = await Platform.open(database, PLAN + POOL)
    await drawn(platform, "ann", "ben", "cai")
    claim = event("red_packet.claimed", "ann", at=platform.at, campaign="spring", mechanic="packets")
    ((_, _, packet),) = gifts(await platform.outcomes(claim))
    for _ in range(again):
        await put_up(database, HEAD + GIFTS.replace("chances: grand", "points: 1"))
    left = await platform.shared("spring/budget/prizes", "CNY")
    assert left == 1000_00 - 3 * 100_00 - packet
    assert await lines(platform, mechanic="packets") == (left // 100, 0)
    await platform.audit()
    await platform.close()


async def test_prizes_stand_once_the_tickets_are_frozen(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("page.viewed", "ann", page="x"))
    platform.at = FROZEN
    await platform.wake(NOBODY)
    for changed in ("count: 2", "count: 4"):
        with pytest.raises(Conflict, match=r"grand_draw\.prizes_frozen"):
            await put_up(database, PLAN.replace("count: 3", changed))
    with pytest.raises(Conflict, match=r"grand_draw\.prizes_frozen"):
        await put_up(database, PLAN.replace("cost: 100", "cost: 90"))
    await put_up(database, PLAN.replace("en: Spring", "en: The spring"))
    assert await lines(platform) == (700, 300)
    await platform.close()


async def test_what_comes_back_of_a_prize_goes_to_the_line_that_everybody_spends(database: str) -> None:
    platform = await Platform.open(
        database, PLAN.replace("cost: 100, line", "cost: 100, claim: {days: 3}, line")
    )
    await drawn(platform, "ann")
    assert await lines(platform) == (900, 0)
    platform.at = DRAWN + timedelta(days=5)
    await platform.wake("ann")
    assert await lines(platform) == (1000, 0)
    assert await lines(platform, "committed") == (0, 0)
    await platform.audit()
    await platform.close()
