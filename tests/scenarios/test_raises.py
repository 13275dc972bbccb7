"""What raises odds and is used up by it: draws and red packets go by one rule."""

import pytest

from tests.scenarios.story import SPRING, Story, code

PLAN = (
    SPRING
    + """assets: {points: {cost: 0.01, line: prizes}, luck: {}}
mechanics:
  luck: {kind: gift, on: page.viewed, give: [{asset: luck, amount: 1}]}
  pool:
    kind: red_packet
    pool: {asset: CNY, amount: 1000, line: prizes}
    packets: 10
    min: 20
    per_member: 10
    odds: 1
    chances: {free: {per: day, count: 5}}
    raises: RAISES
  wheel:
    kind: draw
    chances: {free: {per: day, count: 5}}
    prizes: [{id: some, weight: 1, give: {points: 3}}]
    nothing: 9
    raises: PRIZE
"""
)
TYPES = {"pool": "red_packet.claimed", "wheel": "draw.played"}


def story(*uses: int, luck: int) -> Story:
    raises = [f"{{by: 100, asset: luck, uses: {each}}}" for each in uses]
    prize = [each.replace("{", "{prize: some, ") for each in raises]
    told = Story(PLAN.replace("RAISES", f"[{', '.join(raises)}]").replace("PRIZE", f"[{', '.join(prize)}]"))
    for nth in range(luck):
        told.happens("page.viewed", "mei", f"2027-03-01 08:{nth:02}")
    return told


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("uses", "luck", "left"), [((1, 1), 1, 0), ((1, 3), 3, 0), ((1, 3), 2, 1), ((0, 1), 4, 3)]
)
def test_several_that_use_the_same_take_as_much_as_the_one_that_uses_most(
    kind: str, uses: tuple[int, ...], luck: int, left: int
) -> None:
    told = story(*uses, luck=luck)
    made = told.happens(TYPES[kind], "mei", "2027-03-02", campaign="spring", mechanic=kind)[kind]
    assert code(made) == ""
    assert told.points("mei", "luck") == left
    assert told.books_balance()


def test_two_of_one_piece_of_luck_multiply_the_odds() -> None:
    told = story(1, 1, luck=1)
    for odds in ([1, 25], [1, 100]):
        made = told.happens("red_packet.claimed", "mei", "2027-03-02", campaign="spring", mechanic="pool")
        assert made["pool"].note["odds"] == odds
