"""Events by which a member takes part in a campaign."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from festoon.base.vocabulary.event_type import EventType, fact, request
from festoon.base.vocabulary.kinds import Data, Id, Text, says


class CheckInMade(Data, frozen=True):
    """The member checked in. The day is the event's own, unless the check-in makes up for a missed one."""

    repair: Annotated[date | None, says("The missed day that a make-up card is used for.")] = None
    campaign: Annotated[Id | None, says("Only for this campaign; every running one when left out.")] = None
    mechanic: Id | None = None
    photo: Annotated[Text | None, says("Where the photo proof is kept.")] = None


class DrawPlayed(Data, frozen=True):
    """The member pressed the draw button. One event is one play."""

    campaign: Id
    mechanic: Annotated[Id, says("The draw's name in the plan.")]


class DrawChanceBought(Data, frozen=True):
    """The member wants draw chances for what the plan says they cost."""

    campaign: Id
    mechanic: Annotated[Id, says("The draw's name in the plan.")]
    count: Annotated[int, Meta(ge=1, le=1000), says("How many chances.")] = 1


_DRAW = {"campaign": "new-year-2027", "mechanic": "lucky-draw"}

TYPES: tuple[EventType, ...] = (
    fact("check_in.made", CheckInMade, "Check-in", "签到", {"repair": "2027-02-06"}, by="member"),
    request("draw.played", DrawPlayed, "Draw played", "抽奖", _DRAW, by="member"),
    request(
        "draw.chance_bought",
        DrawChanceBought,
        "Chances bought",
        "兑换抽奖机会",
        _DRAW | {"count": 2},
        by="member",
    ),
)
