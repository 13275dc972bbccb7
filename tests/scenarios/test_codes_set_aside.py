"""Coupons with codes of a batch that wait before they are given: a code is taken when a coupon is."""

import secrets
from datetime import timedelta

from festoon.engine.code_batches import Order, export, make
from tests.live import HEAD, NOW, Platform, event, refusals

BATCH = 'coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 2, batch: "SPRING-####-####-##"}}\n'
RISK = """
segments: {watched: {title: Watched}}
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
"""
HELD = (
    "mechanics:\n  hello: {kind: gift, on: page.viewed, give: {coupon: ten-off}, at_risk: {doubtful: hold}}\n"
)
REVIEW = "mechanics:\n  photo: {kind: task, on: proof.submitted, review: {}, repeat: {}, give: {coupon: ten-off}}\n"


async def opened(database: str, plan: str, codes: int = 2) -> Platform:
    platform = await Platform.open(database, plan)
    await more_codes(platform, "one", codes)
    return platform


async def more_codes(platform: Platform, name: str, count: int) -> None:
    order = Order("spring", "ten-off", name, count, None)
    await make(platform.connection, order, "ann", NOW, secrets.token_bytes, lambda _: None)


async def batch(platform: Platform, name: str = "one") -> dict[str, str]:
    """The codes of a batch with their states."""
    text: list[str] = []
    await export(platform.connection, "spring", name, text.append)
    rows = [line.split(",") for line in "".join(text).splitlines()[1:]]
    return {code: state for code, state, *_ in rows}


async def held(platform: Platform) -> str:
    """A coupon that is held of a member who is watched; the id of what holds it."""
    await platform.outcomes(event("segment.entered", "mei", segment="watched"))
    (outcome,) = await platform.outcomes(event("page.viewed", "mei", page="x"))
    return str(outcome.mechanics[0].note["hold"])


async def test_a_coupon_that_is_released_has_a_code_of_its_batch(database: str) -> None:
    platform = await opened(database, HEAD + BATCH + RISK + HELD)
    hold = await held(platform)
    assert set((await batch(platform)).values()) == {"free"}, "nobody has a coupon yet"
    (outcome,) = await platform.outcomes(
        event("grant.released", "mei", hold=hold, reason="known", decided_by="wu")
    )
    code = outcome.mechanics[0].given[0].code
    after = await batch(platform)
    assert (after[code], sorted(after.values())) == ("given", ["free", "given"])
    (used,) = await platform.outcomes(event("coupon.redeemed", "mei", coupon=code, order="o-1"))
    assert (used.status, (await batch(platform))[code]) == ("accepted", "used")
    await platform.audit()
    await platform.close()


async def test_a_coupon_that_is_voided_leaves_its_code_to_others(database: str) -> None:
    platform = await opened(database, HEAD + BATCH + RISK + HELD)
    hold = await held(platform)
    await platform.outcomes(event("grant.voided", "mei", hold=hold, reason="a ring", decided_by="wu"))
    outcomes = await platform.outcomes(
        event("page.viewed", "ann", page="x"), event("page.viewed", "bo", page="x")
    )
    assert refusals(outcomes) == []
    assert set((await batch(platform)).values()) == {"given"}
    await platform.audit()
    await platform.close()


async def test_a_release_without_a_code_is_refused_and_can_be_asked_for_again(database: str) -> None:
    platform = await opened(database, HEAD + BATCH.replace("stock: 2", "stock: 3") + RISK + HELD, 1)
    hold = await held(platform)
    await platform.outcomes(event("page.viewed", "ann", page="x"))

    async def release(id: str) -> str:
        (outcome,) = await platform.outcomes(
            event("grant.released", "mei", id, hold=hold, reason="known", decided_by="wu")
        )
        return outcome.refused.code if outcome.refused else outcome.mechanics[0].given[0].code

    assert await release("first") == "code.none_left"
    await more_codes(platform, "two", 1)
    assert await release("second") in await batch(platform, "two")
    await platform.audit()
    await platform.close()


async def test_what_releases_itself_waits_for_a_code(database: str) -> None:
    lapsing = RISK + "  lapse: {days: 3, then: release}\n"
    platform = await opened(database, HEAD + BATCH.replace("stock: 2", "stock: 3") + lapsing + HELD, 1)
    await held(platform)
    await platform.outcomes(event("page.viewed", "ann", page="x"))
    owned = "SELECT count(*) FROM item i JOIN member m ON m.id = i.member_id WHERE m.subject = 'mei'"
    platform.at = NOW + timedelta(days=5)
    await platform.wake("mei")
    assert await platform.connection.fetchval(owned) == 0
    await more_codes(platform, "two", 1)
    platform.at = NOW + timedelta(days=7)
    await platform.wake("mei")
    assert await platform.connection.fetchval(owned) == 1
    assert set((await batch(platform, "two")).values()) == {"given"}
    await platform.audit()
    await platform.close()


async def test_an_approved_proof_takes_one_code_and_a_rejected_one_none(database: str) -> None:
    platform = await opened(database, HEAD + BATCH + REVIEW)
    for who in ("mei", "bo"):
        await platform.outcomes(event("proof.submitted", who, proof=f"p-{who}"))
    assert set((await batch(platform)).values()) == {"free"}
    (outcome,) = await platform.outcomes(event("proof.approved", "mei", proof="p-mei"))
    codes = await batch(platform)
    assert codes[outcome.mechanics[0].given[0].code] == "given", "though the shelf is empty: it was set aside"
    await platform.outcomes(event("proof.rejected", "bo", proof="p-bo", reason="dark"))
    assert sorted((await batch(platform)).values()) == ["free", "given"]
    await platform.audit()
    await platform.close()
