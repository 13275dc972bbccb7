"""What a member says for himself when a reward is held, and what he is told of it: personal, so both are kept with his
personal fields, one of each for a held reward."""

from datetime import datetime
from typing import Any

from msgspec import Struct

APPEAL, VERDICT = "appeal/", "verdict/"
"""What the names of such personal fields begin with; the held reward's id follows."""
APPEALED = "appealed"
"""When he appealed, in what is kept of a held reward."""


class Verdict(Struct, frozen=True):
    """What came of an appeal: `released`, `voided`, or `undone` when what he was rewarded for was itself undone; of
    which mechanic, with what he is told, which is nothing when nobody decided."""

    mechanic: str
    decision: str
    answer: str
    at: datetime


def appeal_of(hold: str, text: str) -> dict[str, Any]:
    """The personal field of an appeal."""
    return {APPEAL + hold: text}


def verdict_of(hold: str, verdict: Verdict) -> dict[str, Any]:
    """The personal field of what came of it."""
    said = {"mechanic": verdict.mechanic, "decision": verdict.decision, "answer": verdict.answer}
    return {VERDICT + hold: {**said, "at": verdict.at.isoformat()}}
