"""Attempts at a delivery, as they are kept beside it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct


class Attempt(Struct, frozen=True, omit_defaults=True):
    """One attempt: when, with what status (0: no answer), what went wrong, and how many milliseconds it took."""

    at: datetime
    status: int
    error: str = ""
    milliseconds: int = 0


_decoder = msgspec.json.Decoder(tuple[Attempt, ...])
_encoder = msgspec.json.Encoder()


def attempts_of(text: str) -> tuple[Attempt, ...]:
    """Attempts from what is stored."""
    return _decoder.decode(text)


def text_of(attempts: Sequence[Attempt]) -> str:
    """Attempts as they are stored."""
    return _encoder.encode(attempts).decode()
