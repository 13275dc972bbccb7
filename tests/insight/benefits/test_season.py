"""A small season through the real engine and the relay: what everything that was given cost, to the last fen."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from festoon.engine.outcome import Given, Outcome
from festoon.insight.benefits.benefit import Benefit, Benefits, Giver, Tally
from festoon.insight.evaluation import Evaluation, evaluate
from festoon.insight.facts import Facts
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.store.embedded import EmbeddedServer
from tests.live import HEAD, NOW, Platform, event, order
from tests.outbox.writing import relay_all

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
coupons: {ten-off: {title: Ten off, value: 10, cost: 10, line: prizes, stock: 3, valid: {days: 7}}}
gifts: {mug: {title: Mug, cost: 30, line: prizes}}
badges: {voice: {title: Voice}}
segments: {returning: {title: Returning}, asleep: {title: Asleep, absent: 30 days}}
rewards: {welcome: [{coupon: ten-off}, {points: 100}]}
mechanics:
  hello: {kind: gift, title: Hello, on: member.registered, give: welcome}
  buyer: {kind: gift, title: Buyers, on: order.paid, when: event.amount >= 5000, give: [{gift: mug}, {points: 7}],
          limits: {per_member: 1}}
  voices: {kind: gift, title: Voices, on: survey.answered, give: [{badge: voice}]}
"""
)
DAY = timedelta(days=1)
COUPON, MUG, POINTS = "coupon:spring/ten-off", "gift:spring/mug", "asset:points"


def given(outcome: Outcome) -> dict[str, Given]:
    """What the campaign gave, by what it is."""
    return {each.ref: each for made in outcome.mechanics for each in made.given}


async def lived(platform: Platform) -> datetime:
    """Ann uses her coupon and has her mug delivered; Bo's coupon lapses, his mug is on its way, and his hundred points
    are taken back; Cai comes when Bo's coupon has lapsed; for Dan there is no coupon left."""
    await platform.outcomes(event("segment.entered", "ann", at=NOW - 20 * DAY, segment="returning"))
    welcome = await platform.outcomes(*(event("member.registered", who) for who in ("ann", "bo")))
    mugs = await platform.outcomes(order("ann", 6_000, "o1"), order("bo", 5_000, "o2"))
    ann, bo = (given(mug)["spring/mug"].item for mug in mugs)
    await platform.outcomes(
        event("coupon.redeemed", "ann", coupon=given(welcome[0])["spring/ten-off"].code),
        event("gift.shipped", "ann", item=ann, carrier="SF", parcel="1"),
        event("gift.shipped", "bo", item=bo, carrier="SF", parcel="2"),
        event("gift.delivered", "ann", item=ann),
    )
    back = {"points": [["points", 100, "", 100, "spring/budget/prizes|CNY"]]}
    undone = event("compensation.taken", "bo", compensation="oops", campaign="spring", granted=back)
    await platform.outcomes(undone)
    platform.at = NOW + 8 * DAY
    await platform.wake("ann", "bo")
    late = [event("member.registered", who, at=platform.at) for who in ("cai", "dan")]
    left = event("segment.left", "cai", at=platform.at, segment="returning")
    await platform.outcomes(*late, left)
    return platform.at + DAY


@pytest.fixture(scope="module")
def found(
    server: EmbeddedServer,
    template: str,
    database_names: Iterator[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Evaluation]:
    """The season's evaluation, on a database of its own."""
    name = next(database_names)
    server.create_database(name, template)
    facts = tmp_path_factory.mktemp("facts")
    as_of = asyncio.run(_played(server.dsn(name), facts))
    plan = read_plan(PLAN)
    yield evaluate(Facts.reading(facts), plan, compile_plan(plan, version=1), as_of)
    server.drop_database(name)


async def _played(dsn: str, facts: Path) -> datetime:
    platform = await Platform.open(dsn, PLAN)
    as_of = await lived(platform)
    await platform.audit()
    await platform.close()
    await relay_all(dsn, facts)
    return as_of


def by_id(found: Benefits) -> dict[str, Benefit]:
    return {each.id: each for each in found.benefits}


def by_mechanic(benefit: Benefit) -> dict[str, Giver]:
    return {giver.mechanic: giver for giver in benefit.givers}


def test_what_was_given_and_what_became_of_it_adds_up_to_the_books(found: Evaluation) -> None:
    worth = found.benefits
    known = by_id(worth)
    assert list(known) == [MUG, COUPON, POINTS, "badge:spring/voice"]  # the dearest first

    coupon = known[COUPON]
    assert coupon.tally == Tally(
        times=3, members=3, amount=3, used=1, lapsed=1, actual=1_000, reserved=1_000
    )  # Ann's was used, Bo's went back to the line, Cai's is open
    assert coupon.open == 1
    mug = known[MUG].tally
    assert (mug.times, mug.used, mug.actual, mug.reserved) == (2, 2, 3_000, 3_000)
    assert mug.cost_per_member == 3_000
    points = known[POINTS].tally
    # Three welcomes of 100 and two orders of 7, of which 100 came back with their yuan.
    assert (points.times, points.members, points.amount, points.back) == (5, 3, 314, 100)
    assert (points.actual, points.reserved) == (214, 0)

    assert worth.cost == 2_000 + 6_000 + 214
    assert (worth.elsewhere, found.used) == (0, worth.cost)
    assert (worth.audience, worth.got, coupon.share) == (4, 3, 0.75)


def test_each_mechanic_has_its_part_and_the_rewards_it_gives(found: Evaluation) -> None:
    points = by_mechanic(by_id(found.benefits)[POINTS])
    assert list(points) == ["hello", "buyer", "_compensation"]
    assert points["hello"].rewards == ("welcome",)
    assert points["buyer"].rewards == ()
    assert (points["hello"].tally.amount, points["buyer"].tally.amount) == (300, 14)
    assert (points["_compensation"].tally.back, points["_compensation"].tally.cost) == (100, -100)
    assert points["_compensation"].title["zh-Hant"] == "補償發放"
    assert by_mechanic(by_id(found.benefits)["badge:spring/voice"])["voices"].tally == Tally()


def test_who_was_in_a_segment_at_some_time_of_the_campaign_counts_in_it(found: Evaluation) -> None:
    groups = {group.name: group for group in found.benefits.groups}
    returning = groups["returning"]
    # Ann had come into it before; Cai left it in the campaign, so he was in it.
    assert (returning.members, returning.got, returning.cost) == (2, 2, 1_000 + 3_000 + 107 + 1_000 + 100)
    assert (groups["asleep"].members, groups["asleep"].share) == (0, None)
    uptake = {each.group: each.tally for each in by_id(found.benefits)[COUPON].uptake}
    in_it = uptake["segment:returning"]
    assert (in_it.members, in_it.used, in_it.cost) == (2, 1, 2_000)


def test_without_a_comparison_it_says_so_and_claims_nothing(found: Evaluation) -> None:
    for benefit in found.benefits.benefits:
        assert benefit.returned is None
        assert benefit.uplift is None or (benefit.uplift.basis, benefit.uplift.certain) == ("none", False)
    advice = {each.code: each for each in found.benefits.advice}
    assert [each.code for each in found.benefits.advice] == [
        "stock.ran_out",
        "benefit.never_given",
        "uplift.no_comparison",
    ]
    ran_out = advice["stock.ran_out"]
    # The third coupon left the shelf on 18 February, and the campaign's last day is the 28th.
    assert ran_out.figures == {"day": "2027-02-18", "days_without": 10, "opening": 3}
    assert ran_out.text["en"].startswith("“Ten off” was gone on 18 February 2027, 10 days before the end.")
    assert advice["benefit.never_given"].about == "badge:spring/voice"
    assert "“Voices”" in advice["benefit.never_given"].text["zh-Hans"]
