"""A drawn prize is given whole or not at all, whatever caps say: nobody is told that he has what he has not."""

from datetime import timedelta
from typing import NamedTuple

import pytest

from festoon.engine.run_batch import run_batch
from tests.live import HEAD, Platform, event

DRAWN = "grand: {kind: grand_draw, frozen: 2027-02-12, prizes: [{id: main, give: PRIZE}], MORE}"
TICKETS = "tickets: {kind: gift, on: page.viewed, give: {chances: grand}}"
THINGS = """
assets: {points: {cost: 1, line: prizes}}
gifts: {phone: {title: Phone, cost: 100, line: prizes}, mug: {title: Mug, cost: 5, line: prizes}}
"""


class Came(NamedTuple):
    """What came of a draw that one member has a ticket for: whether he has the prize, how often he was told so, and
    what is still set aside for it."""

    has: bool
    told: int
    aside: int


async def drawn(database: str, plan: str, ref: str) -> Came:
    platform = await Platform.open(database, plan)
    await platform.outcomes(event("page.viewed", "bo", page="x"), event("content.liked", "bo", content="x"))
    platform.at += timedelta(days=4)
    for _ in range(4):
        await run_batch(platform.engine, platform.connection, [], [1, 2])
        platform.at += timedelta(minutes=10)
    await platform.audit()
    things = [row["ref"] for row in await platform.connection.fetch("SELECT ref FROM item")]
    has = f"spring/{ref}" in things if ref != "points" else await platform.balance("bo") > 0
    told = await platform.connection.fetchval(
        "SELECT count(*) FROM outbox WHERE outbox::text LIKE '%grand_draw.won%'"
    )
    came = Came(has, told, await platform.shared("spring/budget/prizes.grand", "CNY"))
    await platform.close()
    return came


def capped(of: str, amount: int, over: str, prize: str, own: str = "") -> str:
    cap = f"shared_caps: {{monthly: {{of: {of}, amount: {amount}, per: month, over: {over}}}}}\n"
    grand = DRAWN.replace("PRIZE", prize).replace(", MORE", own)
    likes = "likes: {kind: gift, on: content.liked, give: {gift: mug}}"
    return f"{HEAD}{THINGS}{cap if of else ''}mechanics:\n  {TICKETS}\n  {likes}\n  {grand}\n"


@pytest.mark.parametrize("over", ["clip", "refuse"])
async def test_a_prize_that_a_shared_cap_has_no_room_for_is_refused_and_its_price_goes_back(
    database: str, over: str
) -> None:
    plan = capped("gift", 1, over, "{gift: phone}")
    assert await drawn(database, plan, "phone") == Came(has=False, told=0, aside=0)


async def test_a_prize_that_a_shared_cap_has_room_for_is_given(database: str) -> None:
    plan = capped("gift", 2, "clip", "{gift: phone}")
    assert await drawn(database, plan, "phone") == Came(has=True, told=1, aside=0)


@pytest.mark.parametrize(
    "plan",
    [
        capped("points", 60, "clip", "{points: 100}"),
        capped("", 0, "", "{points: 100}", ", caps: {points: {amount: 60}}"),
        capped("points", 60, "clip", "[{gift: phone}, {points: 100}]"),
    ],
    ids=["shared", "its own", "beside a gift"],
)
async def test_a_prize_that_a_cap_would_cut_is_refused_whole(database: str, plan: str) -> None:
    ref = "phone" if "phone}, {" in plan else "points"
    assert await drawn(database, plan, ref) == Came(has=False, told=0, aside=0)
