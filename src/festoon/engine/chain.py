"""What is done with an event of one type, put together when the first one comes: the standing rule, and the mechanics
that listen to it by campaign, so that what those of a campaign have in common is asked once an event.
"""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from festoon.base.times import FOREVER
from festoon.engine.barring import refuses_blocked
from festoon.engine.listener import Listener
from festoon.engine.outcome import MechanicOutcome, Outcome, Refusal, accepted
from festoon.engine.program import Candidates, Index, Program
from festoon.engine.running import Way, way_of
from festoon.engine.standing import RULES
from festoon.engine.view import EventView
from festoon.engine.watch import INTERNAL, Watch
from festoon.ledger.transfers import Transfer

MOST_KEPT = 1024
"""Types of events that this is kept for. Of others nobody has said anything."""

Rule = Callable[[EventView, list[MechanicOutcome], list[Transfer]], Refusal | None]
Holds = Callable[[Any, Any, Any], bool]
Step = tuple[Listener, Holds | None, Way]
"""A mechanic, its condition, and how it is run."""


class Part:
    """The mechanics of one campaign that an event may concern.

    `ordinary` ones run, for everybody who is not held out and is in the audience: none of them is paused, opens bit by
    bit, is asked for by name, or belongs to a group of campaigns.
    """

    __slots__ = ("audience", "end", "holdout", "keys", "listeners", "ordinary", "settle", "start", "steps")

    def __init__(self, listeners: tuple[Listener, ...]) -> None:
        first = listeners[0]
        self.listeners = listeners
        self.start, self.end, self.settle = first.start, first.end, first.settle
        self.ordinary = not first.group and all(each.for_all and not each.request for each in listeners)
        self.holdout = first.holds_out if first.holdout else None
        self.audience: Holds | None = first.audience
        self.steps: tuple[Step, ...] = tuple((each, each.when, way_of(each)) for each in listeners)
        self.keys = [each.key for each in listeners]


Chain = tuple[Part, ...]


def chain_of(candidates: Candidates) -> Chain:
    """The parts that those who may be concerned come to, in plan order."""
    parts = groupby(candidates.listeners, lambda listener: listener.campaign.campaign)
    chain: Chain = tuple(Part(tuple(listeners)) for _, listeners in parts)
    candidates.chain = chain
    return chain


class Course:
    """What is done with every event of one type.

    Before `begins` and from `ends` on, no campaign that it concerns is in its time, and all that comes of it is
    `resting`; which is None where something else may come of it then.
    """

    __slots__ = (
        "asks_first",
        "begins",
        "chain",
        "ends",
        "index",
        "refuses_blocked",
        "resting",
        "rule",
        "watch",
    )

    def __init__(self, program: Program, type_: str) -> None:
        self.watch: Watch | None = None if type_ in INTERNAL else program.watch
        self.refuses_blocked = refuses_blocked(type_, program.request_types)
        self.rule: Rule | None = RULES.get(type_)
        self.asks_first = bool(self.watch or self.refuses_blocked or self.rule)
        self.index: Index = program.by_type.get(type_, NOBODY_LISTENS)
        self.chain = chain_of(self.index.all) if self.index.always_all else ()
        """The mechanics, when they are the same whatever is in an event."""
        self.begins = min((part.start for part in self.chain), default=FOREVER)
        self.ends = max((part.settle for part in self.chain), default=FOREVER)
        self.resting: Outcome | None = None
        if self.chain and not (self.asks_first or program.adds) and all(part.ordinary for part in self.chain):
            self.resting = accepted([], {"phase": [key for part in self.chain for key in part.keys]})

    def chain_for(self, data: Mapping[str, Any]) -> Chain:
        """The mechanics that an event with this data may concern."""
        candidates = self.index.candidates(data)
        chain: Chain | None = candidates.chain
        return chain_of(candidates) if chain is None else chain


NOBODY_LISTENS = Index([])


def course_of(program: Program, type_: str) -> Course:
    """What is done with an event of a type, kept for the next one."""
    course = Course(program, type_)
    if len(program.courses) < MOST_KEPT:
        program.courses[type_] = course
    return course
