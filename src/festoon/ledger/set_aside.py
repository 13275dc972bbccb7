"""Rewards set aside: what they take waits at a place beside its way, and then goes on or goes back.

A unit that a grant would move from where it is to where it belongs makes the way in two steps. Points wait in the
member's pending part, money among what its line has committed, stock among what is reserved.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from festoon.base.times import AT_ONCE, Lifetime, Pending
from festoon.ledger.accounts import MEMBER, PENDING, RESERVED, holder_and_asset, home_of, shared
from festoon.ledger.transfers import Transfer


class Leg(Struct, frozen=True, array_like=True, gc=False):
    """`amount` of `asset` on its way from `source` to `target`, waiting at `beside`.

    `lasts` is how long a member has it once he can spend it: the clock starts then, not while it waits. `waits` is how
    long it is pending from when it is given, so that it goes on later.
    """

    asset: str
    source: str
    beside: str
    target: str
    amount: int
    lasts: Lifetime = Lifetime()
    waits: Pending = AT_ONCE

    def ready(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it goes on if it is given now; an instant that has come when it does at once."""
        return now if self.waits is AT_ONCE or self.waits == AT_ONCE else self.waits.end(now, zone)


def leg_of(move: Transfer, lasts: Lifetime) -> Leg:
    """The way of a transfer that is not to arrive yet."""
    place = PENDING if move.credit == MEMBER else _holder_beside(move.debit)
    return Leg(move.asset, move.debit, place, move.credit, move.amount, lasts)


def _holder_beside(holder: str) -> str:
    return holder.replace("/budget/", "/committed/", 1) if "/budget/" in holder else RESERVED


@lru_cache(4096)
def beside(account: str) -> str:
    """The account beside a stock or a budget line, both by name."""
    holder, asset = holder_and_asset(account)
    return shared(_holder_beside(holder), asset)


def set_aside(legs: Iterable[Leg], why: str) -> list[Transfer]:
    """From where it is to the place beside its way."""
    return [Transfer(leg.asset, leg.source, leg.beside, leg.amount, None, why) for leg in legs]


def posted(
    legs: Iterable[Leg], why: str, now: datetime, zone: ZoneInfo, expiring: frozenset[str]
) -> list[Transfer]:
    """On to where it belongs. What is committed for a coupon stays so until it is used, and what is pending until its
    time has come."""
    return [
        Transfer(leg.asset, leg.beside, leg.target, leg.amount, _lot(leg, now, zone, expiring), why)
        for leg in legs
        if leg.beside != leg.target and leg.ready(now, zone) <= now
    ]


def _lot(leg: Leg, now: datetime, zone: ZoneInfo, expiring: frozenset[str]) -> datetime | None:
    return leg.lasts.end(now, zone) if leg.target == MEMBER and leg.asset in expiring else None


def given_back(legs: Iterable[Leg], why: str) -> list[Transfer]:
    """Back to where it came from."""
    return [Transfer(leg.asset, leg.beside, home_of(leg.source), leg.amount, None, why) for leg in legs]
