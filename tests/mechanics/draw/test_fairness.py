from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.fairness import Per, commit, epoch_key, epoch_name, epochs, gift_label, roll

KEY = epoch_key(b"s" * 32, "a public value")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_roll_is_what_the_page_says_it_is() -> None:
    key = new(b"s" * 32, b"a public value", sha256).digest()
    number = new(key, b"new-year/lucky-draw\n17\n3\n\n0", sha256).hexdigest()
    assert roll(KEY, "new-year/lucky-draw", 17, 3, "", 10_001) == int(number, 16) % 10_001


def test_rolls_never_change_between_versions() -> None:
    """Fixed numbers: whoever changes how a roll is made breaks every draw that was ever published."""
    assert commit(b"s" * 32) == "8fd6a6a78f5857d7ba1cfe9033bffeec86da2ba6a4bd60a6f833209d9d3e390d"
    assert roll(KEY, "new-year/lucky-draw", 17, 3, "", 10_001) == 4489
    assert roll(KEY, "new-year/lucky-draw", 17, 3, gift_label(0), 84) == 32


def test_a_number_past_the_last_whole_multiple_of_the_bound_is_drawn_again() -> None:
    bound = 2**255 + 1  # every second number lies past it
    first = [_number(member, 0) for member in range(200)]
    assert sum(number >= bound for number in first) > 50
    for member, number in enumerate(first):
        attempt = 0
        while number >= bound:
            attempt += 1
            number = _number(member, attempt)
        assert roll(KEY, "a/b", member, 1, "", bound) == number


def _number(member: int, attempt: int) -> int:
    return int(new(KEY, f"a/b\n{member}\n1\n\n{attempt}".encode(), sha256).hexdigest(), 16)


@given(st.integers(1, 2**256), st.integers(0, 2**63), st.integers(1, 2**31))
def test_a_roll_is_at_least_zero_and_below_its_bound(bound: int, member: int, play: int) -> None:
    assert 0 <= roll(KEY, "a/b", member, play, "", bound) < bound


def test_every_value_is_as_likely_as_the_next() -> None:
    """Chi-square over 20,000 rolls of a seven-sided die; at 6 degrees of freedom 0.1 % is above 22.46."""
    counts = [0] * 7
    for member in range(200):
        for play in range(1, 101):
            counts[roll(KEY, "a/b", member, play, "", 7)] += 1
    expected = 20_000 / 7
    assert sum((count - expected) ** 2 / expected for count in counts) < 22.46


@given(
    *[st.tuples(st.sampled_from(["a/b", "a/b1", "a", "b"]), st.integers(0, 111), st.integers(1, 111),
                st.sampled_from(["", "1", "gift/0", "gift/01"]))] * 2
)  # fmt: skip
def test_two_different_rolls_never_share_a_number(
    one: tuple[str, int, int, str], other: tuple[str, int, int, str]
) -> None:
    same = roll(KEY, *one, 2**256) == roll(KEY, *other, 2**256)
    assert same == (one == other)


def test_another_seed_or_another_public_value_makes_other_numbers() -> None:
    keys = {epoch_key(b"s" * 32, "a"), epoch_key(b"s" * 32, "b"), epoch_key(b"t" * 32, "a")}
    assert len({roll(key, "a/b", 1, 1, "", 2**256) for key in keys}) == 3


@pytest.mark.parametrize(
    ("draw", "label", "bound"), [("a\nb", "", 2), ("a/b", "x\ny", 2), ("a/b", "", 0), ("a/b", "", 2**256 + 1)]
)
def test_what_could_be_read_two_ways_is_not_rolled(draw: str, label: str, bound: int) -> None:
    with pytest.raises(ValueError, match=r"newline|bound"):
        roll(KEY, draw, 1, 1, label, bound)


def test_a_seed_that_could_be_guessed_is_not_committed_to() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(b"short")


@given(
    st.sampled_from(["campaign", "month", "week", "day"]),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "America/Santiago", "Pacific/Apia", "UTC"]),
    st.timedeltas(timedelta(0), timedelta(days=700)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=90)),
)
def test_epochs_follow_each_other_without_gap_and_cover_the_campaign(
    per: Per, zone_name: str, after: timedelta, lasts: timedelta
) -> None:
    zone, opens = ZoneInfo(zone_name), datetime(2026, 1, 1, tzinfo=UTC) + after
    made = list(epochs("c", "d", per, opens, opens + lasts, zone))
    assert (made[0].opens, made[-1].closes) == (opens, opens + lasts)
    assert all(one.closes == other.opens for one, other in pairwise(made))
    assert len({epoch.name for epoch in made}) == len(made)
    for epoch in made:
        last_instant = epoch.closes - timedelta(microseconds=1)
        assert epoch.name == epoch_name(per, epoch.opens, zone) == epoch_name(per, last_instant, zone)


def test_weekly_epochs_are_cut_at_local_mondays() -> None:
    start = datetime(2027, 2, 4, 16, tzinfo=UTC)
    made = list(epochs("new-year", "lucky-draw", "week", start, start + timedelta(days=16), SHANGHAI))
    assert [epoch.name for epoch in made] == ["2027-W05", "2027-W06", "2027-W07"]
    assert made[1].opens == datetime(2027, 2, 8, tzinfo=SHANGHAI)


def test_a_campaign_of_no_length_has_no_epoch() -> None:
    start = datetime(2027, 2, 4, 16, tzinfo=UTC)
    assert list(epochs("c", "d", "campaign", start, start, SHANGHAI)) == []
