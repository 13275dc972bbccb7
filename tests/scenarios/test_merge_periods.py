"""Two accounts of one person: what can be done once a period, and was done by both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festoon.mechanics.counting import EachPeriod, Marks, Whole
from festoon.mechanics.task_merge import given_to_both
from festoon.mechanics.task_progress import TaskProgress
from tests.scenarios.story import SPRING, Story, code

PLAN = (
    SPRING
    + """assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  login: {kind: task, on: member.logged_in, within: {period: day}, repeat: {}, give: {points: 5}}
  read: {kind: task, on: page.viewed, within: {period: day}, repeat: {}, give: {points: 1}}
  both: {kind: task_set, tasks: [login, read], period: day, give: {points: 100}}
  posts: {kind: task, on: content.published, count: 2, within: {period: week}, repeat: {}, give: {points: 7}}
  likes: {kind: task, on: content.liked, within: {period: day}, repeat: {times: 5}, give: {points: 3}}
"""
)


def story(*people: str) -> Story:
    told = Story(PLAN)
    for who in people or ("ann", "bea"):
        told.happens("member.imported", who, "2027-03-01 00:00")
    return told


def does(told: Story, type: str, who: str, *days: int) -> None:
    for day in days:
        told.happens(type, who, f"2027-03-{day:02}")


def merges(told: Story, keep: str, other: str, day: int) -> None:
    told.happens("member.merged", keep, f"2027-03-{day:02} 18:00", member=other, reason="one phone")


def test_days_that_both_had_done_are_not_set_off_against_days_to_come() -> None:
    told = story()
    for who in ("ann", "bea"):
        does(told, "member.logged_in", who, 2, 3, 4)
    merges(told, "ann", "bea", 4)
    for day in (5, 6, 7):
        before = told.points("ann")
        does(told, "member.logged_in", "ann", day)
        assert told.points("ann") == before + 5
    assert told.books_balance()


def test_a_set_that_both_completed_on_a_day_is_given_on_the_next_one() -> None:
    told = story()
    for type in ("member.logged_in", "page.viewed"):
        for who in ("ann", "bea"):
            does(told, type, who, 2, 3)
    merges(told, "ann", "bea", 3)
    before = told.points("ann")
    for type in ("member.logged_in", "page.viewed"):
        does(told, type, "ann", 4, 5)
    assert told.points("ann") == before + 2 * (100 + 5 + 1)


def test_a_day_that_either_had_done_is_done() -> None:
    told = story()
    does(told, "member.logged_in", "bea", 4)
    merges(told, "ann", "bea", 4)
    made = told.happens("member.logged_in", "ann", "2027-03-04 20:00")["login"]
    assert code(made) == "task.done_for_now"
    assert told.points("ann") == 5


def test_a_week_that_only_both_together_complete_is_given_once_beside_one_that_each_completed() -> None:
    told = story()
    for who in ("ann", "bea"):
        does(told, "content.published", who, 1, 2, 8)
    merges(told, "ann", "bea", 9)
    assert told.points("ann") == 3 * 7
    does(told, "content.published", "ann", 15, 16)
    assert told.points("ann") == 4 * 7


def test_of_so_many_times_in_all_a_day_of_both_takes_one() -> None:
    told = story()
    for who in ("ann", "bea"):
        does(told, "content.liked", who, 2, 3, 4)
    merges(told, "ann", "bea", 4)
    assert told.shows("ann", "likes", "2027-03-04")["done"] == 3
    does(told, "content.liked", "ann", 5, 6)
    assert told.points("ann") == 8 * 3
    assert code(told.happens("content.liked", "ann", "2027-03-07")["likes"]) == "task.done"


DAYS = st.sets(st.integers(2, 9))


@settings(max_examples=40, deadline=None)
@given(DAYS, DAYS, DAYS, DAYS, st.sampled_from(["ann", "bea"]))
def test_however_three_accounts_come_together_every_day_to_come_is_given_and_none_before_again(
    one: set[int], two: set[int], three: set[int], late: set[int], first: str
) -> None:
    told = story("ann", "bea", "cho")
    for who, days in (("ann", one), ("bea", two), ("cho", three)):
        does(told, "member.logged_in", who, *sorted(days))
    for keep, other in {"ann": (("ann", "bea"), ("ann", "cho")), "bea": (("bea", "cho"), ("ann", "bea"))}[
        first
    ]:
        merges(told, keep, other, 10)
    had = 5 * (len(one) + len(two) + len(three))
    assert told.points("ann") == had
    does(told, "member.logged_in", "ann", *range(11, 16), *sorted(late))
    assert told.points("ann") == had + 5 * len({*range(11, 16)} | late - one - two - three)
    assert told.shows("ann", "login", "2027-03-16")["done"] == len(
        {*range(11, 16)} | late | one | two | three
    )


DAY = EachPeriod("day", days_apart=False)
THREE = Marks(units=((10, 1), (11, 1), (12, 1)))


@pytest.mark.parametrize(("kept", "gone", "both"), [(3, 3, 3), (3, 0, 3), (0, 3, 3), (0, 0, 0), (3, 2, 3)])
def test_days_that_wait_for_their_reward_are_taken_for_those_that_the_other_was_rewarded_for(
    kept: int, gone: int, both: int
) -> None:
    states = TaskProgress(kept, THREE), TaskProgress(gone, THREE)
    assert given_to_both(*states, DAY, 1) == both


def test_rounds_of_no_period_are_those_of_either() -> None:
    assert given_to_both(TaskProgress(3, THREE), TaskProgress(2, THREE), Whole(), 1) == 5
