"""Two accounts of one person: what both have done of a task."""

from msgspec.structs import replace

from festoon.mechanics.proof import REMEMBERED, SHOWN, Proofs


def proofs_of_both(kept: Proofs, gone: Proofs) -> Proofs:
    """All that was handed in by either, each once; a name that both used stands for what `kept` handed in."""
    approved = (*kept.approved, *(name for name in gone.approved if name not in kept.approved))
    known = {proof.id for proof in kept.open} | set(approved)
    waiting = (*kept.open, *(proof for proof in gone.open if proof.id not in known))
    rejected = sorted({*kept.rejected, *gone.rejected}, key=lambda proof: (proof.on, proof.id))
    return replace(kept, open=waiting, approved=approved[-REMEMBERED:], rejected=tuple(rejected)[-SHOWN:])
