"""Two accounts of one person: what both have done of a task."""

from collections.abc import Iterator
from typing import Protocol

from festoon.mechanics.counting import EachPeriod, Marks, Window
from festoon.mechanics.proof import REMEMBERED, SHOWN, Proofs
from festoon.mechanics.task_progress import Beside


def proofs_of_both(kept: Proofs, gone: Proofs) -> Proofs:
    """All that was handed in by either, each once; a name that both used stands for what `kept` handed in, and nobody
    looks again at what was approved of either."""
    approved = (*kept.approved, *(name for name in gone.approved if name not in kept.approved))
    known = {proof.id for proof in kept.open}
    both = (*kept.open, *(proof for proof in gone.open if proof.id not in known))
    waiting = tuple(proof for proof in both if proof.id not in approved)
    rejected = {proof for proof in (*kept.rejected, *gone.rejected) if proof.id not in approved}
    latest = sorted(rejected, key=lambda proof: (proof.on, proof.id))[-SHOWN:]
    return Proofs(waiting, approved[-REMEMBERED:], tuple(latest))


def beside_of_both(mine: Beside, yours: Beside) -> Beside:
    """What both remember beside what counts; nothing is set aside for it yet."""
    invited = min(filter(None, (mine.invited, yours.invited)), default=0)
    return Beside(
        invited, tuple(sorted({*mine.told, *yours.told})), proofs_of_both(mine.proofs, yours.proofs)
    )


class Progress(Protocol):
    """What counts for one of them, and how many rounds of it were rewarded."""

    @property
    def given(self) -> int: ...
    @property
    def marks(self) -> Marks: ...


def twice(kept: Progress, gone: Progress, times: int | None) -> Iterator[str]:
    """How often both were rewarded, where that is more often than a person is."""
    if times is not None and kept.given + gone.given > times:
        yield f"times:{kept.given + gone.given}"


def newly_complete(kept: Progress, gone: Progress, both: Progress, window: Window, goal: int) -> list[int]:
    """The slots of periods that are complete in what both have together, and that neither was rewarded for, as far as
    that is known: the first days of them. Of any other window nothing: its rounds are those that come last."""
    if not isinstance(window, EachPeriod):
        return []
    rewarded: set[int] = set()
    for each in (kept, gone):
        left = window.completed(each.marks, goal, each.given)
        rewarded |= {*window.completed(each.marks, goal, 0)}.difference(left)
    return [slot for slot in window.completed(both.marks, goal, 0) if slot not in rewarded]


def given_to_both(kept: Progress, gone: Progress, window: Window, goal: int) -> int:
    """How many of the rounds that both have together were rewarded: a period complete in both is one round of them, and
    one less is left of it to be set off against what comes. Where one of them waits for its reward, it is taken for one
    of those that both have: rather a round less than one given twice."""
    waiting = sum(max(window.rounds(each.marks, goal) - each.given, 0) for each in (kept, gone))
    return kept.given + gone.given - max(window.in_both(kept.marks, gone.marks, goal) - waiting, 0)
