"""Who was erased is nobody: nothing is given to him any more, and nobody goes without for it."""

from collections.abc import Iterator
from datetime import timedelta

from festoon.base.events import Event
from festoon.engine.backtest import backtest
from festoon.engine.run_batch import run_batch
from tests.live import HEAD, NOW, Platform, event, order

PLAN = (
    HEAD.replace("2027-02-28", "2027-04-28").replace("2027-03-14", "2027-05-14")
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  grow: {kind: earn, on: order.paid, per: 1, asset: growth}
  levels: {kind: level, on: order.paid, levels: [{id: gold, growth: 100, entry: {points: 1}, monthly: {points: 5}}]}
  friends:
    kind: referral
    actions: [content.published]
    invitee: {points: 20}
    inviter: {points: 100}
    delay: {days: 5}
"""
)
MONTHS = timedelta(days=60)


def invited() -> list[Event]:
    """Ann is gold, and has invited Bea, who has come."""
    return [
        order("ann", 100, "o1"),
        event("invite.accepted", "bea", inviter="ann"),
        event("content.published", "bea", content="c", length=90),
    ]


def erased() -> Event:
    return event("member.erased", "ann", reason="asked for it")


async def let_pass(platform: Platform) -> None:
    for _ in range(4):
        await run_batch(platform.engine, platform.connection, [], [1, 2])


async def test_who_was_erased_gets_neither_what_was_on_its_way_nor_what_comes_every_month(
    database: str,
) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*invited())
    await let_pass(platform)
    await platform.outcomes(erased())
    platform.at = NOW + MONTHS
    await let_pass(platform)
    assert await platform.balance("bea") == 20
    assert await platform.shared("spring/cost/prizes", "CNY") == 21
    await platform.audit()
    await platform.close()


async def test_the_friend_of_who_is_erased_before_he_is_asked_for_gets_his_own(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*invited(), erased())
    platform.at = NOW + MONTHS
    await let_pass(platform)
    assert await platform.balance("bea") == 20
    await platform.audit()
    await platform.close()


def test_a_back_test_gives_him_nothing_either() -> None:
    def history() -> Iterator[list[Event]]:
        yield [*invited(), erased(), order("cho", 1, "o2", NOW + MONTHS)]

    assert backtest(PLAN, history, seeds=1).costs()["prizes"].middle == 21
