"""Exchange (兑换): so much of an asset for something else, when the member asks for it."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.amounts import MAX_AMOUNT
from festoon.base.effects import Effect, Give, Take
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.giving import Giving, spec


class Price(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one exchange costs the member."""

    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT), says("How much, in the asset's smallest unit.")]
    asset: Annotated[str, says("Of what.")] = "points"


class ExchangeParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of an exchange."""

    price: Annotated[Price, says("What it costs.")]
    give: Annotated[Giving, says("What it gives.")]
    on: Annotated[str | tuple[str, ...], says("The request by which a member asks for it.")] = "exchange.made"


class Exchange(Mechanic, kind="exchange"):
    """One asset for a reward. `limits` says how often; one request is one exchange, done whole or refused."""

    request = True
    paid = True
    Params = ExchangeParams

    def __init__(self, params: ExchangeParams, build: Build) -> None:
        super().__init__(params, build)
        self.price = Take(build.asset(params.price.asset, "price.asset"), params.price.amount)
        self.give = Give(build.reward(spec(params.give)))

    def needs(self) -> Needs:
        return Needs(assets=(self.price.asset,))

    def fields(self) -> frozenset[str]:
        return frozenset({"campaign", "mechanic"})

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.give.reward, None),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        yield self.price
        yield self.give
