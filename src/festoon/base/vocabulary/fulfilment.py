"""Events about parcels: what the warehouse and the courier say of gifts that are sent."""

from typing import Annotated

from festoon.base.vocabulary.event_type import EventType, fact, internal
from festoon.base.vocabulary.kinds import Data, Id, Text, says

ItemId = Annotated[Id, says("The gift's id, as the outcome that gave it names it.")]


class GiftShipped(Data, frozen=True):
    """A gift is on its way. Said again with another number, it corrects the first."""

    item: ItemId
    carrier: Annotated[Id, says("Who carries it.")]
    parcel: Annotated[Id, says("The number of the parcel.")]


class GiftReturned(Data, frozen=True):
    """A parcel has come back; the gift waits to be sent again."""

    item: ItemId
    reason: Text | None = None


class GiftCancelled(Data, frozen=True):
    """A gift is not sent after all; what it was to cost goes back to its budget line."""

    item: ItemId
    reason: Annotated[Text, says("Kept in the journal and the audit trail.")]
    decided_by: Annotated[Id, says("Who decided.")]


_ITEM = {"item": "9f2c41d07be3a85516c0d2e4"}

TYPES: tuple[EventType, ...] = (
    fact(
        "gift.shipped",
        GiftShipped,
        "Gift shipped",
        "礼品发货",
        _ITEM | {"carrier": "SF", "parcel": "SF-1042"},
    ),
    fact("gift.returned", GiftReturned, "Gift returned", "礼品退回", _ITEM | {"reason": "nobody at home"}),
    internal(
        "gift.cancelled",
        GiftCancelled,
        "Gift cancelled",
        "礼品取消",
        _ITEM | {"reason": "the member does not want it", "decided_by": "lin"},
    ),
)
