"""What a plan may write where something is given: a reward's name, one line, or lines."""

from festoon.mechanics.base import GiveSpec, RewardLine

Giving = str | RewardLine | list[RewardLine]


def spec(give: Giving) -> GiveSpec:
    """The name, or the lines."""
    return [give] if isinstance(give, RewardLine) else give
