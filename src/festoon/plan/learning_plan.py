"""How an experiment learns, as a plan says it: what counts as success, for whom, and how fast it may lean."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from festoon.plan.rhythm import RhythmText
from festoon.plan.segments import Days
from festoon.plan.values import Share, Slug, Text


class Context(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Members for whom weights are learned apart from the others' (such as parents)."""

    when: str
    """A condition on the member. Of several contexts the first whose condition holds counts."""
    title: Text = ""


class Success(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a member does when his arm was right for him."""

    on: str | list[str]
    """The event, such as `order.paid` or `coupon.redeemed`."""
    within: Days
    """How long after he first saw his arm, such as `14 days`. Until then nothing is learned of him."""
    when: str | None = None
    """A condition on the event; every event counts without it."""


class Learning(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How an experiment leans towards what works: each arm as often as it is likely to be the best, by context."""

    success: Success
    contexts: Annotated[dict[Slug, Context], Meta(max_length=20)] = {}
    """For whom weights are learned apart; of all others they are learned together."""
    floor: Share = Decimal("0.1")
    """How often every arm is given at the least, however it does: 1 % or more."""
    refresh: RhythmText = "daily at 04:00"
    """When the weights are learned anew."""
