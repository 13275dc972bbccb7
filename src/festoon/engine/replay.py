"""Run a program over events in memory: back-tests, simulations and scenario tests. The same `decide` as live.

The clock is the events' own: before an event, every timer that is due fires in order, then the event.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush

from msgspec.structs import replace

from festoon.base.events import Event, derived_id
from festoon.base.learned import Policy
from festoon.base.times import FOREVER
from festoon.base.visitors import FIRST_NUMBER, is_visitor
from festoon.engine.appointments import NOBODY, appointments
from festoon.engine.decide import Decided, decide
from festoon.engine.program import Program, SharedSpec
from festoon.engine.world import NUMBERED, Beside, Member, Timer, World
from festoon.mechanics.fairness import EpochKey, epoch_key
from festoon.plan.compiled import CompiledCampaign

Decision = tuple[Event, datetime, Decided]
Started = tuple[str, str]
"""Whose timer, and its id."""


def program_in_memory(campaigns: Iterable[CompiledCampaign], seed: bytes = b"rehearsal") -> Program:
    """A program that was never published. Its draws roll with keys made from `seed`, never with a live one. What its
    experiments learn is put where `policies` keeps it, by whoever runs it."""
    campaigns = tuple(campaigns)
    epochs = {
        f"{campaign.campaign}/{mechanic}": (
            EpochKey(
                "rehearsal",
                campaign.schedule.warm_up,
                campaign.schedule.settle,
                epoch_key(seed, f"{campaign.campaign}/{mechanic}"),
            ),
        )
        for campaign in campaigns
        for mechanic in campaign.randomness
    }
    shared = {
        account.key: SharedSpec(account.key, account.floor, exact=False)
        for campaign in campaigns
        for account in campaign.shared
    }
    learning = {
        each.learns.choosing.name: list[Policy]()
        for campaign in campaigns
        for each in campaign.experiments.values()
        if each.learns is not None
    }
    return Program(
        1,
        campaigns,
        shared_accounts=shared.values(),
        epochs=epochs,
        policies=learning,
        secret=seed,
        rehearsal=True,
    )


def opened_world(program: Program) -> World:
    """A complete world with nobody in it and every shared account at its opening."""
    world = World(complete=True)
    world.shared.fund(account for campaign in program.campaigns.values() for account in campaign.shared)
    return world


class Replay:
    """One run in memory. `world` is what came of it so far."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.world = opened_world(program)
        self.now: datetime
        """When the event was that was run last; there once one was."""
        self._subjects: dict[int, str] = {}
        self._dues: list[datetime] = []
        """The instants at which timers come due, as a heap."""
        self._due: dict[datetime, deque[Started]] = {}
        """The timers of each of them, in the order they were started in; most share theirs with many."""
        self._live: dict[Started, Timer] = {}
        self._ids: dict[str, str] = {}
        """The ids of accounts that have become part of others, with the id that stays."""
        self.erased: set[int] = set()
        """The numbers of members who were erased."""
        for campaign in program.campaigns.values():
            if timers := tuple(appointments(campaign)):
                if NOBODY not in self.world.members:
                    self.join(NOBODY)
                self._start(NOBODY, timers)

    def run(self, events: Iterable[Event]) -> Iterator[Decision]:
        """Decide events in the order given (by time), each after the timers that come due before it."""
        dues, program, world, ids = self._dues, self.program, self.world, self._ids
        members, merged, erased, forgotten = world.members, world.merged, world.erased, self.erased
        for event in events:
            now = self.now = event.time
            if ids and event.subject in ids:
                event = replace(event, subject=ids[event.subject])
            while dues and dues[0] <= now:
                yield from self._fire()
            member = members.get(event.subject) or self.join(event.subject)
            decided = decide(program, world, event, now)
            if merged:
                self._make_one()
            if (room := member.beside) is not None and room.moved:
                self._collect(member.subject, room)
            if erased and len(erased) > len(forgotten):
                self._forget()
            yield event, now, decided

    @property
    def due(self) -> datetime:
        """When the next timer comes due; FOREVER when none waits."""
        return self._dues[0] if self._dues else FOREVER

    def until(self, now: datetime) -> Iterator[Decision]:
        """Let every timer fire that is due by `now`."""
        while self._dues and self._dues[0] <= now:
            yield from self._fire()

    def join(self, subject: str) -> Member:
        """A member who was not there before."""
        number = len(self._subjects) + 1 + (FIRST_NUMBER if is_visitor(subject) else 0)
        member = self.world.members[subject] = Member(number, subject, complete=True)
        self._subjects[number] = subject
        self.world.numbers[subject] = self.world.numbers[f"{NUMBERED}{number}"] = number
        return member

    def _fire(self) -> Iterator[Decision]:
        due = self._dues[0]
        waiting = self._due[due]
        started = waiting.popleft()
        if not waiting:
            del self._due[heappop(self._dues)]
        timer = self._live.get(started)
        if timer is None or timer.due != due:
            return  # stopped, or moved to another time
        del self._live[started]
        subject, _ = started
        event = timer.event(subject)
        decided = decide(self.program, self.world, event, due)
        if (room := self.world.members[subject].beside) is not None and room.moved:
            self._collect(subject, room)
        yield event, due, decided

    def _collect(self, subject: str, room: Beside) -> None:
        """Take over the timers that a decision started or stopped."""
        room.moved = False
        if room.stopped:
            for id in room.stopped:
                self._live.pop((subject, id), None)
            room.stopped.clear()
        if room.timers:
            self._start(subject, room.timers.values())
            room.timers.clear()
        if room.foreign_timers:
            for number, timer in room.foreign_timers:
                self._start(self._subjects[number], (timer,))
            room.foreign_timers.clear()

    def _make_one(self) -> None:
        """What was the other account's comes to the one that stays."""
        for merged in self.world.merged:
            into, gone = merged.into, merged.gone
            del self.world.members[gone.subject]
            self._ids[gone.subject] = gone.subject
            self._ids |= {id: into.subject for id, to in self._ids.items() if to == gone.subject}
            self._subjects |= {no: into.subject for no, to in self._subjects.items() if to == gone.subject}
            for id in (*self._ids, *(f"{NUMBERED}{number}" for number in self._subjects)):
                if self.world.numbers.get(id) == gone.number:
                    self.world.numbers[id] = into.number
            for (subject, id), timer in list(self._live.items()):
                if subject == gone.subject:
                    del self._live[subject, id]
                    if (into.subject, id) not in self._live and id not in into.stopped:
                        self._start(into.subject, (timer,))
        self.world.merged.clear()

    def _forget(self) -> None:
        """Nobody knows any more who an erased member was: his books and timers stay under another name, and whoever
        comes by an id of his is somebody new."""
        world = self.world
        for number in world.erased[len(self.erased) :]:
            was, name = self._subjects[number], derived_id("erased", str(number))
            member = world.members[name] = world.members.pop(was)
            member.subject = name
            for id in [was, *(id for id, to in self._ids.items() if to == was)]:
                world.numbers.pop(id, None)
                self._ids.pop(id, None)
            self._subjects |= {no: name for no, to in self._subjects.items() if to == was}
            for subject, id in [started for started in self._live if started[0] == was]:
                self._start(name, (self._live.pop((subject, id)),))
            self.erased.add(number)

    def _start(self, subject: str, timers: Iterable[Timer]) -> None:
        """Start timers, or move those that run."""
        live, waiting = self._live, self._due
        for timer in timers:
            started, due = (subject, timer.id), timer.due
            known = live.get(started)
            live[started] = timer
            if known is not None and known.due == due:
                continue  # it waits for that instant already
            try:
                waiting[due].append(started)
            except KeyError:
                waiting[due] = deque((started,))
                heappush(self._dues, due)
