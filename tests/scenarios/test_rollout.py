"""A campaign that opens bit by bit: testers from the warm-up on, then 1 %, 10 %, everybody."""

from tests.docs.pages import blocks
from tests.scenarios.story import Story

(PAGE,) = (
    block.text for block in blocks("docs/how-to/open-bit-by-bit.md", "yaml") if "festoon:" in block.text
)
MEMBERS = [f"m{number}" for number in range(600)]


def let_in(story: Story, at: str) -> set[str]:
    """Who gets something for an order then."""
    return {who for who in MEMBERS if "thanks" in story.happens("order.paid", who, at, amount=5_000)}


def test_it_opens_to_testers_then_to_a_growing_share_and_then_to_everybody() -> None:
    story = Story(PAGE)
    assert let_in(story, "2027-03-01 09:00") == set()
    first = let_in(story, "2027-03-01 11:00")
    second = let_in(story, "2027-03-03")
    held_out = set(MEMBERS) - let_in(story, "2027-03-05")
    assert 0 < len(first) < 20
    assert first < second
    assert 30 < len(second) < 90
    assert 30 < len(held_out) < 90, "those stay out who are held out, by another lot"


def test_testers_take_part_from_the_warm_up_on_whoever_the_audience_is() -> None:
    story = Story(PAGE)
    story.send("member.imported", "tester-1", "2027-02-20", attributes={})
    assert story.happens("order.paid", "tester-1", "2027-02-26", amount=5_000)["thanks"].given
    early = story.send("order.paid", "mei", "2027-02-26 13:00", amount=5_000)
    assert early.passed_over == {"phase": ["spring-thanks/thanks"]}
    assert story.send("order.paid", "tester-1", "2027-02-24", amount=5_000).passed_over == {
        "phase": ["spring-thanks/thanks"]
    }
    assert story.books_balance()


def test_who_is_not_let_in_yet_is_passed_over_and_not_refused() -> None:
    story = Story(PAGE)
    outcome = story.send("order.paid", "mei", "2027-03-01 09:00", amount=5_000)
    assert outcome.status == "accepted"
    assert outcome.passed_over == {"rollout": ["spring-thanks/thanks"]}
    assert outcome.tests == []


def test_an_order_from_before_his_turn_does_not_count_when_it_comes_late() -> None:
    story = Story(PAGE)
    second = let_in(story, "2027-03-03")
    later = next(who for who in MEMBERS if who not in second and who in let_in(story, "2027-03-05"))
    assert story.send("order.paid", later, "2027-03-03 13:00", amount=5_000).passed_over == {
        "rollout": ["spring-thanks/thanks"]
    }


def test_everything_a_tester_does_is_marked_until_the_campaign_is_settled() -> None:
    story = Story(PAGE)
    marked = [
        story.send("order.paid", "tester-1", at, amount=5_000).tests
        for at in ("2027-02-20", "2027-03-02", "2027-04-05", "2027-05-02")
    ]
    assert marked == [["spring-thanks"]] * 3 + [[]]
    assert story.send("order.paid", "m1", "2027-05-02", amount=5_000).tests == []
