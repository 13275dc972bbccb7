"""Members into shares by a stable hash: the arms of an experiment, the part of everybody that a rollout has reached.

A member's place depends on a salt and his external id, and on nothing else: it is the same in every process, in a
back-test on exported events, and next year. Places of different salts have nothing to do with each other.
"""

from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

PLACES = 2**64


def place(salt: str, subject: str) -> int:
    """A member's place in [0, 2⁶⁴) for a salt: BLAKE2b (RFC 7693) of his external id, keyed with the salt's digest."""
    digest = blake2b(subject.encode(), digest_size=8, key=_key(salt)).digest()
    return int.from_bytes(digest, "big")


@lru_cache(1024)
def _key(salt: str) -> bytes:
    return blake2b(salt.encode(), digest_size=32).digest()


def below(salt: str, subject: str, share: int, parts: int) -> bool:
    """Whether a member is among the first `share` of `parts`. Who is in a share is in every larger one."""
    return place(salt, subject) * parts < share * PLACES


class Split(Struct, frozen=True):
    """The arms of an experiment with their weights. `name` is `campaign/experiment`, and the salt."""

    name: str
    arms: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(weight for _, weight in self.arms)

    def arm(self, subject: str) -> str:
        """The arm a member is in, by his external id. It does not depend on the order in which arms were written."""
        at = place(self.name, subject) * self.total // PLACES
        ordered = sorted(self.arms)
        for arm, weight in ordered:
            at -= weight
            if at < 0:
                return arm
        raise AssertionError("a place lies below the total")
