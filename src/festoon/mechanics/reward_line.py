"""What a plan writes where something is given: the lines of a reward."""

from typing import Annotated

from msgspec import Meta, Struct, field

from festoon.base.times import Pending


class Case(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is given when a condition holds."""

    when: str
    """A condition on the event, the member and the campaign."""
    give: "str | RewardLine | list[RewardLine]"
    """What is given then: things, not cases or arms again."""


class RewardLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a reward in a plan. Exactly one thing a line.

    `{points: 50}`, `{points: [5, 88]}`, `{coupon: ten-off}`, `{badge: writer}`, `{item: lantern}`,
    `{gift: phone}`, `{chances: lucky-draw, count: 2}`, `{membership: gold, months: 3}`, `{membership: gold, days: 7}`,
    or `{asset: stamps, amount: 3}` for an asset of the plan's own. A line can differ by member: `{first: […], else: …}`
    by condition, `{experiment: …, arms: {…}}` by experiment. `{points: 50, pending: {days: 7}}` can be spent later.
    """

    points: int | tuple[int, int] | None = None
    growth: int | tuple[int, int] | None = None
    asset: str | None = None
    amount: int | tuple[int, int] | None = None
    coupon: str | None = None
    badge: str | None = None
    item: str | None = None
    gift: str | None = None
    chances: str | None = None
    membership: str | None = None
    days: int | None = None
    months: Annotated[int, Meta(ge=1, le=1_200)] | None = None
    count: int = 1
    pending: Pending | None = None
    """Of an amount: how long until it can be spent, in whole days after the day it is given, or to the end of a date.
    It is the member's at once and counts for limits, caps and the budget; how long it lasts begins when it is over."""
    first: list[Case] | None = None
    """Of these cases the first whose condition holds."""
    otherwise: "str | RewardLine | list[RewardLine] | None" = field(default=None, name="else")
    """What is given when no case holds; `[]` is nothing."""
    experiment: str | None = None
    """One of the plan's experiments: what is given depends on the arm that the member is in."""
    arms: dict[str, "str | RewardLine | list[RewardLine]"] | None = None
    """What is given in each arm; `[]` is nothing."""


GiveSpec = str | list[RewardLine]
"""The name of one of the plan's rewards, or its lines written in place."""
