"""Points for amounts: so many for every whole part of what was paid, by category if the plan says so."""

from collections.abc import Iterable, Iterator, Sequence
from math import lcm
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from festoon.base.amounts import MAX_AMOUNT, scaled
from festoon.base.effects import Amount, Effect, Keep
from festoon.base.errors import Invalid, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import Pending
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, View
from festoon.mechanics.earn_undo import (
    EarnClawback,
    EarnState,
    of_both,
    remembered,
    take_back,
    undone,
    undone_early,
)
from festoon.mechanics.reading import Reading, reading, text_at, whole_number
from festoon.mechanics.reading import field as field_of
from festoon.mechanics.reward_line import RewardLine

RATE_TWICE = define(
    "earn.rate_twice",
    400,
    "{field} '{name}' has two rates",
    "{field}“{name}”有两个比率",
)
RATE_NAMELESS = define(
    "earn.rate_nameless",
    400,
    "a rate under `by` needs a category or a product",
    "`by` 下的比率需要写明 category 或 product",
)
FIXED_AND_RATE = define(
    "earn.fixed_and_rate",
    400,
    "a fixed amount goes without per, give and by",
    "固定数额不能与 per、give、by 同时使用",
)
BOUNDS_CROSSED = define(
    "earn.bounds_crossed",
    400,
    "min {min} is more than max {max}",
    "min {min} 大于 max {max}",
)

UNDONE_BY_ITSELF = define(
    "earn.undone_by_itself",
    400,
    "{type} is what earns: it cannot undo that as well",
    "{type} 是获得奖励的事件，不能同时作为撤销事件",
    todo="Name the event by which one is undone, such as `order.refunded`, or leave `on` out.",
    todo_zh="请填写撤销的事件，例如 `order.refunded`，或省略 `on`。",
)

Rounding = Literal["down", "nearest"]
Whole = Annotated[int, Meta(ge=0, le=10**12)]
Part = Annotated[int, Meta(ge=1, le=10**12)]


class Rate(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rate of its own for some lines of the order. A product's rate goes before its category's."""

    give: Annotated[Whole, says("Units for every whole `per`; 0 for lines that earn nothing.")]
    per: Annotated[
        Part | None, says("In the smallest unit of the amount; that of the mechanic by default.")
    ] = None
    category: Annotated[str | tuple[str, ...], says("The category, or categories, of the lines.")] = ()
    product: Annotated[str | tuple[str, ...], says("The product, or products, of the lines.")] = ()


class EarnParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of earning."""

    on: Annotated[str | tuple[str, ...], says("The event type, or types, that earn.")] = "order.paid"
    asset: Annotated[str, says("What is earned.")] = "points"
    give: Annotated[Whole, says("Units for every whole `per`.")] = 1
    per: Annotated[Part, says("In the smallest unit of the amount: 100 fen are a yuan.")] = 100
    of: Annotated[str, says("The amount: a whole-number expression over the event.")] = "event.amount"
    by: Annotated[
        tuple[Rate, ...], says("Rates for some of the order's lines; the others have `give` and `per`.")
    ] = ()
    basis: Annotated[
        Literal["paid", "lines"],
        says(
            "With `by`: `paid` shares `of` over the lines in proportion to their amounts, so that what was"
            " taken off the whole order earns nothing; `lines` takes the lines' own amounts."
        ),
    ] = "paid"
    fixed: Annotated[Part | None, says("So many units for each event, whatever its amount.")] = None
    rounding: Annotated[
        Rounding,
        says("`down` counts whole units only; `nearest` rounds, half a unit up. Once an event, at the end."),
    ] = "down"
    min: Annotated[Whole, says("An event that would earn less earns nothing.")] = 0
    max: Annotated[Part | None, says("An event earns so much at the most.")] = None
    pending: Annotated[
        Pending | None,
        says(
            "How long until what is earned can be spent, such as `{days: 7}` for as long as goods may be sent back:"
            " whole days after the day it is earned, or to the end of a date."
        ),
    ] = None
    clawback: Annotated[
        EarnClawback | None,
        says("Take back what was earned when the event that earned it is undone, such as an order refunded."),
    ] = None


class Earn(Mechanic, kind="earn"):
    """So many units of an asset for every whole part of an amount."""

    Params = EarnParams
    State = EarnState

    def __init__(self, params: EarnParams, build: Build) -> None:
        super().__init__(params, build)
        _check(params)
        self.reward = build.reward(
            [RewardLine(asset=params.asset, amount=1, pending=params.pending)], "asset"
        )
        self.least = max(params.min, 1)
        self.most = min(params.max or MAX_AMOUNT, params.fixed or MAX_AMOUNT)
        self.dearest = build.reward(
            [RewardLine(asset=params.asset, amount=self.most, pending=params.pending)], "asset"
        )
        self.earned = _rule(params, build, self.least, self.most)
        self.clawback = params.clawback
        self.name = ""
        if params.clawback is None:
            self.amount = self.reward, self.earned
        else:
            self.undoing = frozenset({params.clawback.on})
            types = (*_types(params), params.clawback.on)
            self.name = field_of(params.clawback.by, build, "clawback.by", types)

    @classmethod
    def listens(cls, params: EarnParams) -> tuple[str, ...]:
        """What earns, and what undoes it."""
        return tuple(dict.fromkeys((*_types(params), *cls.beside(params))))

    @classmethod
    def beside(cls, params: EarnParams) -> tuple[str, ...]:
        """What undoes it."""
        return () if params.clawback is None else (params.clawback.on,)

    def fields(self) -> frozenset[str]:
        return frozenset({"lines.amount", "lines.category", "lines.product"} if self.params.by else ())

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        return ((self.dearest, None),)

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        rule = self.clawback
        name = text_at(event, self.name) if rule is not None else ""
        if rule is not None and event.type in self.undoing:
            yield from undone(view.state, name, event.data.get("amount"), view.day, rule)
        elif units := self.earned(event, view):
            yield Amount(self.reward, units)
            if rule is not None and name:
                came_to = max(whole_number(event.data.get("amount")), 0)
                yield from remembered(view.state, name, came_to, view, rule.within_days)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        """An order that was undone before it was heard of has earned."""
        return iter(()) if self.clawback is None else undone_early(view.state, data["order"], self.clawback)

    def merge(self, kept: EarnState, gone: EarnState, other: int, view: View) -> Iterator[Effect]:
        both = of_both(kept, gone)
        yield Keep(both)
        yield from take_back(both.orders, both.early, view)


def _types(params: EarnParams) -> tuple[str, ...]:
    """What earns."""
    return (params.on,) if isinstance(params.on, str) else tuple(params.on)


def _check(params: EarnParams) -> None:
    if params.fixed is not None and (params.by or params.give != 1 or params.per != 100):
        raise Invalid(FIXED_AND_RATE, "fixed")
    if params.max is not None and params.min > params.max:
        raise Invalid(BOUNDS_CROSSED, "min", min=params.min, max=params.max)
    if params.clawback is not None and params.clawback.on in _types(params):
        raise Invalid(UNDONE_BY_ITSELF, "clawback.on", type=params.clawback.on)


def _rule(params: EarnParams, build: Build, least: int, most: int) -> Reading:
    """How much an event earns, as the one function its parameters ask for."""
    if params.fixed is not None:
        return _within(_fixed(params.fixed), least, most)
    amount = reading(params.of, build, "of", _types(params) if params.clawback is not None else ())
    if params.by:
        return _within(_by_line(params, amount), least, most)
    if params.rounding == "down":
        return _whole_units(amount, params.give, params.per, least, most)
    return _within(_nearest(amount, params.give, params.per), least, most)


def _within(earned: Reading, least: int, most: int) -> Reading:
    """What is earned, nothing of less than the least, and the most of more."""

    def bounded(event: Event, view: View) -> int:
        units = earned(event, view)
        return 0 if units < least else min(units, most)

    return bounded


def _fixed(units: int) -> Reading:
    return lambda _event, _view: units


def _whole_units(amount: Reading, give: int, per: int, least: int, most: int) -> Reading:
    """The commonest rule, and its bounds in one."""

    def earned(event: Event, view: View) -> int:
        units = amount(event, view) * give // per
        return 0 if units < least else min(units, most)

    return earned


def _nearest(amount: Reading, give: int, per: int) -> Reading:
    return lambda event, view: scaled(amount(event, view), give, per)


def _by_line(params: EarnParams, amount: Reading) -> Reading:
    """Each line at its own rate, over one common denominator, rounded once."""
    whole = lcm(params.per, *(rate.per or params.per for rate in params.by))
    usual = params.give * (whole // params.per)
    products, categories = _weights(params, whole)
    paid_for, rounding = params.basis == "paid", params.rounding

    def earned(event: Event, view: View) -> int:
        listed = weighted = 0
        for line in _lines(event):
            part = line.get("amount")
            if type(part) is int and part > 0:
                weight = products.get(_name(line.get("product"))) if products else None
                if weight is None:
                    weight = categories.get(_name(line.get("category")), usual)
                listed += part
                weighted += part * weight
        if not paid_for:
            return _units(weighted, whole, rounding)
        paid = max(amount(event, view), 0)
        # Without lines to share over, all of it is earned at the usual rate.
        if not listed:
            return _units(paid * usual, whole, rounding)
        return _units(paid * weighted, listed * whole, rounding)

    return earned


def _lines(event: Event) -> Sequence[dict[str, Any]]:
    """The order's lines. Event types of the platform are open: nothing is assumed."""
    lines = event.data.get("lines")
    if type(lines) is not list:
        return ()
    return (
        lines if all(type(line) is dict for line in lines) else [line for line in lines if type(line) is dict]
    )


def _name(found: Any) -> str:
    return found if type(found) is str else ""


def _units(numerator: int, denominator: int, rounding: Rounding) -> int:
    return numerator // denominator if rounding == "down" else scaled(numerator, 1, denominator)


def _weights(params: EarnParams, whole: int) -> tuple[dict[str, int], dict[str, int]]:
    products: dict[str, int] = {}
    categories: dict[str, int] = {}
    for index, rate in enumerate(params.by):
        if not rate.product and not rate.category:
            raise Invalid(RATE_NAMELESS, f"by[{index}]")
        weight = rate.give * (whole // (rate.per or params.per))
        for field, names, known in (
            ("product", rate.product, products),
            ("category", rate.category, categories),
        ):
            for name in (names,) if isinstance(names, str) else names:
                if name in known:
                    raise Invalid(RATE_TWICE, f"by[{index}].{field}", field=field, name=name)
                known[name] = weight
    return products, categories
