"""What a draw remembers of one member: his plays, what he used up, and what he won."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.amounts import added
from festoon.mechanics.draw_params import Prize

REMEMBERED = 35
"""How many periods are remembered of each allowance. An event older than all of them finds it used up."""

T = TypeVar("T")


class DrawState(Struct, frozen=True, omit_defaults=True):
    """`plays` only ever grows. Periods and days are local ones of the events' own time, so that a late event
    counts where it belongs."""

    plays: int = 0
    misses: int = 0
    free: dict[str, int] = {}
    """Free chances used, by period."""
    bought: dict[str, int] = {}
    """Chances bought, by day, where the plan limits them."""
    won: dict[str, int] = {}
    """Prizes won, by id, of those capped over the campaign."""
    won_on: dict[str, dict[str, int]] = {}
    """Prizes won, by day and id, of those capped by the day."""

    def free_left(self, period: str, count: int) -> int:
        return 0 if _forgotten(self.free, period) else count - self.free.get(period, 0)

    def with_free_used(self, period: str) -> "DrawState":
        return replace(self, free=_with(self.free, period, self.free.get(period, 0) + 1))

    def bought_on(self, day: date, limit: int) -> int:
        """How many chances were bought on a day; the limit when that is forgotten."""
        name = day.isoformat()
        return limit if _forgotten(self.bought, name) else self.bought.get(name, 0)

    def with_bought(self, day: date, bought: int) -> "DrawState":
        return replace(self, bought=_with(self.bought, day.isoformat(), bought))

    def may_win(self, prize: Prize, day: date) -> bool:
        """Whether the prize's cap for one member leaves room."""
        if prize.per_member is None:
            return True
        if prize.per_member_per == "campaign":
            return self.won.get(prize.id, 0) < prize.per_member
        name = day.isoformat()
        return (
            not _forgotten(self.won_on, name)
            and self.won_on.get(name, {}).get(prize.id, 0) < prize.per_member
        )

    def may_ever_win(self, prize: Prize) -> bool:
        """The same, for any day still to come."""
        return prize.per_member is None or self.won.get(prize.id, 0) < prize.per_member

    def beyond(self, prize: Prize) -> bool:
        """Whether more of a prize were won over the campaign than one person can win."""
        return prize.per_member is not None and self.won.get(prize.id, 0) > prize.per_member

    def with_won(self, prize: Prize, day: date) -> "DrawState":
        if prize.per_member is None:
            return self
        if prize.per_member_per == "campaign":
            return replace(self, won={**self.won, prize.id: self.won.get(prize.id, 0) + 1})
        name = day.isoformat()
        won = self.won_on.get(name, {})
        counted = {**won, prize.id: won.get(prize.id, 0) + 1}
        return replace(self, won_on=_with(self.won_on, name, counted))

    def with_other(self, gone: "DrawState") -> "DrawState":
        """With what another account of the same person has used up and won. Plays and misses stay those of this number,
        so that every play can still be replayed."""
        days = {*self.won_on, *gone.won_on}
        return replace(
            self,
            free=_latest(added(self.free, gone.free)),
            bought=_latest(added(self.bought, gone.bought)),
            won=added(self.won, gone.won),
            won_on=_latest({day: added(self.won_on.get(day, {}), gone.won_on.get(day, {})) for day in days}),
        )


def _latest(known: Mapping[str, T]) -> dict[str, T]:
    return {period: known[period] for period in sorted(known)[-REMEMBERED:]}


def _forgotten(known: Mapping[str, object], period: str) -> bool:
    return len(known) >= REMEMBERED and period < min(known)


def _with(known: Mapping[str, T], period: str, value: T) -> dict[str, T]:
    """What is known with one period more, the oldest forgotten when there are too many."""
    more = {**known, period: value}
    if len(more) > REMEMBERED:
        del more[min(more)]
    return more
