"""A card with a stamp for every weekday on which a member buys (周购集章卡): enough of them in a week, and it gives.

Days are read off the events' own times, and what is kept is which days of which week there were. So an order that comes
late stamps the week it belongs to, and in whatever order the orders come, the card is the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from festoon.base.effects import Effect, Give, Keep, Note, Start
from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import MERGED, Build, Mechanic, View
from festoon.mechanics.giving import Giving, said, spec

STAMPED = define("weekday_card.stamped", 200, "{day} has its stamp already", "{day}已盖过章")
FULL = define("weekday_card.full", 200, "this week's card is full", "本周的集章卡已集满")
KEPT_WEEKS = 8
"""An event that is older than the weeks kept is turned away before it comes here: five weeks is the most."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class WeekdayCardParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a card."""

    give: Annotated[Giving, says("What a full card gives.")]
    days: Annotated[
        Annotated[int, Meta(ge=1, le=7)], says("How many different weekdays of one week fill a card.")
    ] = 5
    on: Annotated[str | tuple[str, ...], says("The event type, or types, that stamp.")] = "order.paid"


class WeekdayCardState(Struct, frozen=True, omit_defaults=True):
    """What is remembered of one member: the stamps of each week as bits from Monday up, by the week's Monday."""

    weeks: Mapping[str, int] = {}


class WeekdayCard(Mechanic, kind="weekday_card"):
    """A card a week, from Monday to Sunday in the campaign's time zone. A day is stamped once."""

    Params = WeekdayCardParams
    State = WeekdayCardState

    params: WeekdayCardParams

    def __init__(self, params: WeekdayCardParams, build: Build) -> None:
        super().__init__(params, build)
        self.reward = build.reward(spec(params.give))

    def fields(self) -> frozenset[str]:
        return frozenset()  # it looks at no field of an event's data, only at when it was

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.reward, None),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        state: WeekdayCardState = view.state
        week = _monday(view.day)
        stamps = state.weeks.get(week, 0)
        if stamps.bit_count() >= self.params.days:
            raise Refused(FULL)
        stamp = 1 << view.day.weekday()
        if stamps & stamp:
            raise Refused(STAMPED, day=view.day.isoformat())
        stamps |= stamp
        if stamps.bit_count() == self.params.days:
            yield Give(self.reward)
        yield Keep(WeekdayCardState(_newest({**state.weeks, week: stamps})))
        yield Note({"stamps": stamps.bit_count(), "days": self.params.days})

    def merge(
        self, kept: WeekdayCardState, gone: WeekdayCardState, other: int, view: View
    ) -> Iterator[Effect]:
        """The stamps of both accounts are on one card. A card that only both together have filled is paid at once."""
        weeks = {
            week: kept.weeks.get(week, 0) | gone.weeks.get(week, 0) for week in {**kept.weeks, **gone.weeks}
        }
        full = [week for week, stamps in weeks.items() if stamps.bit_count() >= self.params.days]
        paid = [
            week
            for week in full
            if max(each.weeks.get(week, 0).bit_count() for each in (kept, gone)) >= self.params.days
        ]
        if len(full) > len(paid):
            yield Start(MERGED, view.now, {"cards": len(full) - len(paid)})
        yield Keep(WeekdayCardState(_newest(weeks)))

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        yield Give(self.reward, data["cards"])

    def shows(self, state: WeekdayCardState, day: date) -> dict[str, Any]:
        stamps = state.weeks.get(_monday(day), 0)
        return {
            "week": _monday(day),
            "stamped": [name for bit, name in enumerate(WEEKDAYS) if stamps & 1 << bit],
            "days": self.params.days,
            "full": stamps.bit_count() >= self.params.days,
            "gives": said(self.reward),
        }


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def _newest(weeks: Mapping[str, int]) -> dict[str, int]:
    return {week: weeks[week] for week in sorted(weeks)[-KEPT_WEEKS:]}
