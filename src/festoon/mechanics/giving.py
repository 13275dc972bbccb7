"""What a plan may write where something is given (a reward's name, one line, or lines), and how a member reads it."""

from typing import Any

from festoon.base.rewards import AssetGift, Choice, Gift, Reward
from festoon.mechanics.reward_line import GiveSpec, RewardLine

Giving = str | RewardLine | list[RewardLine]


def spec(give: Giving) -> GiveSpec:
    """The name, or the lines."""
    return [give] if isinstance(give, RewardLine) else give


def said(reward: Reward) -> list[dict[str, Any]]:
    """What a reward is made of, for who looks forward to it: assets with their amount (or lowest and highest), things
    with how many. What differs by member is not said beforehand."""
    return [_said(gift) for gift in reward.gifts if not isinstance(gift, Choice)]


def _said(gift: Gift) -> dict[str, Any]:
    if isinstance(gift, AssetGift):
        return {"asset": gift.asset, "amount": gift.low if gift.low == gift.high else [gift.low, gift.high]}
    return {gift.kind: gift.ref, "count": gift.count}
