"""From when on people are told that something goes wrong with a campaign."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from festoon.plan.values import Share


class AlertsPlan(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """From when on people are told that something goes wrong with the campaign."""

    budget: Annotated[tuple[Share, ...], Meta(min_length=1, max_length=10)] = (
        Decimal("0.8"),
        Decimal("0.9"),
        Decimal("0.95"),
    )
    """How much of a budget line is used or committed when it is told, each time anew; the last is a warning."""
    stock: Share = Decimal("0.05")
    """How much of a stock is left when it is told."""
    refusals: Annotated[int, Meta(ge=1, le=10**6)] = 20
    """So many refusals of a mechanic in an hour are looked at; fewer say nothing."""
    refusals_rise: Share = Decimal("0.2")
    """By how much the share that is refused has to be above that of the same hour yesterday."""
    odds_plays: Annotated[int, Meta(ge=100, le=10**9)] = 1000
    """After so many plays of a draw its wins are compared with its odds."""
