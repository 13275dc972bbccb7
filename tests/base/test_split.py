"""Shares of members: stable, in proportion, and one salt's have nothing to do with another's."""

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.split import PLACES, Split, below, place

MEMBERS = [f"member-{number}" for number in range(20_000)]
ARMS = st.dictionaries(
    st.text("abcdefgh-", min_size=1, max_size=8), st.integers(1, 10_000), min_size=2, max_size=8
)


@given(ARMS, st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_a_member_stays_in_his_arm_however_the_arms_are_written(
    arms: dict[str, int], member: str, name: str
) -> None:
    split = Split(name, tuple(arms.items()))
    found = split.arm(member)
    assert found in arms
    assert Split(name, tuple(reversed(arms.items()))).arm(member) == found


def test_a_place_is_the_same_for_ever() -> None:
    assert [place("spring/pack", member) for member in ("ann", "bob", "张三")] == [
        12069218285100761185,
        1739527416232866013,
        12235272807416250567,
    ]


@pytest.mark.parametrize("weights", [(1, 1), (9, 1), (1, 2, 3, 4), (10_000, 1)])
def test_arms_have_members_in_proportion_to_their_weights(weights: tuple[int, ...]) -> None:
    split = Split("spring/pack", tuple((f"arm-{n}", weight) for n, weight in enumerate(weights)))
    counted = [split.arm(member) for member in MEMBERS]
    for arm, weight in split.arms:
        share = weight / split.total
        deviation = (len(MEMBERS) * share * (1 - share)) ** 0.5
        off = (counted.count(arm) - len(MEMBERS) * share) / deviation
        assert abs(off) < NormalDist().inv_cdf(1 - 1e-6), (arm, off)


def test_two_experiments_cut_across_each_other() -> None:
    first, second = (Split(name, (("a", 1), ("b", 1))) for name in ("spring/one", "spring/two"))
    both = sum(first.arm(member) == second.arm(member) for member in MEMBERS)
    assert abs(both / len(MEMBERS) - 0.5) < 0.02


def test_names_of_any_length_are_told_apart() -> None:
    long = "spring/" + "x" * 80
    assert place(f"{long}a", "ann") != place(f"{long}b", "ann")


def test_who_is_in_a_share_is_in_every_larger_one() -> None:
    shares = [{m for m in MEMBERS if below("spring", m, part, 10_000)} for part in (0, 100, 1_000, 10_000)]
    assert shares[0] == set()
    assert shares[1] < shares[2] < shares[3]
    assert len(shares[3]) == len(MEMBERS)
    assert abs(len(shares[2]) / len(MEMBERS) - 0.1) < 0.01


def test_every_place_has_an_arm() -> None:
    split = Split("s", (("a", 3), ("b", 10_000)))
    assert (PLACES - 1) * split.total // PLACES == split.total - 1
