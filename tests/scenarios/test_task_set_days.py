"""Which day a set hears of a task that was complete before it was told."""

from tests.live import HEAD, NOW, Platform, event
from tests.scenarios.story import SPRING, Story

TASKS = """assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  posts: {kind: task, on: content.published, count: 2, within: {period: day}, repeat: {}}
  reads: {kind: task, on: page.viewed, within: {period: day}, repeat: {}}
  both: {kind: task_set, tasks: [posts, reads], period: day, give: {points: 10}}
"""
SETS = """  likes: {kind: task, on: content.liked, within: {period: day}, repeat: {}}
  all: {kind: task_set, tasks: [both, likes], period: day, give: {points: 100}}
"""


def people(mechanics: str = TASKS) -> Story:
    told = Story(SPRING + mechanics)
    for who in ("ann", "bea"):
        told.happens("member.imported", who, "2027-03-01 00:00")
    return told


def merges(told: Story, at: str, keep: str = "ann", other: str = "bea") -> None:
    told.happens("member.merged", keep, at, member=other, reason="one phone")


def posts_of_both(told: Story, *days: int) -> None:
    for day in days:
        told.happens("content.published", "ann", f"2027-03-{day:02}", content="1")
        told.happens("content.published", "bea", f"2027-03-{day:02}", content="2")


def test_a_day_that_both_accounts_completed_together_counts_for_the_set_of_that_day() -> None:
    for reader in ("ann", "bea"):
        told = people()
        posts_of_both(told, 2, 3)
        told.happens("page.viewed", reader, "2027-03-02 13:00")
        merges(told, "2027-03-09")
        assert told.points("ann") == 10
        assert told.shows("ann", "both", "2027-03-02")["done"] == 1
        told.happens("page.viewed", "ann", "2027-03-03 14:00")
        assert told.points("ann") == 20
        assert told.books_balance()


def test_and_not_for_that_of_the_merge() -> None:
    told = people()
    posts_of_both(told, 2)
    merges(told, "2027-03-09")
    told.happens("page.viewed", "ann", "2027-03-09 13:00")
    assert told.points("ann") == 0


def test_days_that_either_was_rewarded_for_are_not_taken_for_new_ones() -> None:
    told = people()
    for content in "ab":
        told.happens("content.published", "ann", "2027-03-05", content=content)
    posts_of_both(told, 2)
    merges(told, "2027-03-09")
    for day in (2, 5):
        told.happens("page.viewed", "ann", f"2027-03-{day:02} 14:00")
    assert told.points("ann") == 20


def test_a_set_of_sets_hears_of_the_day_too() -> None:
    told = people(TASKS + SETS)
    told.happens("content.liked", "ann", "2027-03-02", content="1")
    for content in "ab":
        told.happens("content.published", "ann", "2027-03-02", content=content)
    told.happens("page.viewed", "bea", "2027-03-02")
    merges(told, "2027-03-09")
    assert told.points("ann") == 110
    told.happens("content.liked", "ann", "2027-03-09 13:00", content="2")
    assert told.points("ann") == 110


def test_a_row_of_days_that_both_made_is_complete_on_its_last_day() -> None:
    rows = TASKS.replace("count: 2, within: {period: day}", "count: 3, reset: missed_day")
    told = people(rows)
    for day, who in ((2, "ann"), (3, "bea"), (4, "ann")):
        told.happens("content.published", who, f"2027-03-{day:02}", content="1")
    told.happens("page.viewed", "bea", "2027-03-04")
    merges(told, "2027-03-09")
    assert told.points("ann") == 10


def test_what_counted_before_the_task_that_comes_first_counts_for_its_own_days() -> None:
    told = people(
        TASKS.replace("repeat: {}}", "repeat: {}, after: [profile], counts_before: true}", 1)
        + "  profile: {kind: task, on: member.profile_completed}\n"
    )
    for day in (2, 3):
        for content in "ab":
            told.happens("content.published", "ann", f"2027-03-{day:02}", content=content)
        told.happens("page.viewed", "ann", f"2027-03-{day:02}")
    assert told.points("ann") == 0
    told.happens("member.profile_completed", "ann", "2027-03-09")
    assert told.points("ann") == 20
    told.happens("page.viewed", "ann", "2027-03-09 13:00")
    assert told.points("ann") == 20


def test_a_week_that_both_completed_is_of_its_first_day_within_the_campaign() -> None:
    weekly = TASKS.replace("count: 2, within: {period: day}", "count: 2, within: {period: week}")
    told = Story(
        (SPRING + weekly.replace("period: day, give", "period: month, give")).replace("-03-01", "-03-03")
    )
    for who in ("ann", "bea"):
        told.happens("member.imported", who, "2027-03-03 00:00")
    posts_of_both(told, 4)
    told.happens("page.viewed", "ann", "2027-03-20")
    merges(told, "2027-03-21")
    assert told.points("ann") == 10


async def test_the_same_on_a_real_database(database: str) -> None:
    platform = await Platform.open(database, HEAD + TASKS + SETS)
    await platform.outcomes(event("content.liked", "ann", content="1"), event("page.viewed", "bea"))
    await platform.outcomes(
        event("content.published", "ann", content="a"), event("content.published", "bea", content="b")
    )
    await platform.wake("ann", "bea")
    later = NOW.replace(day=20)
    platform.at = later
    merged = event("member.merged", "ann", at=later, member="bea", reason="one phone")
    await platform.outcomes(merged)
    await platform.wake("ann")
    assert await platform.balance("ann") == 110
    await platform.audit()
    await platform.close()
