"""What members are made to do by a back-test's assumptions."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from festoon.base.events import Event
from festoon.engine.assumptions import Assumptions
from festoon.engine.backtest import backtest
from tests.live import HEAD, NOW, order

DRAW = """
mechanics:
  lucky-draw: {kind: draw, %s prizes: [{id: packet, weight: 1, give: {points: 5}}]}
  spend: {kind: task, count: 100, on: order.paid, give: [{chances: lucky-draw}]}
"""


def plays(plan: str) -> int:
    """How often one active day made a member play, when everybody uses what is free."""

    def history() -> Iterator[list[Event]]:
        yield [order("m", 400, "o1")]

    found = backtest(HEAD + plan, history, seeds=1, assumptions=Assumptions(free_plays=1))
    return found.first.events - 1


def test_a_free_draw_is_played_on_an_active_day() -> None:
    assert plays(DRAW % "chances: {free: {per: day}},") == 1


def test_nobody_plays_for_free_where_nothing_is_free() -> None:
    assert plays(DRAW % "") == 0
    assert plays(DRAW % "chances: {bought: {price: 5}},") == 0


PHOTOS = """
mechanics:
  check-in:
    kind: check_in
    daily: {growth: 5}
    review: {within_days: 2, overdue: %s}
"""


@pytest.mark.parametrize(("overdue", "grown"), [("approved", 10), ("rejected", 0)])
def test_an_assumed_check_in_brings_its_photo_and_waits_for_what_overdue_says(
    overdue: str, grown: int
) -> None:
    def history() -> Iterator[list[Event]]:
        yield [order("m", 400, "o1"), order("n", 400, "o2", NOW + timedelta(days=4))]

    assumed = Assumptions(check_ins=1)
    found = backtest(HEAD + PHOTOS % overdue, history, seeds=1, assumptions=assumed)
    assert sum(found.first.amounts.values()) == grown
    assert found.first.refusals == {}
