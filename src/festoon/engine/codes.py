"""Coupon codes: made from the item's id and the installation's secret, so nobody can guess the next one."""

from functools import cache
from hashlib import blake2b

from festoon.base.code_pattern import ALPHABET


def coupon_code(secret: bytes, item: str, pattern: str = "") -> str:
    """The code of an item. `pattern` is a prefix and a length, `NY-*12`; twelve signs without one (60 bits)."""
    prefix, length = _pattern(pattern)
    number = int.from_bytes(blake2b(item.encode(), key=secret[:64], digest_size=32).digest(), "big")
    signs = []
    for _ in range(length):
        number, sign = divmod(number, 32)
        signs.append(ALPHABET[sign])
    return prefix + "".join(signs)


@cache
def _pattern(pattern: str) -> tuple[str, int]:
    prefix, star, length = pattern.partition("*")
    return prefix, min(max(int(length), 8), 48) if star else 12
