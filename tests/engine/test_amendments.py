"""The fast lane: more stock and budget with a second signature; one mechanic paused at once, in every process."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from festoon.base.errors import FestoonError
from festoon.engine.amendments import Amendment, ask_for_more, can_have_more, sign_more, waiting_for_more
from festoon.engine.pausing import pause_mechanic, resume_mechanic
from festoon.engine.publish import send_back
from festoon.plan.parse import read_plan
from festoon.store.pool import connect
from tests.live import BEFORE, HEAD, NOW, Platform, event, gifts, play, put_up, refusals

PLAN = (
    HEAD.replace("prizes: 1000", "prizes: 1000, small: {amount: 12.50, source: tea-house}")
    + """
coupons: {ten: {value: 10, cost: 10, line: prizes, stock: 5}}  # five for now
gifts: {cup: {cost: 1, line: prizes}}
mechanics:
  # the draw
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 9}}
    prizes: [{id: cup, weight: 1, stock: 2, give: {gift: cup}}]
    sold_out: nothing
  claim: {kind: gift, on: page.viewed, give: [{coupon: ten}], limits: {total: 3}}
"""
)
STOCK = "mechanics.lucky-draw.prizes[0].stock"


async def asked(platform: Platform, maker: str = "lin", **adds: str) -> Amendment:
    more = {path.replace("__", "."): Decimal(add) for path, add in adds.items()} or {STOCK: Decimal(3)}
    return await ask_for_more(platform.connection, "spring", more, "it goes well", maker, NOW)


async def refused(code: str, doing: Any) -> None:
    with pytest.raises(FestoonError) as no:
        await doing
    assert no.value.code == code
    assert "<" not in no.value.text("en") + no.value.text("zh-Hans")


async def test_what_can_have_more_is_lines_stocks_and_places(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    found = await can_have_more(platform.connection, "spring")
    assert [(each.path, each.kind, each.now) for each in found] == [
        ("budget.lines.prizes", "line", 1000),
        ("budget.lines.small.amount", "line", Decimal("12.50")),
        ("coupons.ten.stock", "stock", 5),
        (STOCK, "stock", 2),
        ("mechanics.claim.limits.total", "places", 3),
    ]
    await refused("more.not_running", can_have_more(platform.connection, "autumn"))
    await platform.close()


async def test_more_stock_is_there_after_the_second_signature_and_in_the_plan(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    plays = [gifts(await platform.outcomes(play("ann", f"p-{number}"))) for number in range(3)]
    assert [len(each) for each in plays] == [1, 1, 0]
    more = await asked(platform)
    assert (more.version, more.base, more.adds, more.status) == (2, 1, {STOCK: "3"}, "in_review")
    assert await waiting_for_more(platform.connection) == [more]
    await refused("plan.maker_is_checker", sign_more(platform.connection, "spring", 2, "lin", NOW))
    done = await sign_more(platform.connection, "spring", 2, "wu", NOW)
    assert (done.status, done.checker) == ("published", "wu")
    assert len(gifts(await platform.outcomes(play("ann", "p-9")))) == 1
    source = await platform.connection.fetchval("SELECT source FROM plan_version WHERE version = 2")
    assert source == PLAN.replace("stock: 2", "stock: 5"), (
        "the rest of the text is untouched, comments and all"
    )
    assert await waiting_for_more(platform.connection) == []
    moved = await platform.connection.fetchval("SELECT transfers FROM publication ORDER BY seq DESC LIMIT 1")
    assert "spring@2" in moved
    acts = await platform.connection.fetch(
        "SELECT act, actor FROM audit_entry WHERE object = 'spring@2' ORDER BY number"
    )
    assert [tuple(row) for row in acts] == [
        ("plan.submit", "lin"), ("plan.ask_more", "lin"), ("plan.approve", "wu"), ("plan.publish", "wu"),
    ]  # fmt: skip
    await platform.audit()
    await platform.close()


async def test_more_budget_is_written_as_people_write_it(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await asked(platform, budget__lines__small__amount="0.25", budget__lines__prizes="500")
    await sign_more(platform.connection, "spring", 2, "wu", NOW)
    assert await platform.shared("spring/budget/small", "CNY") == 1275
    assert await platform.shared("spring/budget/prizes", "CNY") == 150_000
    source = await platform.connection.fetchval("SELECT source FROM plan_version WHERE version = 2")
    assert "lines: {prizes: 1500, small: {amount: 12.75, source: tea-house}}" in source
    assert read_plan(source)
    await platform.audit()
    await platform.close()


async def test_less_is_not_more_and_nothing_else_can_be_changed(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    for add in ("0", "-1", "NaN", "Infinity"):
        await refused("more.nothing", asked(platform, budget__lines__prizes=add))
    await refused("more.nothing", asked(platform, coupons__ten__stock="1.5"))
    for path in ("mechanics__claim__kind", "coupons__ten__cost", "budget__lines__new", "schedule__end"):
        await refused("more.not_amendable", asked(platform, **{path: "1"}))
    await refused(
        "plan.reason_missing",
        ask_for_more(platform.connection, "spring", {STOCK: Decimal(1)}, " ", "lin", NOW),
    )
    assert await platform.connection.fetchval("SELECT count(*) FROM plan_version") == 1
    await platform.close()


async def test_what_was_asked_of_a_version_that_was_replaced_is_void(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await asked(platform)
    await put_up(database, PLAN.replace("count: 9", "count: 8"))
    await refused("plan.overtaken", sign_more(platform.connection, "spring", 2, "wu", NOW))
    assert await waiting_for_more(platform.connection) == []
    assert await platform.connection.fetchval("SELECT version FROM campaign") == 3
    await platform.close()


async def test_of_two_requests_on_one_version_the_second_has_to_be_asked_anew(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await asked(platform)
    await asked(platform, maker="yu")
    others = [await connect(database) for _ in range(2)]
    found = await asyncio.gather(
        *(
            sign_more(each, "spring", version, "wu", NOW)
            for each, version in zip(others, (2, 3), strict=True)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in found) == ["Amendment", "Conflict"]
    plays = [gifts(await platform.outcomes(play("ann", f"p-{number}"))) for number in range(6)]
    assert [len(each) for each in plays] == [1, 1, 1, 1, 1, 0]
    for each in others:
        await each.close()
    await platform.audit()
    await platform.close()


async def test_a_request_can_be_sent_back(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await asked(platform)
    await send_back(platform.connection, "spring", 2, "wu", NOW, "too much")
    await refused("plan.not_approved", sign_more(platform.connection, "spring", 2, "wu", NOW))
    await platform.close()


# Pausing one -------------------------------------------------------------------------------------------------------


async def test_one_mechanic_is_paused_at_once_in_every_process_and_the_others_run(database: str) -> None:
    one, other = await Platform.open(database, PLAN), await Platform.open(database)
    connection = one.connection
    assert await pause_mechanic(connection, "spring", "claim", "too many", "lin", NOW) == ["claim"]
    (seen,) = await other.outcomes(event("page.viewed", "ann", page="x"))
    assert seen.passed_over == {"paused": ["spring/claim"]}
    assert refusals(await other.outcomes(play("ann", "p-1"))) == []
    await refused("pause.already", pause_mechanic(connection, "spring", "claim", "", "lin", NOW))
    assert await resume_mechanic(connection, "spring", "claim", "", "wu", NOW) == []
    (seen,) = await other.outcomes(event("page.viewed", "bea", page="x"))
    assert seen.passed_over == {}
    await refused("pause.already", resume_mechanic(connection, "spring", "claim", "", "lin", NOW))
    for campaign, mechanic in (("spring", "none"), ("autumn", "claim")):
        await refused("pause.unknown", pause_mechanic(connection, campaign, mechanic, "", "lin", NOW))
    acts = await connection.fetch(
        "SELECT act, actor FROM audit_entry WHERE object = 'spring/claim' ORDER BY number"
    )
    assert [tuple(row) for row in acts] == [("mechanic.pause", "lin"), ("mechanic.resume", "wu")]
    await one.close()
    await other.close()


async def test_two_who_pause_two_mechanics_at_once_pause_both(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    others = [await connect(database) for _ in range(2)]
    await asyncio.gather(
        pause_mechanic(others[0], "spring", "claim", "", "lin", BEFORE),
        pause_mechanic(others[1], "spring", "lucky-draw", "", "wu", BEFORE),
    )
    assert await platform.connection.fetchval("SELECT paused FROM campaign") == ["claim", "lucky-draw"]
    for each in others:
        await each.close()
    await platform.close()
