"""The one flow: a batch of events goes in, each gets its outcome, the books balance."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from festoon.base.events import Event
from festoon.engine import run_batch as running
from festoon.engine.post import post
from festoon.store.pool import connect
from tests.live import HEAD, NOW, Platform, event, gifts, order, play, refusals

PLAN = (
    HEAD
    + """
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 10}}
coupons:
  five-off: {value: 5, cost: 5, line: prizes, valid: {days: 7}, stock: 3}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: five-off}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
  double: {kind: multiplier, on: order.paid, asset: points, factor: 2, when: "event.amount >= 10000"}
  once-a-day: {kind: gift, on: content.published, give: [{points: 10}], limits: {per_day: 1, total: 5}}
"""
)


@pytest.fixture
async def platform(database: str) -> AsyncIterator[Platform]:
    platform = await Platform.open(database, PLAN)
    yield platform
    await platform.close()


async def test_an_event_in_a_batch_sees_what_the_earlier_ones_did(platform: Platform) -> None:
    first, second = await platform.outcomes(
        event("content.published", "ann", "a", content="1"),
        event("content.published", "ann", "b", content="2"),
    )
    assert gifts([first]) == [("asset", "points", 10)]
    assert refusals([second]) == ["limit.per_period"]
    await platform.audit()


async def test_the_same_event_sent_again_gets_the_stored_outcome(platform: Platform) -> None:
    registered = event("member.registered", "ann")
    first = await platform.send(registered)
    again = await platform.send(registered, registered)
    assert [answer.kind for answer in first + again] == ["new", "again", "again"]
    assert {answer.outcome for answer in first + again} == {first[0].outcome}
    assert await platform.balance("ann") == 100


async def test_the_same_event_twice_in_one_batch_acts_once(platform: Platform) -> None:
    registered = event("member.registered", "ann")
    one, two = await platform.send(registered, registered)
    assert one.outcome == two.outcome
    assert await platform.balance("ann") == 100
    await platform.audit()


async def test_an_id_used_with_another_body_is_refused_alone(platform: Platform) -> None:
    await platform.send(order("ann", 500, "1"))
    conflict, fine = await platform.send(order("ann", 900, "1"), order("ann", 700, "2"))
    assert conflict.kind == "conflict"
    assert conflict.error
    assert conflict.error.code == "event.id_reused"
    assert fine.kind == "new"
    assert await platform.balance("ann") == 5 + 7


async def test_two_members_may_use_the_same_event_id(platform: Platform) -> None:
    answers = await platform.send(order("ann", 500, "1"), order("ben", 900, "1"))
    assert [answer.kind for answer in answers] == ["new", "new"]


async def test_a_multiplier_doubles_what_another_mechanic_gives(platform: Platform) -> None:
    (outcome,) = await platform.outcomes(order("ann", 10_000, "1"))
    (given,) = outcome.mechanics[0].given
    assert (given.amount, given.factor) == (200, "2")


async def test_every_grant_moves_its_cost_off_the_budget_line(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - 500 - 100
    assert await platform.shared("spring/committed/prizes", "CNY") == 500
    assert await platform.shared("spring/cost/prizes", "CNY") == 100
    await platform.audit()


async def test_a_limit_in_total_is_never_passed(platform: Platform) -> None:
    outcomes = await platform.outcomes(*(event("content.published", f"m{n}", content="1") for n in range(8)))
    assert len(gifts(outcomes)) == 5
    assert refusals(outcomes) == ["limit.total"] * 3
    await platform.audit()


async def test_stock_that_is_out_refuses_the_whole_reward(platform: Platform) -> None:
    outcomes = await platform.outcomes(*(event("member.registered", f"m{n}") for n in range(5)))
    assert len([given for given in gifts(outcomes) if given[0] == "coupon"]) == 3
    assert refusals(outcomes) == ["stock.empty"] * 2
    assert await platform.balance("m4") == 0
    await platform.audit()


async def test_a_redemption_without_effect_uses_up_no_limit(platform: Platform) -> None:
    await platform.connection.execute("UPDATE shared_account SET balance = 0 WHERE holder = 'none'")
    await platform.outcomes(*(event("member.registered", f"m{n}") for n in range(4)))
    refused = await platform.outcomes(event("member.registered", "late", "first"))
    assert refusals(refused) == ["stock.empty"]
    stored = await platform.connection.fetchval(
        "SELECT count(*) FROM progress p JOIN member m ON m.id = p.member_id WHERE m.subject = 'late'"
    )
    assert stored == 0


async def test_points_expire_first_expiring_first_when_their_day_is_over(platform: Platform) -> None:
    await platform.outcomes(order("ann", 1_000, "1"))
    platform.at = NOW + timedelta(days=5)
    await platform.outcomes(order("ann", 2_000, "2", platform.at))
    platform.at = NOW + timedelta(days=11)
    await platform.wake("ann")
    assert await platform.balance("ann") == 20
    assert await platform.shared("lapsed", "points") == 10
    await platform.audit()


async def test_a_due_timer_comes_before_the_members_next_event(platform: Platform) -> None:
    await platform.outcomes(order("ann", 1_000, "1"))
    platform.at = NOW + timedelta(days=30)
    await platform.outcomes(event("member.logged_in", "ann", at=platform.at))
    assert await platform.balance("ann") == 0
    types = await platform.connection.fetch("SELECT type FROM event ORDER BY seq")
    assert [row["type"] for row in types] == ["order.paid", "timer.due", "member.logged_in"]


async def test_a_coupon_that_is_used_turns_its_commitment_into_a_cost(platform: Platform) -> None:
    (outcome,) = await platform.outcomes(event("member.registered", "ann"))
    code = next(given.code for given in outcome.mechanics[0].given if given.kind == "coupon")
    await platform.outcomes(event("coupon.redeemed", "ann", "r1", coupon=code))
    (second,) = await platform.outcomes(event("coupon.redeemed", "ann", "r2", coupon=code))
    assert second.status == "refused"
    assert second.refused
    assert second.refused.code == "coupon.not_usable"
    assert await platform.shared("spring/committed/prizes", "CNY") == 0
    assert await platform.shared("spring/cost/prizes", "CNY") == 600
    await platform.audit()


async def test_a_coupon_that_lapses_gives_its_cost_back_to_the_line(platform: Platform) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    platform.at = NOW + timedelta(days=9)
    await platform.wake("ann")
    assert await platform.shared("spring/committed/prizes", "CNY") == 0
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000 - 100
    state = await platform.connection.fetchval("SELECT state FROM item")
    assert state == "expired"
    await platform.audit()


async def test_a_hold_is_posted_in_part_and_the_rest_returns(platform: Platform) -> None:
    await platform.outcomes(order("ann", 5_000, "1"))
    await platform.outcomes(event("hold.placed", "ann", "h", hold="h1", asset="points", amount=40))
    assert (await platform.balance("ann"), await platform.balance("ann", part="@held")) == (10, 40)
    await platform.outcomes(event("hold.posted", "ann", "p", hold="h1", amount=25))
    assert (await platform.balance("ann"), await platform.balance("ann", part="@held")) == (25, 0)
    await platform.audit()


async def test_a_hold_lapses_by_itself_and_a_lot_that_lapsed_meanwhile_lapses_on_return(
    platform: Platform,
) -> None:
    await platform.outcomes(order("ann", 5_000, "1"))
    until = (NOW + timedelta(days=20)).isoformat()
    await platform.outcomes(
        event("hold.placed", "ann", "h", hold="h1", asset="points", amount=40, until=until)
    )
    platform.at = NOW + timedelta(days=21)
    await platform.wake("ann")
    assert (await platform.balance("ann"), await platform.balance("ann", part="@held")) == (0, 0)
    assert await platform.shared("lapsed", "points") == 50
    await platform.audit()


async def test_a_transfer_is_reversed_once(platform: Platform) -> None:
    await platform.outcomes(order("ann", 5_000, "1"))
    seq = await platform.connection.fetchval("SELECT seq FROM event")
    first, second = await platform.outcomes(
        event("transfer.reversed", "ann", "r1", transfer=f"{seq}-0", reason="wrong"),
        event("transfer.reversed", "ann", "r2", transfer=f"{seq}-0", reason="wrong"),
    )
    assert (first.status, second.status) == ("accepted", "refused")
    assert await platform.balance("ann") == 0
    await platform.audit()


async def test_an_import_never_fires_a_registration_gift(platform: Platform) -> None:
    outcomes = await platform.outcomes(event("member.imported", "ann", registered="2024-03-01"))
    assert gifts(outcomes) == []


async def test_an_unknown_type_is_recorded_and_has_no_effect(platform: Platform) -> None:
    (outcome,) = await platform.outcomes(event("shop.bell_rung", "ann", loud=True))
    assert outcome.status == "accepted"
    assert not outcome.mechanics
    assert await platform.connection.fetchval("SELECT data FROM event") == '{"loud":true}'


async def test_personal_fields_never_reach_the_journal(platform: Platform) -> None:
    await platform.outcomes(
        event("member.registered", "ann", name="Ann Lee", phone="+8613800000000", region="Suzhou")
    )
    journal = await platform.connection.fetchval("SELECT data || outcome FROM event")
    assert "Ann Lee" not in journal
    assert "13800000000" not in journal
    assert "Suzhou" in journal
    kept = await platform.connection.fetchval("SELECT fields FROM member_personal")
    assert "Ann Lee" in kept


async def test_what_the_store_cannot_hold_is_turned_away_and_its_neighbours_go_in(platform: Platform) -> None:
    bad = Event("shop", "bad", "shop.bell_rung", "bad\0name", NOW, {})
    answers = await platform.send(order("ann", 100, "1"), bad, order("ben", 100, "2"))
    assert [answer.kind for answer in answers] == ["new", "turned_away", "new"]
    assert answers[1].error
    assert answers[1].error.code == "event.not_storable"


async def test_a_request_for_a_mechanic_that_is_not_there_is_refused(platform: Platform) -> None:
    (outcome,) = await platform.outcomes(play("ann", "1", "no-such-draw"))
    assert outcome.status == "refused"
    assert outcome.refused
    assert outcome.refused.code == "request.no_such_mechanic"


async def test_events_outside_the_campaign_pass_its_mechanics_by(platform: Platform) -> None:
    early = NOW - timedelta(days=20)
    (outcome,) = await platform.outcomes(order("ann", 100, "1", early))
    assert outcome.passed_over == {"phase": ["spring/spend"]}


@pytest.mark.parametrize("change", ["UPDATE account SET balance = 7", "UPDATE progress SET state = '{}'"])
async def test_a_row_that_somebody_changed_behind_its_members_lock_is_not_written_over(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    await platform.outcomes(event("member.registered", "ann"))

    async def posted(*given: Any) -> None:
        other = await connect(platform.dsn)
        await other.execute(change)
        await other.close()
        await post(*given)

    with monkeypatch.context() as meddling:
        meddling.setattr(running, "post", posted)
        with pytest.raises(asyncpg.AssertError, match=r"^0 of [12] rows$"):
            await platform.send(event("content.published", "ann", "a", content="1"))
    assert await platform.connection.fetchval("SELECT count(*) FROM event") == 1
    (outcome,) = await platform.outcomes(event("content.published", "ann", "a", content="1"))
    assert gifts([outcome]) == [("asset", "points", 10)]
