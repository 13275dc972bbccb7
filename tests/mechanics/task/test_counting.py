"""What counting promises, held against counting by hand."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from festoon.mechanics.counting import (
    MAX_TARGETS,
    EachPeriod,
    FromFirst,
    InARow,
    Marks,
    Rolling,
    Whole,
    Window,
    folded,
    with_target,
    with_units,
)

FIRST = date(2027, 2, 5)
DAYS = st.lists(st.integers(0, 20), max_size=14)
TARGETS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abcdef")), max_size=14, unique=True)
WINDOWS = st.sampled_from([Whole(), Rolling(1), Rolling(3), Rolling(7), EachPeriod("week", days_apart=False)])


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def marks_of(window: Window, days: list[int]) -> Marks:
    marks = Marks()
    for number in days:
        marks = with_units(marks, window.slot(day(number)), 1)
    return marks


def targets_of(window: Window, targets: list[tuple[int, str]]) -> Marks:
    marks = Marks()
    for number, target in targets:
        marks = window.with_target(marks, day(number), target) or marks
    return marks


@given(WINDOWS, DAYS)
def test_units_are_the_same_in_whatever_order_they_come(window: Window, days: list[int]) -> None:
    assert marks_of(window, days) == marks_of(window, sorted(days))


@given(WINDOWS | st.just(FromFirst(7)), TARGETS)
def test_targets_are_the_same_in_whatever_order_they_come(
    window: Window, targets: list[tuple[int, str]]
) -> None:
    assert targets_of(window, targets) == targets_of(window, sorted(targets))


@given(WINDOWS, DAYS, st.integers(1, 5), st.integers(0, 20))
def test_one_more_never_takes_a_round_away(window: Window, days: list[int], goal: int, more: int) -> None:
    assert window.rounds(marks_of(window, [*days, more]), goal) >= window.rounds(marks_of(window, days), goal)


@given(DAYS, st.integers(1, 5))
def test_a_whole_window_counts_everything_together(days: list[int], goal: int) -> None:
    marks = marks_of(Whole(), days)
    assert Whole().rounds(marks, goal) == len(days) // goal
    assert Whole().towards(marks, goal, FIRST) == len(days) % goal


@given(DAYS, st.integers(1, 4))
def test_a_period_holds_one_round(days: list[int], goal: int) -> None:
    window = EachPeriod("week", days_apart=False)
    weeks = [day(number).isocalendar()[:2] for number in days]
    assert window.rounds(marks_of(window, days), goal) == sum(
        weeks.count(week) >= goal for week in set(weeks)
    )


def most_groups(days: list[int], goal: int, span: int) -> int:
    """The most groups of `goal` that fit into `span` days each, by trying all."""
    found = 0
    for group in set(combinations(days, goal)):
        if max(group) - min(group) < span:
            rest = list(days)
            for number in group:
                rest.remove(number)
            found = max(found, 1 + most_groups(rest, goal, span))
    return found


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(2, 3), st.integers(1, 4))
def test_rolling_windows_make_as_many_rounds_as_can_be(days: list[int], goal: int, span: int) -> None:
    window = Rolling(span)
    assert window.rounds(marks_of(window, days), goal) == most_groups(sorted(days), goal, span)


@given(TARGETS, st.integers(1, 4), st.integers(1, 7))
def test_a_round_of_targets_needs_so_many_different_ones_within_the_days(
    targets: list[tuple[int, str]], goal: int, span: int
) -> None:
    window = Rolling(span)
    any_round = any(
        len({target for number, target in targets if end - span < number <= end}) >= goal for end in range(21)
    )
    assert (window.rounds(targets_of(window, targets), goal) > 0) == any_round


def test_a_target_that_comes_again_counts_in_a_later_window() -> None:
    window = Rolling(2)
    marks = targets_of(window, [(0, "a"), (10, "a"), (11, "b")])
    assert window.rounds(marks, 2) == 1


def test_from_the_first_means_from_the_earliest_even_when_it_comes_late() -> None:
    window = FromFirst(7)
    marks = marks_of(window, [3, 9])
    assert window.rounds(marks, 2) == 1
    assert not window.lapsed(marks, day(9))
    earlier = with_units(marks, window.slot(day(1)), 1)
    assert window.lapsed(earlier, day(9))
    assert window.towards(earlier, 3, day(9)) == 2


def test_a_target_counts_from_its_earliest_day() -> None:
    window = FromFirst(7)
    marks = targets_of(window, [(9, "a"), (1, "a"), (3, "a")])
    assert marks.targets == ((day(1).toordinal(), "a"),)


@given(WINDOWS | st.just(InARow("day")) | st.just(FromFirst(7)), DAYS, st.integers(1, 4), st.integers(0, 3))
def test_rounds_are_complete_in_the_slots_after_which_there_are_more(
    window: Window, days: list[int], goal: int, given: int
) -> None:
    kept = sorted({window.slot(day(number)): number for number in days}.items())
    rounds = [
        window.rounds(marks_of(window, [each for each in days if window.slot(day(each)) <= slot]), goal)
        for slot, _ in kept
    ]
    after = zip([0, *rounds], rounds, kept, strict=False)
    assert window.completed(marks_of(window, days), goal, given) == [
        slot for before, now, (slot, _) in after if slot and now > max(before, given)
    ]


def test_what_is_open_at_the_end_of_a_rolling_window_is_what_still_counts() -> None:
    window = Rolling(3)
    marks = marks_of(window, [0, 4, 5])
    assert window.towards(marks, 3, day(5)) == 2
    assert window.towards(marks, 3, day(7)) == 1
    assert window.towards(marks, 3, day(8)) == 0


def test_many_targets_are_folded_and_no_round_is_lost() -> None:
    window, goal = Rolling(1), 100
    marks = Marks()
    for number in range(15):
        for target in range(100):
            marks = folded(with_target(marks, window.slot(day(number)), f"t{target:03}"), window, goal)
    assert len(marks.targets) <= MAX_TARGETS
    assert window.rounds(marks, goal) == 15
