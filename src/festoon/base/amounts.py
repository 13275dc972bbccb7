"""Whole numbers of an asset's smallest unit, one function that rounds, and splits that sum to the whole."""

from collections.abc import Mapping, Sequence

MAX_AMOUNT = 2**62
"""Above this the store could overflow when two amounts meet; intake and the plan refuse it."""


def scaled(amount: int, numerator: int, denominator: int) -> int:
    """`amount · numerator / denominator`, rounded half away from zero. The one function that rounds.

    Raises ValueError unless the denominator is positive.
    """
    if denominator <= 0:
        raise ValueError("a ratio's denominator is positive")
    product = amount * numerator
    whole, rest = divmod(abs(product), denominator)
    if rest * 2 >= denominator:
        whole += 1
    return whole if product >= 0 else -whole


def added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """What both have counted, by name."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` by weights so that the parts sum to it (largest remainder; ties to the earlier part).

    All weights zero shares equally. Raises ValueError for a negative weight or nothing to share among.
    """
    if not weights or min(weights) < 0:
        raise ValueError("a split wants at least one weight, none negative")
    if sum(weights) == 0:
        weights = [1] * len(weights)
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    floors = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [part for part, _ in floors]
    left = abs(total) - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda index: (-floors[index][1], index))
    for index in by_remainder[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
