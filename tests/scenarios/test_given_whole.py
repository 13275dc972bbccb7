"""What a member pays, plays or types a code for is given whole or refused whole, whatever caps and short lines say."""

import pytest

from tests.scenarios.story import SPRING, Story, code

POINTS = (
    SPRING.replace("prizes: 5000", "prizes: 1.30")
    + "assets: {points: {cost: 0.01, line: prizes}, stamp: {}}\n"
)
MALL = """mechanics:
  stamps: {kind: gift, on: page.viewed, give: {asset: stamp, amount: 20}}
  mall: {kind: exchange, price: {asset: stamp, amount: 10}, give: {points: 100}, BY}
"""
WHEEL = """mechanics:
  wheel:
    kind: draw
    chances: {free: {per: day, count: 9}}
    prizes: [{id: many, weight: 1, give: {points: 100}}]
    BY
"""
CODES = """mechanics:
  codes: {kind: code, codes: [TEA-2027], give: {points: 100}, limits: {per_member: 2}, BY}
"""
LEFT = ["caps: {points: {amount: 130, per: day}}", "caps: {points: {amount: 130, over: clip}}", "short: clip"]


@pytest.mark.parametrize("by", LEFT)
def test_an_exchange_is_done_whole_or_keeps_its_price(by: str) -> None:
    story = Story(POINTS + MALL.replace("BY", by))
    story.happens("page.viewed", "ann", "2027-03-02", page="x")
    made = [
        story.happens("exchange.made", "ann", "2027-03-02", campaign="spring", mechanic="mall")["mall"]
        for _ in range(2)
    ]
    assert [bool(code(each)) for each in made] == [False, True]
    assert (story.points("ann"), story.points("ann", "stamp")) == (100, 10)
    assert story.books_balance()


@pytest.mark.parametrize("by", LEFT)
def test_a_play_gives_what_was_drawn_or_keeps_its_chance(by: str) -> None:
    story = Story(POINTS + WHEEL.replace("BY", by))
    played = [
        story.happens("draw.played", "ann", "2027-03-02", campaign="spring", mechanic="wheel")["wheel"]
        for _ in range(2)
    ]
    assert [bool(code(each)) for each in played] == [False, True]
    assert (story.points("ann"), story.shows("ann", "wheel", "2027-03-02")["free_left"]) == (100, 8)
    assert story.books_balance()


@pytest.mark.parametrize("by", LEFT)
def test_a_code_gives_what_it_stands_for_or_can_be_typed_another_day(by: str) -> None:
    story = Story(POINTS.replace("1.30", "1000" if "caps" in by else "1.30") + CODES.replace("BY", by))
    typed = [story.happens("code.entered", "ann", "2027-03-02", code="TEA-2027")["codes"] for _ in range(2)]
    assert [bool(code(each)) for each in typed] == [False, True]
    if "per: day" in by:
        assert code(story.happens("code.entered", "ann", "2027-03-03", code="TEA-2027")["codes"]) == ""
    assert story.points("ann") == (200 if "per: day" in by else 100)
    assert story.books_balance()


@pytest.mark.parametrize("by", LEFT)
def test_what_nobody_asked_for_is_cut_to_what_is_left(by: str) -> None:
    gift = "mechanics:\n  hello: {kind: gift, on: page.viewed, give: {points: 100}, BY}\n"
    story = Story(POINTS + gift.replace("BY", by))
    for _ in range(2):
        story.happens("page.viewed", "ann", "2027-03-02", page="x")
    assert story.points("ann") == 130
    assert story.books_balance()
