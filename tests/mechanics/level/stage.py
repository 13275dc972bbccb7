"""Members of a club, whose growth is given by the test and looked at by the mechanic."""

from datetime import UTC, date, datetime
from typing import Any

from festoon.base.effects import Effect, Start
from festoon.mechanics.level import Levels
from tests.mechanics.stage import Person, Stage, built, noon

TABLE: list[dict[str, Any]] = [
    {"id": "member", "growth": 0},
    {"id": "silver", "growth": 100},
    {"id": "gold", "growth": 300},
    {"id": "platinum", "growth": 1000},
]


def club(review: dict[str, Any] | None = None, levels: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A plan of levels."""
    plan = {"kind": "level", "on": "order.paid", "levels": TABLE if levels is None else levels}
    return plan if review is None else {**plan, "review": review}


def levels(plan: dict[str, Any]) -> Levels:
    """The mechanic of a campaign that goes on for years."""
    made = built(plan)
    assert isinstance(made, Levels)
    made.closes = datetime(2040, 1, 1, tzinfo=UTC)
    return made


class Club(Stage):
    """Levels on a stage of their own."""

    def __init__(self, plan: dict[str, Any]) -> None:
        super().__init__(plan)
        self.mechanic = levels(plan)
        self.packs: list[str] = []
        """The benefits that were started, by what each is for and its period."""

    def publishes(self, plan: dict[str, Any]) -> None:
        """Another version of the plan takes over."""
        self.mechanic = levels(plan)

    def grows(
        self, amount: int, day: date | str, *, now: date | str | None = None, subject: str = "mei"
    ) -> None:
        """So much growth by an event of a day, which comes at noon of `now`; what is due before fires before."""
        at, taken = noon(day), noon(now or day)
        self.passes(taken)
        person = self.person(subject)
        person.balances["growth"] = person.balances.get("growth", 0) + amount
        self.decides("order.paid", at, subject=subject, now=taken)
        self.passes(taken)

    def _apply(self, effects: list[Effect], person: Person) -> None:
        self.packs += [effect.name for effect in effects if isinstance(effect, Start) and ":" in effect.name]
        super()._apply(effects, person)

    def level(self, day: date | str, subject: str = "mei") -> str | None:
        """The level at noon of a day."""
        self.passes(noon(day))
        shown: str | None = self.shows(day, subject)["level"]
        return shown

    def until(self, subject: str = "mei") -> str | None:
        """The date that the member is told."""
        shown: str | None = self.shows("2027-01-01", subject)["valid_until"]
        return shown
