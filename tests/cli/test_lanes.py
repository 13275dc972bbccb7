"""How many batches a serving process decides at a time."""

import os

import pytest

from festoon.base.processors import processors
from festoon.cli.serving import bounds_for


@pytest.mark.parametrize(
    ("workers", "lanes", "decided"),
    [
        (1, None, (2, False)),
        (2, None, (2, False)),
        (4, None, (2, True)),
        (6, None, (2, True)),
        (4, 3, (3, False)),
        (1, 1, (1, True)),
    ],
)
def test_a_process_for_each_of_four_processors_decides_in_turns_unless_lanes_are_given(
    workers: int, lanes: int | None, decided: tuple[int, bool]
) -> None:
    bounds = bounds_for(workers, lanes, waiting=7, processors=4)
    assert (bounds.lanes, bounds.turns) == decided
    assert bounds.waiting == 7


def test_a_single_process_on_one_processor_decides_while_it_waits_for_the_disk() -> None:
    assert not bounds_for(1, None, waiting=7, processors=1).turns


def test_processors_that_a_process_was_not_given_do_not_count() -> None:
    given = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(given)})
        assert processors() == 1
    finally:
        os.sched_setaffinity(0, given)
    assert processors() == len(given)
