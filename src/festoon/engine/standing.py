"""Standing rules: what Festoon itself does with an event, whatever the plans say.

Profiles follow registrations and imports; holds are placed, posted and released; operators adjust and reverse; a
coupon of ours that is used turns its committed cost into an actual one; lots, holds and items lapse when their timer
comes due. Like a mechanic, a rule refuses first and then writes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from festoon.base.errors import Refused, define
from festoon.base.events import utc
from festoon.engine.adjusting import ASSET_UNKNOWN, adjust
from festoon.engine.amends import GRANTED, TAKEN, decide_amends
from festoon.engine.apply import (
    GRANT_LAPSE,
    HOLD_LAPSE,
    LOT_LAPSE,
    put_item,
    start_lot_timers,
    start_timer,
    stop_timer,
)
from festoon.engine.barring import BARRING
from festoon.engine.closing import close_item
from festoon.engine.code_rules import enter, redeem_typed, used_up
from festoon.engine.consenting import CONSENT, change_consent
from festoon.engine.gifts import GIFT_RULES
from festoon.engine.held import DECISIONS, lapse
from festoon.engine.joining import JOIN, join, refuse_visitor
from festoon.engine.merging import MERGE, merge_members
from festoon.engine.outcome import Given, MechanicOutcome, Refusal
from festoon.engine.reversing import reverse
from festoon.engine.view import EventView
from festoon.engine.wearing import WEARING
from festoon.engine.world import IN_HAND, ITEM_LAPSE, Hold, Item, Timer
from festoon.ledger.accounts import HELD, LAPSED, MEMBER, SPENT
from festoon.ledger.book import post
from festoon.ledger.lots import Lots
from festoon.ledger.transfers import Transfer
from festoon.mechanics.code import ENTERED
from festoon.members.profile import changed

HOLD_UNKNOWN = define("hold.unknown", 200, "there is no open hold '{hold}'", "不存在未结清的冻结“{hold}”")
HOLD_EXISTS = define("hold.exists", 200, "the hold '{hold}' is open already", "冻结“{hold}”已存在")
HOLD_SMALLER = define(
    "hold.smaller", 200, "the hold is {held} and {wanted} was to be posted", "冻结{held}，不足以扣款{wanted}"
)
COUPON_USED = define("coupon.not_usable", 200, "this coupon is {state}", "该优惠券状态为{state}，不可使用")
REDEEMED = "coupon.redeemed"

Rule = Callable[[EventView], list[Transfer]]
_MAKE_MEMBERS = frozenset({"member.registered", "member.imported"})
Answered = tuple[MechanicOutcome | None, list[Transfer]]


def decide_standing(
    view: EventView, results: list[MechanicOutcome], transfers: list[Transfer]
) -> Refusal | None:
    """Run the standing rule of an event's type. A refusal refuses the event."""
    try:
        if (decision := ANSWERING.get(view.event.type)) is not None:
            decided, moved = decision(view)
            transfers.extend(moved)
            if decided is not None:
                results.append(decided)
            return None
        if view.event.type in _MAKE_MEMBERS:
            refuse_visitor(view)
            join(view, results, transfers)
        moved = STANDING[view.event.type](view)
    except Refused as no:
        return Refusal(no.code, no.data)
    transfers.extend(moved)
    if moved:
        results.append(_outcome(f"festoon/{view.event.type}", moved))
    return None


def decide_join(view: EventView, results: list[MechanicOutcome], transfers: list[Transfer]) -> Refusal | None:
    """Let visitors join a member who is known. When none of those who were seen can, the event is refused."""
    try:
        refuse_visitor(view)
        join(view, results, transfers)
    except Refused as no:
        return Refusal(no.code, no.data)
    if results and all(result.refused is not None for result in results):
        return results[0].refused
    return None


def decide_merge(
    view: EventView, results: list[MechanicOutcome], transfers: list[Transfer]
) -> Refusal | None:
    """Make two accounts one."""
    try:
        outcomes, moved = merge_members(view)
    except Refused as no:
        return Refusal(no.code, no.data)
    results.extend(outcomes)
    transfers.extend(moved)
    return None


def fire_standing(
    view: EventView,
    owner: str,
    data: dict[str, Any],
    results: list[MechanicOutcome],
    transfers: list[Transfer],
) -> bool:
    """Run the rule a lapse timer belongs to; False when the owner is no standing rule."""
    if owner == GRANT_LAPSE:
        if (lapsed := lapse(view, data["hold"])) is not None:
            results.append(lapsed[0])
            transfers.extend(lapsed[1])
        return True
    rule = _LAPSES.get(owner)
    if rule is None:
        return False
    moved = rule(view, data)
    transfers.extend(moved)
    if moved:
        results.append(_outcome(owner, moved))
    return True


def _outcome(rule: str, moved: list[Transfer]) -> MechanicOutcome:
    given = [Given("asset", move.asset, move.amount) for move in moved if move.credit == MEMBER]
    taken: dict[str, int] = {}
    for move in moved:
        if move.debit[0] == "@" and move.credit[0] != "@":
            taken[move.asset] = taken.get(move.asset, 0) + move.amount
    return MechanicOutcome(rule, given, taken)


def _post(view: EventView, moves: list[Transfer]) -> list[Transfer]:
    """Write, or refuse; start the lapse timers of lots that come (back) to the member."""
    done = post(view.person.book, view.world.shared, moves, view.program.expiring)
    start_lot_timers(view.person)
    return list(done)


def _profile(view: EventView) -> list[Transfer]:
    member, event = view.person, view.event
    change = changed(event.type, event.data, member.profile, member.registered, event.time, event.source)
    if change is not None:
        member.profile, member.registered, personal = change
        member.personal |= personal
        member.touched_profile = True
    return []


def _place_hold(view: EventView) -> list[Transfer]:
    data, member = view.event.data, view.person
    if member.hold(data["hold"]) is not None:
        raise Refused(HOLD_EXISTS, hold=data["hold"])
    if data["asset"] not in view.program.assets:
        raise Refused(ASSET_UNKNOWN, asset=data["asset"])
    moves = [Transfer(data["asset"], MEMBER, HELD, data["amount"], None, "festoon/hold.placed")]
    done = _post(view, moves)
    until = utc(str(data["until"])) if data.get("until") else None
    lots = tuple((move.lot, move.amount) for move in done if move.lot is not None)
    hold = Hold(data["hold"], data["asset"], data["amount"], lots, until, str(data.get("reason", "")))
    member.holds[hold.id] = hold
    member.touched_holds.add(hold.id)
    if until is not None:
        start_timer(member, Timer(f"{HOLD_LAPSE}/{hold.id}", until, HOLD_LAPSE, hold.id, {"hold": hold.id}))
    return done


def _open_hold(view: EventView, id: str) -> Hold:
    hold = view.person.hold(id)
    if hold is None:
        raise Refused(HOLD_UNKNOWN, hold=id)
    return hold


def _post_hold(view: EventView) -> list[Transfer]:
    """Spend what was held, in whole or in part; the rest goes back to the lots it came from."""
    hold = _open_hold(view, view.event.data["hold"])
    wanted = view.event.data.get("amount")
    wanted = hold.amount if wanted is None else wanted
    if wanted > hold.amount:
        raise Refused(HOLD_SMALLER, held=hold.amount, wanted=wanted)
    moves = [Transfer(hold.asset, HELD, SPENT, wanted, None, "festoon/hold.posted")] if wanted else []
    return _close_hold(view, hold, moves, hold.amount - wanted, "festoon/hold.posted")


def _release_hold(view: EventView) -> list[Transfer]:
    hold = _open_hold(view, view.event.data["hold"])
    return _close_hold(view, hold, [], hold.amount, "festoon/hold.released")


def _close_hold(view: EventView, hold: Hold, moves: list[Transfer], rest: int, why: str) -> list[Transfer]:
    """Give back `rest`, latest-expiring lots first to come back; a lot that lapsed meanwhile lapses on return."""
    returned = _last_of(list(hold.lots), rest) if hold.lots else [(None, rest)] if rest else []
    for lot, amount in returned:
        gone = lot is not None and lot <= view.now
        moves.append(Transfer(hold.asset, HELD, LAPSED if gone else MEMBER, amount, lot, why))
    done = _post(view, moves)
    member = view.person
    member.holds[hold.id] = None
    member.touched_holds.add(hold.id)
    stop_timer(member, f"{HOLD_LAPSE}/{hold.id}")
    return done


def _last_of(lots: Lots, amount: int) -> list[tuple[datetime | None, int]]:
    """What is left when the first-expiring lots were spent: the last `amount` of them."""
    parts: list[tuple[datetime | None, int]] = []
    for expiry, held in reversed(lots):
        part = min(held, amount)
        if part:
            parts.append((expiry, part))
            amount -= part
    return parts[::-1]


def _redeem(view: EventView) -> Answered:
    """A coupon that we issued is used once: what it was committed to cost becomes its cost. One that was used in time
    and is heard of late has been used, though it has lapsed by now. The outcome says which one it was, by the item's
    id, since nothing else tells which of a member's coupons a code was."""
    text = view.event.data["coupon"]
    item = view.person.item_by_code(text)
    if item is None:
        typed = view.program.codes.typed(text)
        if typed is None:
            return None, []  # another issuer's coupon: a fact that changes nothing of ours
        text = typed.shown
        item = view.person.item_by_code(text)
        if item is None:
            item, moved = redeem_typed(view, typed)
            return _used(item, moved), moved
    if item.state not in ("owned", "expired") or item.expires <= view.time:
        raise Refused(COUPON_USED, state=item.state if item.state != "owned" else "expired")
    used_up(view, text)
    moved = close_item(view, item, "used")
    return _used(item, moved), moved


def _used(item: Item, moved: list[Transfer]) -> MechanicOutcome:
    told = _outcome(f"festoon/{REDEEMED}", moved)
    return replace(told, note={"item": item.id, "coupon": item.ref})


def _enter(view: EventView) -> list[Transfer]:
    enter(view)
    return []


def _lapse_lot(view: EventView, data: dict[str, Any]) -> list[Transfer]:
    asset, book = data["asset"], view.person.book
    moves = [
        Transfer(asset, MEMBER, LAPSED, amount, expiry, LOT_LAPSE)
        for expiry, amount in book.lots_of(asset)
        if expiry <= view.now
    ]
    return _post(view, moves)


def _lapse_item(view: EventView, data: dict[str, Any]) -> list[Transfer]:
    item = view.person.item(data["item"])
    if item is None or item.state not in IN_HAND or item.expires > view.now:
        return []
    if item.kind not in ("coupon", "gift"):
        put_item(view.person, replace(item, state="expired"))
        return []
    return close_item(view, item, "expired")


def _lapse_hold(view: EventView, data: dict[str, Any]) -> list[Transfer]:
    hold = view.person.hold(data["hold"])
    return [] if hold is None else _close_hold(view, hold, [], hold.amount, HOLD_LAPSE)


STANDING: dict[str, Rule] = {
    "member.registered": _profile,
    "member.imported": _profile,
    "member.profile_changed": _profile,
    "segment.entered": _profile,
    "segment.left": _profile,
    "balance.adjusted": adjust,
    "hold.placed": _place_hold,
    "hold.posted": _post_hold,
    "hold.released": _release_hold,
    "transfer.reversed": reverse,
    **GIFT_RULES,
    ENTERED: _enter,
}
ANSWERING: dict[str, Callable[[EventView], Answered]] = {
    **DECISIONS, **BARRING, **WEARING, REDEEMED: _redeem, CONSENT: change_consent,
}  # fmt: skip
"""Rules that say in words what they did; None when they did nothing."""
_LAPSES: dict[str, Callable[[EventView, dict[str, Any]], list[Transfer]]] = {
    LOT_LAPSE: _lapse_lot,
    ITEM_LAPSE: _lapse_item,
    HOLD_LAPSE: _lapse_hold,
}
OWN_RULES = STANDING.keys() | ANSWERING.keys()
"""The types of events that a standing rule answers."""
RULES = {
    **dict.fromkeys(OWN_RULES, decide_standing),
    **dict.fromkeys((GRANTED, TAKEN), decide_amends),
    MERGE: decide_merge,
    JOIN: decide_join,
}
"""What Festoon itself does with an event, by its type."""
