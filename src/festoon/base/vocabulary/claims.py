"""Events by which a member asks for his part of something that there is only so much of."""

from typing import Annotated

from festoon.base.vocabulary.event_type import EventType, fact, request
from festoon.base.vocabulary.kinds import PERSONAL, Data, Id, Text, says


class RedPacketClaimed(Data, frozen=True):
    """The member reaches into a pool of red packets. One event is one try."""

    campaign: Id
    mechanic: Annotated[Id, says("The pool's name in the plan.")]


class PlaceApplied(Data, frozen=True):
    """The member wants one of a limited number of places."""

    campaign: Id
    mechanic: Annotated[Id, says("The name in the plan of what there are places in.")]


class PlaceTaken(Data, frozen=True):
    """The member takes up the place that he was offered."""

    campaign: Id
    mechanic: Annotated[Id, says("The name in the plan of what there are places in.")]


class PlaceCancelled(Data, frozen=True):
    """The member gives his place back, leaves the waiting list, or withdraws from the lottery."""

    campaign: Id
    mechanic: Annotated[Id, says("The name in the plan of what there are places in.")]


class CodeEntered(Data, frozen=True):
    """The member typed a code and wants what it stands for. It names itself what it is a code of."""

    code: Annotated[Id, says("As it was typed; hyphens, spaces and small letters make no difference.")]


class GiftAddressGiven(Data, frozen=True):
    """The member says where a gift of his is to be sent. It can be said again until the parcel is on its way."""

    item: Annotated[Id, says("The gift's id, as the outcome that gave it names it.")]
    name: Annotated[Text, PERSONAL, says("Who receives it.")]
    phone: Annotated[Text, PERSONAL, says("How the courier reaches him.")]
    address: Annotated[Text, PERSONAL, says("Where it goes, as it stands on the parcel.")]
    postcode: Annotated[Text | None, PERSONAL] = None


class ItemWorn(Data, frozen=True):
    """The member puts on a badge or a virtual item of his. Where there is room for one, it takes the place of what was
    worn there."""

    item: Annotated[Id, says("The item's id, as the outcome that gave it names it.")]


class ItemTakenOff(Data, frozen=True):
    """The member takes off what he wears."""

    item: Annotated[Id, says("The item's id.")]


_PACKETS = {"campaign": "new-year-2027", "mechanic": "red-packets"}
_PLACES = {"campaign": "new-year-2027", "mechanic": "early-access"}

TYPES: tuple[EventType, ...] = (
    request(
        "code.entered", CodeEntered, "Code entered", "输入兑换码", {"code": "TEA-7K3M-9QXP-2BWD"}, by="member"
    ),
    request("red_packet.claimed", RedPacketClaimed, "Red packet claimed", "抢红包", _PACKETS, by="member"),
    request("place.applied", PlaceApplied, "Place applied for", "申请名额", _PLACES, by="member"),
    request("place.taken", PlaceTaken, "Place taken up", "确认名额", _PLACES, by="member"),
    request("place.cancelled", PlaceCancelled, "Place given back", "取消名额", _PLACES, by="member"),
    request("item.worn", ItemWorn, "Put on", "佩戴", {"item": "9f2c41d07be3a85516c0d2e4"}, by="member"),
    request(
        "item.taken_off", ItemTakenOff, "Taken off", "取下", {"item": "9f2c41d07be3a85516c0d2e4"}, by="member"
    ),
    fact(
        "gift.address_given",
        GiftAddressGiven,
        "Address given",
        "填写收货地址",
        {
            "item": "9f2c41d07be3a85516c0d2e4",
            "name": "李雷",
            "phone": "+86 138 0000 0000",
            "address": "苏州市平江路1号",
        },
        by="member",
    ),
)
