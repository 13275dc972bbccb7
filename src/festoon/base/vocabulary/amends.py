"""Events by which a fault is made good: what is given for it, and what is taken back that was given by mistake."""

from typing import Annotated, Any

from festoon.base.vocabulary.event_type import EventType, internal
from festoon.base.vocabulary.kinds import Count, Data, Id, Text, says


class CompensationGranted(Data, frozen=True):
    """The member is given something because of a fault, or because he stands on a list. Somebody made it, and another
    signed."""

    compensation: Annotated[Id, says("Names the compensation; a member has it once.")]
    campaign: Annotated[Id, says("In whose name it is given, and out of whose budget.")]
    gifts: Annotated[list[dict[str, Any]], says("What is given, with its cost and line.")]
    times: Annotated[Count, says("How many times.")] = 1
    reason: Annotated[Text, says("Kept with the event, behind the line of the statement.")] = ""
    made_by: Id | None = None
    checked_by: Id | None = None


class CompensationTaken(Data, frozen=True):
    """What the member was given by mistake is taken back, by the declared policy for what he has spent."""

    compensation: Annotated[Id, says("Names the compensation; a member has it once.")]
    campaign: Annotated[Id, says("In whose name it was given.")]
    granted: Annotated[dict[str, list[Any]], says("What was given, by the event that gave it.")]
    held: Annotated[
        tuple[str, ...], says("What of it is held for somebody to look at, and is not to be given.")
    ] = ()
    spent: Annotated[str, says("`to_zero` leaves what was spent, `debt` lets the member owe it.")] = "to_zero"
    reason: Annotated[Text, says("Kept with the event, behind the line of the statement.")] = ""
    made_by: Id | None = None
    checked_by: Id | None = None


_BY = {"made_by": "lin", "checked_by": "wu"}

TYPES: tuple[EventType, ...] = (
    internal(
        "compensation.granted",
        CompensationGranted,
        "Compensated",
        "补偿",
        {
            "compensation": "outage-3-april",
            "campaign": "new-year-2027",
            "gifts": [{"asset": {"asset": "points", "low": 100, "high": 100}}],
            "reason": "the draw was down for an hour",
            **_BY,
        },
    ),
    internal(
        "compensation.taken",
        CompensationTaken,
        "Taken back",
        "追回",
        {
            "compensation": "double-points",
            "campaign": "new-year-2027",
            "granted": {"4711": [["points", 100]]},
            "spent": "debt",
            "reason": "points were given twice",
            **_BY,
        },
    ),
)
