"""What becomes of a gift that has to be sent: an address is said, it is on its way, back, received, or not sent at all.

A gift is `awaiting`, then `shipped`, then `delivered`; one that came back is awaiting again, and one that is not sent
is `cancelled`. Parcels of other issuers are facts that change nothing of ours.
"""

from collections.abc import Callable

from msgspec.structs import replace

from festoon.base.errors import Refused, define
from festoon.engine.apply import put_item, stop_timer
from festoon.engine.closing import close_item
from festoon.engine.view import EventView
from festoon.engine.world import ITEM_LAPSE, Item, Sent, Trail
from festoon.ledger.transfers import Transfer
from festoon.members.parcel import parcel_of

NOT_AWAITED = define("delivery.not_awaited", 200, "this gift is {state}", "该礼品状态为{state}，无需配送")
NOT_SENT = define("delivery.not_sent", 200, "this gift is {state}", "该礼品状态为{state}，并未寄出")
NO_SUCH_GIFT = define("delivery.no_such_gift", 200, "you have no such gift", "没有该礼品")
TO_SEND = frozenset({"awaiting", "shipped"})


def _address(view: EventView) -> list[Transfer]:
    """Where a gift goes. It is kept with what is personal, and nowhere else."""
    item = _gift(view)
    if item is None or item.kind != "gift":
        raise Refused(NO_SUCH_GIFT)
    if item.state != "awaiting" or item.expires <= view.now:
        raise Refused(NOT_AWAITED, state=item.state if item.state != "awaiting" else "expired")
    view.person.personal |= parcel_of(view.event.data)
    view.person.touched_profile = True
    return []


def _ship(view: EventView) -> list[Transfer]:
    """It is on its way, and does not lapse any more. Another number corrects the first."""
    item = _gift(view)
    if item is None:
        return []
    if item.state not in TO_SEND:
        raise Refused(NOT_AWAITED, state=item.state)
    data = view.event.data
    put_item(view.person, replace(item, state="shipped"))
    stop_timer(view.person, f"{ITEM_LAPSE}/{item.id}")
    view.world.parcels.append(Sent(view.number, item.id, "shipped", data["carrier"], data["parcel"]))
    return []


def _return(view: EventView) -> list[Transfer]:
    """It came back and waits to be sent again."""
    item = _gift(view)
    if item is None:
        return []
    if item.state != "shipped":
        raise Refused(NOT_SENT, state=item.state)
    put_item(view.person, replace(item, state="awaiting"))
    view.world.parcels.append(Sent(view.number, item.id, "returned"))
    return []


def _deliver(view: EventView) -> list[Transfer]:
    """It reached its member: what it was committed to cost becomes its cost."""
    item = _gift(view)
    if item is None:
        return []
    if item.state not in TO_SEND:
        raise Refused(NOT_AWAITED, state=item.state)
    view.world.parcels.append(
        Sent(view.number, item.id, "received", number=view.event.data.get("parcel") or "")
    )
    return close_item(view, item, "delivered")


def _cancel(view: EventView) -> list[Transfer]:
    """It is not sent: what it was committed to cost goes back to its budget line."""
    data, item = view.event.data, _gift(view)
    if item is None or item.kind != "gift":
        raise Refused(NO_SUCH_GIFT)
    if item.state != "awaiting":
        raise Refused(NOT_AWAITED, state=item.state)
    moved = close_item(view, item, "cancelled")
    view.world.trail.append(
        Trail(
            view.now,
            data["decided_by"],
            "gift.cancelled",
            f"{view.subject}/{item.id}",
            item.ref,
            data["reason"],
        )
    )
    return moved


def _gift(view: EventView) -> Item | None:
    return view.person.item(view.event.data["item"])


GIFT_RULES: dict[str, Callable[[EventView], list[Transfer]]] = {
    "gift.address_given": _address,
    "gift.shipped": _ship,
    "gift.returned": _return,
    "gift.delivered": _deliver,
    "gift.cancelled": _cancel,
}
