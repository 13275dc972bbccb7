"""Lots over tickets: exactly as fair as a shuffle, each person once, and the list that they are drawn from."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare  # type: ignore[import-untyped]

from festoon.mechanics.fairness import roll
from festoon.mechanics.lots import Holders, draw, listed, of_one_person, read_list

hands = st.dictionaries(st.integers(1, 500), st.integers(1, 30), max_size=12)


def dealt(rolls: dict[int, int]) -> list[int]:
    """The order in which three tickets come out when these are the rolls."""
    return [ticket.ticket for ticket in draw(Holders([1, 2, 3], [1, 2, 3]), lambda _, play: rolls[play], 3)]


def dice(seed: int) -> Callable[[int, int], int]:
    rolled = random.Random(seed)
    return lambda bound, _: rolled.randrange(bound)


def test_every_order_of_the_tickets_comes_of_exactly_one_row_of_rolls() -> None:
    orders = Counter(tuple(dealt({1: a, 2: b, 3: 0})) for a in range(3) for b in range(2))
    assert orders == dict.fromkeys(permutations(range(3)), 1)


@given(hands, st.integers(0, 15), st.integers(0, 2**32))
def test_each_holder_wins_once_and_nobody_else(hand: dict[int, int], winners: int, seed: int) -> None:
    holders = read_list(listed(hand.items()))
    dice = random.Random(seed)
    bounds: list[int] = []

    def rolled(bound: int, _: int) -> int:
        bounds.append(bound)
        return dice.randrange(bound)

    won = list(draw(holders, rolled, winners))
    assert len({ticket.member for ticket in won}) == len(won) == min(winners, len(hand))
    assert bounds == list(range(holders.tickets, holders.tickets - len(bounds), -1))
    starts = dict(zip(holders.members, [0, *holders.ends], strict=False))
    for ticket in won:
        assert 0 <= ticket.ticket - starts[ticket.member] < hand[ticket.member]
    plays = [ticket.play for ticket in won]
    assert plays == sorted(set(plays))


@given(
    hands, st.dictionaries(st.integers(1, 500), st.integers(501, 503)), st.integers(0, 15), st.integers(0, 99)
)
def test_who_holds_tickets_in_several_accounts_wins_once_and_what_was_not_on_the_list_changes_nothing(
    hand: dict[int, int], merged: dict[int, int], winners: int, seed: int
) -> None:
    holders = read_list(listed(hand.items()))
    needed = of_one_person(holders, merged)
    assert needed.items() <= merged.items()
    once = [list(draw(holders, dice(seed), winners, each)) for each in (merged, needed)]
    people = {merged.get(member, member) for member in hand}
    assert once[0] == once[1]
    won = [merged.get(ticket.member, ticket.member) for ticket in once[0]]
    assert len(set(won)) == len(won) == min(winners, len(people))
    alone = len(people) == len(hand)
    assert (needed == {}) == alone


@given(hands)
def test_a_list_is_read_as_it_was_written(hand: dict[int, int]) -> None:
    holders = read_list(listed(hand.items()))
    assert list(holders.members) == sorted(hand)
    assert holders.tickets == sum(hand.values())


def test_who_has_no_ticket_is_not_on_the_list() -> None:
    assert listed([(3, 0), (2, 5), (1, 1)]) == "1,1\n2,5\n"


@pytest.mark.parametrize(
    "text", ["1,1", "1\n", "1,0\n", "2,1\n1,1\n", "1,1\n1,2\n", "1,x\n", "1,1\n\n", "1,1,1\n2\n"]
)
def test_what_is_no_list_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_list(text)


def test_who_holds_three_times_as_many_tickets_wins_three_times_as_often() -> None:
    holders = Holders([1, 2, 3], [1, 4, 10])
    wins: Counter[int] = Counter()
    for number in range(4_000):
        key = number.to_bytes(32, "big")
        (ticket,) = draw(holders, lambda bound, play, key=key: roll(key, "a/b", 0, play, "ticket", bound), 1)  # type: ignore[misc]
        wins[ticket.member] += 1
    assert chisquare([wins[1], wins[2], wins[3]], [400, 1200, 2400]).pvalue > 1e-6


def test_the_second_prize_is_drawn_among_the_tickets_that_are_left() -> None:
    """One holder has nine of ten tickets: the other's is the second prize for certain, however long it takes."""
    holders = Holders([1, 2], [9, 10])
    dice = random.Random(1)
    for _ in range(50):
        won = list(draw(holders, lambda bound, _: dice.randrange(bound), 5))
        assert sorted(ticket.member for ticket in won) == [1, 2]
