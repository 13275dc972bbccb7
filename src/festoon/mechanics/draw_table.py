"""What a roll means: the table it falls into, and what is given when the prize it fell on cannot be had.

Pure and small on purpose: the draw decides with it, and whoever checks a published draw does so again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import lcm
from typing import Literal

from msgspec import Struct

NOTHING = "nothing"
"""The row of the table that wins nothing (谢谢参与). No prize has this name."""

Row = tuple[str, int]
"""A prize and its weight."""

SoldOut = Literal["next_prize", "nothing", "keep_chance", "redistribute"]
Why = Literal["sold_out", "not_released", "member_cap"]
"""Why a prize cannot be had: none is left, none is released yet, or the member has had all he may have."""
Pace = Literal["none", "even", "front"]
Miss = Literal["nothing", "lower"]

WhyNot = Callable[[str], Why | None]
"""Why a prize cannot be had at this moment by this member; None when it can."""


Swaps = Mapping[str, str]
"""What stands in for a prize that cannot be had, before the policy is asked."""
NO_SWAPS: Swaps = {}


class Guarantee(Struct, frozen=True):
    """The promise of a prize to a member who has missed too often, and how often he has.

    A miss is a play that gave nothing or, with `lower`, nothing or a prize further down the list.
    """

    prize: str
    after: int
    miss: Miss
    misses: int

    @property
    def due(self) -> bool:
        return self.misses >= self.after


class Settled(Struct, frozen=True):
    """What a roll came to.

    `reason` is "" when all went as rolled (and promised); else why that could not be had, or `guarantee`.
    """

    given: str
    reason: str = ""
    uses_chance: bool = True


def total(rows: Sequence[Row]) -> int:
    return sum(weight for _, weight in rows)


def pick(rows: Sequence[Row], roll: int) -> str:
    """The row that a roll in [0, total) falls into: rows lie side by side, each as wide as its weight.

    Raises ValueError for a roll outside of the table.
    """
    if roll >= 0:
        for prize, weight in rows:
            if roll < weight:
                return prize
            roll -= weight
    raise ValueError("the roll is outside of the table")


def raised(rows: Sequence[Row], factors: Mapping[str, Fraction]) -> tuple[Row, ...]:
    """The table with some prizes' weights multiplied, in whole numbers: all weights are scaled alike until they are."""
    scale = lcm(*(factor.denominator for factor in factors.values()))
    return tuple(
        (prize, int(weight * scale * factors[prize]) if prize in factors else weight * scale)
        for prize, weight in rows
    )


def effective(
    rows: Sequence[Row], policy: SoldOut, why_not: WhyNot, swaps: Swaps = NO_SWAPS
) -> tuple[Row, ...]:
    """The table to roll on. Only `redistribute` changes it: what cannot be had, and is not swapped, weighs nothing."""
    if policy != "redistribute":
        return tuple(rows)
    return tuple(
        (prize, 0 if weight and prize != NOTHING and _swapped(prize, why_not, swaps)[0] == "" else weight)
        for prize, weight in rows
    )


def settle(
    rows: Sequence[Row],
    rolled: str,
    policy: SoldOut,
    why_not: WhyNot,
    guarantee: Guarantee | None = None,
    swaps: Swaps = NO_SWAPS,
) -> Settled:
    """What is given for the rolled row. `rows` are in plan order, best prize first, NOTHING last.

    A guarantee that is due only ever betters what the roll came to. What stands in for a guaranteed prize that cannot
    be had is given where it is listed above that.
    """
    names = [name for name, _ in rows]
    given, why = _instead(rows, rolled, policy, why_not, swaps)
    if guarantee is not None and guarantee.due and is_miss(rows, given, guarantee):
        better, missing = _instead(rows, guarantee.prize, policy, why_not, swaps)
        if names.index(better) < names.index(given):
            return Settled(better, "guarantee")
        why = why or missing
    return Settled(given, why, uses_chance=not (policy == "keep_chance" and given == NOTHING and why))


def _instead(
    rows: Sequence[Row], prize: str, policy: SoldOut, why_not: WhyNot, swaps: Swaps
) -> tuple[str, str]:
    """What is given for a prize: itself, what it is swapped for, or what the policy says; and why it is not the prize
    itself ("" when it is)."""
    if prize == NOTHING:
        return prize, ""
    found, why = _swapped(prize, why_not, swaps)
    if found:
        return found, why
    if policy == "next_prize":
        names = [name for name, _ in rows]
        for name in names[names.index(prize) + 1 :]:
            if name == NOTHING or why_not(name) is None:
                return name, why
    return NOTHING, why


def _swapped(prize: str, why_not: WhyNot, swaps: Swaps) -> tuple[str, str]:
    """A prize, or the first of those it is swapped for that can be had ("" when none can); and why it is not the prize
    itself."""
    why = why_not(prize)
    if why is None:
        return prize, ""
    name = swaps.get(prize, "")
    while name and why_not(name) is not None:
        name = swaps.get(name, "")
    return name, why


def is_miss(rows: Sequence[Row], given: str, guarantee: Guarantee) -> bool:
    """Whether what was given counts as a miss towards the guarantee."""
    if guarantee.miss == "nothing" or given == NOTHING:
        return given == NOTHING
    names = [name for name, _ in rows]
    return names.index(given) > names.index(guarantee.prize)


def misses_after(rows: Sequence[Row], settled: Settled, guarantee: Guarantee) -> int:
    """The misses in a row after a play. A play that did not use its chance counts for nothing."""
    if not settled.uses_chance:
        return guarantee.misses
    return guarantee.misses + 1 if is_miss(rows, settled.given, guarantee) else 0


def released(stock: int, pace: Pace, opens: datetime, closes: datetime, at: datetime) -> int:
    """How many of a stock may have left at an instant.

    `even`: ceil(stock · elapsed ÷ duration). `front`: four fifths of it evenly in the first half of the time,
    the rest evenly in the second.
    """
    tick = timedelta(microseconds=1)
    duration = (closes - opens) // tick
    elapsed = min(max((at - opens) // tick, 0), duration)
    if pace == "none" or duration <= 0:
        return stock
    if pace == "even":
        return -(-stock * elapsed // duration)
    share = 8 * elapsed if 2 * elapsed <= duration else 3 * duration + 2 * elapsed
    return -(-stock * share // (5 * duration))
