"""What platforms are told: thin messages, made of what was committed, each to those who want it."""

from datetime import timedelta
from typing import Any

import asyncpg

from festoon.base.times import FOREVER
from festoon.engine.publish import pause, stop
from festoon.intake.clock import note_phases
from festoon.intake.operating import operate
from festoon.outbox.webhooks.endpoints import switch_off, switch_on
from festoon.outbox.webhooks.kinds import KINDS
from tests.live import HEAD, NOW, Platform, event, order, play
from tests.outbox.webhooks.hooks import PLAN, Worker, listen
from tests.outbox.webhooks.receiver import Receiver
from tests.outbox.writing import all_ended

RISK = """
segments: {watched: {title: Watched}}
risk:
  rules: {watched: {when: member.segment("watched"), points: 40}}
  thresholds: {doubtful: 30}
"""
HELD = (
    HEAD
    + RISK
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  hello: {kind: gift, on: page.viewed, give: [{points: 50}], at_risk: {doubtful: hold}}
"""
)
LEVELS = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  spend: {kind: earn, on: order.paid, asset: growth, give: 1, per: 100}
  levels: {kind: level, on: order.paid, levels: [{id: silver, growth: 100}], review: {growth: year}}
"""
)
DRAW = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  lucky-draw:
    kind: draw
    chances: {free: {per: day, count: 2}}
    prizes: [{id: packet, weight: 1, give: {points: 5}}]
    sold_out: nothing
"""
)


def told(receiver: Receiver, kind: str) -> list[dict[str, Any]]:
    """The data of the messages of one kind."""
    return [each.told["data"] for each in receiver.received if each.told["type"] == kind]


async def test_a_reward_is_told_with_its_member_its_cause_and_what_was_given(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    _, secret = await listen(store, receiver.url)
    (outcome,) = await platform.outcomes(event("member.registered", "ann", "r-1"))
    await Worker(platform.dsn).work()
    assert sorted(receiver.kinds) == ["item.issued", "reward.granted"]
    assert all(each.signatures_of(secret) for each in receiver.received)
    assert len({each.id for each in receiver.received}) == 2
    item = outcome.mechanics[0].given[1].item
    common = {
        "member": "ann",
        "campaign": "spring",
        "mechanic": "signup",
        "event": {"source": "shop", "id": "r-1", "type": "member.registered"},
    }
    given = [
        {"kind": "asset", "ref": "points", "amount": 100},
        {"kind": "coupon", "ref": "spring/ten-off", "item": item},
    ]
    assert told(receiver, "reward.granted") == [{**common, "given": given}]
    (issued,) = told(receiver, "item.issued")
    expires = issued.pop("expires")
    assert issued == {**common, "item": item, "kind": "coupon", "ref": "spring/ten-off"}
    assert expires.startswith("2027-02-17")
    assert receiver.received[0].told["timestamp"] == "2027-02-10T04:00:00Z"


async def test_what_becomes_of_things_is_told(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    first, second = await platform.outcomes(
        event("member.registered", "ann"), event("member.registered", "ben")
    )
    (mug,) = await platform.outcomes(event("content.liked", "ann", content="c"))
    await listen(store, receiver.url, "item.used", "item.delivered", "item.lapsed")
    code = first.mechanics[0].given[1].code
    await platform.outcomes(
        event("coupon.redeemed", "ann", "u-1", coupon=code),
        event("coupon.redeemed", "ann", "u-2", coupon=code),
        event("coupon.redeemed", "ann", "u-3", coupon="of-another-issuer"),
        event("gift.delivered", "ann", "d-1", item=mug.mechanics[0].given[0].item, parcel="SF-1"),
    )
    platform.at = NOW + timedelta(days=8)
    await platform.wake("ben")
    await Worker(platform.dsn).work()
    assert [(one["member"], one["ref"], one["event"]["id"]) for one in told(receiver, "item.used")] == [
        ("ann", "spring/ten-off", "u-1")
    ]
    assert [(one["member"], one["ref"]) for one in told(receiver, "item.delivered")] == [
        ("ann", "spring/mug")
    ]
    assert [(one["member"], one["item"]) for one in told(receiver, "item.lapsed")] == [
        ("ben", second.mechanics[0].given[1].item)
    ]
    assert platform.at < FOREVER


async def test_held_rewards_are_told_and_what_was_decided_on_them(
    database: str, store: asyncpg.Connection, receiver: Receiver
) -> None:
    platform = await Platform.open(database, HELD)
    await listen(store, receiver.url)
    for name in ("ann", "ben"):
        await platform.outcomes(event("segment.entered", name, segment="watched"))
        await platform.outcomes(event("page.viewed", name, page="tea"))
    await Worker(database).work()
    ann, ben = sorted(told(receiver, "grant.held"), key=lambda one: str(one["member"]))
    assert ann["reason"] == "risk"
    assert ann["given"] == [{"kind": "asset", "ref": "points", "amount": 50}]
    decided = {"reason": "looked at", "decided_by": "lin"}
    await operate(database, "1", "grant.released", "ann", {"hold": ann["hold"], **decided})
    await operate(database, "2", "grant.voided", "ben", {"hold": ben["hold"], **decided})
    await Worker(database).work()
    assert [one["hold"] for one in told(receiver, "grant.released")] == [ann["hold"]]
    assert [one["hold"] for one in told(receiver, "grant.voided")] == [ben["hold"]]
    assert [one["member"] for one in told(receiver, "reward.granted")] == ["ann"]
    await platform.close()


async def test_levels_and_draws_are_told(
    database: str, store: asyncpg.Connection, receiver: Receiver
) -> None:
    platform = await Platform.open(database, LEVELS)
    await listen(store, receiver.url, "level.changed")
    await platform.outcomes(order("mei", 20_000, "o1"), order("mei", 100, "o2"))
    await Worker(database).work()
    ((level),) = told(receiver, "level.changed")
    assert (level["level"], level["was"], level["event"]["id"]) == ("silver", "", "o1")
    await platform.close()


async def test_a_prize_is_told_and_a_draw_without_one_is_not(
    database: str, store: asyncpg.Connection, receiver: Receiver
) -> None:
    platform = await Platform.open(database, DRAW.replace("weight: 1,", "weight: 1, stock: 1,"))
    await listen(store, receiver.url, "draw.won")
    await platform.send(play("ann", "p1"), play("ann", "p2"))
    await Worker(database).work()
    ((won),) = told(receiver, "draw.won")
    assert (won["member"], won["prize"], won["play"]) == ("ann", "packet", 1)
    await platform.close()


async def test_consents_are_told_when_they_change_and_not_when_a_newer_answer_stands(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    await listen(store, receiver.url, "consent.changed")
    yes: dict[str, Any] = {"channel": "sms", "agreed": True}
    no: dict[str, Any] = {"channel": "sms", "agreed": False, "wording": "v2"}
    await platform.outcomes(
        event("consent.changed", "ann", "c-2", at=NOW, **no),
        event("consent.changed", "ann", "c-1", at=NOW - timedelta(hours=1), **yes),
        event("page.viewed", "ann", "p-1", page="x"),
    )
    await Worker(platform.dsn).work()
    (said,) = told(receiver, "consent.changed")
    assert (said["member"], said["channel"], said["agreed"], said["by"]) == ("ann", "sms", False, "platform")
    assert (said["wording"], said["event"]["id"]) == ("v2", "c-2")


async def test_campaigns_are_told_as_they_are_published_paused_moved_on_and_stopped(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    await listen(store, receiver.url, campaigns=("spring",))
    await pause(store, "spring", ["mug"], "lin", NOW)
    await pause(store, "spring", [], "lin", NOW)
    await note_phases(store, platform.engine.program, NOW)
    worker = Worker(platform.dsn)
    await worker.work()
    await stop(store, "spring", "lin", NOW)
    await note_phases(store, platform.engine.program, NOW + timedelta(days=20))
    await worker.work(timedelta(days=20))
    assert told(receiver, "campaign.paused") == [{"campaign": "spring", "mechanics": ["mug"]}]
    assert len(told(receiver, "campaign.resumed")) == len(told(receiver, "campaign.stopped")) == 1
    phases = [one["phase"] for one in told(receiver, "campaign.phase_changed")]
    assert phases[-1] == "closing"
    assert len(set(phases)) == len(phases) >= 2
    assert told(receiver, "plan.published") == []  # it was before anybody listened


async def test_stock_and_budget_are_told_when_they_run_low_and_out_and_once_each(
    database: str, store: asyncpg.Connection, receiver: Receiver
) -> None:
    platform = await Platform.open(database, PLAN.replace("stock: 3", "stock: 10"))
    await listen(store, receiver.url, "stock.low", "stock.out", "budget.low")
    worker = Worker(database)
    for count in range(10):
        await platform.outcomes(event("content.liked", "ann", f"l-{count}", content=str(count)))
        await worker.work()
    assert told(receiver, "stock.low") == [{"campaign": "spring", "stock": "gift:mug", "left": 1, "of": 10}]
    assert [one["left"] for one in told(receiver, "stock.out")] == [0]
    assert told(receiver, "budget.low") == []


async def test_nothing_is_told_of_what_was_before_and_a_wish_is_kept_to(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    await all_ended(platform.dsn)
    await listen(store, receiver.url, "item.issued")
    await listen(store, receiver.url, campaigns=("autumn",))
    await platform.outcomes(event("member.registered", "ben"))
    await Worker(platform.dsn).work()
    assert [one["member"] for one in told(receiver, "item.issued")] == ["ben"]
    assert len(receiver.received) == 1


async def test_an_endpoint_that_was_off_goes_on_where_it_stopped_or_from_now(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    patient, _ = await listen(store, receiver.url, "item.issued")
    hasty, _ = await listen(store, receiver.url, "reward.granted")
    steady, _ = await listen(store, receiver.url, "level.changed")
    worker = Worker(platform.dsn)
    for one in (patient, hasty):
        await switch_off(store, one.id, "lin", NOW)
    await platform.outcomes(event("member.registered", "ann"))
    await worker.work()
    assert receiver.received == []
    await switch_on(store, patient.id, "lin", NOW)
    await switch_on(store, hasty.id, "lin", NOW, "now")
    await platform.outcomes(event("member.registered", "ben"))
    await worker.work()
    assert sorted(one["member"] for one in told(receiver, "item.issued")) == ["ann", "ben"]
    assert [one["member"] for one in told(receiver, "reward.granted")] == ["ben"]
    places = await store.fetch("SELECT DISTINCT generation, position FROM webhook_endpoint")
    assert len(places) == 1
    assert steady.state == "on"


async def test_without_an_endpoint_nothing_is_read_and_nothing_kept(
    platform: Platform, store: asyncpg.Connection
) -> None:
    await platform.outcomes(event("member.registered", "ann"))
    assert (await Worker(platform.dsn).work()).told == 0
    assert await store.fetchval("SELECT count(*) FROM relay_generation") == 0
    assert await store.fetchval("SELECT count(*) FROM webhook_message") == 0


def test_every_kind_has_a_name_in_every_language() -> None:
    for kind in KINDS.values():
        names = {kind.title(language) for language in ("en", "zh-Hans")}
        assert len(names) == 2
        assert kind.data.__doc__
