"""Codes on a live database: made in bulk, given, typed, used once, refused with a reason, withdrawn."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from festoon.base.code_pattern import ALPHABET, Pattern, normal
from festoon.base.errors import FestoonError, NotFound
from festoon.base.events import Event
from festoon.engine.code_batches import BatchState, Order, batches, export, make, void
from festoon.engine.code_list import listed
from festoon.engine.outcome import Outcome
from festoon.engine.selects import PROGRAM_LOCK
from festoon.store.pool import connect
from tests.live import NOW, Platform, event, gifts, put_up
from tests.mechanics.pages import plan

PLAN = plan("code")
CAMPAIGN = "spring-tea"
MARCH = datetime.fromisoformat("2027-03-10T12:00+08:00")
LAST = datetime.fromisoformat("2027-03-21T00:00+08:00")
WAITS = """SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database()
           WHERE locktype = 'advisory' AND NOT granted"""


def silent(done: int) -> None:
    assert done > 0


async def opened(database: str, plan: str = PLAN) -> Platform:
    return await Platform.open(database, plan, now=MARCH)


async def made(
    platform: Platform, owner: str, count: int, name: str = "one", until: datetime | None = None
) -> list[str]:
    """A batch, as it is exported."""
    await make(
        platform.connection,
        Order(CAMPAIGN, owner, name, count, until),
        "ann",
        NOW,
        secrets.token_bytes,
        silent,
    )
    return [code for code, *_ in await exported(platform, name)]


async def exported(platform: Platform, name: str = "one") -> list[list[str]]:
    written: list[str] = []
    await export(platform.connection, CAMPAIGN, name, written.append)
    heading, *lines = "".join(written).splitlines()
    assert heading == "code,state,member,used"
    return [line.split(",") for line in lines]


async def state(platform: Platform, name: str = "one") -> BatchState:
    return next(batch for batch in await batches(platform.connection, CAMPAIGN) if batch.name == name)


def entered(who: str, code: str, at: datetime = MARCH) -> Event:
    return event("code.entered", who, f"{who}/{code}/{at}", at, code=code)


def redeemed(who: str, code: str, at: datetime = MARCH) -> Event:
    return event("coupon.redeemed", who, f"{who}/{code}/{at}", at, coupon=code, order="o-1")


async def said(platform: Platform, asked: Event) -> str:
    """What an event was refused with; "" when it was not."""
    (outcome,) = await platform.outcomes(asked)
    return "" if outcome.refused is None else outcome.refused.code


def other(code: str) -> str:
    """The code with one sign of it wrong."""
    return code[:-1] + next(sign for sign in ALPHABET if sign != code[-1])


async def test_a_code_is_used_once_by_whoever_types_it_first_however_he_writes_it(database: str) -> None:
    platform = await opened(database)
    code, _ = await made(platform, "flyer", 2)
    (outcome,) = await platform.outcomes(entered("ann", f" {code.lower().replace('-', ' ')} "))
    assert gifts([outcome]) == [("asset", "points", 200)]
    assert outcome.mechanics[0].note == {"code": code}
    assert await said(platform, entered("ann", code, MARCH + timedelta(minutes=1))) == "code.used_by_you"
    assert await said(platform, entered("bo", code)) == "code.used"
    assert [row[1] for row in sorted(await exported(platform), key=lambda row: row[0] != code)] == [
        "used",
        "free",
    ]
    assert await platform.balance("ann") == 200
    assert await platform.shared("shelf", "spring-tea/stock/flyer/codes") == 4999
    await platform.audit()
    await platform.close()


async def test_every_refusal_says_why(database: str) -> None:
    platform = await opened(database)
    (code,) = await made(platform, "flyer", 1, until=LAST)
    (coupon,) = await made(platform, "ten-off", 1, "coupons")
    typed = {
        other(code): "code.mistyped", code[:-1]: "code.mistyped", code[:4] + "0" + code[5:]: "code.mistyped",
        "TEAPOT": "code.mistyped", "HELLO": "code.unknown", coupon: "code.at_checkout",
    }  # fmt: skip
    for text, refusal in typed.items():
        assert await said(platform, entered("ann", text)) == refusal, text
    right = next(
        each.decode()
        for each in Pattern("TEA-####-####-####").make(2, secrets.token_bytes)
        if each != normal(code).encode()
    )
    assert await said(platform, entered("ann", right)) == "code.unknown"
    platform.at = LAST
    assert await said(platform, entered("ann", code, LAST)) == "code.lapsed"
    assert await platform.balance("ann") == 0
    await platform.audit()
    await platform.close()


async def test_a_typing_mistake_is_told_without_a_look_into_the_database(database: str) -> None:
    platform = await opened(database)
    (code,) = await made(platform, "flyer", 1)
    block = await connect(database)
    held = block.transaction()
    await held.start()
    await block.execute("LOCK TABLE coupon_code IN ACCESS EXCLUSIVE MODE")
    assert await said(platform, entered("ann", other(code))) == "code.mistyped"
    await held.rollback()
    await block.close()
    await platform.close()


async def test_a_code_whose_reward_cannot_be_given_stays_free(database: str) -> None:
    platform = await opened(database, PLAN.replace("prizes: 60000", "prizes: 30001"))
    await platform.connection.execute(
        "UPDATE shared_account SET balance = 100 WHERE holder = 'spring-tea/budget/prizes'"
    )
    (code,) = await made(platform, "flyer", 1)
    assert await said(platform, entered("ann", code)) == "budget.short"
    assert (await exported(platform))[0][1] == "free"
    await platform.close()


async def test_a_member_uses_as_many_codes_as_the_limit_says(database: str) -> None:
    platform = await opened(database)
    codes = await made(platform, "flyer", 4)
    refusals = [await said(platform, entered("ann", code)) for code in codes]
    assert refusals == ["", "", "", "limit.per_member"]
    assert (await state(platform)).used == 3
    await platform.close()


async def test_a_code_that_many_use_is_used_once_by_each_and_so_often_in_all(database: str) -> None:
    platform = await opened(database, PLAN.replace("total: 10000", "total: 3"))
    outcomes = [
        await said(platform, entered(who, "spring 2027")) for who in ("ann", "ann", "bo", "cai", "dan")
    ]
    assert outcomes == ["", "", "", "", "limit.total"]
    again = [
        await said(platform, entered("ann", code, MARCH + timedelta(hours=1)))
        for code in ("SPRING2027", "lin-likes-tea")
    ]
    assert again == ["limit.per_member"] * 2
    assert await platform.balance("ann") == 50
    await platform.audit()
    await platform.close()


async def test_coupons_are_given_with_the_codes_of_their_batches_until_none_are_left(database: str) -> None:
    platform = await opened(database)
    codes = await made(platform, "ten-off", 5, until=LAST)
    outcomes = await platform.outcomes(*(_answered(f"m{number}") for number in range(7)))
    got = [made.code for outcome in outcomes for result in outcome.mechanics for made in result.given]
    assert sorted(got) == sorted(codes)
    assert [
        result.refused.code for outcome in outcomes for result in outcome.mechanics if result.refused
    ] == ["code.none_left"] * 2
    expires = await platform.connection.fetch("SELECT DISTINCT expires FROM item")
    assert [row["expires"] for row in expires] == [LAST]
    assert (await state(platform)).given == 5
    more = await made(platform, "ten-off", 1, "two")
    (outcome,) = await platform.outcomes(_answered("m9"))
    assert [made.code for made in outcome.mechanics[0].given] == more
    await platform.audit()
    await platform.close()


def _answered(who: str) -> Event:
    return event("survey.answered", who, f"s/{who}", MARCH, survey="s", answers={})


async def test_a_coupon_that_was_given_is_used_by_its_member_alone_and_so_is_its_code(database: str) -> None:
    platform = await opened(database)
    await made(platform, "ten-off", 2)
    (outcome,) = await platform.outcomes(_answered("ann"))
    code = outcome.mechanics[0].given[0].code
    assert await said(platform, redeemed("bo", code)) == "code.not_yours"
    assert await said(platform, redeemed("ann", code.lower())) == ""
    assert await said(platform, redeemed("ann", code, MARCH + timedelta(hours=1))) == "coupon.not_usable"
    assert await said(platform, redeemed("bo", code, MARCH + timedelta(hours=1))) == "code.used"
    assert ((await state(platform)).free, (await state(platform)).used) == (1, 1)
    assert await platform.shared("spring-tea/cost/prizes", "CNY") == 1000
    await platform.audit()
    await platform.close()


async def test_a_printed_coupon_is_used_by_whoever_types_its_code_and_costs_what_it_costs(
    database: str,
) -> None:
    platform = await opened(database)
    code, second = await made(platform, "ten-off", 2)
    assert await said(platform, redeemed("ann", code)) == ""
    assert await said(platform, redeemed("bo", code)) == "code.used"
    assert await said(platform, redeemed("bo", other(second))) == "code.mistyped"
    assert await said(platform, redeemed("bo", "OTHER-SHOP-5")) == ""
    assert await said(platform, redeemed("bo", "SPRING2027")) == "code.no_coupon"
    assert await platform.shared("spring-tea/cost/prizes", "CNY") == 1000
    assert await platform.shared("shelf", "spring-tea/stock/coupon:ten-off") == 2999
    items = await platform.connection.fetch("SELECT state, code FROM item")
    assert [tuple(row) for row in items] == [("used", code)]
    await platform.audit()
    await platform.close()


async def test_what_is_withdrawn_cannot_be_used_and_what_was_given_stays(database: str) -> None:
    platform = await opened(database)
    one, two, three = await made(platform, "flyer", 3)
    assert await void(platform.connection, CAMPAIGN, "one", one.lower(), "bob", NOW) == 1
    assert await said(platform, entered("ann", one)) == "code.void"
    assert await said(platform, entered("ann", two)) == ""
    assert await void(platform.connection, CAMPAIGN, "one", "", "bob", NOW) == 1
    assert await said(platform, entered("ann", three)) == "code.void"
    for code in (one, two, "TEA-2222-2222-2222"):
        with pytest.raises(NotFound):
            await void(platform.connection, CAMPAIGN, "one", code, "bob", NOW)
    trail = await platform.connection.fetch(
        "SELECT actor, act, object, after FROM audit_entry WHERE act LIKE 'codes%' ORDER BY number"
    )
    assert [row["act"] for row in trail] == ["codes.make", "codes.void", "codes.void"]
    assert trail[0]["object"] == "spring-tea/one"
    await platform.close()


async def test_of_a_batch_that_is_withdrawn_no_code_is_free_and_none_is_withdrawn_again(
    database: str,
) -> None:
    platform = await opened(database)
    one, two, three = await made(platform, "flyer", 3)
    assert await said(platform, entered("ann", one)) == ""
    assert await void(platform.connection, CAMPAIGN, "one", "", "bob", MARCH) == 2
    states = {code: (state, used) for code, state, _, used in await exported(platform)}
    since = MARCH.astimezone(UTC).isoformat()
    assert (states[one][0], states[two], states[three]) == (
        "used",
        ("withdrawn", since),
        ("withdrawn", since),
    )
    found = await state(platform)
    assert (found.free, found.used, found.withdrawn) == (0, 1, 2)
    assert [each.free for each in await listed(platform.connection)] == [0]
    with pytest.raises(NotFound):
        await void(platform.connection, CAMPAIGN, "one", three, "bob", NOW)
    assert await void(platform.connection, CAMPAIGN, "one", "", "bob", NOW) == 0
    assert (await state(platform)).voided == MARCH
    await platform.close()


async def test_instead_of_withdrawn_codes_as_many_others_can_be_made_as_were_not_used(database: str) -> None:
    platform = await opened(database)
    codes = await made(platform, "flyer", 5_000)
    for who, code in zip(("ann", "bob"), codes, strict=False):
        assert await said(platform, entered(who, code)) == ""
    await void(platform.connection, CAMPAIGN, "one", "", "bob", NOW)
    with pytest.raises(FestoonError) as caught:
        await made(platform, "flyer", 4_999, "two")
    assert caught.value.code == "codes.too_many"
    assert len(await made(platform, "flyer", 4_998, "two")) == 4_998
    await platform.close()


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(CAMPAIGN, "thanks", "two", 1), "codes.no_such_owner"),
        (Order("autumn", "flyer", "two", 1), "codes.no_such_owner"),
        (Order(CAMPAIGN, "flyer", "one", 1), "codes.name_taken"),
        (Order(CAMPAIGN, "flyer", "two", 4999), "codes.too_many"),
        (Order(CAMPAIGN, "flyer", "two", 0), "codes.wrong_count"),
    ],
)
async def test_a_batch_that_the_plan_does_not_have_is_not_made(
    database: str, order: Order, code: str
) -> None:
    platform = await opened(database)
    await made(platform, "flyer", 2)
    with pytest.raises(FestoonError) as caught:
        await make(platform.connection, order, "ann", NOW, secrets.token_bytes, silent)
    assert caught.value.code == code
    assert len(await batches(platform.connection)) == 1
    await platform.close()


async def test_no_code_is_made_twice_not_even_by_the_same_dice(database: str) -> None:
    """Dice that begin with what they gave before: the second batch is made of others."""
    platform = await opened(database)
    gave: list[bytes] = []

    def dice(count: int) -> bytes:
        gave.append(secrets.token_bytes(count))
        return gave[-1]

    def again(count: int) -> bytes:
        return gave.pop(0) if gave and len(gave[0]) == count else secrets.token_bytes(count)

    for name, random in (("one", dice), ("two", again)):
        await make(platform.connection, Order(CAMPAIGN, "flyer", name, 50), "ann", NOW, random, silent)
    assert gave == []
    both = [*await exported(platform, "one"), *await exported(platform, "two")]
    assert len({code for code, *_ in both}) == 100
    await platform.close()


async def test_a_coupons_own_code_is_not_made_again(database: str) -> None:
    platform = await opened(
        database, PLAN.replace(', batch: "SPRING-####-####-##"', ", code: {prefix: SPRING-, length: 10}")
    )
    (outcome,) = await platform.outcomes(_answered("ann"))
    own = outcome.mechanics[0].given[0].code
    assert own.startswith("SPRING-")
    await platform.connection.execute("UPDATE item SET code = 'TEA-222222222222'")
    zeros = iter([bytes(1)] * 11)
    codes = await _with(platform, lambda count: next(zeros, None) or secrets.token_bytes(count))
    assert next(zeros, None) is None
    assert codes[0].startswith("TEA-")
    assert codes != ["TEA-222222222222"]
    await platform.close()


async def _with(platform: Platform, random: Any) -> Sequence[str]:
    await make(platform.connection, Order(CAMPAIGN, "flyer", "one", 1), "ann", NOW, random, silent)
    return [code for code, *_ in await exported(platform)]


async def test_a_batch_in_other_processes_is_known_at_once(database: str) -> None:
    platform = await opened(database)
    there = await Platform.open(database, now=MARCH)
    (code,) = await made(platform, "flyer", 1)
    assert await said(there, entered("ann", code)) == ""
    await platform.close()
    await there.close()


async def test_a_code_that_many_type_at_the_same_moment_is_used_once(database: str) -> None:
    await put_up(database, PLAN)
    platforms = [await Platform.open(database, now=MARCH) for _ in range(6)]
    codes = await made(platforms[0], "flyer", 8)
    for platform in platforms:
        await platform.engine.reload(platform.connection)

    async def types(number: int, platform: Platform) -> list[Outcome]:
        return await platform.outcomes(
            *(entered(f"m{number}-{place}", code) for place, code in enumerate(codes))
        )

    found = await asyncio.gather(*(types(number, platform) for number, platform in enumerate(platforms)))
    accepted = [outcome for outcomes in found for outcome in outcomes if outcome.refused is None]
    refused = {outcome.refused.code for outcomes in found for outcome in outcomes if outcome.refused}
    assert (len(accepted), refused) == (8, {"code.used"})
    await platforms[0].audit()
    for platform in platforms:
        await platform.close()


async def test_coupons_that_many_are_given_at_the_same_moment_have_each_a_code_of_their_own(
    database: str,
) -> None:
    await put_up(database, PLAN)
    platforms = [await Platform.open(database, now=MARCH) for _ in range(6)]
    codes = await made(platforms[0], "ten-off", 60)
    found = await asyncio.gather(
        *(
            platform.outcomes(*(_answered(f"m{number}-{place}") for place in range(12)))
            for number, platform in enumerate(platforms)
        )
    )
    got = [
        each.code
        for outcomes in found
        for outcome in outcomes
        for made in outcome.mechanics
        for each in made.given
    ]
    assert len(got) == len(set(got)) <= 60
    assert set(got) <= set(codes)
    late = await platforms[0].outcomes(*(_answered(f"late-{place}") for place in range(12)))
    got += [each.code for outcome in late for made in outcome.mechanics for each in made.given]
    assert sorted(got) == sorted(codes)
    await platforms[0].audit()
    for platform in platforms:
        await platform.close()


async def test_withdrawing_a_batch_waits_for_the_batches_under_way_before_it_locks_a_code(
    database: str,
) -> None:
    platform = await opened(database)
    await made(platform, "flyer", 1)
    async with platform.connection.transaction():  # a batch under way; it may still want the code
        await platform.connection.execute("SELECT pg_advisory_xact_lock_shared($1)", PROGRAM_LOCK)
        other_one = await connect(database)
        withdrawing = asyncio.create_task(void(other_one, CAMPAIGN, "one", "", "bob", NOW))
        while not await platform.connection.fetchval(WAITS):  # noqa: ASYNC110 - only the server knows
            await asyncio.sleep(0.01)
        await platform.connection.execute("SELECT 1 FROM coupon_code FOR UPDATE NOWAIT")
        await platform.connection.execute("SELECT 1 FROM code_batch FOR UPDATE NOWAIT")
    assert await withdrawing == 1
    await other_one.close()
