"""The inviter's part of what an invitee pays."""

from festoon.base.amounts import MAX_AMOUNT, scaled
from festoon.base.events import Event
from festoon.mechanics.base import Build, View
from festoon.mechanics.ratio import fraction
from festoon.mechanics.reading import reading
from festoon.mechanics.referral_params import Share
from festoon.mechanics.reward_line import RewardLine


class ShareOf:
    """The inviter's part of an amount."""

    def __init__(self, share: Share, actions: tuple[str, ...], build: Build) -> None:
        self.reward = build.reward([RewardLine(asset=share.asset, amount=1)], "share.asset")
        self.of = reading(share.of, build, "share.of", actions)
        self.numerator, self.denominator = (fraction(share.percent, "share.percent") / 100).as_integer_ratio()
        self.cap = share.cap
        most = share.cap or MAX_AMOUNT
        self.dearest = build.reward([RewardLine(asset=share.asset, amount=most)], "share.asset")

    def amount(self, event: Event, view: View) -> int:
        part = max(scaled(self.of(event, view), self.numerator, self.denominator), 0)
        return part if self.cap is None else min(part, self.cap)
