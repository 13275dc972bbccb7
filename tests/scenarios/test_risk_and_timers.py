"""Who is blocked or at risk, and what mechanics do at set times: nobody asks for anything then, and others go on."""

from datetime import timedelta

import pytest

from festoon.engine.run_batch import run_batch
from tests.live import HEAD, NOW, Platform
from tests.scenarios.story import SPRING, Story

PLACES = (
    SPRING
    + """
segments: {banned: {title: Banned}}
risk: {block: {segments: [banned]}}
mechanics:
  meeting: {kind: place, places: 1, take_up_hours: 24}
"""
)
POOL = (
    HEAD
    + """
segments: {verified: {title: Verified}}
risk:
  rules: {unverified: {when: not member.segment("verified"), points: 40}}
  thresholds: {doubtful: 30}
mechanics:
  eve:
    kind: red_packet
    pool: {asset: CNY, amount: 10000, line: prizes}
    packets: 3
    closes: 2027-02-12
    at_risk: {doubtful: refuse}
"""
)


def asks(story: Story, step: str, who: str, at: str) -> str:
    made = story.happens(f"place.{step}", who, at, campaign="spring", mechanic="meeting")
    refused = made["meeting"].refused
    return refused.code if refused else ""


def stands(story: Story, who: str) -> str:
    return str(story.shows(who, "meeting", "2027-03-10")["status"])


def offered(story: Story, who: str, day: int) -> str:
    """The hour, from a day of March on, at which a place is offered to somebody; "" where none is."""
    for hour in range(96):
        at = f"2027-03-{day + hour // 24:02} {hour % 24:02}:00"
        story.passes(at)
        if stands(story, who) == "offered":
            return at
    return ""


@pytest.mark.parametrize(("banned", "stood"), [("02", "waiting"), ("04", "offered")])
def test_who_is_blocked_passes_his_turn_on_and_takes_no_place(banned: str, stood: str) -> None:
    story = Story(PLACES)
    for who in ("ann", "bo", "cy"):
        asks(story, "applied", who, "2027-03-02 09:00")
    asks(story, "taken", "ann", "2027-03-02 09:10")
    if banned == "02":
        story.happens("segment.entered", "bo", "2027-03-02 11:00", segment="banned")
    asks(story, "cancelled", "ann", "2027-03-03 12:00")
    if banned == "04":
        story.passes("2027-03-04 11:00")
        assert stands(story, "bo") == stood
        story.happens("segment.entered", "bo", "2027-03-04 11:00", segment="banned")
        assert asks(story, "taken", "bo", "2027-03-04 11:30") == "risk.blocked"
    at = offered(story, "cy", 3 if banned == "02" else 4)
    assert stands(story, "bo") not in ("offered", "taken")
    assert asks(story, "taken", "cy", at) == ""
    assert story.books_balance()


def test_a_lottery_gives_every_place_whoever_is_blocked() -> None:
    for others in range(12):  # the rolls go by the member's number
        story = Story(PLACES.replace("places: 1,", "places: 1, lottery: 2027-03-05 20:00,"))
        for number in range(others):
            story.happens("member.registered", f"x{number}", "2027-03-01")
        for who in ("ann", "bo", "cy"):
            asks(story, "applied", who, "2027-03-02")
        story.happens("segment.entered", "ann", "2027-03-03", segment="banned")
        story.passes("2027-03-05 20:30")
        assert [stands(story, who) for who in ("ann", "bo", "cy")].count("offered") == 1
        story.passes("2027-03-06 08:00")
        if stands(story, "ann") == "offered":
            first = "bo" if story.shows("bo", "meeting", "2027-03-06")["position"] == 1 else "cy"
            assert offered(story, first, 6), "who is blocked takes none, and it goes on"


async def test_what_nobody_has_claimed_goes_back_whatever_the_rules_make_of_nobody(database: str) -> None:
    platform = await Platform.open(database, POOL)
    assert await platform.shared("spring/budget/prizes", "CNY") == 90_000
    platform.at = NOW + timedelta(days=5)
    await run_batch(platform.engine, platform.connection, [], [1])
    assert await platform.shared("spring/budget/prizes", "CNY") == 100_000
    await platform.audit()
    await platform.close()
