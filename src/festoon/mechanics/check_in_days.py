"""What a check-in remembers of one member: his days, and what was given for them."""

from msgspec import Struct

from festoon.mechanics.proof import NO_PROOFS, Proofs
from festoon.mechanics.streak import Runs


class CheckInDays(Struct, frozen=True, omit_defaults=True):
    """The days of one member.

    `ahead` holds, by rung, how often it was given more than the days as they now stand ask for: two streaks
    that a late day joins were each paid from the bottom, so the next ones have that much less to come.
    `reached` holds the rungs that are given once and have been. `since` is the day of registration, where it is
    known and cards can be used: no day before it can be repaired. `held` says how often each reward is set aside for
    photos that wait.
    """

    runs: Runs = ()
    repaired: tuple[int, ...] = ()
    ahead: tuple[tuple[int, int], ...] = ()
    reached: tuple[int, ...] = ()
    since: int = 0
    proofs: Proofs = NO_PROOFS
    held: dict[str, int] = {}
