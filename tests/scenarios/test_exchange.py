"""The card shop of docs/reference/mechanics/exchange.md: points for make-up cards, two a month."""

from festoon.engine.outcome import Outcome
from tests.mechanics.pages import plan
from tests.scenarios.story import Story


def buy(story: Story, at: str, mechanic: str = "shop") -> Outcome:
    return story.send("exchange.made", "mei", at, campaign="card-shop", mechanic=mechanic)


def refusal(outcome: Outcome) -> str:
    assert outcome.status == "refused"
    assert outcome.refused is not None
    return outcome.refused.code


def newcomer() -> Story:
    story = Story(plan("exchange"))
    story.happens("member.registered", "mei", "2027-03-01")
    return story


def test_points_buy_a_card_and_the_card_mends_a_streak() -> None:
    story = newcomer()
    for day in (1, 2, 4, 5, 6, 7):
        story.happens("check_in.made", "mei", f"2027-03-{day:02}")
    assert buy(story, "2027-03-07").status == "accepted"
    assert (story.points("mei"), story.points("mei", "card")) == (120 + 6 * 5 - 50, 1)
    story.happens("check_in.made", "mei", "2027-03-07 13:00", repair="2027-03-03")
    assert (story.points("mei"), story.points("mei", "card")) == (120 + 6 * 5 - 50 + 70, 0)
    assert story.books_balance()


def test_two_a_month_and_two_more_in_the_next() -> None:
    story = newcomer()
    for day in range(1, 32):
        story.happens("check_in.made", "mei", f"2027-03-{day:02}")
    for _ in range(2):
        assert buy(story, "2027-03-31").status == "accepted"
    assert refusal(buy(story, "2027-03-31")) == "limit.per_period"
    assert buy(story, "2027-04-01").status == "accepted"
    assert story.points("mei", "card") == 3
    assert story.books_balance()


def test_who_has_not_enough_keeps_what_he_has() -> None:
    story = newcomer()
    assert [buy(story, "2027-03-01").status for _ in range(2)] == ["accepted", "accepted"]
    assert refusal(buy(story, "2027-04-01")) == "balance.short"
    assert (story.points("mei"), story.points("mei", "card")) == (20, 2)


def test_a_shop_that_is_not_there_is_refused() -> None:
    assert refusal(buy(newcomer(), "2027-03-01", mechanic="mall")) == "request.no_such_mechanic"
