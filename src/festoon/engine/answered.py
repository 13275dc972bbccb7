"""A member who has appealed is told what came of it, whatever has ended the wait."""

from festoon.engine.view import EventView
from festoon.engine.world import Grant
from festoon.members.appeal import APPEALED, Verdict, verdict_of


def answer(grant: Grant, decision: str, said: str, view: EventView) -> None:
    """Keep what came of an appeal with what is personal of him; nothing where he has not appealed."""
    if APPEALED in grant.data:
        view.person.personal |= verdict_of(grant.id, Verdict(grant.owner, decision, said, view.now))
        view.person.touched_profile = True
