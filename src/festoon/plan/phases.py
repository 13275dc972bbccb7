"""Where in its life a published campaign is. The clock moves it; nobody has to.

Draft, in review and approved are statuses of a version, kept with its signatures; from approval on the
schedule says the phase.
"""

from datetime import datetime
from typing import Literal

from festoon.plan.compiled import Schedule

Phase = Literal["approved", "warm_up", "running", "closing", "settled", "archived"]

PHASES: tuple[Phase, ...] = ("approved", "warm_up", "running", "closing", "settled", "archived")
"""In the order of time: approved and waiting (筹备), 预热, 进行, 收尾, 已结算, 已归档."""


def transitions(schedule: Schedule) -> tuple[tuple[datetime, Phase], ...]:
    """The instants (UTC) at which the phases begin, in order."""
    return (
        (schedule.warm_up, "warm_up"),
        (schedule.start, "running"),
        (schedule.end, "closing"),
        (schedule.settle, "settled"),
        (schedule.archive, "archived"),
    )


def phase(schedule: Schedule, now: datetime) -> Phase:
    """The phase at an instant. One that begins at the very instant another does replaces it."""
    current: Phase = "approved"
    for begins, name in transitions(schedule):
        if now >= begins:
            current = name
    return current


def passed(schedule: Schedule, now: datetime) -> tuple[tuple[Phase, datetime], ...]:
    """The phases that have begun by an instant, with when; for whoever keeps a record of them."""
    return tuple((name, begins) for begins, name in transitions(schedule) if begins <= now)


def next_transition(schedule: Schedule, now: datetime) -> tuple[datetime, Phase] | None:
    """When the next phase begins, and which; None once archived."""
    later = [begins for begins, _ in transitions(schedule) if begins > now]
    return (later[0], phase(schedule, later[0])) if later else None
