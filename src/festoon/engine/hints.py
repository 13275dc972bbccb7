"""What a batch will probably read, guessed before it is decided, so that it is read in one go.

A guess too many costs a row; a guess too few costs another round. Neither changes what is decided.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from festoon.base.events import Event
from festoon.base.rewards import AssetGift, Gift
from festoon.engine.apply import GRANT_LAPSE, HOLD_LAPSE, LOT_LAPSE
from festoon.engine.gifts import GIFT_RULES
from festoon.engine.held import DECISIONS
from festoon.engine.joining import JOIN, named
from festoon.engine.keys import Keys
from festoon.engine.listener import Listener
from festoon.engine.merging import MERGE
from festoon.engine.program import TOGETHER, Program
from festoon.engine.progress import campaign_and_mechanic
from festoon.engine.standing import OWN_RULES
from festoon.engine.watch import PACE
from festoon.engine.wearing import WEARING, WORN
from festoon.engine.world import ITEM_LAPSE, Timer
from festoon.ledger.set_aside import beside
from festoon.mechanics.code import ENTERED

USES = frozenset({"coupon.redeemed", "gift.delivered"})
"""The types that turn a committed cost into an actual one."""
SPECIAL = OWN_RULES | USES | {MERGE, JOIN, ENTERED}
"""The types that read more than what mechanics make of them."""


class Reads(NamedTuple):
    """What one listener reads of its subject, and of the shared accounts."""

    assets: tuple[str, ...]
    campaigns: tuple[str, ...]
    shared: tuple[str, ...]
    grants: bool
    """Whether what is set aside for the subject."""
    sightings: bool
    """Whether where he was seen."""


@lru_cache(4096)
def reads_of(listener: Listener) -> Reads:
    """Everything a mechanic may touch: its own state, its needs, and what its rewards move."""
    needs = listener.mechanic.needs()
    assets = set(needs.assets)
    shared = set(needs.shared)
    if listener.quota:
        shared.add(listener.quota)
    gifts = [gift for reward, _ in listener.mechanic.worst_case() for gift in reward.every()]
    for gift in gifts:
        shared.add(gift.cost.line)
        if isinstance(gift, AssetGift):
            assets.add(gift.asset)
        else:
            shared.add(gift.stock)
    shared.discard("")
    if listener.sets_aside:
        shared |= {beside(account) for account in shared}
    campaigns: tuple[str, ...] = (listener.campaign.campaign,)
    if listener.group or any(capped(listener, gift) for gift in gifts):
        campaigns += (campaign_and_mechanic(TOGETHER)[0],)
    return Reads(
        tuple(sorted(assets)), campaigns, tuple(sorted(shared)),
        listener.sets_aside or any(isinstance(gift, AssetGift) and gift.waits for gift in gifts),
        _scores(listener),
    )  # fmt: skip


def _scores(listener: Listener) -> bool:
    """Whether a mechanic asks where its members were seen."""
    return listener.risk is not None and bool(listener.plan.at_risk and listener.risk.asks)


def capped(listener: Listener, gift: Gift) -> bool:
    """Whether a gift counts towards a cap that campaigns share."""
    return (gift.asset if isinstance(gift, AssetGift) else gift.kind) in listener.shared_caps


@lru_cache(4096)
def reads_of_all(listeners: tuple[Listener, ...]) -> Reads:
    """What several listeners read together. Many events concern the same few combinations."""
    each = [reads_of(listener) for listener in listeners]
    return Reads(
        _together(reads.assets for reads in each),
        _together(reads.campaigns for reads in each),
        _together(reads.shared for reads in each),
        any(reads.grants for reads in each),
        any(reads.sightings for reads in each),
    )


def _together(keys: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({key for some in keys for key in some}))


def keys_for(program: Program, events: Iterable[tuple[int, Event]], fresh: frozenset[int]) -> Keys:
    """The keys that these members' events will probably read. Fresh members have nothing to read."""
    keys = Keys()
    alike: dict[Reads, list[int]] = {}
    """Whose events read alike; they are many, and what they read is one of a few."""
    pace, followers = program.watch is not None and program.watch.pace, program.followers
    for number, event in events:
        concerned, type_ = _concerned(program, event), event.type
        reads = reads_of_all(concerned + followers if followers and concerned else concerned)
        if reads in alike:
            alike[reads].append(number)
        else:
            alike[reads] = [number]
        if type_ in SPECIAL:
            _special(keys, program, number, event)
        if pace and number not in fresh:
            keys.progress.add((number, campaign_and_mechanic(PACE)[0]))
    for reads, numbers in alike.items():
        _add(keys, numbers, reads, fresh)
    return keys


def _special(keys: Keys, program: Program, number: int, event: Event) -> None:
    """What types of event read that do more than what mechanics make of them."""
    if event.type == MERGE:
        keys.numbers.add(event.data["member"])
    keys.numbers.update(named(event))
    if event.type in OWN_RULES:
        _standing(keys, number, event.type, event.data)
    if event.type in USES:
        keys.shared |= program.committed
        _typed(keys, program, str(event.data.get("coupon")))
    elif event.type == ENTERED:
        _typed(keys, program, str(event.data.get("code")))


def keys_of(program: Program, timers: Iterable[tuple[int, Timer]], fresh: frozenset[int]) -> Keys:
    """The keys that due timers will probably read."""
    keys = Keys()
    for number, timer in timers:
        owner = program.by_key.get(timer.owner)
        if owner is not None:
            _add(keys, (number,), reads_of(owner), fresh)
        elif timer.owner == LOT_LAPSE:
            keys.accounts.add((number, timer.data["asset"]))
        elif timer.owner == ITEM_LAPSE:
            keys.items.add((number, timer.data["item"]))
            keys.shared |= program.committed
        elif timer.owner == HOLD_LAPSE:
            keys.holds.add((number, timer.data["hold"]))
        elif timer.owner == GRANT_LAPSE:
            keys.grants.add(number)
    return keys


def _concerned(program: Program, event: Event) -> tuple[Listener, ...]:
    """The mechanics that will probably look at an event."""
    data = event.data
    candidates = program.listeners(event.type, data)
    if _whatever_it_says(candidates):
        return candidates
    return tuple(
        listener
        for listener in candidates
        if not listener.paused
        and (not listener.request or data.get("mechanic") == listener.plan.id)
        and (not listener.equal or listener.concerns(data))
    )


@lru_cache(4096)
def _whatever_it_says(listeners: tuple[Listener, ...]) -> bool:
    """Whether all of these look at an event whatever is in it."""
    return not any(listener.paused or listener.request or listener.equal for listener in listeners)


def _add(keys: Keys, members: Iterable[int], reads: Reads, fresh: frozenset[int]) -> None:
    keys.shared.update(reads.shared)
    known = [number for number in members if number not in fresh] if fresh else members
    for asset in reads.assets:
        keys.accounts.update([(number, asset) for number in known])
    for campaign in reads.campaigns:
        keys.progress.update([(number, campaign) for number in known])
    if reads.grants:
        keys.grants.update(known)
    if reads.sightings:
        keys.sightings.update(known)


def _standing(keys: Keys, number: int, type_: str, data: dict[str, object]) -> None:
    if type_ in WEARING:
        keys.progress.add((number, campaign_and_mechanic(WORN)[0]))
    if type_ in GIFT_RULES or type_ in WEARING:
        keys.items.add((number, str(data.get("item"))))
    elif type_ == "coupon.redeemed":
        keys.items.add((number, f"code:{data.get('coupon')}"))
    elif type_ in ("hold.placed", "hold.posted", "hold.released"):
        keys.holds.add((number, str(data.get("hold"))))
    elif type_ in DECISIONS:
        keys.grants.add(number)
    if type_ in ("balance.adjusted", "hold.placed"):
        keys.accounts.add((number, str(data.get("asset"))))


def _typed(keys: Keys, program: Program, text: str) -> None:
    """A code that can be right and is one of a batch."""
    typed = program.codes.meant(text)
    if typed is not None and not typed.owner:
        keys.codes.add(typed.code)
