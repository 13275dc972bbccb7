"""Two accounts of one person on a real database: everything moves, once, and the old id keeps answering."""

from datetime import timedelta

from festoon.engine.outcome import Outcome
from festoon.engine.statement import balances, statement
from festoon.store.trail import broken_links
from tests.live import HEAD, NOW, Platform, event, order, refusals

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes, expires: {days: 60}}}
coupons: {ten-off: {value: 10, cost: 10, line: prizes, stock: 20, valid: {days: 7}}}
mechanics:
  welcome: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: ten-off}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
  friends: {kind: referral, actions: [page.viewed], inviter: {points: 7}}
  seats: {kind: place, places: 2}
  proofs:
    kind: task
    on: content.published
    count: 1
    repeat: {times: null}
    review: {of: event.content, within_days: 3}
    give: {points: 500}
"""
)
LATER = NOW + timedelta(hours=1)


def merged(keep: str = "ann", member: str = "bea", id: str = "m-1") -> object:
    return event("member.merged", keep, id, member=member, reason="one phone", made_by="lin", checked_by="wu")


async def two(database: str) -> Platform:
    """Ann and Bea have registered and bought."""
    platform = await Platform.open(database, PLAN)
    for who in ("ann", "bea"):
        await platform.outcomes(event("member.registered", who, phone=f"+86-{who}", region="Suzhou"))
        await platform.outcomes(order(who, 5_000, "o-1"))
    return platform


async def merge(platform: Platform, keep: str = "ann", member: str = "bea", id: str = "m-1") -> Outcome:
    (outcome,) = await platform.outcomes(merged(keep, member, id))  # type: ignore[arg-type]
    return outcome


async def test_everything_moves_and_the_books_balance(database: str) -> None:
    platform = await two(database)
    outcome = await merge(platform)
    assert outcome.mechanics[0].note == {"member": "bea", "number": 2, "over_limit": ["spring/welcome"]}
    assert [await platform.balance(who) for who in ("ann", "bea")] == [300, 0]
    rows = await platform.connection.fetch("SELECT member_id, count(*) FROM item GROUP BY 1")
    assert [tuple(row) for row in rows] == [(1, 2)]
    for table in ("progress", "timer", "lot", "member_personal"):
        assert await platform.connection.fetchval(f"SELECT count(*) FROM {table} WHERE member_id = 2") == 0
    await platform.audit()
    await platform.close()


async def test_the_later_of_two_welcomes_is_taken_back_once_where_the_plan_says_so(database: str) -> None:
    wanted = PLAN.replace("limits: {per_member: 1}}", "limits: {per_member: 1}, merged: take_back}")
    platform = await Platform.open(database, wanted)
    for who in ("ann", "bea"):
        await platform.outcomes(event("member.registered", who))
    again = [await merge(platform) for _ in range(2)]
    assert again[0] == again[1]
    assert again[0].mechanics[1].taken == {"points": 100, "spring/ten-off": 1}
    rows = await platform.connection.fetch("SELECT member_id, state FROM item ORDER BY state")
    assert [tuple(row) for row in rows] == [(1, "owned"), (1, "revoked")]
    lapses = await platform.connection.fetchval("SELECT count(*) FROM timer WHERE owner = 'festoon/item'")
    assert (await platform.balance("ann"), lapses) == (100, 1)
    await platform.audit()
    await platform.close()


async def test_the_old_id_keeps_answering_also_in_a_process_that_has_not_heard(database: str) -> None:
    platform = await two(database)
    elsewhere = await Platform.open(database)
    await elsewhere.outcomes(order("bea", 100, "o-2"))
    await merge(platform)
    for each, id in ((platform, "o-3"), (elsewhere, "o-4")):
        await each.outcomes(order("bea", 100, id))
    assert await platform.balance("ann") == 303
    await platform.audit()
    await elsewhere.close()
    await platform.close()


async def test_what_was_sent_before_is_known_again_under_either_id(database: str) -> None:
    platform = await two(database)
    before = [await platform.send(order(who, 5_000, "o-1")) for who in ("ann", "bea")]
    await merge(platform)
    after = [await platform.send(order(who, 5_000, "o-1")) for who in ("ann", "bea")]
    assert [answer.kind for (answer,) in after] == ["again", "again"]
    assert after == before
    (other,) = await platform.send(order("bea", 6_000, "o-1"))
    assert other.kind == "conflict"
    assert await platform.balance("ann") == 300
    await platform.audit()
    await platform.close()


async def test_an_event_of_the_old_id_sent_again_under_the_new_one_acts_once(database: str) -> None:
    platform = await two(database)
    await platform.outcomes(order("bea", 1_000, "only-bea"))
    await merge(platform)
    (again,) = await platform.send(order("ann", 1_000, "only-bea"))
    (other,) = await platform.send(order("ann", 2_000, "only-bea"))
    assert (again.kind, other.kind) == ("again", "conflict")
    assert await platform.balance("ann") == 310
    await platform.close()


async def test_a_merge_acts_once_and_leaves_a_line_in_the_trail(database: str) -> None:
    platform = await two(database)
    first = await platform.send(merged())  # type: ignore[arg-type]
    second = await platform.send(merged())  # type: ignore[arg-type]
    assert (first[0].kind, second[0].kind, second[0].outcome) == ("new", "again", first[0].outcome)
    third = await merge(platform, id="m-2")
    assert third.refused is not None
    assert third.refused.code == "merge.one_already"
    entries = await platform.connection.fetch(
        "SELECT actor, object, before FROM audit_entry WHERE act = 'member.merged'"
    )
    assert [(row["actor"], row["object"]) for row in entries] == [("lin", "ann")]
    async with platform.connection.transaction():
        assert [number async for number in broken_links(platform.connection)] == []
    await platform.close()


async def test_a_batch_may_hold_merges_among_other_events(database: str) -> None:
    platform = await two(database)
    answers = await platform.send(
        order("bea", 100, "o-2"), order("ann", 100, "o-2"), merged(), order("bea", 100, "o-3"),  # type: ignore[arg-type]
        event("coupon.redeemed", "bea", coupon="none"), merged("cho", "ann", "m-2"), order("bea", 100, "o-5"),  # type: ignore[arg-type]
    )  # fmt: skip
    assert [answer.kind for answer in answers] == ["new"] * 7
    assert await platform.balance("cho") == 304
    assert await platform.connection.fetchval("SELECT absorbed FROM member WHERE subject = 'cho'") == [1, 2]
    (again,) = await platform.send(order("bea", 5_000, "o-1"))
    assert again.kind == "again"
    await platform.audit()
    await platform.close()


async def test_holds_and_coupons_are_used_by_who_stays(database: str) -> None:
    platform = await two(database)
    await platform.outcomes(
        event("hold.placed", "bea", hold="h", asset="points", amount=60, until=LATER.isoformat())
    )
    code = await platform.connection.fetchval("SELECT code FROM item WHERE member_id = 2")
    await merge(platform)
    used, spent = await platform.outcomes(
        event("coupon.redeemed", "bea", coupon=code), event("hold.posted", "ann", hold="h", amount=50)
    )
    assert (used.status, spent.status) == ("accepted", "accepted")
    assert await platform.balance("ann") == 250
    await platform.audit()
    await platform.close()


async def test_a_hold_that_both_have_must_be_settled_first(database: str) -> None:
    platform = await two(database)
    for who in ("ann", "bea"):
        await platform.outcomes(event("hold.placed", who, hold="h", asset="points", amount=6))
    refused = await merge(platform)
    assert refused.refused is not None
    assert refused.refused.code == "merge.hold_in_both"
    assert await platform.balance("bea") == 144
    await platform.outcomes(event("hold.released", "bea", hold="h"))
    assert (await merge(platform, id="m-2")).refused is None
    await platform.audit()
    await platform.close()


async def test_what_was_to_lapse_lapses_with_who_stays(database: str) -> None:
    platform = await two(database)
    await merge(platform)
    platform.at = NOW + timedelta(days=61)
    await platform.wake("ann")
    assert await platform.balance("ann") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - 300
    await platform.audit()
    await platform.close()


async def test_a_timer_started_for_who_is_no_more_comes_to_who_stays(database: str) -> None:
    platform = await two(database)
    await platform.outcomes(event("invite.accepted", "cho", inviter="bea"))
    await platform.wake("bea")
    await platform.wake("cho")
    await merge(platform)
    await platform.outcomes(event("page.viewed", "cho", page="x"))
    assert await platform.connection.fetchval("SELECT count(*) FROM timer WHERE member_id = 2") == 1
    await platform.wake("bea")
    assert await platform.balance("ann") == 307
    assert await platform.connection.fetchval("SELECT count(*) FROM timer WHERE member_id = 2") == 0
    await platform.audit()
    await platform.close()


async def test_the_statement_of_both_sums_to_the_balance(database: str) -> None:
    platform = await two(database)
    await merge(platform)
    lines = await statement(platform.connection, 1)
    assert sum(line.amount for line in lines if line.asset == "points") == 300
    (points,) = [each for each in await balances(platform.connection, 1) if each.asset == "points"]
    assert (points.available, sum(amount for _, amount in points.lots)) == (300, 300)
    await platform.close()


async def test_a_transfer_of_the_old_account_can_be_reversed_but_not_the_merge_itself(database: str) -> None:
    platform = await two(database)
    earned = next(line.id for line in await statement(platform.connection, 2) if line.amount == 50)
    await merge(platform)
    moved = next(
        line.id for line in await statement(platform.connection, 1) if line.why == "festoon/member.merged"
    )
    reversed_, refused = await platform.outcomes(
        event("transfer.reversed", "ann", "r-1", transfer=earned, reason="wrong"),
        event("transfer.reversed", "ann", "r-2", transfer=moved, reason="wrong"),
    )
    assert reversed_.status == "accepted"
    assert refused.refused is not None
    assert refused.refused.code == "transfer.unknown"
    assert await platform.balance("ann") == 250
    await platform.audit()
    await platform.close()


async def test_a_gift_given_to_the_old_account_is_not_given_to_who_stays(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("member.registered", "bea"))
    await platform.outcomes(event("member.imported", "ann"))
    await merge(platform)
    outcomes = await platform.outcomes(event("member.registered", "ann"))
    assert refusals(outcomes) == ["limit.per_member"]
    assert await platform.balance("ann") == 100
    await platform.close()


async def test_a_second_place_is_given_back_and_the_next_in_line_has_it(database: str) -> None:
    platform = await two(database)
    for who in ("ann", "bea", "cho"):
        await platform.outcomes(event("place.applied", who, campaign="spring", mechanic="seats"))
    await merge(platform)
    (taken,) = await platform.outcomes(event("place.taken", "cho", campaign="spring", mechanic="seats"))
    assert taken.status == "accepted"
    await platform.audit()
    await platform.close()


async def test_what_waits_for_a_verdict_waits_with_who_stays(database: str) -> None:
    platform = await two(database)
    for who in ("ann", "bea"):
        for number in range(2):
            await platform.outcomes(
                event("content.published", who, f"{who}-{number}", content=f"{who}-{number}")
            )
    assert await platform.shared("spring/committed/prizes", "CNY") == 2_000 + 4 * 500
    await merge(platform)
    verdicts = [("bea-0", "approved"), ("ann-0", "rejected"), ("bea-1", "approved"), ("ann-1", "approved")]
    for proof, verdict in verdicts:
        (decided,) = await platform.outcomes(event(f"proof.{verdict}", "bea", f"v-{proof}", proof=proof))
        assert [made.refused for made in decided.mechanics] == [None]
    assert await platform.balance("ann") == 300 + 3 * 500
    assert await platform.shared("spring/committed/prizes", "CNY") == 2_000
    await platform.audit()
    await platform.close()


async def test_a_process_that_knows_neither_id_decides_both_as_one_member_in_one_batch(database: str) -> None:
    platform = await two(database)
    await merge(platform)
    platform.engine.forget(frozenset({1, 2}))
    await platform.outcomes(
        order("bea", 1_000, "o-2"), order("ann", 2_000, "o-3"), order("bea", 3_000, "o-4")
    )
    assert await platform.balance("ann") == 360
    lots = await platform.connection.fetchval("SELECT sum(amount) FROM lot WHERE member_id = 1")
    assert lots == 360
    await platform.audit()
    await platform.close()
