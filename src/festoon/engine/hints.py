"""What a batch will probably read, guessed before it is decided, so that it is read in one go.

A guess too many costs a row; a guess too few costs another round. Neither changes what is decided.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from festoon.base.events import Event
from festoon.base.rewards import AssetGift
from festoon.engine.apply import HOLD_LAPSE, ITEM_LAPSE, LOT_LAPSE
from festoon.engine.load import Keys
from festoon.engine.program import Listener, Program
from festoon.engine.world import Timer


class Reads(NamedTuple):
    """What one listener reads of its subject, and of the shared accounts."""

    assets: tuple[str, ...]
    progress: tuple[str, ...]
    shared: tuple[str, ...]


@cache
def reads_of(listener: Listener) -> Reads:
    """Everything a mechanic may touch: its own state, its needs, and what its rewards move."""
    needs = listener.mechanic.needs()
    assets = set(needs.assets)
    shared = set(needs.shared)
    if listener.quota:
        shared.add(listener.quota)
    for reward, _ in listener.mechanic.worst_case():
        for gift in reward.gifts:
            shared.add(gift.cost.line)
            if isinstance(gift, AssetGift):
                assets.add(gift.asset)
            else:
                shared.add(gift.stock)
    campaign = listener.campaign.campaign
    progress = {listener.key} | {f"{campaign}/{mechanic}" for mechanic in needs.mechanics}
    progress |= {f"{campaign}/{read.partition(':')[2]}" for read in listener.reads if "count:" in read}
    return Reads(tuple(sorted(assets)), tuple(sorted(progress)), tuple(sorted(shared - {""})))


def keys_for(
    program: Program,
    events: Iterable[tuple[int, Event]],
    timers: Iterable[tuple[int, Timer]],
    fresh: frozenset[int],
) -> Keys:
    """The keys that these members' events and due timers will probably read. Fresh members have nothing to read."""
    keys = Keys()
    for number, event in events:
        for listener in program.listeners(event.type, event.data):
            if listener.request and event.data.get("mechanic") != listener.plan.id:
                continue
            if listener.paused or not listener.concerns(event.data):
                continue
            _add(keys, number, reads_of(listener), fresh=number in fresh)
        _standing(keys, number, event.type, event.data)
        if event.type == "coupon.redeemed":
            keys.shared |= program.committed
    for number, timer in timers:
        owner = program.by_key.get(timer.owner)
        if owner is not None:
            _add(keys, number, reads_of(owner), fresh=number in fresh)
        elif timer.owner == LOT_LAPSE:
            keys.accounts.add((number, timer.data["asset"]))
        elif timer.owner == ITEM_LAPSE:
            keys.items.add((number, timer.data["item"]))
            keys.shared |= program.committed
        elif timer.owner == HOLD_LAPSE:
            keys.holds.add((number, timer.data["hold"]))
    return keys


def _add(keys: Keys, number: int, reads: Reads, *, fresh: bool) -> None:
    keys.shared.update(reads.shared)
    if not fresh:
        keys.accounts.update([(number, asset) for asset in reads.assets])
        keys.progress.update([(number, key) for key in reads.progress])


def _standing(keys: Keys, number: int, type_: str, data: dict[str, object]) -> None:
    if type_ == "coupon.redeemed":
        keys.items.add((number, f"code:{data.get('coupon')}"))
    elif type_ in ("hold.placed", "hold.posted", "hold.released"):
        keys.holds.add((number, str(data.get("hold"))))
    if type_ in ("balance.adjusted", "hold.placed"):
        keys.accounts.add((number, str(data.get("asset"))))
