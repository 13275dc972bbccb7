from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from festoon.mechanics.draw_table import (
    NOTHING,
    Guarantee,
    Miss,
    Pace,
    Row,
    Settled,
    SoldOut,
    Why,
    effective,
    is_miss,
    misses_after,
    pick,
    released,
    settle,
    total,
)

OPENS = datetime(2027, 2, 4, 16, tzinfo=UTC)

policies = st.sampled_from(get_args(SoldOut))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Row, ...]:
    weights = draw(st.lists(st.integers(0, 40), min_size=1, max_size=6))
    return (
        *((f"p{index}", weight) for index, weight in enumerate(weights)),
        (NOTHING, draw(st.integers(0, 9))),
    )


def prizes(rows: tuple[Row, ...]) -> list[str]:
    return [name for name, _ in rows if name != NOTHING]


@given(tables())
def test_every_value_of_a_roll_falls_on_a_prize_and_each_prize_gets_exactly_its_weight(
    rows: tuple[Row, ...],
) -> None:
    hits = Counter(pick(rows, roll) for roll in range(total(rows)))
    assert hits == Counter({name: weight for name, weight in rows if weight})


def test_the_last_value_wins_the_last_prize_and_the_one_after_it_is_an_error() -> None:
    rows = (("phone", 1), ("coupon", 3), (NOTHING, 0))
    assert [pick(rows, roll) for roll in range(4)] == ["phone", "coupon", "coupon", "coupon"]
    for outside in (-1, 4):
        with pytest.raises(ValueError, match="outside"):
            pick(rows, outside)


@given(tables(), policies, st.data())
def test_the_odds_change_only_where_the_plan_declares_it(
    rows: tuple[Row, ...], policy: SoldOut, data: st.DataObject
) -> None:
    out = data.draw(_out_of(rows))
    table = effective(rows, policy, out.get)
    if policy == "redistribute":
        assert table == tuple((name, 0 if name in out else weight) for name, weight in rows)
    else:
        assert table == rows


@given(tables(), policies, st.data())
def test_what_cannot_be_had_is_never_given(
    rows: tuple[Row, ...], policy: SoldOut, data: st.DataObject
) -> None:
    out = data.draw(_out_of(rows))
    guarantee = data.draw(st.none() | _guarantee_in(rows))
    table = effective(rows, policy, out.get)
    for rolled in {name for name, weight in table if weight}:
        settled = settle(table, rolled, policy, out.get, guarantee)
        assert settled.given not in out
        if rolled not in out and (guarantee is None or not guarantee.due):
            assert settled == Settled(rolled)


@given(tables(), policies, st.data())
def test_a_guarantee_that_is_due_is_kept_unless_its_prize_is_out_and_never_makes_a_play_worse(
    rows: tuple[Row, ...], policy: SoldOut, data: st.DataObject
) -> None:
    out = data.draw(_out_of(rows))
    guarantee = data.draw(_guarantee_in(rows))
    names = [name for name, _ in rows]
    table = effective(rows, policy, out.get)
    for rolled in {name for name, weight in table if weight}:
        without = settle(table, rolled, policy, out.get)
        settled = settle(table, rolled, policy, out.get, guarantee)
        assert names.index(settled.given) <= names.index(without.given)
        if guarantee.due and guarantee.prize not in out:
            assert not is_miss(table, settled.given, guarantee)
        if not guarantee.due:
            assert settled == without


@given(tables(), policies, st.data())
def test_what_stands_in_for_a_guaranteed_prize_never_makes_a_play_worse(
    rows: tuple[Row, ...], policy: SoldOut, data: st.DataObject
) -> None:
    out, guarantee = data.draw(_out_of(rows)), data.draw(_guarantee_in(rows))
    names = [name for name, _ in rows]
    swaps = {
        name: data.draw(st.sampled_from(names[at + 1 : -1]))
        for at, name in enumerate(names[:-2])
        if data.draw(st.booleans())
    }
    for rolled in {name for name, weight in effective(rows, policy, out.get, swaps) if weight}:
        without = settle(rows, rolled, policy, out.get, swaps=swaps)
        settled = settle(rows, rolled, policy, out.get, guarantee, swaps)
        assert names.index(settled.given) <= names.index(without.given)
        assert (settled.reason == "guarantee") == (settled.given != without.given)


@given(tables(), st.data())
def test_next_prize_walks_down_to_the_first_that_can_be_had(
    rows: tuple[Row, ...], data: st.DataObject
) -> None:
    out = data.draw(_out_of(rows))
    rolled = data.draw(st.sampled_from(prizes(rows)))
    assume(rolled in out)
    below = [name for name, _ in rows][prizes(rows).index(rolled) :]
    expected = next(name for name in below if name not in out)
    assert settle(rows, rolled, "next_prize", out.get) == Settled(expected, out[rolled])


def test_keep_chance_uses_the_chance_up_only_when_the_table_itself_says_nothing() -> None:
    rows = (("phone", 1), (NOTHING, 1))
    out: dict[str, Why] = {"phone": "sold_out"}
    assert settle(rows, "phone", "keep_chance", out.get) == Settled(NOTHING, "sold_out", uses_chance=False)
    assert settle(rows, NOTHING, "keep_chance", out.get) == Settled(NOTHING)
    assert settle(rows, "phone", "nothing", out.get) == Settled(NOTHING, "sold_out")


def test_a_promise_that_cannot_be_kept_leaves_the_chance_where_the_policy_is_to_keep_it() -> None:
    rows = (("phone", 1), (NOTHING, 1))
    out: dict[str, Why] = {"phone": "not_released"}
    promise = Guarantee("phone", after=3, miss="nothing", misses=3)
    kept = settle(rows, NOTHING, "keep_chance", out.get, promise)
    assert kept == Settled(NOTHING, "not_released", uses_chance=False)
    assert misses_after(rows, kept, promise) == 3


@pytest.mark.parametrize(
    ("miss", "given", "after"),
    [("nothing", NOTHING, 3), ("nothing", "c", 0),
     ("lower", NOTHING, 3), ("lower", "c", 3), ("lower", "b", 0), ("lower", "a", 0)],
)  # fmt: skip
def test_what_counts_as_a_miss(miss: Miss, given: str, after: int) -> None:
    rows = (("a", 1), ("b", 1), ("c", 1), (NOTHING, 1))
    assert misses_after(rows, Settled(given), Guarantee("b", 9, miss, misses=2)) == after


@given(
    st.integers(1, 10**12),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)),
    st.fractions(-1, 2),
    st.sampled_from(get_args(Pace)),
)
def test_the_pace_releases_what_the_page_says(stock: int, lasts: timedelta, at: Fraction, pace: Pace) -> None:
    tick = timedelta(microseconds=1)
    elapsed = int(at * (lasts // tick))
    share = min(max(Fraction(elapsed, lasts // tick), Fraction(0)), Fraction(1))
    if pace == "front":
        share = share * Fraction(8, 5) if share <= Fraction(1, 2) else Fraction(3, 5) + share * Fraction(2, 5)
    expected = stock if pace == "none" else ceil(stock * share)
    assert released(stock, pace, OPENS, OPENS + lasts, OPENS + elapsed * tick) == expected


@given(st.integers(1, 10**6), st.lists(st.timedeltas(timedelta(0), timedelta(days=16)), min_size=2))
def test_what_was_released_once_is_not_taken_back(stock: int, moments: list[timedelta]) -> None:
    for pace in get_args(Pace):
        counts = [
            released(stock, pace, OPENS, OPENS + timedelta(days=16), OPENS + at) for at in sorted(moments)
        ]
        assert counts == sorted(counts)


def test_by_half_of_the_time_a_front_pace_has_released_four_fifths_and_by_the_end_all() -> None:
    closes = OPENS + timedelta(days=10)
    at = [released(100, "front", OPENS, closes, OPENS + timedelta(days=day)) for day in (0, 1, 5, 6, 10, 11)]
    assert at == [0, 16, 80, 84, 100, 100]


def _out_of(rows: tuple[Row, ...]) -> st.SearchStrategy[dict[str, Why]]:
    return st.dictionaries(st.sampled_from(prizes(rows)), st.sampled_from(get_args(Why)))


def _guarantee_in(rows: tuple[Row, ...]) -> st.SearchStrategy[Guarantee]:
    return st.builds(
        Guarantee,
        prize=st.sampled_from(prizes(rows)),
        after=st.integers(1, 5),
        miss=st.sampled_from(get_args(Miss)),
        misses=st.integers(0, 9),
    )
