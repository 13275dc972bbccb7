"""Cards in a check-in with photos: a rung that waits for a photo is the one that a repaired day reaches."""

from tests.scenarios.story import SPRING, Story, code

PLAN = (
    SPRING.replace("prizes: 5000", "prizes: 1")
    + """assets: {points: {cost: 0.01, line: prizes}, card: {}}
mechanics:
  cards: {kind: gift, on: page.viewed, give: {asset: card, amount: 3}}
  sign-in: {kind: check_in, ladder: {LADDER}, make_up: {asset: card}, review: {}}
"""
)


def waiting_for_the_fourth(ladder: str) -> Story:
    """One yuan is all there is. Mei has cards; the 2nd and the 3rd count, and the photo of the 4th waits."""
    story = Story(PLAN.replace("LADDER", ladder))
    story.happens("page.viewed", "mei", "2027-03-01")
    for day in (2, 3, 4):
        made = story.happens("check_in.made", "mei", f"2027-03-{day:02}", photo=f"photo-{day}")
        assert code(made["sign-in"]) == ""
    for day in (2, 3):
        approved(story, day, 4)
    return story


def approved(story: Story, day: int, on: int) -> None:
    made = story.happens("proof.approved", "mei", f"2027-03-{on:02}", proof=f"photo-{day}")
    assert code(made["sign-in"]) == ""


def repairs(story: Story, day: int, on: int) -> str:
    made = story.happens("check_in.made", "mei", f"2027-03-{on:02} 13:00", repair=f"2027-03-{day:02}")
    return code(made["sign-in"])


def test_a_card_that_reaches_a_rung_first_gives_what_was_set_aside_for_it() -> None:
    story = waiting_for_the_fourth("3: {points: 100}")
    assert (story.points("mei"), story.points("mei", "points@pending")) == (0, 100)
    assert repairs(story, 1, 4) == ""
    assert (story.points("mei"), story.points("mei", "points@pending")) == (100, 0)
    approved(story, 4, 5)
    assert (story.points("mei"), story.set_aside()) == (100, {})
    assert story.shows("mei", "sign-in", "2027-03-04")["streak"] == 4
    assert story.books_balance()


def test_a_card_takes_nothing_that_waits_for_another_rung() -> None:
    story = waiting_for_the_fourth("3: {points: 60}, 4: {points: 40}")
    assert repairs(story, 1, 4) == ""
    assert story.points("mei") == 60
    approved(story, 4, 5)
    assert (story.points("mei"), story.set_aside()) == (100, {})


def test_a_card_used_after_the_verdict_finds_the_rung_given() -> None:
    story = waiting_for_the_fourth("3: {points: 100}")
    approved(story, 4, 5)
    assert repairs(story, 1, 5) == ""
    assert (story.points("mei"), story.set_aside()) == (100, {})
    assert story.books_balance()


def test_a_card_gives_the_rest_where_it_makes_more_due_than_waits() -> None:
    story = waiting_for_the_fourth("3: {points: 10}, 5: {points: 20}")
    made = story.happens("check_in.made", "mei", "2027-03-05", photo="photo-5")
    assert code(made["sign-in"]) == ""
    assert story.points("mei", "points@pending") == 10
    approved(story, 5, 6)
    assert repairs(story, 1, 6) == ""
    assert (story.points("mei"), story.points("mei", "points@pending")) == (10, 0)
    approved(story, 4, 6)
    assert (story.points("mei"), story.set_aside()) == (30, {})
    assert story.books_balance()
