"""Invite codes: a member's number, permuted under the installation's secret (a Feistel network over 40 bits).

The code is made from the member and needs no table. From one code nobody can tell another: the next number's code has
nothing in common with it. Of all 2^40 codes only as many lead to somebody as there are members, so a slip of the
finger leads to nobody.
"""

from hashlib import blake2b

from festoon.base.code_pattern import ALPHABET

SIGNS = 8
HALF = 20
ROUNDS = 8
_MASK = (1 << HALF) - 1


def invite_code(secret: bytes, number: int) -> str:
    """The code of a member's number, which is below 2^40."""
    left, right = number >> HALF, number & _MASK
    for turn in range(ROUNDS):
        left, right = right, left ^ _mixed(secret, turn, right)
    code = left << HALF | right
    return "".join(ALPHABET[code >> 5 * place & 31] for place in reversed(range(SIGNS)))


def number_in(secret: bytes, code: str) -> int | None:
    """The number that a code was made of, however it is written (small letters, dashes); None for what is no code.
    Whether there is such a member is for the caller to see."""
    signs = code.upper().replace("-", "").replace(" ", "")
    if len(signs) != SIGNS or any(sign not in ALPHABET for sign in signs):
        return None
    known = 0
    for sign in signs:
        known = known << 5 | ALPHABET.index(sign)
    left, right = known >> HALF, known & _MASK
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mixed(secret, turn, left), left
    return left << HALF | right


def _mixed(secret: bytes, turn: int, half: int) -> int:
    said = bytes((turn,)) + half.to_bytes(3, "big")
    return (
        int.from_bytes(blake2b(said, key=secret[:64], digest_size=3, person=b"invite").digest(), "big")
        & _MASK
    )
