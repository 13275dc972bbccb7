"""Cut points: members in order of a figure, and which part each of them is in. Every split sums to the whole."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from festoon.base.amounts import scaled
from festoon.base.errors import Invalid
from festoon.plan import codes_plan as codes
from festoon.plan import codes_segments
from festoon.plan.behaviour import FIGURES, Taken
from festoon.plan.money import minor
from festoon.plan.segments import Split

Ties = Literal["earlier", "drawn", "together"]


class Cuts(Struct, frozen=True):
    """A split that is ready. `shares` are running sums of the parts' shares, `cuts` what the figure is at least;
    one of the two is empty. None among `cuts` is the rest."""

    by: Taken
    names: tuple[str, ...]
    everyone: bool
    ties: Ties
    salt: str
    """What lots are drawn with when ties are `drawn`."""
    shares: tuple[Fraction, ...] = ()
    cuts: tuple[int | None, ...] = ()

    def bounds(self, members: int) -> list[int]:
        """How many of so many ranked members are in each part or a better one."""
        return [scaled(members, share.numerator, share.denominator) for share in self.shares]

    def part_at(self, place: int, bounds: Sequence[int]) -> int | None:
        """The part of the member at a place, counted from 0 at the best; None when the parts end before it."""
        return next((index for index, bound in enumerate(bounds) if place < bound), None)

    def part_of(self, value: int) -> int | None:
        """The part of a figure by its cut; None when it is below the last one."""
        return next((index for index, cut in enumerate(self.cuts) if cut is None or value >= cut), None)


def shares_of(split: Split, path: str) -> tuple[Fraction, ...]:
    """The running sums of a split's shares. Raises Invalid for one that is no share, or too many of them."""
    sums: list[Fraction] = []
    for name, share in split.parts.items():
        if not 0 < share <= 1:
            raise Invalid(
                codes.SHARE_OUT_OF_RANGE, f"{path}.{name}", given=f"{share:f}", low="0%", high="100%"
            )
        sums.append((sums[-1] if sums else Fraction(0)) + Fraction(share))
    if sums and sums[-1] > 1:
        raise Invalid(codes_segments.SHARES_TOO_LARGE, path, sum=f"{_percent(sums[-1])}%")
    return (*sums, Fraction(1)) if sums and split.rest is not None else tuple(sums)


def cuts_of(split: Split, currency: str, path: str) -> tuple[int | None, ...]:
    """The cuts in smallest units, highest first. Raises Invalid when they are not."""
    found: list[int | None] = []
    for name, cut in split.cuts.items():
        at = _units(cut, split.by, currency, f"{path}.{name}")
        if found and found[-1] is not None and at >= found[-1]:
            raise Invalid(codes_segments.CUTS_TURNED, f"{path}.{name}", name=name, cut=str(cut))
        found.append(at)
    return (*found, None) if found and split.rest is not None else tuple(found)


def _units(cut: Decimal, by: str, currency: str, path: str) -> int:
    if FIGURES[by].what == "amount":
        return minor(cut, currency, path)
    if cut != int(cut):
        name = path.rpartition(".")[2]
        raise Invalid(codes_segments.NOT_WHOLE, path, name=name, cut=str(cut))
    return int(cut)


def _percent(share: Fraction) -> str:
    return f"{Decimal(share.numerator * 100) / share.denominator:.2f}".rstrip("0").rstrip(".")
