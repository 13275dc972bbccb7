"""Rewards, ready to be given: what they are made of, what each costs, and where the cost is booked.

The plan's rewards (names, lines of YAML) become these when the plan is compiled. Costs are in the smallest unit of
the plan's currency.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.expressions import Condition
from festoon.base.split import Split
from festoon.base.times import AT_ONCE, Lifetime, Pending, add_months, most_days


class Cost(Struct, frozen=True):
    """`amount` per `per` units given, booked on the shared account `line`. No line means nothing is booked."""

    amount: int = 0
    per: int = 1
    line: str = ""
    currency: str = ""


FREE = Cost()


class AssetGift(Struct, frozen=True):
    """A whole number of an asset: `low` to `high`, both reachable, drawn when they differ. It is the member's at once,
    and can be spent once `pending` is over; from then on it lasts."""

    asset: str
    low: int
    high: int
    cost: Cost = FREE
    lasts: Lifetime = Lifetime()
    pending: Pending = AT_ONCE

    @property
    def waits(self) -> bool:
        """Whether it cannot be spent at once."""
        return self.pending != AT_ONCE


class ItemGift(Struct, frozen=True):
    """Things with an identity: a coupon, a badge, a virtual item, a physical gift, a membership.

    `stock` is the shared account they come from, or "" when there is no end to them. `serial` numbers them by
    what has left the stock. `state` is the one they start in: `owned`, or `awaiting` for what must be delivered.
    A membership runs for `months` from the day it is given and `days` after that; it is added to what the member still
    has. While it has months, its cost is that of the longest there are: the most that it can come to.
    """

    kind: str
    ref: str
    count: int = 1
    cost: Cost = FREE
    lasts: Lifetime = Lifetime()
    stock: str = ""
    serial: bool = False
    edition: int = 0
    state: str = "owned"
    days: int = 0
    code: str = ""
    codes: str = ""
    """What the batches that its code comes from are codes of; "" when a code is made with it."""
    months: int = 0

    def on(self, day: date) -> "ItemGift":
        """A membership with months as it is given on a day: in days, and what these cost."""
        days = (add_months(day, self.months) - day).days + self.days
        price = self.cost.amount // (most_days(self.months) + self.days)
        return replace(self, days=days, months=0, cost=replace(self.cost, amount=price * days))


Gift = AssetGift | ItemGift


class SetAside(Struct, frozen=True):
    """A whole pool as one gift, and the holder of the budget line that what is left over goes back to, or ""."""

    gift: AssetGift
    home: str = ""


class Variant(Struct, frozen=True):
    """What one choice may come to: the gifts of an experiment's `arm`, or those of a condition (None: otherwise)."""

    gifts: tuple[Gift, ...]
    arm: str = ""
    when: Condition | None = None


class Choice(Struct, frozen=True):
    """A part of a reward that differs by member: the arm of an experiment (`split`) that he is in, or the first variant
    whose condition holds; the last one always does."""

    variants: tuple[Variant, ...]
    split: Split | None = None


class Reward(Struct, frozen=True):
    """A named bundle of gifts, given whole."""

    name: str
    gifts: tuple[Gift | Choice, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether there is an amount in it that is pending for a time."""
        return any(isinstance(gift, AssetGift) and gift.waits for gift in self.every())

    def every(self) -> Iterator[Gift]:
        """Every gift that it may bring, of all variants."""
        for gift in self.gifts:
            if isinstance(gift, Choice):
                for variant in gift.variants:
                    yield from variant.gifts
            else:
                yield gift


def only_asset(reward: Reward) -> str:
    """The code of the asset that a reward brings and nothing else, as it is known everywhere (`campaign/luck`)."""
    (gift,) = reward.every()
    assert isinstance(gift, AssetGift), "it is made of one amount"
    return gift.asset


class Reserved(Struct, frozen=True):
    """A reward whose price is set aside beforehand, and booked there when it is given."""

    reward: Reward
    prices: Mapping[str, int] = {}
    """What one costs at the most, by the account it is set aside on."""
    homes: Mapping[str, str] = {}
    """The holder of the budget line that each of these accounts was filled from."""
