"""What was earned is taken back when the event that earned it is undone: an order refunded, all or in part."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from festoon.base.effects import Effect, Forget, Keep, Note, Remember, Spent, TakeBack
from festoon.base.vocabulary.kinds import says

LONGEST = 400


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


class EarnState(Struct, frozen=True, omit_defaults=True):
    """What can still be undone, by its name."""

    orders: dict[str, Earned] = {}


def remembered(state: EarnState, name: str, amount: int, day: date, within: int) -> Iterator[Effect]:
    """Remember what has just been earned for an order, and forget what can no longer be undone."""
    known = state.orders.get(name, Earned(0, 0, day, 0))
    order = replace(known, amount=known.amount + amount, day=max(day, known.day), times=known.times + 1)
    first = day - timedelta(days=within)
    old = [each for each, known in state.orders.items() if known.day < first and each != name]
    yield Remember(_key(name, order.times))
    for each in old:
        yield from (Forget(key) for key in _keys(each, state.orders[each]))
    kept = {each: known for each, known in state.orders.items() if each not in old}
    yield Keep(EarnState({**kept, name: order}))


def undone(state: EarnState, name: str, amount: object, day: date, rule: EarnClawback) -> Iterator[Effect]:
    """Take back what an order earned, as much as was undone of it by now."""
    order = state.orders.get(name)
    if order is None or day > order.day + timedelta(days=rule.within_days):
        return
    whole = max(order.amount, 1)
    part = min(order.undone + amount, whole) if type(amount) is int and order.amount else whole
    if part <= order.undone:
        return
    yield Keep(EarnState({**state.orders, name: replace(order, undone=part)}))
    yield Note({"undone": part, "of": whole})
    for key in _keys(name, order):
        yield TakeBack(key, part, whole, rule.spent)


def of_both(kept: EarnState, gone: EarnState) -> EarnState:
    """Both accounts' orders; one that both name is one."""
    found = dict(kept.orders)
    for name, other in gone.orders.items():
        known = found.get(name)
        found[name] = other if known is None else Earned(
            known.amount + other.amount, known.undone + other.undone, max(known.day, other.day),
            max(known.times, other.times),
        )  # fmt: skip
    return EarnState(found)


def _key(name: str, time: int) -> str:
    return name if time == 1 else f"{name}#{time}"


def _keys(name: str, order: Earned) -> Iterator[str]:
    """The names under which is kept what an order earned, each time."""
    return (_key(name, time + 1) for time in range(order.times))
