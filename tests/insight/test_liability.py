"""Liability and breakage by day: what members were given, used and lost, to the last unit of the ledger's books."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from festoon.base.errors import FestoonError
from festoon.insight.liability.files import as_csv
from festoon.insight.liability.liability import Liability, Wanted, liability
from tests.live import HEAD, NOW, Platform, event, order
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes, expires: {days: 20}}, stamp: {title: Stamps}}
badges: {fan: {}}
mechanics:
  orders: {kind: earn}
  reviews: {kind: earn, on: content.published, fixed: 30, pending: {days: 3}}
  forever: {kind: gift, on: member.logged_in, give: [{asset: stamp, amount: 2}]}
  spend: {kind: exchange, price: {amount: 40}, give: {badge: fan}}
"""
)
DAY = timedelta(days=1)
FIRST = date(2027, 2, 10)


async def told(platform: Platform, facts: Path, wanted: Wanted) -> Liability:
    await relay_all(platform.dsn, facts)
    return await liability(platform.connection, platform.engine.program, facts, wanted, platform.at)


async def a_fortnight(platform: Platform) -> None:
    """Ann and Ben earn, spend, have something set aside, taken back, and let something lapse."""
    await platform.outcomes(order("ann", 10_000, "a"), order("ben", 5_000, "b"))
    await platform.outcomes(event("content.published", "ann", content="c", length=5))
    spent = event("exchange.made", "ann", campaign="spring", mechanic="spend")
    hold = event("hold.placed", "ben", hold="h", asset="points", amount=20, reason="a bid")
    await platform.outcomes(spent, hold)
    platform.at = NOW + DAY
    made, *_ = await platform.outcomes(order("ben", 3_000, "late", platform.at))
    told_of = made.mechanics[0].given[0]
    granted = {"1": [["points", 30, "", told_of.cost, told_of.line]]}
    await platform.outcomes(
        event("compensation.taken", "ben", at=platform.at, compensation="x", campaign="spring", granted=granted,
              reason="wrong", made_by="lin", checked_by="wu")
    )  # fmt: skip
    await platform.outcomes(event("hold.posted", "ben", at=platform.at, hold="h", amount=15))
    platform.at = NOW + 25 * DAY
    await platform.wake("ann", "ben")


async def test_every_day_adds_up_and_the_ledger_says_the_same_to_the_last_unit(
    database: str, tmp_path: Path
) -> None:
    platform = await Platform.open(database, PLAN)
    await a_fortnight(platform)
    found = await told(platform, tmp_path, Wanted("points", FIRST, FIRST + 25 * DAY))
    first, second = found.days[:2]
    assert (first.issued, first.spent, first.lapsed, first.taken_back) == (180, 40, 0, 0)
    assert (first.outstanding, first.pending, first.held) == (140, 30, 20)
    assert (second.issued, second.taken_back, second.spent, second.outstanding) == (30, 30, 15, 125)
    lapsed = {day.day - FIRST: day.lapsed for day in found.days if day.lapsed}
    assert lapsed == {25 * DAY: 125}, "when their timers came"
    assert [day.day for day in found.days] == [FIRST + number * DAY for number in range(26)]
    stands = found.opening
    for day in found.days:
        stands += day.issued - day.taken_back - day.spent - day.lapsed
        assert day.outstanding == stands
        assert day.worth == stands, "a point costs a fen"
    assert found.agrees
    assert {each.name: each.ledger for each in found.accounts} == {
        "members": 0, "issuer": -180, "spent": 55, "lapsed": 125,
    }  # fmt: skip
    await platform.audit()
    await platform.close()


async def test_what_lapses_when_is_what_can_be_spent_by_the_month_of_its_last_day(
    database: str, tmp_path: Path
) -> None:
    platform = await Platform.open(database, PLAN)
    midnight = datetime(2027, 2, 8, 16, tzinfo=UTC)
    platform.at = midnight - timedelta(seconds=1)  # good to the end of 28 February
    await platform.outcomes(order("ann", 10_000, "a", platform.at))
    platform.at = midnight
    await platform.outcomes(
        order("ben", 700, "b", midnight),
        event("member.logged_in", "ben", at=midnight),
        event("content.published", "ben", at=midnight, content="c", length=5),
    )
    found = await told(platform, tmp_path, Wanted("points"))
    assert [(each.month, each.amount, each.worth) for each in found.lapsing] == [
        ("2027-02", 100, 100), ("2027-03", 7, 7),
    ]  # fmt: skip
    assert (found.days[-1].outstanding, found.days[-1].pending) == (137, 30)
    before = await told(platform, tmp_path, Wanted("points", date(2027, 2, 8), date(2027, 2, 8)))
    assert [(each.month, each.amount) for each in before.lapsing] == [("2027-02", 100)]
    stamps = await told(platform, tmp_path, Wanted("spring/stamp"))
    assert [(each.month, each.amount, each.worth) for each in stamps.lapsing] == [("", 2, None)]
    assert stamps.worth is None
    await platform.close()


async def test_what_was_before_the_first_day_is_the_opening(database: str, tmp_path: Path) -> None:
    platform = await Platform.open(database, PLAN)
    await a_fortnight(platform)
    found = await told(platform, tmp_path, Wanted("points", FIRST + DAY, FIRST + 2 * DAY))
    assert found.opening == 140
    assert [day.outstanding for day in found.days] == [125, 125]
    assert found.agrees, "the ledger is held against all the facts, not against some days of them"
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert [(row["day"], row["taken_back"], row["outstanding"]) for row in rows] == [
        ("2027-02-11", "30", "125"), ("2027-02-12", "0", "125"),
    ]  # fmt: skip
    await platform.close()


async def test_facts_that_are_behind_are_told_from_the_ledger(database: str, tmp_path: Path) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(order("ann", 10_000, "a"))
    await told(platform, tmp_path, Wanted("points"))
    await platform.outcomes(order("ann", 500, "b"))
    found = await liability(platform.connection, platform.engine.program, tmp_path, Wanted("points"), NOW)
    assert not found.agrees
    assert {(each.name, each.ledger, each.facts) for each in found.accounts} >= {("members", 105, 100)}
    await platform.close()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted("pionts"), "liability.no_asset"),
        (Wanted("points", FIRST, FIRST - DAY), "liability.no_days"),
        (Wanted("points", date(2020, 1, 1), FIRST), "liability.no_days"),
        (Wanted("points", None, date.max), "liability.no_days"),
    ],
)
async def test_no_asset_and_no_days_are_refused(
    database: str, tmp_path: Path, wanted: Wanted, code: str
) -> None:
    platform = await Platform.open(database, PLAN)
    with pytest.raises(FestoonError) as refused:
        await told(platform, tmp_path, wanted)
    assert refused.value.code == code
    await platform.close()
