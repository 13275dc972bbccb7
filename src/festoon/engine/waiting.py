"""Amounts that are given and cannot be spent yet: pending for a time, as the plan says.

They are the member's, in his pending part, and count for limits, caps and the budget like anything given. What a
mechanic gives a member that becomes ready at one instant stands together, under one hold with one timer.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.events import derived_id
from festoon.base.times import AT_ONCE
from festoon.engine.world import Aside, Grant
from festoon.ledger.accounts import MEMBER
from festoon.ledger.set_aside import Leg
from festoon.ledger.transfers import Transfer

WAITS = "pending"
"""Why it is set aside."""


class Waiting(Struct, frozen=True):
    """An amount on its way from what is pending to what can be spent, and when it gets there."""

    leg: Leg
    ready: datetime


def waiting_id(owner: str, ready: datetime, member: int) -> str:
    """The hold under which stands what a mechanic gave a member that is ready at an instant."""
    return derived_id(WAITS, owner, ready.isoformat(), member)


def begun(legs: Iterable[Leg], now: datetime, zone: ZoneInfo) -> tuple[Waiting, ...]:
    """Of what is given now, what is pending from now on."""
    waits = [leg for leg in legs if leg.waits is not AT_ONCE and leg.target == MEMBER]
    at = [(leg, leg.ready(now, zone)) for leg in waits]
    return tuple([Waiting(leg, ready) for leg, ready in at if ready > now])


def with_more(known: Grant | None, owner: str, member: int, zone: str, more: Waiting, now: datetime) -> Grant:
    """What stands under its hold, with an amount more."""
    if known is None:
        id = waiting_id(owner, more.ready, member)
        known = Grant(id, owner, WAITS, "", now, more.ready, Aside(zone))
    leg, legs = replace(more.leg, waits=AT_ONCE), list(known.aside.legs)
    for place, other in enumerate(legs):
        if replace(other, amount=leg.amount) == leg:
            legs[place] = replace(other, amount=other.amount + leg.amount)
            break
    else:
        legs.append(leg)
    return replace(known, aside=replace(known.aside, legs=tuple(legs)))


def with_less(known: Grant, asset: str, amount: int) -> Grant | None:
    """What stands under a hold, with so much less; None when nothing is left."""
    legs: list[Leg] = []
    for leg in known.aside.legs:
        taken = min(leg.amount, amount) if leg.asset == asset else 0
        amount -= taken
        if leg.amount > taken:
            legs.append(replace(leg, amount=leg.amount - taken))
    return replace(known, aside=replace(known.aside, legs=tuple(legs))) if legs else None


def amount_of(known: Grant | None, asset: str) -> int:
    """How much of an asset stands under a hold."""
    return 0 if known is None else sum(leg.amount for leg in known.aside.legs if leg.asset == asset)


def spendable(grant: Grant, expiring: frozenset[str]) -> list[Transfer]:
    """On to what can be spent. How long it lasts begins at the instant it was ready."""
    assert grant.lapses is not None, "what is pending has its time"
    zone = ZoneInfo(grant.aside.zone)
    return [
        Transfer(
            leg.asset, leg.beside, leg.target, leg.amount,
            leg.lasts.end(grant.lapses, zone) if leg.asset in expiring else None, grant.owner,
        )
        for leg in grant.aside.legs
    ]  # fmt: skip
