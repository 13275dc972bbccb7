"""The check-in of docs/reference/mechanics/check_in.md: days, a ladder, cards, a badge for the faithful."""

from festoon.engine.outcome import MechanicOutcome
from tests.mechanics.pages import plan
from tests.scenarios.story import Story, code


def check_in(story: Story, *days: int, hour: str = "12:00") -> MechanicOutcome:
    """Check in on these days of March; the last one's outcome."""
    for day in days:
        made = story.happens("check_in.made", "mei", f"2027-03-{day:02} {hour}")
    return made["check-in"]


def repair(story: Story, missed: int, on: int) -> MechanicOutcome:
    made = story.happens("check_in.made", "mei", f"2027-03-{on:02}", repair=f"2027-03-{missed:02}")
    return made["check-in"]


def test_a_week_climbs_the_ladder_and_the_next_one_climbs_it_again() -> None:
    story = Story(plan("check_in"))
    assert check_in(story, 1, 2, 3).note == {"day": "2027-03-03", "streak": 3, "days": 3}
    assert story.points("mei") == 3 * 5 + 10
    check_in(story, 4, 5, 6, 7)
    assert (story.points("mei"), story.points("mei", "card")) == (7 * 5 + 10 + 50, 1)
    check_in(story, *range(8, 15))
    assert (story.points("mei"), story.points("mei", "card")) == (2 * (7 * 5 + 10 + 50), 2)
    assert story.books_balance()


def test_twice_on_a_day_is_once_even_a_minute_before_midnight() -> None:
    story = Story(plan("check_in"))
    check_in(story, 1, hour="00:00")
    assert code(check_in(story, 1, hour="23:59")) == "check_in.already_that_day"
    assert check_in(story, 2, hour="00:00").note["streak"] == 2
    assert story.points("mei") == 2 * 5


def test_a_card_mends_a_broken_streak() -> None:
    story = Story(plan("check_in"))
    story.happens("member.registered", "mei", "2027-03-01")
    check_in(story, 1, 2, 3, 5, 6, 7)
    assert story.points("mei") == 6 * 5 + 10 + 10
    mended = repair(story, 4, on=7)
    assert (mended.taken, mended.note["streak"]) == ({"daily/card": 1}, 7)
    assert story.points("mei") == 6 * 5 + 10 + 10 + 50
    assert story.points("mei", "card") == 1
    assert story.shows("mei", "check-in", "2027-03-07")["repaired"] == ["2027-03-04"]
    assert story.books_balance()


def test_without_a_card_the_streak_stays_broken() -> None:
    story = Story(plan("check_in"))
    check_in(story, 1, 3)
    assert code(repair(story, 2, on=3)) == "balance.short"
    assert story.shows("mei", "check-in", "2027-03-03")["streak"] == 1


def test_a_check_in_that_arrives_late_joins_the_streak_in_its_place() -> None:
    story = Story(plan("check_in"))
    check_in(story, 1, 3)
    assert check_in(story, 2).note == {"day": "2027-03-02", "streak": 3, "days": 3}
    assert story.points("mei") == 3 * 5 + 10


def test_twenty_days_altogether_bring_the_badge() -> None:
    story = Story(plan("check_in"))
    check_in(story, *range(1, 12), *range(13, 22))
    assert story.items("mei") == {"faithful": 1}


def test_a_day_counts_though_the_budget_is_spent_when_the_plan_clips() -> None:
    empty = plan("check_in").replace("{prizes: 30000}", "{prizes: 0.12}")
    story = Story(empty.replace("kind: check_in\n", "kind: check_in\n    short: clip\n"))
    assert [check_in(story, day).note["streak"] for day in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert story.points("mei") == 12
    assert story.books_balance()
