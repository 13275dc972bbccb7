"""The check-in of docs/reference/mechanics/check_in.md: days, a ladder, cards, a badge for the faithful."""

from festoon.engine.outcome import MechanicOutcome
from tests.mechanics.pages import blocks, plan
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


# Photos and holidays: the days off are 5 to 9 February and the weekends


def photo(story: Story, on: int, **more: str) -> MechanicOutcome:
    made = story.happens("check_in.made", "mei", f"2027-02-{on:02}", photo=f"p{on}", **more)
    return made["check-in"]


def approve(story: Story, day: int, on: int) -> None:
    story.happens("proof.approved", "mei", f"2027-02-{on:02} 20:00", proof=f"p{day}")


def test_a_holiday_is_worth_double_and_none_that_is_missed_breaks_the_streak() -> None:
    story = Story(blocks("check_in", "yaml")[1])
    for day in (5, 9, 10, 11, 12, 15, 16):
        photo(story, day)
        approve(story, day, on=day)
    assert story.shows("mei", "check-in", "2027-02-16")["streak"] == 7
    assert story.items("mei") == {"seven": 1}
    assert story.points("mei") == 2 * 20 + 5 * 10
    assert story.books_balance()


def test_a_missed_working_day_breaks_it() -> None:
    story = Story(blocks("check_in", "yaml")[1])
    for day in (9, 10, 12):
        photo(story, day)
        approve(story, day, on=day)
    month = story.shows("mei", "check-in", "2027-02-12")["month"]
    assert [month[f"2027-02-{day:02}"] for day in (8, 9, 10, 11, 12)] == [
        "excused", "checked_in", "checked_in", "missed", "checked_in",
    ]  # fmt: skip
    assert story.shows("mei", "check-in", "2027-02-12")["streak"] == 1


def test_a_rejected_photo_is_replaced_and_the_streak_is_whole_again() -> None:
    story = Story(blocks("check_in", "yaml")[1])
    for day in (10, 11, 12):
        photo(story, day)
    story.happens("proof.rejected", "mei", "2027-02-12", proof="p11", reason="no lantern in it")
    approve(story, 10, on=12)
    approve(story, 12, on=12)
    assert story.shows("mei", "check-in", "2027-02-12")["streak"] == 1
    photo(story, 13, day="2027-02-11")
    approve(story, 13, on=13)
    assert story.shows("mei", "check-in", "2027-02-13")["streak"] == 3
    assert story.points("mei") == 30


def test_a_photo_that_nobody_looks_at_in_time_counts() -> None:
    story = Story(blocks("check_in", "yaml")[1])
    photo(story, 10)
    story.passes("2027-02-12 23:59")
    assert story.points("mei") == 0
    story.passes("2027-02-13 00:00")
    assert story.points("mei") == 10
    second = story.happens("proof.rejected", "mei", "2027-02-13", proof="p10", reason="late")["check-in"]
    assert code(second) == "proof.decided"
    assert story.points("mei") == 10


def test_an_operators_list_of_days_can_be_missed() -> None:
    listed = blocks("check_in", "yaml")[1].replace("{daily: 2}", "{dates: [2027-02-11]}")
    story = Story(listed)
    for day in (10, 12):
        photo(story, day)
        approve(story, day, on=day)
    assert story.shows("mei", "check-in", "2027-02-12")["streak"] == 2
