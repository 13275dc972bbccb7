"""Events by which a member takes part in a campaign."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from festoon.base.vocabulary.event_type import EventType, fact, request
from festoon.base.vocabulary.kinds import Data, Id, Text, Word, says


class CheckInMade(Data, frozen=True):
    """The member checked in. The day is the event's own, unless the check-in makes up for a missed one."""

    repair: Annotated[date | None, says("The missed day that a make-up card is used for.")] = None
    campaign: Annotated[Id | None, says("Only for this campaign; every running one when left out.")] = None
    mechanic: Id | None = None
    photo: Annotated[Text | None, says("Where the photo proof is kept.")] = None
    proof: Annotated[Id | None, says("Names the proof, where it is not a photo alone.")] = None
    day: Annotated[date | None, says("The day whose rejected photo this one stands in for.")] = None


class ProofSubmitted(Data, frozen=True):
    """The member hands in a proof of something he did, for somebody to look at."""

    proof: Annotated[Id, says("Names the proof; the verdict names it again.")]
    campaign: Annotated[Id | None, says("Only for this campaign; every running one when left out.")] = None
    mechanic: Id | None = None
    photo: Annotated[Text | None, says("Where a photo is kept.")] = None


class ProofApproved(Data, frozen=True):
    """Somebody has looked at what the member, the subject, handed in, and it counts."""

    proof: Annotated[Text, says("What was handed in, by the name it was handed in under.")]
    campaign: Annotated[Id | None, says("Only for this campaign; every running one when left out.")] = None
    mechanic: Id | None = None
    reviewer: Annotated[Id | None, says("Who looked at it.")] = None


class ProofRejected(Data, frozen=True):
    """Somebody has looked at what the member, the subject, handed in, and it does not count."""

    proof: Annotated[Text, says("What was handed in, by the name it was handed in under.")]
    reason: Annotated[Word, says("Why not. The member reads it.")]
    campaign: Annotated[Id | None, says("Only for this campaign; every running one when left out.")] = None
    mechanic: Id | None = None
    reviewer: Annotated[Id | None, says("Who looked at it.")] = None


class ExchangeMade(Data, frozen=True):
    """The member wants what an exchange of the plan gives, for what it costs."""

    campaign: Id
    mechanic: Annotated[Id, says("The exchange's name in the plan.")]


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
    fact(
        "proof.submitted",
        ProofSubmitted,
        "Proof handed in",
        "提交凭证",
        {"proof": "pr-7", "photo": "photos/pr-7.jpg"},
        by="member",
    ),
    fact("proof.approved", ProofApproved, "Proof approved", "凭证通过", {"proof": "pr-7", "reviewer": "lin"}),
    fact(
        "proof.rejected",
        ProofRejected,
        "Proof rejected",
        "凭证驳回",
        {"proof": "pr-7", "reason": "the face cannot be seen", "reviewer": "lin"},
    ),
    request(
        "exchange.made",
        ExchangeMade,
        "Exchange made",
        "兑换",
        {"campaign": "new-year-2027", "mechanic": "card-shop"},
        by="member",
    ),
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
