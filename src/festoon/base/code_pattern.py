"""How codes that people type look: a pattern, signs without look-alikes, and a check sign.

A pattern is written as the code is shown: `TEA-####-####-####`. Letters, digits and hyphens stand for themselves, each
`#` for a sign, the last one for the check sign. Hyphens, spaces and small letters make no difference when a code is
typed.

The signs are the thirty-two digits and letters without 0, O, 1 and I, taken as the elements of the field GF(32). The
sum of all signs, each times its place's power of the generator, is zero. So whoever types one sign wrong, or any two in
each other's place, types what cannot be a code: every weight is different and none is zero (a Reed-Solomon code with
one check symbol, doi:10.1137/0108018).
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs without look-alikes (no 0 O 1 I)."""
SIGN = "#"
FEWEST, MOST = 8, 31
"""So many signs a pattern has, the check sign with them. The generator's powers repeat after 31."""
CodePattern = Annotated[str, Meta(pattern=r"^[A-Z0-9#-]{8,64}$")]

UNGUESSABLE = 1_000_000
"""So many codes of a pattern there are for each that is made, so that nobody finds one by trying."""

TOO_SHORT = define(
    "code.pattern_too_short",
    400,
    "{pattern} has {signs} signs with the check sign, and {count} codes that nobody can guess take {wanted}",
    "{pattern} 含校验位共{signs}位随机字符，而{count}个不可猜测的兑换码需要{wanted}位",
    todo="Write more `#`.",
    todo_zh="请增加 `#` 的个数。",
)
TOO_LONG = define(
    "code.pattern_too_long",
    400,
    "{pattern} has {signs} signs; {most} is the most",
    "{pattern} 有{signs}位随机字符，最多{most}位",
)

_APART = re.compile(r"[\s\-\u2010-\u2015]")
_MODULUS = 0b100101
"""x⁵ + x² + 1, which is primitive: 2 generates all 31 elements but zero."""


def normal(typed: str) -> str:
    """A code as it is looked up: capitals, and nothing between them."""
    return _APART.sub("", typed).upper()


class Pattern(Struct, frozen=True, dict=True):
    """One pattern. `text` is as the plan has it."""

    text: str

    @cached_property
    def bare(self) -> str:
        """The pattern without hyphens: as long as a code is."""
        return self.text.replace("-", "")

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where in a code the signs stand, the check sign last."""
        return tuple(place for place, sign in enumerate(self.bare) if sign == SIGN)

    @cached_property
    def head(self) -> str:
        """What every code of this pattern begins with."""
        return self.bare.partition(SIGN)[0]

    @property
    def codes(self) -> int:
        """How many codes there are of this pattern."""
        return int(len(ALPHABET) ** (len(self.places) - 1))

    def meant(self, code: str) -> bool:
        """Whether a code (in its normal form) is meant to be one of these: as long, and alike outside of the signs."""
        return len(code) == len(self.bare) and all(
            sign in (SIGN, given) for sign, given in zip(self.bare, code, strict=True)
        )

    def right(self, code: str) -> bool:
        """Whether the signs of a code that is meant to be one of these can be right."""
        values = [ALPHABET.find(code[place]) for place in self.places]
        return min(values) >= 0 and not _sum(values)

    def shown(self, code: str) -> str:
        """A code with the hyphens of the pattern."""
        signs = iter(code)
        return "".join("-" if sign == "-" else next(signs) for sign in self.text)

    def make(self, count: int, random: Callable[[int], bytes]) -> list[bytes]:
        """So many different codes in their normal form, in ascending order.

        `random(n)` gives n bytes that nobody can guess. Raises ValueError when the pattern has not that many codes.
        """
        if count > self.codes:
            raise ValueError("there are not that many codes of this pattern")
        made: set[bytes] = set()
        while len(made) < count:
            made.update(self._drawn(count - len(made), random))
        return sorted(made)

    def _drawn(self, count: int, random: Callable[[int], bytes]) -> Iterator[bytes]:
        """Codes of random signs, some of which may be the same. Made column by column: a column is all codes' signs at
        one place, and the sum of columns is taken of them whole."""
        width, check = len(self.bare), 0
        table = bytearray(self.bare.encode() * count)
        for number, place in enumerate(self.places[:-1]):
            column = random(count)
            table[place::width] = column.translate(_LETTERS)
            check ^= int.from_bytes(column.translate(_times(_weight(number))), "big")
        check_column = check.to_bytes(count, "big").translate(_times(_over(_weight(len(self.places) - 1))))
        table[self.places[-1] :: width] = check_column.translate(_LETTERS)
        rows = bytes(table)
        return (rows[start : start + width] for start in range(0, count * width, width))


def checked(text: str, count: int, path: str) -> Pattern:
    """A pattern for so many codes. Raises Invalid for one with too few signs for nobody to guess them, or too many."""
    pattern = Pattern(text)
    signs = len(pattern.places)
    wanted = next(many for many in range(FEWEST, 99) if len(ALPHABET) ** (many - 1) >= count * UNGUESSABLE)
    if signs < wanted:
        raise Invalid(TOO_SHORT, path, pattern=text, signs=signs, count=count, wanted=wanted)
    if signs > MOST:
        raise Invalid(TOO_LONG, path, pattern=text, signs=signs, most=MOST)
    return pattern


def _sum(values: list[int]) -> int:
    """The sum of signs, each times the weight of its place."""
    total = 0
    for number, value in enumerate(values):
        total ^= _product(_weight(number), value)
    return total


def _product(a: int, b: int) -> int:
    """Of two elements of the field."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a, b = a << 1, b >> 1
        a ^= _MODULUS * (a >> 5)
    return product


@cache
def _weight(place: int) -> int:
    """The generator to the power of a place."""
    return 1 if place == 0 else _product(_weight(place - 1), 2)


@cache
def _over(value: int) -> int:
    """The element that makes 1 of another."""
    return next(each for each in range(1, 32) if _product(value, each) == 1)


@cache
def _times(weight: int) -> bytes:
    """What each byte becomes when its sign is multiplied. A byte stands for the sign of its last five bits."""
    return bytes(_product(weight, byte & 31) for byte in range(256))


_LETTERS = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))
