"""English nouns that agree with the number before them."""

import re

_NOUN = re.compile(r"\b(\d[\d,]*)((?: [a-z]+){1,3})\(s\)")


def counted(text: str) -> str:
    """`1 day(s)` as `1 day`, and `3 free chance(s)` as `3 free chances`."""
    return _NOUN.sub(_agreeing, text) if "(s)" in text else text


def _agreeing(found: re.Match[str]) -> str:
    number, noun = found.groups()
    return f"{number}{noun}" if number == "1" else f"{number}{noun}s"
