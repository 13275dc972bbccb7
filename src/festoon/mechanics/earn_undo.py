"""What was earned is taken back when the event that earned it is undone: an order refunded, all or in part."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from festoon.base.effects import Effect, Forget, Keep, Note, Remember, Spent, Start, TakeBack
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import View

LONGEST = 400
MOST_EARLY = 32
"""Of how many orders it is remembered that they were undone before they were heard of; the latest stay."""
UNDONE = "undone"
"""The timer that takes back what a late order has just earned."""


class EarnClawback(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was earned is taken back when the event that earned it is undone, in proportion to the `amount` of both; by
    an event without an amount all of it."""

    on: Annotated[str, says("The event that undoes one.")] = "order.refunded"
    by: Annotated[
        str,
        says(
            "The field that names the same thing in what earned and in what undoes it, such as event.order."
        ),
    ] = "event.order"
    spent: Annotated[
        Spent,
        says(
            "What is still pending goes first, and nothing else with `pending`. What the member has spent is left to"
            " him (`to_zero`), or owed, and what he gets next pays that first (`debt`)."
        ),
    ] = "to_zero"
    within_days: Annotated[
        Annotated[int, Meta(ge=1, le=LONGEST)],
        says("Until so many local days after it was earned; it is remembered for as long."),
    ] = 90


class Earned(Struct, frozen=True, array_like=True):
    """An order, or whatever else earned: what it came to, how much of that was undone, the day of the last time, and
    how often it earned."""

    amount: int
    undone: int
    day: date
    times: int = 1


class Early(Struct, frozen=True, array_like=True):
    """What of an order was undone before it was heard of: an amount, or None for all of it, and the last day."""

    amount: int | None
    day: date

    def also(self, other: "Early") -> "Early":
        """With what else was undone of the same order."""
        whole = self.amount is None or other.amount is None
        both = None if whole else (self.amount or 0) + (other.amount or 0)
        return Early(both, max(self.day, other.day))


class EarnState(Struct, frozen=True, omit_defaults=True):
    """What can still be undone, by its name; and what was undone of orders that are still to come."""

    orders: dict[str, Earned] = {}
    early: dict[str, Early] = {}


def remembered(state: EarnState, name: str, amount: int, view: View, within: int) -> Iterator[Effect]:
    """Remember what has just been earned for an order, and forget what can no longer be undone. What was undone before
    the order was heard of is taken back at once."""
    day = view.day
    known = state.orders.get(name, Earned(0, 0, day, 0))
    order = replace(known, amount=known.amount + amount, day=max(day, known.day), times=known.times + 1)
    first = day - timedelta(days=within)
    old = [each for each, known in state.orders.items() if known.day < first and each != name]
    yield Remember(_key(name, order.times))
    for each in old:
        yield from (Forget(key) for key in _keys(each, state.orders[each]))
    kept = {each: known for each, known in state.orders.items() if each not in old}
    yield Keep(replace(state, orders={**kept, name: order}))
    yield from take_back([name], state.early, view)


def take_back(names: Iterable[str], early: Mapping[str, Early], view: View) -> Iterator[Effect]:
    """Those of some orders that had been undone before they were heard of are undone now."""
    for name in names:
        if name in early:
            yield Start(f"{UNDONE}/{name}", view.now, {"order": name})


def undone_early(state: EarnState, name: str, rule: EarnClawback) -> Iterator[Effect]:
    """Take back what an order earned that had been undone before it was heard of."""
    if name in state.early:
        early = state.early[name]
        state = replace(state, early={each: left for each, left in state.early.items() if each != name})
        yield Keep(state)
        yield from undone(state, name, early.amount, early.day, rule)


def undone(state: EarnState, name: str, amount: object, day: date, rule: EarnClawback) -> Iterator[Effect]:
    """Take back what an order earned, as much as was undone of it by now. Of an order that was not heard of yet it is
    remembered for when it comes."""
    order = state.orders.get(name)
    if order is None:
        if name:
            yield Keep(
                _with_early(state, name, amount if type(amount) is int else None, day, rule.within_days)
            )
        return
    if day > order.day + timedelta(days=rule.within_days):
        return
    whole = max(order.amount, 1)
    part = min(order.undone + amount, whole) if type(amount) is int and order.amount else whole
    if part <= order.undone:
        return
    yield Keep(replace(state, orders={**state.orders, name: replace(order, undone=part)}))
    yield Note({"undone": part, "of": whole})
    for key in _keys(name, order):
        yield TakeBack(key, part, whole, rule.spent)


def _with_early(state: EarnState, name: str, amount: int | None, day: date, within: int) -> EarnState:
    """One more order that was undone before it was heard of, or more of one."""
    early = Early(amount, day).also(state.early.get(name, Early(0, day)))
    first = day - timedelta(days=within)
    kept = {each: known for each, known in state.early.items() if known.day >= first and each != name}
    return replace(state, early=dict([*kept.items(), (name, early)][-MOST_EARLY:]))


def of_both(kept: EarnState, gone: EarnState) -> EarnState:
    """Both accounts' orders; one that both name is one."""
    found = dict(kept.orders)
    for name, other in gone.orders.items():
        known = found.get(name)
        found[name] = other if known is None else Earned(
            known.amount + other.amount, known.undone + other.undone, max(known.day, other.day),
            max(known.times, other.times),
        )  # fmt: skip
    early = dict(gone.early)
    for name, mine in kept.early.items():
        early[name] = mine.also(early[name]) if name in early else mine
    return EarnState(found, dict(list(early.items())[-MOST_EARLY:]))


def _key(name: str, time: int) -> str:
    return name if time == 1 else f"{name}#{time}"


def _keys(name: str, order: Earned) -> Iterator[str]:
    """The names under which is kept what an order earned, each time."""
    return (_key(name, time + 1) for time in range(order.times))
