"""The record of a play, as it is published for everybody to check."""

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
    none was used. `amounts` has [position, low, high, amount] for each gift whose amount is rolled.
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
        if not {*self.out, *promised, self.given} <= set(names):
            return "a prize is named that is not in it"
        if self.policy == "redistribute" and any(weight for name, weight in self.table if name in self.out):
            return "a prize that could not be had has a weight"
        if any(not 0 <= high - low <= LARGEST for _, low, high, _ in self.amounts):
            return "the low of an amount is above its high"
        return ""


def record_of(draw: str, member: int, note: dict[str, Any]) -> PlayRecord:
    """The record to publish of a play, from the note that its stored outcome keeps."""
    return msgspec.convert({**note, "draw": draw, "member": member}, PlayRecord)
