"""Give a reward when something happens: 注册有礼, a first order, a return after long silence."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Struct

from festoon.base.effects import Effect, Give
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, View
from festoon.mechanics.giving import Giving, spec


class GiftParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a gift."""

    on: Annotated[str | tuple[str, ...], says("The event type, or types, that it is given on.")]
    give: Annotated[Giving, says("What is given.")]


class Gift(Mechanic, kind="gift"):
    """A reward for an event.

    It remembers nothing: `limits` says how often (`per_member: 1` is once per person), `when` says to whom.
    """

    Params = GiftParams

    def __init__(self, params: GiftParams, build: Build) -> None:
        super().__init__(params, build)
        self.reward = build.reward(spec(params.give))
        self.give = Give(self.reward)
        self.always = (self.give,)

    def fields(self) -> frozenset[str]:
        return frozenset()

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.reward, None),)

    def decide(self, event: Event, view: View) -> Iterable[Effect]:
        return self.always or ()
