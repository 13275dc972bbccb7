"""The split: sums to the pool, keeps its bounds, and no place in line is better than another."""

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.fairness import epoch_key, roll
from festoon.mechanics.packet_split import Coins, amount, coins, kinds, opened

KEY = epoch_key(bytes(range(32)), "")


def split(pool: int, packets: int, least: int, most: int, seed: int) -> list[int]:
    """A whole pool opened, by as many members as there are packets."""
    left, amounts = list(coins(pool, packets, least, most)), []
    for place in range(packets):

        def rolled(index: int, bound: int, place: int = place) -> int:
            return roll(KEY, f"test/{seed}", place + 1, 1, f"coin/{index}", bound)

        slots = opened(left, packets - place, rolled)
        amounts.append(amount(least, slots))
        left = [Coins(kind.worth, kind.count - slot.full) for kind, slot in zip(left, slots, strict=True)]
    assert not any(kind.count for kind in left)
    return amounts


@given(
    packets=st.integers(1, 30),
    least=st.integers(0, 50),
    span=st.integers(0, 400),
    share=st.fractions(0, 1),
    seed=st.integers(0, 2**32),
)
def test_every_split_sums_to_the_pool_and_keeps_its_bounds(
    packets: int, least: int, span: int, share: object, seed: int
) -> None:
    pool = packets * least + int(packets * span * share)  # type: ignore[operator]
    amounts = split(pool, packets, least, least + span, seed)
    assert sum(amounts) == pool
    assert all(least <= each <= least + span for each in amounts)


@pytest.mark.parametrize("packets", range(1, 7))
def test_coins_are_laid_out_for_every_pool_that_fits(packets: int) -> None:
    for least in range(3):
        for most in range(least, least + 12):
            for pool in range(packets * least, packets * most + 1):
                laid = coins(pool, packets, least, most)
                assert all(0 <= kind.count <= packets for kind in laid)
                assert packets * least + sum(kind.worth * kind.count for kind in laid) == pool


@pytest.mark.parametrize("span", range(40))
def test_every_amount_within_the_bounds_can_be_filled(span: int) -> None:
    sums = {0}
    for worth in kinds(span):
        sums |= {each + worth for each in sums}
    assert sums == set(range(span + 1))


@pytest.mark.parametrize(("pool", "least", "most"), [(9, 2, 9), (100, 1, 9), (10, 5, 4), (0, 1, 1)])
def test_a_pool_that_does_not_fit_is_refused(pool: int, least: int, most: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        coins(pool, 5, least, most)


def exact(pool: int, packets: int, least: int, most: int) -> Counter[tuple[int, ...]]:
    """How likely every split is, by walking through all ways to deal: in parts of one common denominator."""
    ways: Counter[tuple[int, ...]] = Counter({(): 1})
    state: dict[tuple[int, ...], Sequence[Coins]] = {(): coins(pool, packets, least, most)}
    ends: Counter[tuple[int, ...]] = Counter()

    def walk(done: tuple[int, ...], left: Sequence[Coins], weight: int) -> None:
        remaining = packets - len(done)
        if not remaining:
            ends[done] += weight
            return
        options: list[tuple[int, int, tuple[Coins, ...]]] = [(0, 1, ())]
        for kind in left:
            options = [
                (held + kind.worth * full, odds * part, (*counts, Coins(kind.worth, kind.count - full)))
                for held, odds, counts in options
                for full, part in ((1, kind.count), (0, remaining - kind.count))
                if part
            ]
        for held, odds, counts in options:
            walk((*done, least + held), counts, weight * odds)

    walk((), state[()], ways[()])
    return ends


@pytest.mark.parametrize(("pool", "packets", "least", "most"), [(10, 3, 1, 6), (13, 4, 1, 6), (7, 4, 1, 4)])
def test_any_order_of_the_same_packets_is_exactly_as_likely(
    pool: int, packets: int, least: int, most: int
) -> None:
    """Exchangeable, not about but to the last part: so every place has the same mean, spread and chances."""
    likely = exact(pool, packets, least, most)
    assert len(likely) > 5
    for amounts, weight in likely.items():
        assert {likely[order] for order in permutations(amounts)} == {weight}


def test_every_place_has_the_same_mean_and_the_same_spread() -> None:
    """2,000 pools of ten packets: each place's mean lies within four standard errors of a tenth of the pool, and the
    places' spreads within a tenth of each other."""
    pools, packets, pool = 2_000, 10, 10_000
    drawn = [split(pool, packets, 1, 1_999, seed) for seed in range(pools)]
    places = list(zip(*drawn, strict=True))
    means = [sum(place) / pools for place in places]
    spreads = [sqrt(sum((each - pool / packets) ** 2 for each in place) / pools) for place in places]
    assert max(abs(mean - pool / packets) for mean in means) < 4 * max(spreads) / sqrt(pools)
    assert max(spreads) < 1.1 * min(spreads)
    # As far apart as whole amounts from 1 to 1,999 that are all as likely: 1,998 / √12.
    assert 550 < sum(spreads) / packets < 600


def test_the_largest_packet_is_as_likely_in_every_place() -> None:
    """Chi-square with nine degrees of freedom: above 27.88 in one run of a thousand, and these seeds are fixed."""
    pools, packets = 2_000, 10
    where: Counter[int] = Counter()
    for seed in range(pools):
        amounts = split(10_000, packets, 1, 1_999, seed)
        where[amounts.index(max(amounts))] += 1
    expected = pools / packets
    assert sum((where[place] - expected) ** 2 / expected for place in range(packets)) < 27.88


def test_equal_packets_differ_by_one_unit_at_the_most() -> None:
    amounts = split(1003, 10, 100, 101, 7)
    assert sorted(amounts) == [100] * 7 + [101] * 3
