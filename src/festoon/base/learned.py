"""Experiments whose weights are learned: which arm a member gets, how likely that was, and what is learned of it.

A policy is a table: for every context, how many members in ten thousand get each arm. Which one a member gets follows
from a hash, so that every process and every replay finds the same; the policy's number is part of the salt, so that
places under one policy have nothing to do with those under another.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import exp, log, sqrt

from msgspec import Struct

from festoon.base.amounts import split
from festoon.base.expressions import Condition
from festoon.base.expressions.scope import Context, EventData, MemberFacts
from festoon.base.split import Split

PARTS = 10_000
"""Propensities are so many members in ten thousand."""
OTHERS = ""
"""The context of members of whom no other one's condition holds."""
Weights = tuple[tuple[str, int], ...]
"""The arms in plan order, each with its propensity; they sum to `PARTS`."""
Tried = tuple[int, int]
"""How many members got an arm, and with how many of them it was a success."""

_STEPS = 2_000
_SPREAD = 10


class Policy(Struct, frozen=True):
    """What was learned last: weights by context. It is followed for what is decided from `since` on."""

    version: int
    since: datetime
    weights: Mapping[str, Weights]


class Learned(Struct, frozen=True):
    """What choosing an arm takes: the contexts with their conditions, the first of which that holds counts, and the
    weights to begin with."""

    name: str
    """`campaign/experiment`."""
    contexts: tuple[tuple[str, Condition], ...]
    first: Weights

    def context(self, event: EventData, member: MemberFacts, around: Context) -> str:
        """The context a member is in."""
        return next((name for name, when in self.contexts if when.holds(event, member, around)), OTHERS)

    def weights(self, policy: Policy | None, context: str) -> Weights:
        """How likely each arm is in a context: by the policy where it knows the context."""
        return self.first if policy is None else policy.weights.get(context, self.first)

    def choose(self, policy: Policy | None, context: str, subject: str) -> tuple[str, int]:
        """The arm of a member by his external id, and its propensity."""
        weights = self.weights(policy, context)
        version = 0 if policy is None else policy.version
        arm = Split(f"{self.name}/{version}", weights).arm(subject)
        return arm, dict(weights)[arm]


def floored(shares: Sequence[float], floor: int) -> list[int]:
    """Shares as propensities that sum to `PARTS`, none below `floor`. Raises ValueError when that is too high."""
    free = PARTS - floor * len(shares)
    if free < 0:
        raise ValueError("the floors of all arms are more than the whole")
    return [floor + part for part in split(free, [round(share * 1_000_000_000) for share in shares])]


def learn(tried: Sequence[Tried], floor: int) -> list[int]:
    """The propensities of arms that were tried so often, by Thompson sampling: each arm as often as it is likely to be
    the best of them, and never less than `floor`.

    W. R. Thompson, "On the likelihood that one unknown probability exceeds another", Biometrika 25 (1933).
    """
    return floored(chances_of_best(tried), floor)


def chances_of_best(tried: Sequence[Tried]) -> list[float]:
    """How likely each arm is to have the highest rate of success: rates are taken to be Beta(1 + successes,
    1 + failures), and the product of one's density with the others' distributions is summed up over a grid, so that the
    same counts give the same answer everywhere."""
    known = [(1 + won, 1 + members - won) for members, won in tried]
    spreads = [(a / (a + b), sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))) for a, b in known]
    low = max(0.0, min(mean - _SPREAD * spread for mean, spread in spreads))
    high = min(1.0, max(mean + _SPREAD * spread for mean, spread in spreads))
    grid = [low + (high - low) * (step + 0.5) / _STEPS for step in range(_STEPS)]
    densities = [_density(a, b, grid) for a, b in known]
    below = [_below(density) for density in densities]
    found = []
    for arm, density in enumerate(densities):
        total = 0.0
        for step, here in enumerate(density):
            for other, under in enumerate(below):
                if other != arm:
                    here *= under[step]
            total += here
        found.append(total)
    whole = sum(found)
    return [each / whole for each in found]


def _density(a: int, b: int, grid: Sequence[float]) -> list[float]:
    """A beta density over the grid, summing to one."""
    logs = [(a - 1) * log(x) + (b - 1) * log(1 - x) for x in grid]
    top = max(logs)
    found = [exp(each - top) for each in logs]
    whole = sum(found)
    return [each / whole for each in found]


def _below(density: Sequence[float]) -> list[float]:
    """How likely it is to be below each point of the grid."""
    found, total = [], 0.0
    for here in density:
        found.append(total + here / 2)
        total += here
    return found
