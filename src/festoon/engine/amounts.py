"""Giving amounts of an asset: multipliers, caps, and what it costs the budget."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from festoon.base.amounts import scaled
from festoon.base.errors import Refused
from festoon.base.rewards import AssetGift, Reward
from festoon.base.times import FOREVER, days_in, period_of
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given
from festoon.engine.posting import Posting
from festoon.engine.together import draw, room
from festoon.engine.view import EventView
from festoon.engine.waiting import Waiting, waiting_id
from festoon.ledger.accounts import GIVEN, ISSUER, MEMBER, PENDING, holder_and_asset
from festoon.ledger.book import BUDGET_SHORT
from festoon.ledger.set_aside import Leg
from festoon.ledger.shapes import UNKNOWN, Shape, Way
from festoon.ledger.transfers import Transfer
from festoon.mechanics.base import Modifier
from festoon.mechanics.limits import CAP_REACHED
from festoon.plan.compiled import CompiledMechanic

Boost = Callable[[int, EventView], tuple[int, str]]
"""Of an amount and an event what the amount becomes, and by which factor; "" when it stays."""
Made = tuple[Sequence[Transfer], Shape, Given]
"""What an amount that is given comes to: the transfers and their shape, and what the member is told."""
Moves = tuple[Sequence[Transfer], Shape, list[Given]]
"""The same of all that a mechanic gives, with the places of its total that are taken."""
Ready = Callable[[int, int, EventView], Moves]
"""Of an amount and the places of the total that it takes what it comes to, for an event; NO_MOVES of nothing."""
NO_MOVES: Moves = ((), UNKNOWN, [])
MOST_READY = 4_096
"""Amounts of one gift that are kept ready."""
MOST_KEPT = 256
"""Gifts of one mechanic that a giver is kept for. One that makes a gift anew for every event goes without."""


def giver_of(listener: Listener, gift: AssetGift) -> "Giver":
    """Who gives this gift in the mechanic's name."""
    try:
        giver: Giver = listener.givers[id(gift)]
    except KeyError:
        giver = Giver(listener, gift)
        if len(listener.givers) < MOST_KEPT:
            listener.givers[id(gift)] = giver
    return giver


def sole_giver(listener: Listener, reward: Reward) -> "Giver | None":
    """Who gives a reward that is an amount of one asset, with no cap or short line to be asked, at once; None for any
    other."""
    try:
        known: Giver | None = listener.soles[id(reward)][1]
        return known
    except KeyError:
        sole = reward.gifts[0] if len(reward.gifts) == 1 else None
        giver = giver_of(listener, sole) if isinstance(sole, AssetGift) else None
        if giver is not None and giver.bounded:
            giver = None
        if len(listener.soles) >= MOST_KEPT:
            return None
        listener.soles[id(reward)] = reward, giver
        return giver


class Giver:
    """Gives amounts of one asset in one mechanic's name, with all at hand that does not depend on the event."""

    __slots__ = (
        "asides", "asset", "booked", "boost", "bounded", "capped", "clips", "cost", "currency", "each", "expires",
        "free", "gift", "holder", "in_lots", "key", "later", "later_paid", "paid", "ready", "shared", "spent", "waits",
        "zone",
    )  # fmt: skip

    def __init__(self, listener: Listener, gift: AssetGift) -> None:
        self.gift = gift
        self.asset = gift.asset
        self.key = listener.key
        self.zone = listener.zone
        self.cost = gift.cost
        self.boost = _boost(listener.boosts[gift.asset])
        self.capped = gift.asset in listener.caps
        self.shared = gift.asset in listener.shared_caps
        self.booked = bool(gift.cost.line)
        self.each = 0 if not self.booked else gift.cost.amount if gift.cost.per == 1 else None
        """What one unit costs, when that is a whole number."""
        self.clips = self.booked and listener.cost_short == "clip" and not listener.whole
        self.waits = gift.waits
        self.bounded = self.capped or self.shared or self.clips or self.waits
        self.in_lots = gift.asset in listener.shapes.expiring
        self.expires = None if gift.lasts.moves else gift.lasts.end(listener.start, listener.zone)
        self.holder, self.currency = holder_and_asset(gift.cost.line)
        self.spent = beside_line(gift.cost.line, "cost")
        self.free = listener.shapes.of(((gift.asset, ISSUER, MEMBER),))
        booked: Way = (self.currency, self.holder, self.spent)
        self.paid = self.free.then(listener.shapes.of((booked,))) if gift.cost.line else self.free
        self.later = listener.shapes.of(((gift.asset, ISSUER, PENDING),)) if self.waits else self.free
        self.later_paid = self.later.then(listener.shapes.of((booked,))) if gift.cost.line else self.later
        self.ready: Ready = _ready(self, listener)
        self.asides: dict[tuple[int, str], Any] = {}
        """What amounts come to that are set aside, by their factor; filled by `aside`."""

    def give(self, posting: Posting, amount: int, view: EventView) -> None:
        """Put an amount and its cost into a posting. Raises Refused where a cap says so."""
        amount, factor = self.boost(amount, view)
        wanted = amount
        if self.bounded:
            amount = self._within(posting, amount, view)
        if amount > 0:
            moves, shape, given = self.made(amount, wanted, factor, view)
            if self.waits and (ready := self.gift.pending.end(view.now, self.zone)) > view.now:
                given = self._wait(posting, ready, given, view)
                moves = (Transfer(self.asset, ISSUER, PENDING, amount, None, self.key), *moves[1:])
                shape = self.later_paid if moves[1:] else self.later
            posting.add(moves, shape)
            posting.given.append(given)

    def _wait(self, posting: Posting, ready: datetime, given: Given, view: EventView) -> Given:
        """What is given cannot be spent yet; how long it lasts begins when it can."""
        view.person.open_grants()  # nothing may be missing once it is written
        leg = Leg(self.asset, ISSUER, PENDING, MEMBER, given.amount, self.gift.lasts, self.gift.pending)
        posting.pending = (*posting.pending, Waiting(leg, ready))
        posting.aside = True
        expires = self.gift.lasts.end(ready, self.zone)
        return replace(
            given,
            expires=None if expires is FOREVER else expires,
            ready=ready,
            hold=waiting_id(self.key, ready, view.number),
        )

    def made(self, amount: int, wanted: int, factor: str, view: EventView) -> Made:
        """What giving an amount comes to."""
        expires = self.expires or self.gift.lasts.end(view.now, self.zone)
        granted = Transfer(self.asset, ISSUER, MEMBER, amount, expires if self.in_lots else None, self.key)
        price = amount * self.each if self.each is not None else self._price(amount)
        given = Given(
            "asset", self.asset, amount, wanted if wanted != amount else None, factor, "", "", None,
            None if expires is FOREVER else expires, price, self.cost.line,
        )  # fmt: skip
        if not price:
            return (granted,), self.free, given
        paid = Transfer(self.currency, self.holder, self.spent, price, None, self.key)
        return (granted, paid), self.paid, given

    def _within(self, posting: Posting, amount: int, view: EventView) -> int:
        """What caps, and a budget line that clips, leave of an amount."""
        name, used = _towards_cap(posting, self.asset, view) if self.capped else ("", 0)
        if self.capped:
            amount = _capped(posting.listener, self.asset, amount, used)
        if self.shared:
            amount = within_shared(posting, self.asset, amount, view)
        if self.clips and (price := self._price(amount)):
            amount = self._clipped(posting, amount, price, view)
        if amount > 0 and (self.capped or self.shared):
            if self.capped:  # as it is given, whatever else has cut it
                posting.capped = {**posting.capped, name: used + amount}
            if self.shared:
                posting.drawn = draw(posting.drawn, posting.listener, self.asset, amount, view)
            posting.aside = True
        return amount

    def _price(self, amount: int) -> int:
        cost = self.cost
        return amount * cost.amount if cost.per == 1 else scaled(amount, cost.amount, cost.per)

    def _clipped(self, posting: Posting, amount: int, price: int, view: EventView) -> int:
        """As much as the budget line can still pay for, with this posting's own costs taken off."""
        spent = sum(
            move.amount
            for move in posting.transfers
            if move.debit == self.holder and move.asset == self.currency
        )
        left = max(view.shared(self.cost.line) - spent, 0)
        fits = amount if price <= left else min(amount, left * self.cost.per // self.cost.amount)
        if not fits:
            line = self.holder.rpartition("/")[2]
            posting.starved = Refused(BUDGET_SHORT, line=line, left=left, needed=price)
        return fits


def _ready(giver: Giver, listener: Listener) -> Ready:
    """Members are given the same few amounts again and again: what each comes to is kept, by the day it is given where
    that says how long it lasts."""
    boost, made, place = giver.boost, giver.made, placing(listener)
    days = days_in(giver.zone) if giver.gift.lasts.moves else None
    kept: dict[tuple[int, str, int, date | None], Moves] = {}

    def ready(amount: int, places: int, view: EventView) -> Moves:
        amount, factor = boost(amount, view)
        if amount <= 0:
            return NO_MOVES
        key = (amount, factor, places, None if days is None else days.of(view.now))
        try:
            return kept[key]
        except KeyError:
            moves, shape, given = made(amount, amount, factor, view)
            if len(kept) >= MOST_READY:
                kept.clear()
            found = kept[key] = (*place(moves, shape, places), [given])
            return found

    return ready


Placing = Callable[[Sequence[Transfer], Shape, int], tuple[Sequence[Transfer], Shape]]


def placing(listener: Listener) -> Placing:
    """How what is given takes its places of the mechanic's total, if it has one."""
    if not listener.quota:
        return lambda moves, shape, _places: (moves, shape)
    holder, asset = holder_and_asset(listener.quota)
    taken = listener.shapes.of(((asset, holder, GIVEN),))

    def placed(moves: Sequence[Transfer], shape: Shape, places: int) -> tuple[Sequence[Transfer], Shape]:
        place = Transfer(asset, holder, GIVEN, places, None, listener.key)
        return (*moves, place), shape.then(taken)

    return placed


@lru_cache(4096)
def beside_line(line: str, kind: str) -> str:
    """The holder beside a budget line that takes what is committed or what it cost."""
    return line.partition("|")[0].replace("/budget/", f"/{kind}/", 1)


def _boost(boosts: tuple[CompiledMechanic, ...]) -> Boost:
    """What the multipliers that hold for an event make of an amount, by their declared rules; and their factor."""
    if not boosts:
        return lambda amount, _view: (amount, "")
    if len(boosts) == 1:
        return _boosted_by(boosts[0])

    asked = tuple((each.types, each.when and each.when.holds, each.mechanic) for each in boosts)

    def boosted(amount: int, view: EventView) -> tuple[int, str]:
        type_, data = view.event.type, view.event.data
        holding = [
            mechanic
            for types, holds, mechanic in asked
            if (not types or type_ in types) and (holds is None or holds(data, view, view))
        ]
        return _grown(amount, *Modifier.combined(holding)) if holding else (amount, "")

    return boosted


def _boosted_by(only: CompiledMechanic) -> Boost:
    """The same of one multiplier, whose factor is always the same."""
    numerator, denominator = Modifier.combined([only.mechanic])
    types, holds = only.types, only.when and only.when.holds

    def boosted(amount: int, view: EventView) -> tuple[int, str]:
        event = view.event
        if (types and event.type not in types) or (holds is not None and not holds(event.data, view, view)):
            return amount, ""
        return _grown(amount, numerator, denominator)

    return boosted


def _grown(amount: int, numerator: int, denominator: int) -> tuple[int, str]:
    if numerator == denominator:
        return amount, ""
    factor = f"{numerator}/{denominator}" if denominator != 1 else str(numerator)
    return scaled(amount, numerator, denominator), factor


def _towards_cap(posting: Posting, asset: str, view: EventView) -> tuple[str, int]:
    """Under which name the mechanic's own cap counts now, and what counts already."""
    cap, progress = posting.listener.caps[asset], view.progress
    name = asset if cap.per == "campaign" else f"{asset} {period_of(view.day, cap.per)}"
    return name, posting.capped.get(name, 0 if progress is None else progress.capped.get(name, 0))


def _capped(listener: Listener, asset: str, amount: int, used: int) -> int:
    """What a cap leaves of an amount. Raises Refused where it leaves nothing, or refuses a part: what is paid, played
    or drawn for is given whole."""
    cap = listener.caps[asset]
    fits = min(amount, max(cap.amount - used, 0))
    if fits < amount and (cap.over == "refuse" or listener.whole or fits == 0):
        raise Refused(CAP_REACHED, limit=cap.amount, asset=asset, period=cap.per)
    return fits


def within_shared(posting: Posting, of: str, amount: int, view: EventView) -> int:
    """What the caps that campaigns share leave of an amount, or of a number of things."""
    left, cap = room(posting.drawn, posting.listener, of, amount, view)
    if cap is not None:
        posting.short = cap
    return left
