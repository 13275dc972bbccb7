"""A noun agrees with the number before it."""

import pytest

from festoon.base.counting import counted
from festoon.base.errors import text_of
from festoon.mechanics.limits import LIMIT_MEMBER


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1 day(s) in a row, 12 in all", "1 day in a row, 12 in all"),
        ("given 0 of 21 time(s)", "given 0 of 21 times"),
        ("1,001 free chance(s) left, 1 friend(s)", "1,001 free chances left, 1 friend"),
        ("<limit> time(s)", "<limit> time(s)"),
    ],
)
def test_a_noun_is_one_or_many(written: str, read: str) -> None:
    assert counted(written) == read


def test_a_refusal_counts_as_people_do() -> None:
    assert text_of(LIMIT_MEMBER, {"limit": 1}) == "this can be had 1 time, and has been"
    assert text_of(LIMIT_MEMBER, {"limit": 2}) == "this can be had 2 times, and has been"
