"""Points ×N (积分翻倍): what the campaign's other mechanics give of an asset becomes more."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Annotated, Any, Literal

from msgspec import Struct

from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Modifier
from festoon.mechanics.ratio import Ratio, fraction


class MultiplierParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a multiplier."""

    factor: Annotated[Ratio, says("The factor, exact as written: `2`, `1.5`.")]
    asset: Annotated[str, says("What there is more of.")] = "points"
    on: Annotated[
        str | tuple[str, ...], says("Only for what is given on these event types; on every type by default.")
    ] = ()
    applies_to: Annotated[
        tuple[str, ...], says("The mechanics whose gifts grow; all of the campaign by default.")
    ] = ()
    stack: Annotated[
        Literal["multiply", "add", "highest"],
        says(
            "When several hold at once: `multiply` their factors (×2 and ×3 make ×6), `add` what each adds"
            " (×4), or let the `highest` alone count (×3). Multipliers of the same rule are combined by it;"
            " the results of the three rules are multiplied."
        ),
    ] = "multiply"


class Multiplier(Modifier, kind="multiplier"):
    """A factor on what others give. The engine asks `covers`, then `when`, and combines those that hold."""

    Params = MultiplierParams

    def fields(self) -> frozenset[str]:
        return frozenset()

    def __init__(self, params: MultiplierParams, build: Build) -> None:
        super().__init__(params, build)
        self.asset = build.asset(params.asset)
        self.factor = fraction(params.factor, "factor")
        self.ratio: tuple[int, int] = self.factor.as_integer_ratio()
        self.stack = params.stack
        self.targets = frozenset(
            build.sibling(mechanic, f"applies_to[{index}]")
            for index, mechanic in enumerate(params.applies_to)
        )

    @classmethod
    def listens(cls, params: Any) -> tuple[str, ...]:
        """The types it is held to; none means every type."""
        on = params.on
        return (on,) if isinstance(on, str) else tuple(on)

    def covers(self, mechanic: str, asset: str) -> bool:
        """Whether it is about what `mechanic` gives of `asset`."""
        return asset == self.asset and (not self.targets or mechanic in self.targets)

    @staticmethod
    def combine(holding: "Sequence[Multiplier]") -> tuple[int, int]:
        """The factor of all that hold, as numerator and denominator; (1, 1) for none.

        The order does not matter. Factors are exact; whoever applies the result rounds, once.
        """
        if len(holding) == 1:
            return holding[0].ratio
        return _combined(tuple((one.stack, one.factor) for one in holding))


@lru_cache(maxsize=1024)
def _combined(holding: tuple[tuple[str, Fraction], ...]) -> tuple[int, int]:
    product = prod((factor for stack, factor in holding if stack == "multiply"), start=Fraction(1))
    added = sum((factor - 1 for stack, factor in holding if stack == "add"), start=Fraction(1))
    highest = max((factor for stack, factor in holding if stack == "highest"), default=Fraction(1))
    return (product * max(added, Fraction(0)) * highest).as_integer_ratio()
