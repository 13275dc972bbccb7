"""What mechanics make of what other mechanics gave: `reward.granted`, in the decision that gave it.

Such an event is made here for every grant, when somebody listens, and stands in no journal: what comes of it is part of
the outcome, and of the transfers, of the event behind it. A mechanic is never asked about what it brought about itself,
however many steps and timers lie between, so that two campaigns that listen to each other come to an end; a circle
within one plan is refused when the plan is checked.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from festoon.base.events import Event, derived_id
from festoon.engine.chain import Course, course_of
from festoon.engine.gate import gate_and_time
from festoon.engine.listener import Listener
from festoon.engine.outcome import Given, MechanicOutcome, Outcome
from festoon.engine.program import GRANTED, OWNERS
from festoon.engine.view import EventView
from festoon.ledger.transfers import Transfer

SOURCE = "festoon/granted"
MOST_STEPS = 8
"""How far a grant may be from the event that it comes of."""
MOST_FOLLOWED = 500
"""Grants of one decision that others are asked about."""


class Followed(Struct, frozen=True):
    """What a mechanic made of an event, and the mechanics behind it, itself the last."""

    result: MechanicOutcome
    owners: tuple[str, ...]


def follow(outcome: Outcome, transfers: list[Transfer], view: EventView, before: tuple[str, ...]) -> None:
    """Ask those who listen to grants about everything that was given, and about what that gives. What comes of it is
    added to the outcome and the transfers. `before` are the mechanics that the event itself comes of."""
    rest = deque(Followed(each, (*before, each.mechanic)) for each in outcome.mechanics)
    program = view.program
    course: Course = program.courses.get(GRANTED) or course_of(program, GRANTED)
    count = 0
    while rest:
        behind = rest.popleft()
        if len(behind.owners) > MOST_STEPS:
            continue
        for data in _grants(behind.result, view):
            if count == MOST_FOLLOWED:
                return
            event = view.event
            id = derived_id(event.source, event.id, view.number, count)
            count += 1
            data[OWNERS] = behind.owners
            grant = Event(SOURCE, id, GRANTED, event.subject, event.time, data)
            asked = EventView(program, view.world, view.person, grant, view.now)
            for result in _asked(course, asked, outcome, transfers, behind.owners):
                outcome.mechanics.append(result)
                rest.append(Followed(result, (*behind.owners, result.mechanic)))


def _asked(
    course: Course, view: EventView, outcome: Outcome, transfers: list[Transfer], owners: tuple[str, ...]
) -> Iterator[MechanicOutcome]:
    """What those who listen make of one grant. A condition that does not hold is not worth a word: every grant is
    shown to everybody."""
    for part in course.chain_for(view.event.data):
        for listener, _, way in part.steps:
            if listener.request or listener.key in owners:
                continue
            view.listener = listener
            reason = gate_and_time(listener, view)
            if reason is None:
                result = way(view, transfers)
                if result is not None:
                    yield result
            elif reason != "condition":
                passed = outcome.passed_over.setdefault(reason, [])
                if listener.key not in passed:
                    passed.append(listener.key)


def _grants(result: MechanicOutcome, view: EventView) -> Iterator[dict[str, Any]]:
    """The data of the events that say what a mechanic gave, and what the member reached with it."""
    campaign, _, mechanic = result.mechanic.partition("/")
    listener: Listener | None = view.program.by_key.get(result.mechanic)
    if listener is None:
        return
    who = {"campaign": campaign, "mechanic": mechanic}
    for given in result.given:
        yield {**who, **_said(given, campaign)}
    if result.note and result.refused is None:
        for kind, name, amount in listener.mechanic.reached(result.note):
            yield {**who, "kind": kind, "reward": name, "amount": amount}


def _said(given: Given, campaign: str) -> dict[str, Any]:
    """One thing by the name that the plan has for it."""
    name = given.ref.removeprefix(f"{campaign}/")
    if name.startswith("chances/"):
        return {"kind": "chances", "reward": name.removeprefix("chances/"), "amount": given.amount}
    return {"kind": given.kind, "reward": name, "amount": given.amount}
