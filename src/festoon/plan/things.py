"""What a plan declares that can be given: assets, coupons, badges, virtual items, goods, memberships.

Money is in the budget's currency as people write it (12.50); it becomes whole smallest units when the plan is
compiled. `line` is the budget line a cost is booked on.
"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.code_pattern import CodePattern
from festoon.base.times import Lifetime
from festoon.plan.values import LineName, Money, Share, Slug, Text

Count = Annotated[int, Meta(ge=1)]
Stock = Annotated[int, Meta(ge=0)]


class OwnAsset(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Something that can be counted: the plan's own (stamps, cards), or what `points` and `growth` cost and
    how long they last when this plan gives them."""

    title: Text = ""
    scale: Annotated[int, Meta(ge=0, le=9)] = 0
    """Decimal places of the unit people see."""
    expires: Lifetime = Lifetime()
    """How long what is given lasts; forever when not said."""
    cost: Money = Decimal(0)
    """What one unit, as people see it, costs."""
    line: LineName | None = None
    adjust_alone: Annotated[int, Meta(ge=0)] | None = None
    """How much one person may add to or take from a member's balance in a day, in the smallest unit; beyond it a second
    person has to sign, and always when not said."""


class CodeForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How a coupon's code looks: a prefix and so many random letters and digits."""

    prefix: Annotated[str, Meta(pattern=r"^[A-Z0-9-]{0,16}$")] = ""
    length: Annotated[int, Meta(ge=8, le=32)] = 10


class Coupon(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A coupon: so much off (`value`), perhaps from a `threshold` on, or a share off (`percent`) up to
    `at_most`, or free shipping. Exactly one of `value`, `percent` and `free_shipping`.
    """

    title: Text = ""
    value: Money | None = None
    """How much is taken off."""
    threshold: Money = Decimal(0)
    """The basket it takes, before the coupon: 100 for 满100减15."""
    percent: Share | None = None
    """The share that is taken off."""
    at_most: Money | None = None
    """The most that a share takes off."""
    free_shipping: bool = False
    valid: Lifetime = Lifetime()
    """How long it can be used; forever when not said."""
    cost: Money = Decimal(0)
    """What one costs the budget: reserved when it is given, booked when it is used."""
    line: LineName | None = None
    stock: Stock | None = None
    """How many there are; without it there is no end to them."""
    code: CodeForm = CodeForm()
    batch: CodePattern | None = None
    """How codes look that are made beforehand, in batches (`festoon codes make`): given out from there, or printed and
    used by whoever types one. `TEA-####-####-####`: `#` is a sign, the last one the check sign. It takes a stock."""


class Badge(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A badge (勋章): owned for good, or for as long as `lasts` says."""

    title: Text = ""
    lasts: Lifetime = Lifetime()
    """How long it stays with its owner; for good when not said."""
    image: str = ""
    """Where its picture is."""
    cost: Money = Decimal(0)
    """What one costs the budget."""
    line: LineName | None = None
    stock: Stock | None = None
    """How many there are; without it there is no end to them."""
    wear: Slug | bool = True
    """Where its owner can wear it: `badge` when not said, a place of your own such as `avatar`, or `false` for nowhere.
    `wearing` says how many at once."""


class VirtualItem(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A virtual item (虚拟道具): a frame, an avatar, a collectible. An `edition` numbers each from 1 on."""

    title: Text = ""
    lasts: Lifetime = Lifetime()
    """How long it stays with its owner; for good when not said."""
    image: str = ""
    """Where its picture is."""
    cost: Money = Decimal(0)
    """What one costs the budget."""
    line: LineName | None = None
    stock: Stock | None = None
    """How many there are; without it there is no end to them."""
    wear: Slug | bool = True
    """Where its owner can wear it: `item` when not said, a place of your own such as `avatar`, or `false` for nowhere.
    `wearing` says how many at once."""
    edition: Count | None = None
    """The size of a limited edition with serial numbers; it is its stock as well."""


class Goods(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A physical gift: it waits for delivery once it is given."""

    title: Text = ""
    claim: Lifetime = Lifetime()
    """How long the winner has to claim it."""
    image: str = ""
    """Where its picture is."""
    cost: Money = Decimal(0)
    """What one costs the budget."""
    line: LineName | None = None
    stock: Stock | None = None
    """How many there are; without it there is no end to them."""


class Membership(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A membership that rewards give days or months of. `cost` is for one day."""

    title: Text = ""
    cost: Money = Decimal(0)
    """What one day costs the budget."""
    line: LineName | None = None
