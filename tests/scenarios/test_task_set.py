"""The sets of docs/reference/mechanics/task_set.md: two of three newcomer tasks, two of three every day."""

import pytest

from festoon.plan.check import check_plan
from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code


def test_any_two_newcomer_tasks_bring_the_pack_whichever_come_first() -> None:
    for first, second, own in (
        ("member.profile_completed", "order.paid", 50),
        ("content.published", "member.profile_completed", 20),
        ("order.paid", "content.published", 70),
    ):
        story = Story(plan("task_set"))
        story.happens(first, "mei", "2027-03-02", amount=100)
        assert story.items("mei") == {}
        story.happens(second, "mei", "2027-03-09", amount=100)
        assert (story.points("mei"), story.items("mei")) == (own + 100, {"settled": 1})
        assert story.books_balance()


def test_the_third_task_brings_no_second_pack() -> None:
    story = Story(plan("task_set"))
    for day, type in enumerate(("order.paid", "content.published", "member.profile_completed"), 2):
        story.happens(type, "mei", f"2027-03-0{day}", amount=100)
    assert story.items("mei") == {"settled": 1}
    assert story.shows("mei", "newcomer", "2027-03-04")["done"] == 1


def test_two_tasks_at_one_moment_are_both_heard() -> None:
    story = Story(plan("task_set"))
    story.send("content.published", "mei", "2027-03-02")
    story.send("order.paid", "mei", "2027-03-02", amount=100)
    story.passes("2027-03-02")
    assert story.items("mei") == {"settled": 1}


def test_a_set_opens_what_comes_after_it() -> None:
    story = Story(plan("task_set"))
    early = story.happens("content.commented", "mei", "2027-03-02", content="a")["encore"]
    assert code(early) == "task.not_yet"
    story.happens("content.published", "mei", "2027-03-02")
    story.happens("order.paid", "mei", "2027-03-02", amount=100)
    before = story.points("mei")
    story.happens("content.commented", "mei", "2027-03-03", content="a")
    assert story.points("mei") == before + 5


def test_each_day_has_a_set_of_its_own_and_a_late_event_lands_in_its_day() -> None:
    story = Story(plan("task_set"))
    story.happens("content.liked", "mei", "2027-03-02", content="a")
    story.happens("content.shared", "mei", "2027-03-03", content="a")
    assert story.points("mei") == 0
    story.happens("member.logged_in", "mei", "2027-03-02 09:00")
    assert story.points("mei") == 3
    story.happens("member.logged_in", "mei", "2027-03-03")
    story.happens("content.liked", "mei", "2027-03-03", content="b")
    assert story.points("mei") == 6
    assert story.shows("mei", "daily", "2027-03-03")["counted"] == 2


def test_a_pack_the_budget_cannot_pay_is_tried_again_with_the_next_task() -> None:
    poor = plan("task_set").replace("{prizes: 20000}", "{prizes: 1.20}")
    story = Story(
        poor.replace("[{points: 100}, {badge: settled}]", "{points: 100}").replace(
            "period: day", "count: 3", 0
        )
    )
    story.happens("content.published", "mei", "2027-03-02")
    story.happens("order.paid", "mei", "2027-03-02", amount=100)
    assert story.points("mei") == 70
    assert [code(made) for made in story.timers if code(made)] == ["budget.short"]
    assert story.shows("mei", "newcomer", "2027-03-02")["counted"] == 2
    assert story.shows("mei", "newcomer", "2027-03-02")["done"] == 0
    assert story.books_balance()


@pytest.mark.parametrize(
    ("said", "instead", "problem"),
    [
        ("tasks: [like, share, login]", "tasks: [like, share, newcomer, gone]", "plan.unknown_name"),
        ("tasks: [like, share, login]", "tasks: [like, share, daily]", "plan.after_circle"),
        ("login: {kind: task, on: member.logged_in, within: {period: day}, repeat: {}}",
         "login: {kind: gift, on: member.logged_in, give: {points: 1}}", "plan.not_a_task"),
    ],
)  # fmt: skip
def test_a_set_is_made_of_tasks_that_are_there(said: str, instead: str, problem: str) -> None:
    checked = check_plan(plan("task_set").replace(said, instead))
    assert problem in [found.code for found in checked.errors]
