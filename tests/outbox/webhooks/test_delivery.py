"""Deliveries: signed, tried again by a schedule, given up in the end, replayed by hand; nobody waits for the dead."""

import asyncio
import os
import socket
from datetime import timedelta

import asyncpg
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from festoon.outbox.webhooks import schedule
from festoon.outbox.webhooks.addresses import OPEN_INTERNET, Allowed
from festoon.outbox.webhooks.deliveries import (
    Sought,
    deliveries,
    delivery,
    forget,
    replay,
    replay_failed,
    send_test,
)
from festoon.outbox.webhooks.endpoints import (
    Wanted,
    change,
    endpoint,
    endpoints,
    remove,
    rotate,
    switch_off,
    switch_on,
)
from festoon.outbox.webhooks.service import Webhooks
from festoon.store.trail import broken_links
from tests.live import NOW, Platform, event
from tests.outbox.webhooks.hooks import LOOPBACK, Worker, listen
from tests.outbox.webhooks.receiver import Received, Receiver, always, receiving
from tests.serving import until

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


async def test_a_receiver_verifies_with_the_library_and_refuses_what_was_changed(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, secret = await listen(store, receiver.url)
    now = await store.fetchval("SELECT clock_timestamp()")
    await send_test(store, made.id, "lin", now)
    worker = Worker(platform.dsn)
    worker.at = now
    await worker.work()
    (one,) = receiver.received
    assert Webhook(secret).verify(one.body, one.headers)["data"] == {"endpoint": made.id}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(one.body.replace(b"ep_", b"ap_"), one.headers)
    assert one.headers["content-type"] == "application/json"


async def test_what_fails_is_tried_again_by_the_schedule_under_the_same_id_and_then_given_up(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, _ = await listen(store, receiver.url, "item.issued")
    receiver.answer = always(500)
    await platform.outcomes(event("member.registered", "ann"))
    worker = Worker(platform.dsn)
    assert (await worker.work()).attempts == 1
    for step in schedule.STEPS:
        assert (await worker.work(step - SECOND)).attempts == 0
        assert (await worker.work(SECOND)).attempts == 1
    assert (await worker.work(DAY)).attempts == 0
    assert len({one.id for one in receiver.received}) == 1
    assert len({one.headers["webhook-timestamp"] for one in receiver.received}) == len(schedule.STEPS) + 1
    (one,) = await deliveries(store, Sought(state="failed"))
    assert (one.tries, [each.status for each in one.attempts]) == (10, [500] * 10)
    assert (await endpoint(store, made.id)).failing == NOW


async def test_who_asks_to_be_left_alone_is(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    await listen(store, receiver.url, "item.issued")
    receiver.answer, receiver.more = always(429), {"retry-after": "600"}
    await platform.outcomes(event("member.registered", "ann"))
    worker = Worker(platform.dsn)
    await worker.work()
    assert (await worker.work(timedelta(seconds=599))).attempts == 0
    receiver.answer = always(204)
    assert (await worker.work(SECOND)).attempts == 1
    (one,) = await deliveries(store, Sought(state="delivered"))
    assert one.tries == 2


def test_waits_are_shortened_and_stretched_so_that_not_all_come_back_at_once() -> None:
    assert schedule.wait(2, 0.0) == timedelta(minutes=4)
    assert schedule.wait(2, 1.0) == timedelta(minutes=6)
    assert schedule.wait(2, 0.5, timedelta(days=300)) == schedule.LONGEST_WAIT
    assert schedule.wait(len(schedule.STEPS) + 1, 0.5) is None


async def test_who_is_gone_is_disabled_at_once_and_can_be_switched_on_again(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, _ = await listen(store, receiver.url, "item.issued")
    receiver.answer = always(410)
    await platform.outcomes(event("member.registered", "ann"))
    worker = Worker(platform.dsn)
    await worker.work()
    gone = await endpoint(store, made.id)
    assert (gone.state, gone.why) == ("disabled", "gone")
    await platform.outcomes(event("member.registered", "ben"))
    assert (await worker.work(DAY)).attempts == 0
    receiver.answer = always(200)
    await switch_on(store, made.id, "lin", worker.at)
    assert (await worker.work()).attempts == 2
    acts = await store.fetch("SELECT actor, act FROM audit_entry WHERE object = $1 ORDER BY number", made.id)
    assert [tuple(row) for row in acts] == [
        ("lin", "webhook.make"),
        ("festoon", "webhook.disable"),
        ("lin", "webhook.on"),
    ]
    async with store.transaction():
        assert [number async for number in broken_links(store)] == []


async def test_an_endpoint_where_nothing_gets_through_for_days_is_disabled(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, _ = await listen(store, receiver.url, "item.issued")
    receiver.answer = lambda before: 200 if before == 1 else 503
    worker = Worker(platform.dsn)
    for day in range(8):
        await platform.outcomes(event("member.registered", f"m{day}"))
        await worker.work(DAY)
        if (found := await endpoint(store, made.id)).state != "on":
            break
    assert found.why == "failing"
    assert found.failing is not None
    assert worker.at - found.failing >= schedule.GIVE_UP
    assert found.failing > NOW + DAY  # what got through on the way counts


async def test_a_new_secret_signs_beside_the_one_before_until_it_lapses(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, old = await listen(store, receiver.url, "item.issued")
    new = await rotate(store, made.id, "lin", NOW, os.urandom)
    worker = Worker(platform.dsn)
    await platform.outcomes(event("member.registered", "ann"))
    await worker.work()
    await platform.outcomes(event("member.registered", "ben"))
    await worker.work(DAY)
    both, alone = receiver.received
    assert both.signatures_of(old)
    assert both.signatures_of(new)
    assert alone.signatures_of(new)
    assert not alone.signatures_of(old)


async def test_who_does_not_answer_holds_up_nobody(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(50)
        await listen(store, f"http://127.0.0.1:{deaf.getsockname()[1]}/", "item.issued")
        await listen(store, receiver.url, "item.issued")
        for number in range(40):
            await platform.outcomes(event("member.registered", f"m{number}"))
        webhooks = Webhooks(platform.dsn, lambda: NOW, LOOPBACK, pace=0.02)
        working = asyncio.create_task(webhooks.run(asyncio.Event()))
        await until(lambda: len(receiver.received) == 40)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    states = await store.fetch("SELECT state, count(*) FROM webhook_delivery GROUP BY 1 ORDER BY 1")
    assert {row[0] for row in states} == {"delivered", "waiting"}


async def test_a_worker_that_is_told_to_stop_finishes_what_is_on_its_way(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    await listen(store, receiver.url, "item.issued")
    await platform.outcomes(event("member.registered", "ann"))
    stop = asyncio.Event()
    working = asyncio.create_task(Webhooks(platform.dsn, lambda: NOW, LOOPBACK, pace=0.02).run(stop))
    await until(lambda: bool(receiver.received))
    stop.set()
    await working
    assert await store.fetchval("SELECT state FROM webhook_delivery") == "delivered"


async def test_a_redirect_is_not_followed_and_a_long_answer_not_read(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    with receiving() as elsewhere:
        await listen(store, receiver.url, "item.issued")
        receiver.answer, receiver.more = always(302), {"location": elsewhere.url}
        receiver.body = b"x" * 1_000_000
        await platform.outcomes(event("member.registered", "ann"))
        await Worker(platform.dsn).work()
        assert elsewhere.received == []
    (one,) = await deliveries(store, Sought())
    assert (one.state, one.attempts[0].status) == ("waiting", 302)


async def test_our_own_network_is_not_called_unless_it_is_allowed(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    await listen(store, receiver.url, "item.issued")
    await listen(store, receiver.url.replace("127.0.0.1", "localhost"), "item.issued")
    await platform.outcomes(event("member.registered", "ann"))
    await Worker(platform.dsn, OPEN_INTERNET).work()
    assert receiver.received == []
    found = await deliveries(store, Sought())
    assert [each.attempts[0].error.partition(":")[0] for each in found] == ["webhook.address_refused"] * 2
    worker = Worker(platform.dsn, Allowed(("127.0.0.0/8", "::1/128")))
    await worker.work(DAY)
    assert len(receiver.received) == 2


async def test_one_is_sent_again_by_hand_and_all_that_failed_since(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, _ = await listen(store, receiver.url, "item.issued")
    worker = Worker(platform.dsn)
    receiver.answer = always(500)
    for name in ("ann", "ben", "cho"):
        await platform.outcomes(event("member.registered", name))
        await worker.work(DAY)
    await store.execute("UPDATE webhook_delivery SET state = 'failed'")
    receiver.answer = always(200)
    page = await deliveries(store, Sought(state="failed"), limit=2)
    (last,) = await deliveries(store, Sought(state="failed"), before=page[-1].number)
    await replay(store, last.number, "lin", worker.at)
    await worker.work()
    assert (await delivery(store, last.number)).state == "delivered"
    assert await replay_failed(store, made.id, NOW + 3 * DAY, "lin", worker.at) == 1
    assert await replay_failed(store, made.id, NOW, "lin", worker.at) == 1
    await worker.work()
    assert {each.state for each in await deliveries(store, Sought(endpoint=made.id))} == {"delivered"}
    receiver.received.clear()
    await replay(store, last.number, "lin", worker.at)
    await worker.work()
    assert [each.id for each in receiver.received] == [last.message]


async def test_what_is_long_over_is_forgotten_and_what_waits_is_not(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, _ = await listen(store, receiver.url, "item.issued")
    worker = Worker(platform.dsn)
    await platform.outcomes(event("member.registered", "ann"))
    await worker.work()
    receiver.answer = always(500)
    await platform.outcomes(event("member.registered", "ben"))
    await worker.work()
    assert await forget(store, NOW + DAY) == 1
    (left,) = await deliveries(store, Sought())
    assert left.state == "waiting"
    await remove(store, made.id, "lin", NOW)
    assert await endpoints(store) == []
    assert await deliveries(store, Sought()) == []


async def test_an_endpoint_that_moves_gets_what_waits_at_its_new_place(
    platform: Platform, store: asyncpg.Connection, receiver: Receiver
) -> None:
    made, _ = await listen(store, "http://127.0.0.1:9/", "item.issued")
    await platform.outcomes(event("member.registered", "ann"))
    worker = Worker(platform.dsn)
    await worker.work()
    assert receiver.received == []
    await switch_off(store, made.id, "lin", NOW)
    await change(store, made.id, Wanted(receiver.url, ["item.issued"]), "lin", NOW)
    await switch_on(store, made.id, "lin", NOW)
    await worker.work(DAY)
    (one,) = receiver.received
    assert isinstance(one, Received)
