"""Segments of a plan: when they are refreshed, and cut points that always sum to the whole."""

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.errors import Invalid
from festoon.plan.behaviour import Over, Taken
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan
from festoon.plan.rhythm import rhythm
from festoon.plan.segment_cuts import Cuts
from tests.plan.plans import plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 2, 10, 4, tzinfo=UTC)
"""Wednesday, noon in Shanghai."""


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "last", "following"),
    [
        ("daily at 04:00", "2027-02-10 04:00", "2027-02-11 04:00"),
        ("daily at 12:00", "2027-02-10 12:00", "2027-02-11 12:00"),
        ("daily at 12:01", "2027-02-09 12:01", "2027-02-10 12:01"),
        ("hourly", "2027-02-10 12:00", "2027-02-10 13:00"),
        ("every 8 hours", "2027-02-10 08:00", "2027-02-10 16:00"),
        ("weekly on monday at 04:00", "2027-02-08 04:00", "2027-02-15 04:00"),
        ("monthly on 31 at 04:00", "2027-01-31 04:00", "2027-02-28 04:00"),
    ],
)
def test_a_rhythm_is_counted_in_the_campaigns_zone(text: str, last: str, following: str) -> None:
    made = rhythm(text)
    assert made.last(NOW, SHANGHAI) == local(last)
    assert made.following(NOW, SHANGHAI) == local(following)


def test_what_is_refreshed_by_hand_is_never_due() -> None:
    assert rhythm("by hand").last(NOW, SHANGHAI) is None
    assert rhythm("by hand").following(NOW, SHANGHAI) is None


def test_a_day_of_a_changed_clock_has_its_refresh_all_the_same() -> None:
    zone = ZoneInfo("America/New_York")
    made = rhythm("daily at 02:30")
    nights = []
    at: datetime | None = local("2027-03-13 12:00", zone)
    for _ in range(3):
        assert at is not None
        at = made.following(at, zone)
        assert at is not None
        nights.append(at.astimezone(zone).date().day)
    assert nights == [14, 15, 16]


@pytest.mark.parametrize("text", ["daily", "daily at 24:00", "weekly on funday at 04:00", "every 5 hours"])
def test_what_is_no_rhythm_is_refused_by_the_plan(text: str) -> None:
    with pytest.raises(Invalid):
        read_plan(plan(segments=f"{{one: {{title: S, list: uploaded, refresh: {text}}}}}"))


def test_a_stretch_of_days_begins_at_a_local_midnight() -> None:
    start = local("2027-02-05 10:00")
    assert Over(30).since(NOW, start, SHANGHAI) == local("2027-01-11 00:00")
    assert Over(campaign=True).since(NOW, start, SHANGHAI) == local("2027-02-05 00:00")
    assert Over().since(NOW, start, SHANGHAI) is None


SHARES = st.lists(st.integers(1, 100), min_size=1, max_size=6).map(
    lambda parts: tuple(Fraction(sum(parts[: n + 1]), sum(parts)) for n in range(len(parts)))
)


@given(shares=SHARES, members=st.integers(0, 10**9))
def test_parts_of_a_whole_sum_to_the_whole_and_none_is_off_by_a_member(
    shares: tuple[Fraction, ...], members: int
) -> None:
    cuts = Cuts(Taken("spend"), (), everyone=True, ties="earlier", salt="", shares=shares)
    bounds = cuts.bounds(members)
    assert bounds[-1] == members
    assert sorted(bounds) == bounds
    assert all(
        abs(bound - members * share) <= Fraction(1, 2) for bound, share in zip(bounds, shares, strict=True)
    )


def test_the_parts_of_a_split_and_its_cuts_are_segments_of_their_own() -> None:
    made = compile_plan(
        read_plan(
            plan(
                segments="{tiers: {title: T, split: "
                "{by: spend, over: 30 days, cuts: {gold: 1000, silver: 99.5}, rest: low}}}",
                mechanics="{one: {kind: gift, on: order.paid, when: member.segment('gold'), give: [{points: 1}]}}",
            )
        )
    )
    [segment] = made.segments
    assert segment.names == ("gold", "silver", "low")
    assert segment.cuts is not None
    assert segment.cuts.cuts == (100_000, 9_950, None)
    assert [segment.cuts.part_of(spent) for spent in (100_000, 99_999, 9_949)] == [0, 1, 2]
    with pytest.raises(Invalid):
        read_and_ask("tiers")


def read_and_ask(name: str) -> None:
    """A condition that asks for the split, which is no segment itself."""
    compile_plan(
        read_plan(
            plan(
                segments="{tiers: {title: T, split: {by: spend, over: 30 days, parts: {gold: 20%}, rest: low}}}",
                mechanics="{one: {kind: gift, on: order.paid, when: member.segment('"
                + name
                + "'), give: [{points: 1}]}}",
            )
        )
    )
