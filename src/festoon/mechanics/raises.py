"""What raises odds: a condition on the member, something that he has, or both; a task gives him that, for example."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from festoon.base.errors import Invalid, define
from festoon.base.events import Event
from festoon.base.expressions import Condition
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, View
from festoon.mechanics.ratio import Ratio, fraction

WITHOUT_REASON = define(
    "raise.without_reason",
    400,
    "what raises the odds is a condition (`when`), something the member has (`asset`), or both",
    "提高概率需写明条件（`when`）、所需资产（`asset`），或两者都写",
)
USES_WITHOUT_ASSET = define(
    "raise.uses_without_asset", 400, "`uses` says how much of an `asset`", "`uses` 需与 `asset` 一起使用"
)

Uses = Annotated[int, Meta(ge=0, le=10**9)]


class Raise(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that raises the odds of a try. Several multiply."""

    by: Annotated[Ratio, says("Per cent of what the odds are without it: `50` makes 20 % into 30 %.")]
    when: Annotated[str | None, says("A condition on the member.")] = None
    asset: Annotated[str | None, says("Something he must have, given by a task for example.")] = None
    uses: Annotated[Uses, says("How much of the asset a try uses up; 0 asks for one unit and leaves it.")] = 0


class PrizeRaise(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that raises a prize's weight. Several multiply."""

    prize: Annotated[str, says("Whose weight.")]
    by: Annotated[Ratio, says("Per cent of the weight: `50` makes 10 into 15, `100` doubles it.")]
    when: Annotated[str | None, says("A condition on the member.")] = None
    asset: Annotated[str | None, says("Something he must have, given by a task for example.")] = None
    uses: Annotated[
        Uses, says("How much of the asset a play uses up; 0 asks for one unit and leaves it.")
    ] = 0


class Raiser:
    """What raises odds, made ready. Raises Invalid for one without a reason."""

    def __init__(self, more: Raise | PrizeRaise, build: Build, path: str) -> None:
        if more.when is None and more.asset is None:
            raise Invalid(WITHOUT_REASON, path)
        if more.uses and more.asset is None:
            raise Invalid(USES_WITHOUT_ASSET, f"{path}.uses")
        self.factor = 1 + fraction(more.by, f"{path}.by") / 100
        self.when: Condition | None = (
            None if more.when is None else build.condition(more.when, f"{path}.when")
        )
        self.asset = "" if more.asset is None else build.asset(more.asset, f"{path}.asset")
        self.uses = more.uses

    def holds(self, event: Event, view: View) -> bool:
        """Whether it raises the odds of this event's member now."""
        if self.asset and view.balance(self.asset) < max(self.uses, 1):
            return False
        return self.when is None or bool(self.when(event.data, view.member, view))


def used_up(holding: Iterable[Raiser]) -> dict[str, int]:
    """How much of each asset a try uses up under what raises its odds. Several that use the same asset share it: as
    much goes as the one takes that uses most, which is there, since each of them holds."""
    using: dict[str, int] = {}
    for more in holding:
        if more.uses:
            using[more.asset] = max(using.get(more.asset, 0), more.uses)
    return using
