from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.times import end_of_day, start_of_day
from festoon.mechanics.draw_state import REMEMBERED
from tests.mechanics.draw.stage import END, SHANGHAI, START, Booth, Setting, prize, refusal

DAILY = {"free": {"per": "day", "count": 1}}


def booth(chances: dict[str, Any], **setting: Any) -> Booth:
    return Booth({"prizes": [prize("mug", 1)], "chances": chances}, Setting(**setting))


def test_the_free_chance_goes_before_the_earned_one_which_is_taken_from_the_account() -> None:
    stage = booth(DAILY)
    stage.earn(2)
    assert [stage.play().chance for _ in range(3)] == ["free", "earned", "earned"]
    assert stage.chances() == 0
    assert refusal(stage.play).code == "draw.no_chances"


def test_a_refusal_says_when_the_next_free_chance_comes() -> None:
    stage = booth(DAILY)
    stage.play()
    refused = refusal(stage.play)
    assert refused.data == {"next": "2027-02-06T00:00+08:00"}
    assert refused.text("zh-Hans") == "抽奖机会已用完，下次免费机会：2027-02-06T00:00+08:00"


@pytest.mark.parametrize(
    ("free", "at", "code"),
    [
        ({"per": "campaign"}, START, "draw.no_chances_left"),
        ({"per": "day"}, END - timedelta(hours=1), "draw.no_chances_left"),
        ({"per": "week"}, START, "draw.no_chances"),
    ],
)
def test_none_is_promised_when_none_will_come(free: dict[str, Any], at: datetime, code: str) -> None:
    stage = booth({"free": free})
    stage.play(at=at)
    assert refusal(lambda: stage.play(at=at)).code == code


def test_without_free_ones_only_earned_chances_count() -> None:
    stage = booth({})
    assert refusal(stage.play).code == "draw.no_chances_left"
    stage.earn(1)
    assert stage.play().chance == "earned"


def test_weekly_chances_come_back_on_monday() -> None:
    stage = booth({"free": {"per": "week", "count": 2}})
    stage.play()
    stage.play()
    assert refusal(stage.play).data["next"] == "2027-02-08T00:00+08:00"
    assert stage.play(at=datetime(2027, 2, 8, tzinfo=SHANGHAI)).chance == "free"


@pytest.mark.parametrize(
    "zone_name", ["Asia/Shanghai", "America/New_York", "America/Santiago", "Europe/London"]
)
@given(days=st.lists(st.integers(0, 400), min_size=1, max_size=6), data=st.data())
def test_a_local_day_has_one_free_chance_across_every_change_of_the_clock(
    zone_name: str, days: list[int], data: st.DataObject
) -> None:
    """Two plays anywhere in a local day, 23 to 25 hours long: the first is free, the second is not."""
    zone = ZoneInfo(zone_name)
    first = date(2026, 10, 1)
    start = start_of_day(first, zone)
    stage = booth(DAILY, zone=zone, start=start, end=start + timedelta(days=500))
    for day in sorted(set(days)):
        opens = start_of_day(first + timedelta(days=day), zone)
        seconds = int((end_of_day(first + timedelta(days=day), zone) - opens).total_seconds())
        assert seconds in (82_800, 86_400, 90_000)
        moments = sorted(data.draw(st.lists(st.integers(0, seconds - 1), min_size=2, max_size=2)))
        one, other = (opens + timedelta(seconds=moment) for moment in moments)
        assert stage.play(at=one).chance == "free"
        refused = refusal(lambda: stage.play(at=other))  # noqa: B023 (called at once)
        coming = datetime.fromisoformat(refused.data["next"])
        assert coming == end_of_day(first + timedelta(days=day), zone)


def test_a_late_play_uses_the_free_chance_of_its_own_day() -> None:
    stage = booth(DAILY)
    tomorrow = START + timedelta(days=1)
    assert stage.play(at=tomorrow).chance == "free"
    assert stage.play(at=START, now=tomorrow).chance == "free"
    assert refusal(lambda: stage.play(at=START, now=tomorrow)).code == "draw.no_chances"


def test_what_is_too_long_ago_to_be_remembered_counts_as_used() -> None:
    stage = booth(DAILY, end=START + timedelta(days=400))
    for day in range(1, REMEMBERED + 2):
        assert stage.play(at=START + timedelta(days=day)).chance == "free"
    assert len(stage.person().state.free) == REMEMBERED
    for long_ago in (0, 1):
        assert refusal(lambda: stage.play(at=START + timedelta(days=long_ago))).code == "draw.no_chances"  # noqa: B023


def test_the_condition_is_for_the_free_chances_and_not_for_the_earned() -> None:
    stage = booth({**DAILY, "when": "member.level == 'gold'"})
    stage.person(1).facts["level"] = "gold"
    assert stage.play(1).chance == "free"
    stage.earn(1, number=2)
    assert stage.play(2).chance == "earned"
    assert refusal(lambda: stage.play(2)).code == "draw.no_chances_left"


def test_bought_chances_are_paid_for_and_stand_in_the_account() -> None:
    stage = booth({"bought": {"price": 30, "per_day": 3}})
    stage.person().balances["points"] = 100
    stage.buy(2)
    assert (stage.person().balances["points"], stage.chances()) == (40, 2)
    assert stage.play().chance == "earned"


def test_what_a_member_cannot_pay_for_is_not_bought() -> None:
    stage = booth({"bought": {"price": 30, "per_day": 3}})
    stage.person().balances["points"] = 59
    assert refusal(lambda: stage.buy(2)).code == "balance.short"
    assert (stage.person().balances["points"], stage.chances(), stage.person().state.bought) == (59, 0, {})


def test_buying_stops_at_the_day_s_limit_and_starts_again_the_next_local_day() -> None:
    stage = booth({"bought": {"price": 1, "per_day": 3}})
    stage.person().balances["points"] = 100
    stage.buy(2)
    refused = refusal(lambda: stage.buy(2))
    assert (refused.code, refused.data) == ("draw.bought_enough", {"limit": 3, "bought": 2, "wanted": 2})
    stage.buy(1)
    assert refusal(stage.buy).code == "draw.bought_enough"
    stage.buy(3, at=datetime(2027, 2, 5, 16, tzinfo=UTC))
    assert stage.chances() == 6


def test_chances_that_are_not_for_sale_are_not_sold() -> None:
    assert refusal(booth(DAILY).buy).code == "draw.not_for_sale"


def test_a_refused_play_leaves_everything_as_it_was() -> None:
    stage = booth(DAILY)
    stage.play()
    before = stage.person().state
    refusal(stage.play)
    assert stage.person().state == before
