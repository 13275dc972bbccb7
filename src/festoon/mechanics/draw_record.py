"""The record of a play, as it is published for everybody to check."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from festoon.mechanics.draw_table import NOTHING, Guarantee, Row, Settled, SoldOut, Why, total

LARGEST = 2**53
"""No number of a record is above this: JSON readers everywhere hold up to here exactly."""


class PlayRecord(Struct, frozen=True, omit_defaults=True):
    """One play: one JSON object a line, each member's plays in order.

    `draw` is `campaign/mechanic`, `member` the internal number, `play` the ordinal over the whole campaign.
    `table` has the rows [prize, weight] that were rolled on, best first, `nothing` last. `out` says of the
    prizes that came into question and could not be had why not. `chance` is `free`, `earned`, or `kept` when
    none was used. `amounts` has [position, low, high, amount] for each gift whose amount is rolled. `swaps` are what
    stands in for prizes that cannot be had; `raised` has [prize, numerator, denominator] for each weight of the table
    that was raised for this play.
    """

    draw: str
    epoch: str
    member: int
    play: int
    policy: SoldOut
    table: tuple[Row, ...]
    total: int
    roll: int
    rolled: str
    given: str
    reason: str
    chance: Literal["free", "earned", "kept"]
    out: dict[str, Why] = {}
    guarantee: Guarantee | None = None
    amounts: tuple[tuple[int, int, int, int], ...] = ()
    swaps: dict[str, str] = {}
    raised: tuple[tuple[str, int, int], ...] = ()

    @property
    def settled(self) -> Settled:
        return Settled(self.given, self.reason, self.chance != "kept")

    def problem(self) -> str:
        """What is wrong with the record in itself, or ""."""
        names = [name for name, _ in self.table]
        promised = [self.guarantee.prize] if self.guarantee else []
        if len(set(names)) < len(names) or names[-1:] != [NOTHING]:
            return "its rows are not each prize once, and `nothing` last"
        if any(weight < 0 for _, weight in self.table) or total(self.table) != self.total:
            return "its weights do not make its total"
        if not 1 <= self.total <= LARGEST:
            return "its total is not a number from 1 to 2**53"
        named = {*self.out, *promised, self.given, *self.swaps, *self.swaps.values()}
        if not named | {name for name, _, _ in self.raised} <= set(names):
            return "a prize is named that is not in it"
        if any(name in self._swapped_for(name) for name in self.swaps):
            return "a prize is swapped for itself"
        if self.policy == "redistribute" and any(weight for name, weight in self.table if self._gone(name)):
            return "a prize that could not be had has a weight"
        if any(not 0 <= high - low <= LARGEST for _, low, high, _ in self.amounts):
            return "the low of an amount is above its high"
        if any(under < 1 or over < under for _, over, under in self.raised):
            return "a weight was raised to less than it was"
        return ""

    def _swapped_for(self, prize: str) -> Iterator[str]:
        """What a prize is swapped for, and what that is, without end only for a circle."""
        name = self.swaps.get(prize, "")
        for _ in self.swaps:
            if name:
                yield name
            name = self.swaps.get(name, "")

    def _gone(self, prize: str) -> bool:
        """Whether neither the prize nor anything it is swapped for could be had."""
        return prize in self.out and all(name in self.out for name in self._swapped_for(prize))


def record_of(draw: str, member: int, note: Mapping[str, Any]) -> PlayRecord:
    """The record to publish of a play, from the note that its stored outcome keeps."""
    return msgspec.convert({**note, "draw": draw, "member": member}, PlayRecord)
