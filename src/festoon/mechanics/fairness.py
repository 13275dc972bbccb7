"""Numbers that nobody can choose and everybody can check: commit, mix, roll, reveal.

Before an epoch opens, the SHA-256 of a secret seed is published, and the name of a public value that nobody
can foresee (a lottery's result, a block of a public chain). Once that value is out, seed and value make the
epoch's key; every number of the epoch is an HMAC of who plays what for which time. After the epoch the seed
is published, and with it anybody can make every number again.

    commitment = SHA-256(seed), in hexadecimal
    key        = HMAC-SHA-256(seed, public value in UTF-8)
    number     = HMAC-SHA-256(key, "draw\\nmember\\nplay\\nlabel\\nattempt"), a whole number N, big-endian

The message is five lines of UTF-8 with no newline at its end: `campaign/mechanic`, the member's internal
number, his play's ordinal, the label, the attempt. Neither draw nor label can hold a newline, so no two
different rolls have the same message. The roll is N modulo the bound, unless N is at or above the largest
multiple of the bound that fits into 256 bits; then the next attempt counts (0, 1, 2 …), so that every value
is exactly as likely.

Labels: the prize itself is rolled with "", the amount of the prize's gift at position i with `gift/i`.

HMAC: RFC 2104.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from hmac import digest
from itertools import count
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from festoon.base.times import end_of_day, local_day, period_of
from festoon.base.vocabulary.kinds import says

SEED_BYTES = 32
_SPACE = 2**256

Per = Literal["campaign", "month", "week", "day"]
SeedSpan = Annotated[Per, says("How long one seed is used before it is revealed.")]
"""What a plan says of a mechanic's epochs."""
PublicValue = Annotated[
    str,
    Meta(max_length=500),
    says("The public value that the seeds are mixed with, named before anybody can know it."),
]
"""What a plan says of the public randomness of a mechanic."""


def commit(seed: bytes) -> str:
    """What is published of a seed before its epoch opens.

    Raises ValueError for a seed of other than 32 bytes: a shorter one could be guessed from its hash.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed is {SEED_BYTES} bytes")
    return sha256(seed).hexdigest()


def epoch_key(seed: bytes, public: str) -> bytes:
    """The key of an epoch's rolls: the seed mixed with the public value named beforehand ("" for none)."""
    return digest(seed, public.encode(), "sha256")


def roll(key: bytes, draw: str, member: int, play: int, label: str, bound: int) -> int:
    """A number in [0, bound). `draw` is `campaign/mechanic`.

    Raises ValueError for a bound below 1 or above 2²⁵⁶, or a newline in `draw` or `label`.
    """
    if not 1 <= bound <= _SPACE:
        raise ValueError("a roll's bound is from 1 to 2**256")
    if "\n" in draw or "\n" in label:
        raise ValueError("neither a draw nor a label holds a newline")
    limit = _SPACE - _SPACE % bound
    said = f"{draw}\n{member}\n{play}\n{label}\n"
    for attempt in count():
        number = int.from_bytes(digest(key, f"{said}{attempt}".encode(), "sha256"), "big")
        if number < limit:
            break
    return number % bound


def gift_label(index: int) -> str:
    """The label under which the amount of a reward's gift at this position (from 0) is rolled."""
    return f"gift/{index}"


class Epoch(Struct, frozen=True):
    """The span in which one seed is used: from `opens` until just before `closes`, by when we take a play.

    `commitment` and `public_name` (which public value will be mixed in) are there once they are published.
    """

    campaign: str
    mechanic: str
    name: str
    opens: datetime
    closes: datetime
    commitment: str = ""
    public_name: str = ""


class EpochKey(Struct, frozen=True):
    """An epoch with the key that its rolls are made with. Secret until the epoch is over."""

    name: str
    opens: datetime
    closes: datetime
    key: bytes


def epochs(
    campaign: str, mechanic: str, per: Per, opens: datetime, closes: datetime, zone: ZoneInfo
) -> Iterator[Epoch]:
    """The epochs of a draw from `opens` until `closes`, without gap or overlap, cut where local days begin.

    Instants are UTC. The names are `campaign`, or the calendar period: `2027-02`, `2027-W05`, `2027-02-05`.
    """
    at = opens
    while at < closes:
        name = epoch_name(per, at, zone)
        until = closes if per == "campaign" else at
        while until < closes and epoch_name(per, until, zone) == name:
            until = min(closes, end_of_day(local_day(until, zone), zone))
        yield Epoch(campaign, mechanic, name, at, until)
        at = until


def epoch_name(per: Per, at: datetime, zone: ZoneInfo) -> str:
    """The name of the epoch that an instant lies in."""
    return "campaign" if per == "campaign" else period_of(local_day(at, zone), per)
