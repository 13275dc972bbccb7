"""What a back-test says about every day, and about who was reached."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from festoon.base.events import Event
from festoon.engine.backtest import Run, backtest
from tests.live import HEAD, NOW, event

MUGS = (
    HEAD
    + """
gifts: {mug: {title: {en: Mug}, cost: 3, line: prizes, stock: 5}}
mechanics: {welcome: {kind: gift, on: member.registered, give: [{gift: mug}], limits: {per_member: 1}}}
"""
)
STOCK = "shelf|spring/stock/gift:mug"


def run(*events: Event) -> Run:
    def history() -> Iterator[list[Event]]:
        yield list(events)

    return backtest(MUGS, history, seeds=1).first


def registered(subject: str, days: int = 0, **data: Any) -> Event:
    return event("member.registered", subject, f"r-{subject}", NOW + timedelta(days=days), **data)


def test_every_day_is_closed_with_what_was_left_before_the_next_one_began() -> None:
    found = run(registered("ann"), registered("ben"), registered("cem", 1), registered("dot", 3))
    first = NOW.date() - date(2027, 2, 1)
    assert found.first_day == date(2027, 2, 1)
    left = found.left[STOCK][first.days :]
    assert left == [3, 2, 2, 1], "the gift of a day's first event belongs to that day, not to the one before"
    assert found.left["spring/budget/prizes|CNY"][-1] == 100_000 - 4 * 300


def test_days_end_when_the_campaign_is_settled() -> None:
    late = run(registered("ann"), registered("ben", 400))
    assert len(late.left[STOCK]) < 60


def test_members_are_counted_by_what_is_known_of_them() -> None:
    before = event("member.imported", "old", "i1", NOW, registered="2020-01-01", region="north")
    found = run(before, registered("ann", region="south"), registered("ben", 1, region="north"))
    known = {(one.field, one.value): (one.members, one.reached) for one in found.reach}
    assert known["joined", "new"] == (2, 2)
    assert known["joined", "earlier"] == (1, 0)
    assert known["region", "north"] == (2, 1)


def test_a_field_that_tells_members_apart_is_no_group_of_them() -> None:
    found = run(*(registered(f"m{number}", region=f"r{number}") for number in range(20)))
    assert {one.field for one in found.reach} == {"joined"}
