"""Badges and items that are worn: his own and valid ones, as many as there are places; what is gone is off."""

import pytest

from festoon.engine.outcome import Outcome
from festoon.engine.wearing import WORN
from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: spring
title: {en: Spring}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-03-31, settle: 2027-04-30}
wearing: {badge: 2, avatar: 1}
badges: {a: {}, b: {}, c: {}, d: {lasts: {days: 2}}}
items: {cat: {wear: avatar}, dog: {wear: avatar}, frame: {}, card: {wear: false}}
coupons: {ten-off: {value: 10, stock: 5, cost: 1, line: prizes}}
budget: {currency: CNY, lines: {prizes: 1000}}
mechanics:
  pack:
    kind: gift
    on: member.registered
    give: [{badge: a}, {badge: b}, {badge: c}, {badge: d}, {item: cat}, {item: dog}, {item: frame}, {item: card},
           {coupon: ten-off}]
"""


def begun() -> Story:
    """Mei has one of everything."""
    story = Story(PLAN)
    story.happens("member.registered", "mei", "2027-03-02")
    return story


def id_of(story: Story, what: str, who: str = "mei") -> str:
    items = story.replay.world.members[who].items.values()
    return next(item.id for item in items if item is not None and item.ref.endswith(f"/{what}"))


def wears(story: Story, what: str, who: str = "mei", at: str = "2027-03-02") -> Outcome:
    return story.send("item.worn", who, at, item=id_of(story, what, who))


def refusal(outcome: Outcome) -> str:
    return "" if outcome.refused is None else outcome.refused.code


def on(story: Story, who: str = "mei") -> dict[str, list[str]]:
    """What is put on, by place and the names of the plan."""
    person = story.replay.world.members[who]
    progress = person.progress_of(WORN)
    worn = {} if progress is None else progress.state
    named = {item.id: item.ref.rpartition("/")[2] for item in person.items.values() if item is not None}
    return {place: [named[id] for id in ids] for place, ids in worn.items() if ids}


def test_as_many_badges_as_the_plan_says_and_one_avatar_after_another() -> None:
    story = begun()
    assert [refusal(wears(story, each)) for each in ("a", "b", "c")] == ["", "", "item.no_room"]
    assert refusal(wears(story, "cat")) == ""
    swapped = wears(story, "dog")
    assert swapped.mechanics[0].note == {
        "item": id_of(story, "dog"), "place": "avatar", "instead": id_of(story, "cat"),
    }  # fmt: skip
    assert on(story) == {"badge": ["a", "b"], "avatar": ["dog"]}
    off = story.send("item.taken_off", "mei", "2027-03-02", item=id_of(story, "a"))
    assert refusal(off) == ""
    assert refusal(wears(story, "c")) == ""
    assert on(story) == {"badge": ["b", "c"], "avatar": ["dog"]}


def test_what_is_worn_already_stays_on() -> None:
    story = begun()
    wears(story, "a")
    wears(story, "b")
    assert refusal(wears(story, "a")) == ""
    assert on(story) == {"badge": ["a", "b"]}


@pytest.mark.parametrize(("what", "code"), [("card", "item.not_wearable"), ("ten-off", "item.not_wearable")])
def test_what_is_not_to_be_worn_is_refused(what: str, code: str) -> None:
    assert refusal(wears(begun(), what)) == code


def test_nobody_wears_what_is_not_his_or_takes_off_what_he_does_not_wear() -> None:
    story = begun()
    story.happens("member.registered", "han", "2027-03-02")
    assert refusal(story.send("item.worn", "han", "2027-03-02", item=id_of(story, "a"))) == "item.not_yours"
    off = story.send("item.taken_off", "mei", "2027-03-02", item=id_of(story, "a"))
    assert refusal(off) == "item.not_worn"


def test_what_lapses_is_off_and_makes_room() -> None:
    story = begun()
    wears(story, "d")
    wears(story, "a")
    assert refusal(wears(story, "b")) == "item.no_room"
    assert refusal(wears(story, "b", at="2027-03-05 00:00")) == ""
    assert on(story) == {"badge": ["a", "b"]}
    assert refusal(wears(story, "d", at="2027-03-05 00:00")) == "item.not_valid"


def test_whoever_two_accounts_become_wears_what_he_wore_and_more_if_there_is_room() -> None:
    story = begun()
    story.happens("member.registered", "han", "2027-03-02")
    wears(story, "a")
    wears(story, "cat")
    for what in ("b", "c", "dog", "frame"):
        wears(story, what, "han")
    story.happens("member.merged", "mei", "2027-03-03", member="han")
    assert on(story) == {"badge": ["a", "b"], "avatar": ["cat"], "item": ["frame"]}
