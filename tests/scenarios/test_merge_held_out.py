"""An account becomes part of one that is held out: from then on nothing is given, what was won is kept."""

from tests.scenarios.story import Story

PLAN = """
festoon: 1
campaign: club
title: {en: The club}
timezone: Asia/Shanghai
schedule: {start: 2027-03-01, end: 2027-07-31, settle: 2027-08-14}
audience: {holdout: 50%}
budget: {currency: CNY, lines: {prizes: 1000}}
assets: {points: {cost: 0.01, line: prizes}, growth: {}}
attributes: {birthday: date}
gifts: {bag: {title: A bag, cost: 30, line: prizes}}
mechanics:
  views: {kind: gift, on: page.viewed, give: [{growth: 10}, {chances: journey}]}
  level:
    kind: level
    on: [page.viewed]
    levels: [{id: one, growth: 0}, {id: two, growth: 10, monthly: {points: 10}, birthday: {points: 100}}]
  journey:
    kind: grand_draw
    frozen: 2027-05-20 20:00
    drawn: 2027-05-25 20:00
    prizes: [{id: bag, title: A bag, count: 1, give: {gift: bag}}]
    randomness: The index of 25 May
"""


def played() -> tuple[Story, str, str]:
    """A member who takes part, at the second level and with a ticket, and one who is held out."""
    story = Story(PLAN)
    for number in range(12):
        story.happens("member.imported", f"m{number}", "2027-03-01", attributes={"birthday": "2000-06-20"})
    members, level = story.replay.world.members, story.replay.program.by_key["club/level"]
    his = next(who for who in members if who.startswith("m") and not level.holds_out(members[who]))
    other = next(who for who in members if who.startswith("m") and level.holds_out(members[who]))
    story.happens("page.viewed", his, "2027-03-02")
    story.passes("2027-05-10")
    assert story.points(his) == 20, "the packs of April and May"
    return story, his, other


def test_who_takes_part_goes_on_getting_the_packs_of_his_level() -> None:
    story, his, _ = played()
    story.passes("2027-07-30")
    assert story.points(his) == 40 + 100


def test_the_packs_of_a_level_end_and_the_level_stays() -> None:
    story, his, other = played()
    story.happens("member.merged", other, "2027-05-12", member=his, reason="one phone")
    story.passes("2027-07-30")
    assert story.points(other) == 20
    assert story.shows(other, "level", "2027-07-30")["level"] == "two"
    assert story.books_balance()


def test_what_a_ticket_wins_is_given() -> None:
    story, his, other = played()
    story.happens("member.merged", other, "2027-05-22", member=his, reason="one phone")
    story.passes("2027-05-26")
    assert story.items(other) == {"bag": 1}
    assert story.books_balance()
