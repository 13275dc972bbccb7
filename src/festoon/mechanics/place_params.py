"""What a plan says of a limited number of places, and what cannot be right about it."""

from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.errors import define
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.fairness import PublicValue, SeedSpan
from festoon.mechanics.giving import Giving

DRAWN_OUTSIDE = define(
    "place.drawn_outside",
    400,
    "the lottery is drawn at {drawn}, and the campaign runs from {start} to {end}",
    "抽签时间{drawn}不在活动时间{start}至{end}之内",
)

Count = Annotated[int, Meta(ge=1, le=10**7)]


class PlaceParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of places."""

    places: Annotated[Count, says("How many there are.")]
    waiting: Annotated[
        Annotated[int, Meta(ge=0, le=10**7)] | None,
        says("How many can wait for one at a time; 0 for no waiting list, without end by default."),
    ] = None
    lottery: Annotated[
        str | None,
        says(
            "Places are drawn among those who applied by then: a date to its end, a local time, or a distance"
            " from a phase. By default whoever comes first has one."
        ),
    ] = None
    take_up_hours: Annotated[
        Annotated[int, Meta(ge=1, le=24 * 90)],
        says("An offered place is to be taken up within so many hours; then it is passed on."),
    ] = 24
    give: Annotated[
        Giving | None, says("Given with the place. A place that gives something cannot be given back.")
    ] = None
    epoch: SeedSpan = "campaign"
    randomness: PublicValue = ""
    on: Annotated[
        str | tuple[str, ...],
        says("The event type, or types, by which a member applies; their data names campaign and mechanic."),
    ] = "place.applied"
