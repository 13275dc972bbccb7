"""A compiled segment: what the engine's back-tests and the refreshing of segments compute it from."""

from collections.abc import Mapping

from msgspec import Struct

from festoon.base.expressions import Condition
from festoon.plan.behaviour import Taken
from festoon.plan.rhythm import Rhythm
from festoon.plan.segment_cuts import Cuts


class Away(Struct, frozen=True):
    """So many whole local days without any event of these types; of no types: without anything of his own."""

    days: int
    types: tuple[str, ...] = ()


class Serving(Struct, frozen=True):
    """In which order those who enter are served: a list's, then by a figure, then by who was there before."""

    list: str = ""
    by: Taken | None = None


class CompiledSegment(Struct, frozen=True):
    """One segment that Festoon computes, or the parts of a split. `names` are those conditions ask for, best first.

    `figures` are what its condition reads, by field name.
    """

    name: str
    names: tuple[str, ...]
    title: Mapping[str, str]
    rhythm: Rhythm
    listed: bool = False
    when: Condition | None = None
    figures: Mapping[str, Taken] = {}
    away: Away | None = None
    cuts: Cuts | None = None
    order: Serving = Serving()

    @property
    def taken(self) -> frozenset[Taken]:
        """Every figure that it needs."""
        others = (self.cuts.by if self.cuts else None, self.order.by)
        return frozenset(self.figures.values()) | {each for each in others if each is not None}
