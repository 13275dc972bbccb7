"""Prizes that are out: the draw knows it, and what stands in for them is what the plan says."""

from tests.scenarios.story import SPRING, Story, code

WHEEL = """
mechanics:
  wheel:
    kind: draw
    chances: {free: {per: day, count: 9}}
"""


def plays(story: Story, who: str, times: int) -> list[str]:
    """What some plays gave, or were refused with."""
    made = [
        story.happens("draw.played", who, "2027-03-02", campaign="spring", mechanic="wheel")["wheel"]
        for _ in range(times)
    ]
    return [code(each) or str(each.note["given"]) for each in made]


def test_a_guarantee_never_gives_less_than_was_rolled() -> None:
    plan = f"""{SPRING}
assets: {{points: {{cost: 0.01, line: prizes}}}}
coupons: {{ten-off: {{value: 10, cost: 10, line: prizes}}}}
badges: {{sticker: {{title: Sticker}}}}
{WHEEL}
    prizes:
      - {{id: coupon, weight: 0, stock: 1, swap: sticker, give: {{coupon: ten-off}}}}
      - {{id: points, weight: 1, give: {{points: 88}}}}
      - {{id: sticker, weight: 0, give: {{badge: sticker}}}}
    sold_out: next_prize
    guarantee: {{after: 2, prize: coupon, miss: lower}}
"""
    story = Story(plan)
    assert plays(story, "ann", 4) == ["points", "points", "coupon", "points"]
    assert plays(story, "bo", 4) == ["points"] * 4
    assert story.shows("bo", "wheel", "2027-03-02")["misses"] == 4
    assert story.books_balance()
