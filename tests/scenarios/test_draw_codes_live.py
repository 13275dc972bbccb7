"""A draw for coupons whose codes are made beforehand: when all are given, the prize is out."""

import secrets

import pytest

from festoon.engine.asking import ask
from festoon.engine.code_batches import Order, make, void
from festoon.mechanics.draw import Draw
from festoon.store.pool import connect
from tests.live import HEAD, NOW, Platform, gifts, play, refusals


def plan(sold_out: str = "next_prize", give: str = "{coupon: ten-off}") -> str:
    return f"""{HEAD}
coupons: {{ten-off: {{value: 10, cost: 10, line: prizes, stock: 5, batch: "SPRING-####-####-##"}}}}
assets: {{points: {{cost: 0.01, line: prizes}}}}
mechanics:
  lucky-draw:
    kind: draw
    chances: {{free: {{per: day, count: 9}}}}
    prizes:
      - {{id: coupon, weight: 1000000000, give: {give}}}
      - {{id: points, weight: 1, give: {{points: 5}}}}
    sold_out: {sold_out}
"""


async def opened(database: str, plan: str, codes: int) -> Platform:
    platform = await Platform.open(database, plan)
    await more_codes(platform, codes, "one")
    return platform


async def more_codes(platform: Platform, count: int, name: str) -> None:
    how = Order("spring", "ten-off", name, count, None)
    await make(platform.connection, how, "ann", NOW, secrets.token_bytes, lambda _: None)


async def played(platform: Platform, who: str, *numbers: int) -> list[str]:
    """What some plays of one batch gave, or were refused with."""
    outs = await platform.outcomes(*[play(who, f"{who}/{number}") for number in numbers])
    await platform.audit()
    return [next(iter(refusals([out])), None) or gifts([out])[0][0] for out in outs]


async def odds(platform: Platform, who: str) -> dict[str, int]:
    program = platform.engine.program
    listener = program.by_key["spring/lucky-draw"]
    assert isinstance(listener.mechanic, Draw)
    number = await platform.connection.fetchval("SELECT id FROM member WHERE subject = $1", who)
    rows = await ask(platform.connection, program, number, listener, listener.mechanic.odds_now, NOW)
    return {prize: weight for prize, weight, _ in rows}


@pytest.mark.parametrize("sold_out", ["next_prize", "redistribute"])
async def test_a_prize_whose_codes_are_all_given_is_out_until_more_are_made(
    database: str, sold_out: str
) -> None:
    platform = await opened(database, plan(sold_out), 2)
    assert await played(platform, "ann", 1, 2, 3, 4) == ["coupon", "coupon", "asset", "asset"]
    assert await odds(platform, "ann") == {"coupon": 0 if sold_out == "redistribute" else 10**9, "points": 1}
    await more_codes(platform, 1, "two")
    assert await played(platform, "bo", 1, 2) == ["coupon", "asset"]
    assert await played(platform, "ann", 5) == ["asset"]
    await platform.close()


async def test_a_prize_of_two_coupons_is_out_when_one_code_is_left(database: str) -> None:
    platform = await opened(database, plan(give="{coupon: ten-off, count: 2}"), 3)
    assert await played(platform, "ann", 1, 2) == ["coupon", "asset"]
    await platform.close()


async def test_a_prize_whose_codes_were_withdrawn_is_out(database: str) -> None:
    platform = await opened(database, plan(), 3)
    await void(platform.connection, "spring", "one", "", "ann", NOW)
    assert await played(platform, "ann", 1) == ["asset"]
    await platform.close()


async def test_a_code_that_somebody_has_his_hands_on_is_not_given_yet(database: str) -> None:
    platform = await opened(database, plan(), 1)
    other = await connect(database)
    async with other.transaction():
        await other.execute("SELECT FROM coupon_code FOR NO KEY UPDATE")
        assert await played(platform, "ann", 1) == ["code.none_left"]
    await other.close()
    assert await played(platform, "ann", 2, 3) == ["coupon", "asset"]
    await platform.close()
