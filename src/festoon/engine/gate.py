"""Whether an event concerns a mechanic: it runs, the time is right, and it is for this member."""

from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.listener import Listener
from festoon.engine.together import held_by_another
from festoon.engine.view import EventView


def gate(listener: Listener, view: EventView) -> str | None:
    """Why a mechanic passes an event over, or None when it concerns it. It runs, for all at once, and it is time."""
    if listener.when is not None and not listener.when(view.event.data, view, view):
        return "condition"
    if listener.group and held_by_another(listener, view):
        return "exclusive"
    if listener.holdout and listener.holds_out(view.person):
        return "holdout"
    if listener.audience is not None and not listener.audience(view.event.data, view, view):
        return "audience"
    return None


def gate_and_time(listener: Listener, view: EventView) -> str | None:
    """The same of a mechanic that may be paused, be out of time, or open bit by bit; or of a visitor's event."""
    if listener.paused:
        return "paused"
    if view.number >= FIRST_NUMBER and not listener.plan.everyone:
        return "visitor"
    start, opening = listener.start, listener.opening
    tester = opening is not None and view.subject in opening.testers
    if tester:
        start = listener.warm_up
    if not start <= view.time < listener.end and view.event.type not in listener.beside:
        return "phase"
    if not start <= view.now < listener.settle:
        return "phase"
    if opening is None:
        return gate(listener, view)
    if listener.when is not None and not listener.when(view.event.data, view, view):
        return "condition"
    if tester:
        return "exclusive" if listener.group and held_by_another(listener, view) else None
    return gate(listener, view) if opening.admits(view.subject, view.time) else "rollout"


def gate_of_timer(listener: Listener, name: str, view: EventView) -> str | None:
    """Why a mechanic passes a member over whose timer has come due, or None. Who is held out has none of his own but
    those of an account that became part of his; others may start one for him. Testers are never held out. Who was
    erased is nobody, and no campaign is for him."""
    if listener.group and held_by_another(listener, view):
        return "exclusive"
    name, opening = name.partition(":")[0], listener.opening
    if name not in listener.mechanic.asked:
        return None
    if (room := view.person.beside) is not None and room.erased:
        return "audience"
    if opening is not None and view.subject in opening.testers:
        return None
    if listener.holdout and listener.holds_out(view.person):
        return "holdout"
    if name not in listener.mechanic.entering:
        return None
    if opening is not None and not opening.admits(view.subject, view.time):
        return "rollout"
    if listener.audience is not None and not listener.audience(view.event.data, view, view):
        return "audience"
    return None
