from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.streak import (
    Runs,
    has,
    joined,
    length_at,
    reached_daily,
    reached_in_cycle,
    reached_once,
    total,
)

DAY_ONE = date(2027, 2, 5).toordinal()
DAYS = st.lists(st.integers(min_value=DAY_ONE, max_value=DAY_ONE + 40), unique=True)


def runs_of(days: list[int]) -> Runs:
    runs: Runs = ()
    for day in days:
        runs = joined(runs, day)[0]
    return runs


@given(DAYS)
def test_days_make_the_same_runs_in_whatever_order_they_come(days: list[int]) -> None:
    assert runs_of(days) == runs_of(sorted(days))


@given(DAYS)
def test_runs_hold_their_days_and_no_others(days: list[int]) -> None:
    runs = runs_of(days)
    held = [day for first, length in runs for day in range(first, first + length)]
    assert held == sorted(days)
    assert total(runs) == len(days)
    assert all(has(runs, day) == (day in days) for day in range(DAY_ONE - 2, DAY_ONE + 43))


@given(DAYS)
def test_runs_neither_touch_nor_overlap(days: list[int]) -> None:
    runs = runs_of(days)
    assert all(runs[i][0] + runs[i][1] < runs[i + 1][0] for i in range(len(runs) - 1))


@given(DAYS, st.integers(min_value=DAY_ONE - 2, max_value=DAY_ONE + 45))
def test_a_streak_is_alive_on_its_last_day_and_the_day_after(days: list[int], today: int) -> None:
    last = today if today in days else today - 1
    counted = 0
    while last - counted in days:
        counted += 1
    assert length_at(runs_of(days), today) == counted


@given(st.integers(1, 60), st.integers(1, 10), st.integers(10, 14))
def test_how_often_a_rung_is_reached_is_what_counting_day_by_day_finds(
    length: int, rung: int, cycle: int
) -> None:
    days = range(1, length + 1)
    assert reached_once(length, rung) == sum(day == rung for day in days)
    assert reached_daily(length, rung) == sum(day >= rung for day in days)
    assert reached_in_cycle(length, rung, cycle) == sum((day - 1) % cycle + 1 == rung for day in days)
