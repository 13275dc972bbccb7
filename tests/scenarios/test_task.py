"""The tasks of docs/reference/mechanics/task.md: a chain, a week as a good neighbour, three a day, a sum."""

from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code


def test_a_newcomer_goes_through_the_chain_in_order() -> None:
    story = Story(plan("task"))
    early = story.happens("content.published", "mei", "2027-03-02", content="p0")["first-post"]
    assert early.refused is not None
    assert (early.refused.code, early.refused.data) == ("task.not_yet", {"after": "profile"})
    story.happens("member.profile_completed", "mei", "2027-03-02")
    story.happens("content.published", "mei", "2027-03-02", content="p1")
    assert (story.points("mei"), story.items("mei")) == (80, {"storyteller": 1})
    done = story.happens("content.published", "mei", "2027-03-03", content="p2")["first-post"]
    assert code(done) == "task.done"
    assert story.books_balance()


def test_three_different_posts_commented_within_a_week_of_registering() -> None:
    story = Story(plan("task"))
    story.happens("member.registered", "mei", "2027-03-02")
    first = story.happens("content.commented", "mei", "2027-03-02", content="a")["neighbour"]
    assert first.note == {"counted": 1, "goal": 3}
    same = story.happens("content.commented", "mei", "2027-03-05", content="a")["neighbour"]
    assert code(same) == "task.counted_already"
    story.happens("content.commented", "mei", "2027-03-05", content="b")
    third = story.happens("content.commented", "mei", "2027-03-08", content="c")["neighbour"]
    assert [given.amount for given in third.given] == [100]


def test_who_takes_longer_than_a_week_is_too_late() -> None:
    story = Story(plan("task"))
    story.happens("member.registered", "mei", "2027-03-02")
    late = story.happens("content.commented", "mei", "2027-03-09", content="a")["neighbour"]
    assert code(late) == "task.outside_window"


def test_three_a_day_on_at_most_ten_days() -> None:
    story = Story(plan("task"))
    for day in range(1, 13):
        for post in "abc":
            story.happens("content.liked", "mei", f"2027-03-{day:02}", content=post)
    assert story.points("mei") == 10 * 5
    assert story.shows("mei", "daily-three", "2027-03-12")["done"] == 10
    over = story.happens("content.liked", "mei", "2027-03-13", content="a")["daily-three"]
    assert code(over) == "task.done"


def test_the_day_has_room_for_one_round() -> None:
    story = Story(plan("task"))
    for post in "abc":
        story.happens("content.liked", "mei", "2027-03-02", content=post)
    over = story.happens("content.liked", "mei", "2027-03-02", content="d")["daily-three"]
    assert code(over) == "task.done_for_now"


def test_every_hundred_yuan_count_and_the_rest_is_kept() -> None:
    story = Story(plan("task"))
    story.happens("order.paid", "mei", "2027-03-02", amount=9_000)
    assert story.shows("mei", "spender", "2027-03-02")["counted"] == 9_000
    story.happens("order.paid", "mei", "2027-03-20", amount=21_500)
    assert story.points("mei") == 3 * 200
    assert story.shows("mei", "spender", "2027-03-20")["counted"] == 500
    assert story.books_balance()
