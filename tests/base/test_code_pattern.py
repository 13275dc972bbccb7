"""Patterns of codes: signs without look-alikes, typing mistakes found, nobody guesses one, none twice."""

import secrets
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.code_pattern import ALPHABET, MOST, Pattern, checked, normal
from festoon.base.errors import Invalid

TEA = Pattern("TEA-####-####-####")
MADE: list[str] = [code.decode() for code in TEA.make(401, secrets.token_bytes)]
codes = st.integers(0, 400).map(lambda n: MADE[n])


def test_a_code_looks_like_its_pattern_and_has_no_look_alikes() -> None:
    for code in MADE:
        shown = TEA.shown(code)
        assert [shown[place] for place in (0, 1, 2, 3, 8, 13)] == list("TEA---")
        assert set(code[3:]) <= set(ALPHABET)
        assert normal(shown) == code
    assert not set("01OI") & set(ALPHABET)
    assert len(ALPHABET) == 32


def test_every_code_is_made_once_and_right() -> None:
    made = TEA.make(20_000, secrets.token_bytes)
    assert made == sorted(set(made))
    assert all(TEA.meant(code.decode()) and TEA.right(code.decode()) for code in made)


def test_a_pattern_with_few_codes_gives_all_of_them_and_no_more() -> None:
    tiny = Pattern("A##")
    made = tiny.make(32, secrets.token_bytes)
    assert sorted({code[1:2].decode() for code in made}) == sorted(ALPHABET)
    with pytest.raises(ValueError, match="not that many"):
        tiny.make(33, secrets.token_bytes)


@given(codes, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_sign_typed_wrong_is_always_found(code: str, place: int, sign: str) -> None:
    at = TEA.places[place]
    typed = code[:at] + sign + code[at + 1 :]
    assert TEA.right(typed) == (typed == code)


@given(codes)
def test_two_signs_in_each_others_place_are_always_found(code: str) -> None:
    for one, other in combinations(TEA.places, 2):
        typed = list(code)
        typed[one], typed[other] = typed[other], typed[one]
        assert TEA.right("".join(typed)) == (code[one] == code[other])


def test_the_longest_pattern_still_finds_any_two_signs_in_each_others_place() -> None:
    long = Pattern("#" * MOST)
    (made,) = long.make(1, secrets.token_bytes)
    code = made.decode()
    for one, other in combinations(range(MOST), 2):
        typed = list(code)
        typed[one], typed[other] = typed[other], typed[one]
        assert long.right("".join(typed)) == (code[one] == code[other])


@pytest.mark.parametrize("sign", ["0", "O", "1", "I", "-", "é", "#"])
def test_a_sign_that_no_code_has_is_found(sign: str) -> None:
    code = MADE[0]
    assert not TEA.right(code[:5] + sign + code[6:])


@pytest.mark.parametrize(
    "typed", ["tea-2222-3333-4444", " TEA 2222 3333 4444 ", "TEA2222\u201333334444", "tea\t222233334444"]
)
def test_hyphens_spaces_and_small_letters_make_no_difference(typed: str) -> None:
    assert normal(typed) == "TEA222233334444"


def test_every_sign_comes_as_often_as_any_other() -> None:
    counts = dict.fromkeys(ALPHABET, 0)
    for code in TEA.make(20_000, secrets.token_bytes):
        for place in TEA.places:
            counts[chr(code[place])] += 1
    mean = sum(counts.values()) / 32
    assert all(0.9 * mean < count < 1.1 * mean for count in counts.values())


@pytest.mark.parametrize(
    ("pattern", "count", "code"),
    [
        ("TEA-####-###", 1_000_000, "code.pattern_too_short"),
        ("TEA-####-####", 1_000_000, "code.pattern_too_short"),
        ("TEA-2222-3333", 1, "code.pattern_too_short"),
        ("#" * 32, 1, "code.pattern_too_long"),
    ],
)
def test_a_pattern_whose_codes_could_be_guessed_is_refused(pattern: str, count: int, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked(pattern, count, "single.pattern")
    assert (caught.value.code, caught.value.place) == (code, "single.pattern")


def test_a_million_codes_take_nine_signs() -> None:
    assert checked("TEA-####-####-#", 1_000_000, "").codes >= 10**12
