"""What a refund takes back, of what is pending and of what is spent already, adds up to the books as well."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from festoon.insight.benefits.benefit import Tally
from festoon.insight.evaluation import evaluate
from festoon.insight.facts import Facts
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from tests.live import HEAD, NOW, Platform, event, order
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  orders: {kind: earn, of: event.amount, PENDING clawback: {spent: debt, within_days: 30}}
"""
)


@pytest.mark.parametrize("pending", ["", "pending: {days: 3},"])
async def test_what_a_refund_takes_back_takes_its_cost_with_it(
    database: str, tmp_path: Path, pending: str
) -> None:
    text = PLAN.replace("PENDING", pending)
    platform = await Platform.open(database, text)
    await platform.outcomes(
        *(order(who, 10_000, name) for who, name in (("ann", "o1"), ("ann", "o2"), ("bo", "o3")))
    )
    for who, name, amount, days in (
        ("ann", "o1", 3_000, 1),
        ("bo", "o3", 10_000, 1),
        ("ann", "o2", 5_000, 5),
    ):
        platform.at = NOW + timedelta(days=days)
        await platform.wake("ann", "bo")
        refund: dict[str, Any] = {
            "order": name,
            "refund": f"{name}/{amount}",
            "amount": amount,
            "currency": "CNY",
        }
        await platform.outcomes(event("order.refunded", who, at=platform.at, **refund))
    await platform.close()
    await relay_all(database, tmp_path)
    plan, as_of = read_plan(text), NOW + timedelta(days=6)
    found = evaluate(Facts.reading(tmp_path), plan, compile_plan(plan, version=1), as_of)
    (points,) = found.benefits.benefits
    # A point a yuan: 300 were given, and 30, 100 and 50 of them went back with a fen each.
    assert points.tally == Tally(times=3, members=2, amount=300, back=180, actual=120)
    assert (found.used, found.benefits.cost, found.benefits.elsewhere) == (120, 120, 0)
