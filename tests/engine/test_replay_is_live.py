"""A back-test and the live engine are one: the same history leaves the same behind, timers included."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from festoon.base.events import Event
from festoon.engine.publish import publish, submit
from festoon.engine.replay import Replay, program_in_memory
from festoon.intake.rehearsal import rehearse
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.store.pool import connect
from tests.live import BEFORE, HEAD, NOW, Platform, event, order

PLAN = (
    HEAD.replace("prizes: 1000", "prizes: 60")
    + """
assets:
  points: {cost: 0.01, line: prizes, expires: {days: 2}}
coupons:
  five-off: {value: 5, cost: 5, line: prizes, valid: {days: 3}, stock: 4}
experiments: {size: {arms: {usual: 1, large: 1}}}
mechanics:
  signup: {kind: gift, on: member.registered, give: [{points: 100}, {coupon: five-off}], limits: {per_member: 1}}
  spend: {kind: earn, on: order.paid, asset: points, per: 100, give: 1}
  double: {kind: multiplier, on: order.paid, asset: points, factor: 2, when: "event.amount >= 10000"}
  three-orders: {kind: task, on: order.paid, count: 3, repeat: {times: 5}, give: [{growth: 7}]}
  daily: {kind: check_in, daily: {points: 2}, ladder: {2: {points: 5}, 3: {growth: 3}}}
  streak:
    kind: gift
    on: reward.granted
    when: event.mechanic == "daily" and event.kind == "streak" and event.amount >= 2
    give: [{coupon: five-off}, {points: 1}]
  tried: {kind: gift, on: order.paid, give: {experiment: size, arms: {usual: {growth: 1}, large: {growth: 100}}}}
  posts: {kind: gift, on: content.published, give: [{points: 10}], limits: {per_day: 1, total: 9}}
"""
)


def history(seed: int, size: int = 400) -> list[Event]:
    """Some members doing some of everything over ten days."""
    random = Random(seed)
    made = []
    for number in range(size):
        who, at = f"m{random.randrange(12)}", NOW - timedelta(days=3) + timedelta(minutes=36 * number)
        kind = random.choice(["order", "order", "post", "check_in", "register", "hold", "release"])
        if kind == "order":
            made.append(order(who, random.randrange(20_000), f"o{number}", at))
        elif kind == "post":
            made.append(event("content.published", who, f"p{number}", at, content=str(number)))
        elif kind == "check_in":
            made.append(event("check_in.made", who, f"c{number}", at))
        elif kind == "register":
            made.append(event("member.registered", who, f"r{number}", at))
        elif kind == "hold":
            made.append(event("hold.placed", who, f"h{number}", at, hold="h", asset="points", amount=5))
        else:
            made.append(event("hold.released", who, f"l{number}", at, hold="h"))
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_same_history_leaves_the_same_behind(database: str, seed: int) -> None:
    events = history(seed)
    until = events[-1].time + timedelta(days=30)
    replay = Replay(program_in_memory([compile_plan(read_plan(PLAN))]))
    types = Counter(event.type for event, _, _ in replay.run(events))
    types += Counter(event.type for event, _, _ in replay.until(until))

    connection = await connect(database)
    await connection.execute("UPDATE installation SET mode = 'rehearsal'")
    campaign, version = await submit(connection, PLAN, "maker", BEFORE)
    await publish(connection, campaign, version, "maker", BEFORE)
    await connection.close()
    await rehearse(database, [events[:150], events[150:]], until=until)

    platform = await Platform.open(database)
    shared = await platform.connection.fetch("SELECT holder, asset, balance FROM shared_account")
    assert {
        f"{row['holder']}|{row['asset']}": row["balance"] for row in shared
    } == replay.world.shared.balances
    for subject, member in replay.world.members.items():
        for key, balance in member.book.balances.items():
            asset, at, part = key.partition("@")
            assert await platform.balance(subject, asset, at + part or "@") == balance, (subject, key)
    stored = await platform.connection.fetch("SELECT type, count(*) FROM event GROUP BY type")
    assert {row[0]: row[1] for row in stored} == types
    assert types["timer.due"] > 20
    await platform.audit()
    await platform.close()
