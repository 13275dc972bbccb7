"""What the proofs of a task count for: those that were approved, and those that wait."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from festoon.mechanics.counting import Marks, Window, folded, has_slot, with_units
from festoon.mechanics.proof import Proof, Proofs


class Counting:
    """How a task counts what somebody has looked at. `once_a_slot` is for one that counts a day once."""

    def __init__(self, window: Window, goal: int, *, once_a_slot: bool) -> None:
        self.window, self.goal, self.once_a_slot = window, goal, once_a_slot

    def approved(self, marks: Marks, proofs: Iterable[Proof]) -> Marks:
        """The marks as they are once these are approved; the same ones where that adds nothing."""
        for proof in proofs:
            marks = self._with(marks, proof)
        return marks

    def worth_a_look(self, marks: Marks, proofs: Proofs) -> Proofs:
        """Without those that wait and would add nothing: two accounts of one person may have handed in the same."""
        waiting = tuple([proof for proof in proofs.open if self._with(marks, proof) is not marks])
        return proofs if len(waiting) == len(proofs.open) else replace(proofs, open=waiting)

    def _with(self, marks: Marks, proof: Proof) -> Marks:
        day = date.fromordinal(proof.day)
        if proof.target:
            more = self.window.with_target(marks, day, proof.target)
            return marks if more is None else folded(more, self.window, self.goal)
        slot = self.window.slot(day)
        if self.once_a_slot and has_slot(marks, slot):
            return marks
        return with_units(marks, slot, proof.units)
