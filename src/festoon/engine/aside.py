"""Setting rewards aside, and giving or letting go of them later.

What would be given is worked out as always, with its multipliers, caps and costs; then its transfers stop half-way
(`ledger/set_aside.py`), and its things are made when it is really given.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from festoon.base.effects import Post, Release, Reserve
from festoon.base.events import derived_id
from festoon.base.rewards import AssetGift, Reward
from festoon.base.times import AT_ONCE, Lifetime, days_in, period_of
from festoon.engine.amounts import MOST_READY, sole_giver
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given
from festoon.engine.posting import Posting, move
from festoon.engine.things import give_item, shown
from festoon.engine.view import EventView
from festoon.engine.waiting import begun, waiting_id
from festoon.engine.world import Aside, Grant
from festoon.ledger.accounts import GIVEN, MEMBER, PENDING, RESERVED, holder_and_asset
from festoon.ledger.set_aside import Leg, given_back, leg_of, posted, set_aside
from festoon.ledger.shapes import UNKNOWN, Shape
from festoon.ledger.transfers import Transfer

PROMISE, RISK = "promise", "risk"
ALL = "all"
"""What counts towards limits at all, beside its periods."""
Asided = tuple[Aside, Sequence[Transfer], Shape]
"""What is set aside, and the transfers that set it aside, with their shape."""
Going = tuple[tuple[Leg, ...], Sequence[Transfer], Shape, list[Given] | None]
"""What was set aside, when it is given: its places of the total, the transfers with their shape, and what is told."""
Key = TypeVar("Key")


def promise_id(owner: str, name: str, member: int) -> str:
    """The id of what a mechanic sets aside under a name of its own."""
    return derived_id(owner, name, member)


def reserve(posting: Posting, effect: Reserve, view: EventView, give: Callable[[], None]) -> None:
    """Set a reward aside: `give` puts it into the posting, and here it is held up on its way."""
    listener = posting.listener
    known = _known(listener, effect, view)
    if known is None:
        aside = held_up(posting, effect.reward, give)
        _add(posting, set_aside(aside.legs, listener.key))
    else:
        aside, moves, shape = known
        posting.add(moves, shape)
    posting.decided = _counted(posting, effect)
    if listener.limited and not any(grant.aside.counted for grant in posting.grants):
        aside = replace(aside, counted=_counting(listener, view.day))
    id = promise_id(listener.key, effect.name, view.number)
    grant = Grant(id, listener.key, PROMISE, effect.name, view.now, listener.settle, aside)
    posting.grants += (grant,)
    posting.held = [*posting.held, *aside.given]
    posting.aside = True


def _counting(listener: Listener, day: date) -> tuple[str, ...]:
    """By what something that is set aside counts towards limits on a day."""
    return (ALL, *(period_of(day, period) for period, _ in listener.periods))


def _known(listener: Listener, effect: Reserve, view: EventView) -> Asided | None:
    """An amount of one asset that was set aside before, with what sets it aside: it is the same whoever gets it, and
    whenever. None for anything less simple, and for nothing."""
    giver = sole_giver(listener, effect.reward)
    if giver is None or giver.gift.low != giver.gift.high:
        return None
    amount, factor = giver.boost(giver.gift.low * effect.times, view)
    if amount <= 0:
        return None
    try:
        known: Asided = giver.asides[amount, factor]
    except KeyError:
        moves, _, given = giver.made(amount, amount, factor, view)
        legs = _legs(effect.reward, moves)
        waits = set_aside(legs, listener.key)
        known = Aside(listener.zone.key, legs, (_untold(given),)), waits, listener.shapes.of_all(waits)
        if len(giver.asides) < MOST_READY:
            giver.asides[amount, factor] = known
    return known


def _add(posting: Posting, moves: list[Transfer]) -> None:
    """Transfers whose shape is known by what they are: a mechanic sets the same few things aside again and again."""
    if moves:
        posting.add(moves, posting.listener.shapes.of_all(moves))


def _counted(posting: Posting, effect: Reserve | Post) -> dict[int, int]:
    reward, before = id(effect.reward), posting.decided
    return {**before, reward: before.get(reward, 0) + effect.times} if before else {reward: effect.times}


def take_places(posting: Posting) -> None:
    """Take what counts towards the mechanic's total: places are set aside with what is set aside; what is given takes
    those that were. What was kept beyond that goes back, and what is missing comes from the shelf."""
    listener = posting.listener
    if not (posting.grants or posting.places or posting.decided):  # the most common, and nothing waits
        move(posting, listener.quota, GIVEN, posting.times)
        return
    holder, asset = holder_and_asset(listener.quota)
    if posting.grants:
        leg = total_leg(posting, ())
        assert leg is not None, "something is set aside"
        first, *others = posting.grants
        posting.grants = (replace(first, aside=with_places(first.aside, leg)), *others)
        posting.add(
            (Transfer(asset, leg.source, leg.beside, leg.amount, None, listener.key),),
            listener.shapes.of(((asset, leg.source, leg.beside),)),
        )
    if not posting.counts:
        return
    kept = sum([leg.amount for leg in posting.places])
    wanted = _places(posting)
    if used := min(kept, wanted):
        taken = listener.shapes.of(((asset, RESERVED, GIVEN),))
        posting.add((Transfer(asset, RESERVED, GIVEN, used, None, listener.key),), taken)
    if kept > used:
        _add(posting, [Transfer(asset, RESERVED, holder, kept - used, None, listener.key)])
    if wanted > used:
        move(posting, listener.quota, GIVEN, wanted - used)


def _places(posting: Posting) -> int:
    """How many places of the total a posting takes: how often the reward is given that is given most often."""
    return max(posting.times, max(posting.decided.values(), default=0))


def total_leg(posting: Posting, waiting: Iterable[Leg]) -> Leg | None:
    """The way of the places that are to be set aside beyond those that wait; None when there are enough."""
    quota = posting.listener.quota
    _, asset = holder_and_asset(quota)
    missing = _places(posting) - sum([leg.amount for leg in waiting if leg.asset == asset])
    return _way_of_places(quota, missing) if missing > 0 else None


@lru_cache(1024)
def _way_of_places(quota: str, places: int) -> Leg:
    holder, asset = holder_and_asset(quota)
    return leg_of(Transfer(asset, holder, GIVEN, places), Lifetime())


def with_places(aside: Aside, leg: Leg) -> Aside:
    """What is set aside, with its places of the total."""
    return replace(aside, legs=(*aside.legs, leg))


def held_up(posting: Posting, reward: Reward, give: Callable[[], None]) -> Aside:
    """Take what `give` adds to a posting out again, as something to be set aside."""
    moves, given, items, things = (
        len(posting.transfers), len(posting.given), len(posting.items), len(posting.things),
    )  # fmt: skip
    capped, drawn, times = posting.capped, posting.drawn, posting.times
    before, later, codes = posting.pending, len(posting.pending), posting.codes
    give()
    posting.codes = codes  # who gets one is known when it is given
    posting.times = times
    pending = [each.leg for each in posting.pending[later:]]
    legs = _legs(reward, posting.cut(moves), pending)
    posting.pending = before
    told = [_untold(each) for each in posting.given[given:]]
    made = posting.things[things:]
    del posting.given[given:]
    posting.items, posting.things = posting.items[:items], posting.things[:things]
    shared = _more(posting.drawn, drawn)
    return Aside(
        posting.listener.zone.key,
        legs,
        tuple(told),
        made,
        _more(posting.capped, capped),
        tuple((cap, within, amount) for (cap, within), amount in shared.items()),
    )


def _legs(reward: Reward, moves: Iterable[Transfer], pending: Iterable[Leg] = ()) -> tuple[Leg, ...]:
    """The ways of what a reward moves; `pending` are those of amounts that wait when they are given, in their order."""
    lasts = {gift.asset: gift.lasts for gift in reward.every() if isinstance(gift, AssetGift)}
    waits = iter(pending)
    return tuple(
        next(waits) if each.credit == PENDING else leg_of(each, lasts.get(each.asset, Lifetime()))
        for each in moves
    )


def _more(now: Mapping[Key, int], before: Mapping[Key, int]) -> dict[Key, int]:
    """By how much counts have grown."""
    return {key: count - before.get(key, 0) for key, count in now.items() if count != before.get(key, 0)}


def _untold(given: Given) -> Given:
    """What is known of a gift before it is given: no code, number or end yet."""
    return replace(given, item="", code="", serial=None, expires=None, ready=None, hold="")


def post_reserved(posting: Posting, effect: Post, view: EventView) -> bool:
    """Give what was set aside under a name; False when there is nothing."""
    grant = promised(posting, effect.name, view)
    if grant is None:
        return False
    close(posting, grant)
    aside = grant.aside
    posting.promised = posting.promised or bool(aside.counted)
    places, moves, shape, given = _going(posting.listener, aside, view)
    posting.places += places
    posting.decided = _counted(posting, effect)
    if moves:
        posting.add(moves, shape)
    if given is None:
        zone = ZoneInfo(aside.zone)
        posting.pending += begun(aside.legs, view.now, zone)
        given = told_of(aside, posting.listener.key, view, zone)
    posting.given += given
    for gift in aside.items:
        give_item(posting, gift, view, kept=True)
    return True


def _going(listener: Listener, aside: Aside, view: EventView) -> Going:
    """What becomes of what was set aside when it is given. That is the same all day for all who were promised the same,
    and kept, but for amounts that are then pending."""
    zone = ZoneInfo(aside.zone)
    key = aside.legs, aside.given, days_in(zone).of(view.now)
    try:
        known: Going = listener.going[key]
    except KeyError:
        total = holder_and_asset(listener.quota)[1] if listener.quota else ""
        places = tuple([leg for leg in aside.legs if leg.asset == total])
        legs = [leg for leg in aside.legs if leg.asset != total]
        moves = posted(legs, listener.key, view.now, zone, view.program.expiring)
        waits = any(leg.waits != AT_ONCE for leg in legs)
        given = None if waits else told_of(aside, listener.key, view, zone)
        known = places, moves, listener.shapes.of_all(moves) if moves else UNKNOWN, given
        if len(listener.going) >= MOST_READY:
            listener.going.clear()
        listener.going[key] = known
    return known


def told_of(aside: Aside, owner: str, view: EventView, zone: ZoneInfo) -> list[Given]:
    """The amounts in what was set aside for a mechanic to give, as they are told of when they are given."""
    legs = [leg for leg in aside.legs if leg.target == MEMBER]
    amounts = [each for each in aside.given if each.kind == "asset"]
    return [_told(each, leg, owner, view, zone) for each, leg in zip(amounts, legs, strict=True)]


def _told(given: Given, leg: Leg, owner: str, view: EventView, zone: ZoneInfo) -> Given:
    ready = leg.ready(view.now, zone)
    expires = shown(leg.lasts.end(ready, zone))
    if ready <= view.now:
        return replace(given, expires=expires)
    return replace(given, expires=expires, ready=ready, hold=waiting_id(owner, ready, view.number))


def promised(posting: Posting, name: str, view: EventView) -> Grant | None:
    """What a mechanic has set aside under a name, if anything is."""
    return view.person.open_grants().get(promise_id(posting.listener.key, name, view.number))


def release(posting: Posting, effect: Release, view: EventView) -> None:
    """Let go of what was set aside under a name, if anything is."""
    grant = promised(posting, effect.name, view)
    if grant is not None:
        let_go(posting, grant, effect.day)


def let_go(posting: Posting, grant: Grant, day: date | None = None) -> None:
    """What was set aside goes back to where it came from, and counts towards no cap and no limit: of the day that is
    said, or else of the one on which it was set aside."""
    close(posting, grant)
    counted = grant.aside.counted
    posting.uncounted += counted if day is None or not counted else _counting(posting.listener, day)
    _add(posting, given_back(grant.aside.legs, posting.listener.key))
    for cap, amount in grant.aside.capped.items():
        posting.uncapped = {**posting.uncapped, cap: posting.uncapped.get(cap, 0) + amount}
    for shared, within, amount in grant.aside.drawn:
        key = (shared, within)
        posting.undrawn = {**posting.undrawn, key: posting.undrawn.get(key, 0) + amount}


def close(posting: Posting, grant: Grant) -> None:
    """What was set aside is no longer."""
    posting.closed += (grant.id,)
    posting.aside = True
