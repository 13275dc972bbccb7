"""Mechanics that listen to what other mechanics gave, in the decision that gave it."""

import pytest

from festoon.plan.check import check_plan
from tests.live import HEAD
from tests.mechanics.pages import blocks
from tests.scenarios.story import Story, code

PLAN = blocks("gift", "yaml")[1]
OTHER = HEAD.replace("campaign: spring", "campaign: beside")


def test_a_streak_of_seven_days_brings_the_avatar_of_another_mechanic_in_the_same_decision() -> None:
    story = Story(PLAN)
    days = [story.happens("check_in.made", "mei", f"2027-03-0{day}") for day in range(1, 9)]
    assert ["avatar" in made for made in days] == [False] * 6 + [True, True]
    assert code(days[7]["avatar"]) == "limit.per_member"
    assert story.items("mei")["dragon"] == 1
    assert story.books_balance()


def test_what_a_grant_brings_is_granted_too_and_heard_in_turn() -> None:
    story = Story(PLAN)
    made = story.happens("content.published", "mei", "2027-03-02")
    assert list(made) == ["storyteller", "chance-for-a-badge", "told"]
    assert story.points("mei", "chances/lucky-draw") == 1
    assert story.points("mei") == 5


def test_a_level_that_is_reached_is_heard_of() -> None:
    story = Story(PLAN)
    assert "gold-frame" not in story.happens("order.paid", "mei", "2027-03-02", amount=99_00)
    reached = story.happens("order.paid", "mei", "2027-03-03", amount=1_00)
    assert reached["gold-frame"].given[0].ref == "spring/frame"


LISTENS = """
mechanics:
  {name}:
    kind: gift
    on: reward.granted
    when: event.campaign == "{other}" and event.reward == "points"
    give: {{points: 1}}
"""
FIRST = "  post: {kind: gift, on: content.published, give: {points: 1}}\n"


def test_grants_of_another_campaign_are_heard_by_who_asks_for_it_and_two_that_hear_each_other_come_to_an_end() -> (
    None
):
    first = HEAD + LISTENS.format(name="back", other="beside") + FIRST
    story = Story(first, OTHER + LISTENS.format(name="forth", other="spring"))
    outcome = story.send("content.published", "mei", "2027-02-02")
    assert [made.mechanic for made in outcome.mechanics] == ["spring/post", "beside/forth", "spring/back"]
    assert story.points("mei") == 3


@pytest.mark.parametrize(
    ("when", "circle"),
    [
        ("event.amount > 0", "one → one"),
        ("event.kind == 'asset' or event.mechanic == 'post'", "one → one"),
        ("event.mechanic != 'post'", "one → one"),
        ("event.mechanic == 'post'", ""),
        ("event.amount > 0 and event.mechanic in ('post', 'other')", ""),
        ("not event.reward == 'points' or event.kind == 'badge'", ""),
    ],
)
def test_a_circle_of_grants_is_refused_when_the_plan_is_checked(when: str, circle: str) -> None:
    one = f'  one: {{kind: gift, on: reward.granted, when: "{when}", give: {{points: 1}}}}\n'
    checked = check_plan(HEAD + "mechanics:\n" + FIRST + one)
    said = [each.data.get("circle") for each in checked.errors if each.code == "plan.grants_circle"]
    assert said == ([circle] if circle else [])
    assert len(checked.errors) == len(said)
