"""The draw (抽奖): chances are played for prizes, by a roll that anybody can check afterwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from math import prod
from typing import Any, ClassVar

from msgspec.structs import replace

from festoon.base.effects import Effect, FromShared, Give, HandOver, Keep, Note, Take, had_twice
from festoon.base.errors import Invalid, Refused, define
from festoon.base.events import Event
from festoon.base.rewards import AssetGift, Reward
from festoon.base.times import period_of, start_of_day, start_of_week
from festoon.mechanics.base import Build, Mechanic, Needs, View
from festoon.mechanics.draw_params import RAISED_TOO_FINELY, Chances, DrawParams, Prize, check, swaps_of
from festoon.mechanics.draw_record import LARGEST
from festoon.mechanics.draw_shelves import Shelves
from festoon.mechanics.draw_state import DrawState
from festoon.mechanics.draw_table import (
    NOTHING,
    Guarantee,
    Row,
    Settled,
    Why,
    WhyNot,
    effective,
    misses_after,
    pick,
    raised,
    released,
    settle,
    total,
)
from festoon.mechanics.fairness import gift_label
from festoon.mechanics.raises import Raiser, used_up
from festoon.mechanics.reward_line import RewardLine

CHANCE_BOUGHT = "draw.chance_bought"

NO_CHANCES = define(
    "draw.no_chances",
    200,
    "no chance left; the next free one comes at {next}",
    "抽奖机会已用完，下次免费机会：{next}",
)
NO_CHANCES_LEFT = define("draw.no_chances_left", 200, "no chance left", "抽奖机会已用完")
SOLD_OUT = define(
    "draw.sold_out", 200, "nothing is left to be won; no chance was used", "奖品已全部发完，未消耗抽奖机会"
)
SOLD_OUT_NOW = define(
    "draw.sold_out_now",
    200,
    "nothing can be won at this moment; no chance was used",
    "当前暂无可抽奖品，未消耗抽奖机会",
    todo="Try again later.",
    todo_zh="请稍后再试。",
)
NOT_FOR_SALE = define(
    "draw.not_for_sale", 200, "chances of this draw are not for sale", "本抽奖不支持购买机会"
)
BOUGHT_ENOUGH = define(
    "draw.bought_enough",
    200,
    "{limit} chance(s) can be bought a day; {bought} were, and {wanted} more are wanted",
    "每天最多购买{limit}次机会，今日已购{bought}次，本次要购{wanted}次",
)

FREE, EARNED, KEPT = "free", "earned", "kept"


class Draw(Mechanic, kind="draw"):
    """Plays chances for prizes.

    A play uses a free chance of its own local day, week or campaign first, else one of the member's account.
    What the roll fell on, what was given for it and why is in the outcome, with the table it was rolled on.
    """

    request: ClassVar[bool] = True
    Params = DrawParams
    State = DrawState

    params: DrawParams

    def __init__(self, params: DrawParams, build: Build) -> None:
        super().__init__(params, build)
        self.zone, self.opens, self.closes = build.zone, build.start, build.end
        self.rewards: dict[str, Reward] = {}
        self.stock: dict[str, str] = {}
        for index, prize in enumerate(params.prizes):
            give = [prize.give] if isinstance(prize.give, RewardLine) else prize.give
            self.rewards[prize.id] = build.reward(give, f"prizes[{index}].give")
            if prize.stock is not None:
                self.stock[prize.id] = build.stock(prize.id, prize.stock, f"prizes[{index}].stock")
        self.shelves = {name: Shelves(reward) for name, reward in self.rewards.items()}
        self.spans = {name: tuple(_spans(reward)) for name, reward in self.rewards.items()}
        self.limited = frozenset(
            prize.id
            for prize in params.prizes
            if prize.stock is not None or prize.per_member is not None or self.shelves[prize.id].accounts
        )
        check(params, self.limited)
        self.policy = params.sold_out or "nothing"
        self.prizes = {prize.id: prize for prize in params.prizes}
        self.rows: tuple[Row, ...] = (
            *((prize.id, prize.weight) for prize in params.prizes),
            (NOTHING, params.nothing),
        )
        self.chances = build.chances()
        self.one_chance = Reward("chance", (AssetGift(self.chances, 1, 1),))
        chances = params.chances or Chances()
        self.free, self.sale, when = chances.free, chances.bought, chances.when
        self.coin = build.asset(self.sale.asset, "chances.bought.asset") if self.sale else ""
        self.free_when = build.condition(when, "chances.when") if when is not None else None
        self.swaps = swaps_of(params)
        self.raises = tuple(
            (more.prize, Raiser(more, build, f"raises[{index}]")) for index, more in enumerate(params.raises)
        )
        self._check_scale()

    @classmethod
    def listens(cls, params: DrawParams) -> tuple[str, ...]:
        return (*super().listens(params), CHANCE_BOUGHT)

    def needs(self) -> Needs:
        shelves = (account for each in self.shelves.values() for account in each.accounts)
        return Needs(
            assets=tuple(filter(None, (self.chances, self.coin, *(more.asset for _, more in self.raises)))),
            shared=tuple(dict.fromkeys((*self.stock.values(), *shelves))),
        )

    def stocks(self) -> Mapping[str, int]:
        return {account: self.prizes[name].stock or 0 for name, account in self.stock.items()}

    def fields(self) -> frozenset[str]:
        return frozenset({"campaign", "mechanic", "count"})

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return [(self.rewards[prize.id], prize.stock) for prize in self.params.prizes]

    def odds(self) -> list[tuple[str, int, int]]:
        """The odds to publish: each prize's id (last `nothing` if it has a weight), its weight, the total."""
        return _odds(self.rows)

    def odds_now(self, event: Event, view: View) -> list[tuple[str, int, int]]:
        """The same for a play of this member at this moment: with what raises his weights, and what cannot be had."""
        return _odds(self._table(event, view, partial(self._ask, {}, event, view))[0])

    def merge(self, kept: DrawState, gone: DrawState, other: int, view: View) -> Iterator[Effect]:
        both = kept.with_other(gone)
        yield from had_twice(
            f"prize:{prize.id}"
            for prize in self.params.prizes
            if kept.won.get(prize.id) and gone.won.get(prize.id) and both.beyond(prize)
        )
        yield Keep(both)

    def shows(self, state: DrawState, day: date) -> dict[str, Any]:
        free, promise = self.free, self.params.guarantee
        limit = self.sale.per_day if self.sale is not None else 0
        return {
            "plays": state.plays,
            "free_left": max(state.free_left(_period(day, free.per), free.count), 0) if free else 0,
            "can_buy": None if limit is None else max(limit - state.bought_on(day, limit), 0),
            "misses": state.misses,
            "guaranteed_after": promise.after if promise is not None else None,
        }

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        if event.type == CHANCE_BOUGHT:
            return self._buy(event, view)
        return self._play(event, view)

    # Buying a chance

    def _buy(self, event: Event, view: View) -> Iterator[Effect]:
        sale = self.sale
        if sale is None:
            raise Refused(NOT_FOR_SALE)
        if self._all_gone(event, view):
            raise Refused(SOLD_OUT)
        wanted: int = event.data.get("count", 1)
        state: DrawState = view.state
        if sale.per_day is not None:
            bought = state.bought_on(view.day, sale.per_day)
            if bought + wanted > sale.per_day:
                raise Refused(BOUGHT_ENOUGH, limit=sale.per_day, bought=bought, wanted=wanted)
            state = state.with_bought(view.day, bought + wanted)
        yield Take(self.coin, sale.price * wanted)
        yield HandOver(self.one_chance, wanted)
        yield Keep(state)

    # Playing one

    def _play(self, event: Event, view: View) -> Iterator[Effect]:
        state: DrawState = view.state
        chance = self._chance(event, view, state)
        play = state.plays + 1
        out: dict[str, Why] = {}
        why_not = partial(self._ask, out, event, view)
        rows, factors, using = self._table(event, view, why_not)
        bound = total(rows)
        if bound == 0:
            raise Refused(SOLD_OUT if self._all_gone(event, view) else SOLD_OUT_NOW)
        roll = view.roll(bound, play)
        rolled = pick(rows, roll)
        guarantee = self._guarantee(state)
        settled = settle(rows, rolled, self.policy, why_not, guarantee, self.swaps)
        if settled.given == NOTHING and self._all_gone(event, view):
            raise Refused(SOLD_OUT)

        # From here on the play stands. Its note comes before what is given: amounts are rolled by the number in it.
        note: dict[str, Any] = {
            "epoch": view.epoch(), "play": play, "policy": self.policy, "table": rows,
            "total": bound, "roll": roll, "rolled": rolled, "given": settled.given, "reason": settled.reason,
            "chance": chance if settled.uses_chance else KEPT,
        }  # fmt: skip
        asides: dict[str, Any] = {
            "out": out,
            "guarantee": None if guarantee is None else _fields(guarantee),
            "swaps": self.swaps,
            "raised": [[name, by.numerator, by.denominator] for name, by in factors.items()],
            "amounts": self._amounts(settled.given, play, view),
        }
        note |= {name: aside for name, aside in asides.items() if aside}
        if settled.uses_chance:
            yield from (Take(asset, units) for asset, units in using.items())
        yield Note(note)
        if settled.uses_chance and chance == EARNED:
            yield Take(self.chances, 1)
        if settled.given != NOTHING:
            if settled.given in self.stock:
                prize = self.stock[settled.given]
                yield FromShared(prize, 1, self._kept_back(settled.given, view), belongs=True)
            yield Give(self.rewards[settled.given])
        yield Keep(self._after(state, settled, chance, guarantee, view))

    def _check_scale(self) -> None:
        """Whether the table stays within what readers of a record can hold, whatever raises its weights."""
        factors: dict[str, Fraction] = {}
        for name, more in self.raises:
            factors[name] = factors.get(name, Fraction(1)) * more.factor
        scale = prod(more.factor.denominator for _, more in self.raises)
        most = sum(weight * factors.get(name, Fraction(1)) for name, weight in self.rows) * scale
        if most > LARGEST:
            raise Invalid(RAISED_TOO_FINELY, "raises", total=int(most), limit=LARGEST)

    def _table(
        self, event: Event, view: View, why_not: WhyNot
    ) -> tuple[tuple[Row, ...], dict[str, Fraction], dict[str, int]]:
        """The table to roll on for this member; by how much weights are raised, and what that uses up."""
        factors: dict[str, Fraction] = {}
        holding = [(name, more) for name, more in self.raises if more.holds(event, view)]
        for name, more in holding:
            factors[name] = factors.get(name, Fraction(1)) * more.factor
        using = used_up(more for _, more in holding)
        rows = raised(self.rows, factors) if factors else self.rows
        return effective(rows, self.policy, why_not, self.swaps), factors, using

    def _chance(self, event: Event, view: View, state: DrawState) -> str:
        """Which kind of chance the play may use. Raises Refused when the member has none."""
        free = self.free
        allowed = free is not None and (
            self.free_when is None or self.free_when(event.data, view.member, view)
        )
        if free is not None and allowed and state.free_left(_period(view.day, free.per), free.count) > 0:
            return FREE
        if view.balance(self.chances) > 0:
            return EARNED
        coming = self._next_free(view.day) if allowed else None
        if coming is None:
            raise Refused(NO_CHANCES_LEFT)
        raise Refused(NO_CHANCES, next=coming.isoformat(timespec="minutes"))

    def _next_free(self, day: date) -> datetime | None:
        """When the period after a day's own begins, in local time; None when it brings no free chance."""
        free = self.free
        if free is None or free.per == "campaign":
            return None
        ordinal = (start_of_week(day).toordinal() + 7) if free.per == "week" else day.toordinal() + 1
        coming = start_of_day(date.fromordinal(ordinal), self.zone)
        return coming.astimezone(self.zone) if coming < self.closes else None

    def _ask(self, out: dict[str, Why], event: Event, view: View, name: str) -> Why | None:
        """Why the member cannot have a prize now, kept for the outcome."""
        why = self._why_not(self.prizes[name], event, view)
        if why is not None:
            out[name] = why
        return why

    def _why_not(self, prize: Prize, event: Event, view: View) -> Why | None:
        if prize.id not in self.limited:
            return None
        state: DrawState = view.state
        if not state.may_win(prize, view.day):
            return "member_cap"
        if self._shelf_empty(prize, event, view):
            return "sold_out"
        if prize.stock is not None and prize.pace != "none":
            left_so_far = prize.stock - view.shared(self.stock[prize.id])
            if left_so_far >= released(prize.stock, prize.pace, self.opens, self.closes, view.now):
                return "not_released"
        return None

    def _kept_back(self, name: str, view: View) -> int:
        """How many of a prize are not released yet: however many draw at once, so many stay on the shelf."""
        prize = self.prizes[name]
        if prize.stock is None or prize.pace == "none":
            return 0
        return prize.stock - released(prize.stock, prize.pace, self.opens, self.closes, view.now)

    def _shelf_empty(self, prize: Prize, event: Event, view: View) -> bool:
        own = self.stock.get(prize.id)
        if own is not None and view.shared(own) < 1:
            return True
        return self.shelves[prize.id].empty(event, view)

    def _all_gone(self, event: Event, view: View) -> bool:
        """Whether no prize will come within the member's reach any more: the chance would be wasted."""
        state: DrawState = view.state
        return all(
            prize.id in self.limited
            and (self._shelf_empty(prize, event, view) or not state.may_ever_win(prize))
            for prize in self.prizes.values()
        )

    def _guarantee(self, state: DrawState) -> Guarantee | None:
        plan = self.params.guarantee
        return None if plan is None else Guarantee(plan.prize, plan.after, plan.miss, state.misses)

    def _amounts(self, given: str, play: int, view: View) -> list[list[int]]:
        """The amounts of the prize's gifts that vary, as [position, low, high, amount]."""
        if given == NOTHING:
            return []
        return [
            [index, low, high, low + view.roll(high - low + 1, play, gift_label(index))]
            for index, low, high in self.spans[given]
        ]

    def _after(
        self, state: DrawState, settled: Settled, chance: str, guarantee: Guarantee | None, view: View
    ) -> DrawState:
        """What is remembered after a play."""
        if guarantee is not None:
            state = replace(state, misses=misses_after(self.rows, settled, guarantee))
        free = self.free
        if free is not None and chance == FREE and settled.uses_chance:
            state = state.with_free_used(_period(view.day, free.per))
        if settled.given != NOTHING:
            state = state.with_won(self.prizes[settled.given], view.day)
        return replace(state, plays=state.plays + 1)


def _fields(guarantee: Guarantee) -> dict[str, Any]:
    return {name: getattr(guarantee, name) for name in guarantee.__struct_fields__}


def _odds(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    whole = total(rows)
    return [(name, weight, whole) for name, weight in rows if weight or name != NOTHING]


def _spans(reward: Reward) -> Iterator[tuple[int, int, int]]:
    """Position, low and high of each gift whose amount is rolled."""
    for index, gift in enumerate(reward.gifts):
        if isinstance(gift, AssetGift) and gift.high > gift.low:
            yield index, gift.low, gift.high


def _period(day: date, per: str) -> str:
    return "campaign" if per == "campaign" else period_of(day, per)
