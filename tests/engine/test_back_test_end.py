"""A back-test does not stop with the last event: what members have earned by then is drawn, paid and counted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from festoon.base.events import Event
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import Backtest, backtest
from festoon.engine.course import closed
from festoon.plan.compiled import Schedule
from tests.live import event

PLAN = """
festoon: 1
campaign: autumn
title: {en: Autumn, zh-Hans: 秋季}
timezone: Asia/Shanghai
schedule: {start: 2027-09-01, end: 2027-10-31, settle: 2027-11-14}
budget: {currency: CNY, lines: {prizes: 1000, packs: 1000}}
assets: {points: {cost: 0.01, line: packs}}
gifts: {bag: {title: A bag, cost: 30, line: prizes}}
mechanics:
"""
DRAW = (
    PLAN
    + """
  shopping: {kind: gift, on: order.paid, give: [{chances: journey}], limits: {per_member: 1}}
  journey:
    kind: grand_draw
    frozen: 2027-11-02 20:00
    drawn: 2027-11-05 20:00
    prizes: [{id: bag, title: A bag, count: 3, give: {gift: bag}}]
    randomness: The index of 5 November
"""
)
LEVELS = (
    PLAN
    + """
  spend: {kind: earn, on: order.paid, asset: growth, per: 100}
  levels:
    kind: level
    on: [order.paid]
    levels: [{id: one, growth: 0}, {id: two, growth: 10, monthly: PACK}]
"""
)
PACKS = LEVELS.replace("PACK", "{points: 100}")
FRIENDS = (
    PLAN
    + """
  friends:
    kind: referral
    actions: [order.paid]
    within_days: 7
    delay: {days: 10}
    inviter: [{points: 700}]
"""
)
WHEEL = (
    LEVELS.replace("PACK", "{chances: wheel}")
    + """
  wheel:
    kind: draw
    prizes: [{id: bag, weight: 1, stock: 30, give: {gift: bag}}]
    sold_out: nothing
"""
)


def at(month: int, day: int) -> datetime:
    return datetime(2027, month, day, 4, tzinfo=UTC)


def paid(subject: str, month: int, day: int) -> Event:
    number = f"o-{subject}-{month}-{day}"
    data: dict[str, Any] = {"order": number, "amount": 5_000, "currency": "CNY", "lines": []}
    return event("order.paid", subject, number, at(month, day), **data)


def run(plan: str, *events: Event, assumed: Assumptions | None = None) -> Backtest:
    def history() -> Iterator[list[Event]]:
        yield list(events)

    return backtest(plan, history, seeds=1, assumptions=assumed)


def test_a_draw_after_the_last_event_is_in_the_cost() -> None:
    found = run(DRAW, paid("ann", 9, 3), paid("ben", 10, 30))
    assert found.first.cost["prizes.journey"] == 2 * 3_000
    assert {winner.subject for winner in found.first.winners} == {"ann", "ben"}
    assert found.cut_short is None


def test_prizes_that_a_draw_gives_away_at_once_have_not_run_out() -> None:
    assert run(DRAW, *(paid(who, 10, 30) for who in ("ann", "ben", "cem", "dot"))).run_outs() == {}


def test_a_reward_that_waits_for_its_day_is_paid() -> None:
    accepted = event("invite.accepted", "ben", "a1", at(10, 28), inviter="ann")
    found = run(FRIENDS, paid("ann", 9, 1), accepted, paid("ben", 10, 29))
    assert found.first.amounts == {"autumn/friends asset points": 700}


def test_what_members_would_do_about_it_is_assumed_as_before() -> None:
    played = run(WHEEL, paid("ann", 9, 28), paid("ann", 10, 20), assumed=Assumptions(plays=1))
    assert played.first.cost == {"prizes": 3_000}, "the chance of 28 October is used"
    assert run(WHEEL, paid("ann", 9, 28), paid("ann", 10, 20), assumed=Assumptions(plays=0)).first.cost == {}


def test_a_history_that_breaks_off_says_nothing_about_the_months_to_come() -> None:
    found = run(PACKS, paid("ann", 9, 3), paid("ann", 9, 25))
    assert found.first.amounts["autumn/levels asset points"] == 100, "that of 3 October, and no other"
    assert found.cut_short == at(10, 8)
    assert found.first.left["autumn/budget/packs|CNY"][-1] == 100_000 - 100


def test_of_an_empty_history_nothing_comes() -> None:
    found = run(DRAW)
    assert (found.first.events, found.cut_short, found.run_outs()) == (0, None, {})


def test_a_history_that_has_nothing_to_do_with_the_campaign_is_said_to() -> None:
    assert run(DRAW, paid("ann", 8, 1)).first.missed
    assert run(DRAW, paid("ann", 12, 1)).first.missed
    assert not run(DRAW, paid("ann", 8, 1), paid("ann", 12, 1)).first.missed
    assert run(DRAW).first.missed


DAYS = st.integers(0, 600)


@given(st.tuples(DAYS, DAYS), DAYS)
def test_the_clock_stops_between_the_last_event_and_the_settled_campaign(
    days: tuple[int, int], last: int
) -> None:
    start = at(1, 1)
    end = start + timedelta(days=1 + days[0])
    schedule = Schedule(start, start, end, end + timedelta(days=days[1]))
    seen = start + timedelta(days=last)
    until = closed(schedule, seen)
    assert until == schedule.settle or seen <= until < schedule.settle
    assert until == schedule.settle or seen < end
