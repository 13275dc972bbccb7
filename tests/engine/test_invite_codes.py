"""Invite codes: made from a member, read back, and no help in finding another's."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from festoon.base.code_pattern import ALPHABET
from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.invite_codes import invite_code, number_in

SECRETS = st.binary(min_size=1, max_size=64)
NUMBERS = st.integers(1, 2**40 - 1)


@given(SECRETS, NUMBERS)
def test_a_code_leads_back_to_its_member_however_it_is_written(secret: bytes, number: int) -> None:
    code = invite_code(secret, number)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert number_in(secret, f" {code[:4].lower()}-{code[4:]}") == number


@given(SECRETS, st.text(max_size=12))
def test_what_is_no_code_is_nobodys_or_was_made_of_its_number(secret: bytes, text: str) -> None:
    number = number_in(secret, text)
    assert number is None or invite_code(secret, number) == text.upper().replace("-", "").replace(" ", "")


def test_neighbours_have_nothing_in_common() -> None:
    codes = [invite_code(b"secret", number) for number in range(1, 20_001)]
    assert len(set(codes)) == len(codes)
    same = sum(a == b for one, next_ in itertools.pairwise(codes) for a, b in zip(one, next_, strict=True))
    assert same / (8 * len(codes)) < 1.2 / 32


def test_a_guess_hardly_ever_leads_to_somebody() -> None:
    members = 20_000
    found = sum(
        (number_in(b"secret", invite_code(b"other", guess)) or 0) <= members for guess in range(1, 20_001)
    )
    assert found == 0


def test_a_visitors_number_fits_into_a_code() -> None:
    number = FIRST_NUMBER + 10**9
    assert number_in(b"secret", invite_code(b"secret", number)) == number
