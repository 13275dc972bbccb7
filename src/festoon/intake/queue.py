"""What waits for a batch: events with those who wait for their answers, and members whose timers are due.

One queue for all lanes. A lane that finds no batch running takes everything that waits, or half of it where that is
many; another lane joins when as many events wait as are being decided, since many small batches cost more than one.
Where lanes take turns, no other joins. But nobody waits for a batch that takes long. A member is in one batch at a
time: that keeps his events in order while batches run side by side.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from festoon.base.events import Event
from festoon.engine.answer import Answer

MANY = 32
"""From so many events on, two batches of half as many that run side by side are over sooner than one of all."""
LONG = 0.1
"""Seconds after which a batch takes so long that the next one does not wait for it, however few it is of."""

Answered = Callable[[list[Answer]], None]


class Parcel:
    """Events that came together. `answered` is called with the answers, in their order, when all of them are there; it
    must not raise."""

    __slots__ = ("_answered", "_answers", "_missing")

    def __init__(self, size: int, answered: Answered) -> None:
        self._answers: list[Answer | None] = [None] * size
        self._missing = size
        self._answered = answered

    def put(self, place: int, answer: Answer) -> None:
        self._answers[place] = answer
        self._missing -= 1
        if not self._missing:
            self._answered(self._answers)  # type: ignore[arg-type]  # none is missing


class Waiting(Struct, frozen=True, gc=False):
    """An event that waits, and where its answer goes. `tries` is how often its member was not free."""

    event: Event
    parcel: Parcel
    place: int
    tries: int = 0

    @property
    def subject(self) -> str:
        return self.event.subject


class Woken(Struct, frozen=True, gc=False):
    """A member whose timers are due. `done` is False when firing them failed by a mistake of ours."""

    number: int
    subject: str
    done: "asyncio.Future[bool]"


class Taken(Struct, eq=False):
    """What a lane has taken for its next batch, and the members it concerns. `late` says that it takes long, which its
    `alarm` tells."""

    events: list[Waiting]
    wakes: list[Woken]
    members: set[str]
    late: bool = False
    alarm: asyncio.TimerHandle | None = None


class Queue:
    """The queue of one process. With `turns`, its lanes decide one batch after the other; `halves` says whether there
    are two that may run side by side.

    `bell` rings when there may be something to take. `late`, for those whose turn it is not, rings when that is so
    although a batch runs.
    """

    def __init__(self, *, lanes: int = 2, turns: bool = False) -> None:
        self.halves = lanes > 1 and not turns
        self.turns = turns
        self.bell = asyncio.Event()
        self.late = asyncio.Event() if turns else self.bell
        self._events: deque[Waiting] = deque()
        self._wakes: deque[Woken] = deque()
        self._busy: set[str] = set()
        self._running = 0
        self._taken: list[Taken] = []
        self._clear = True
        """Whether no batch runs that others wait for: none at all, or only such as take long."""

    def __len__(self) -> int:
        return len(self._events)

    @property
    def empty(self) -> bool:
        return not self._events and not self._wakes

    @property
    def idle(self) -> bool:
        """Whether no batch runs."""
        return not self._taken

    def put(self, events: Sequence[Event], answered: Answered) -> None:
        """Let events wait. A lane is only woken when there is enough for a batch of its own."""
        parcel = Parcel(len(events), answered)
        self._events.extend([Waiting(event, parcel, place) for place, event in enumerate(events)])
        if self._may_join:
            self._ring()

    def wake(self, number: int, subject: str) -> "asyncio.Future[bool]":
        """Have a member's due timers fired; False when that failed."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wakes.append(Woken(number, subject, done))
        if self._may_join:
            self._ring()
        return done

    def take(self, most: int) -> Taken | None:
        """What can go into a batch now, in order; None when there is nothing, or not enough for one more batch, or it
        is another's turn."""
        if not self._may_join:
            return None
        if self.halves and self.idle and len(self._events) >= MANY:
            most = min(most, len(self._events) // 2)
        members: set[str] = set()
        events = _free(self._events, most, self._busy, members)
        wakes = _free(self._wakes, most, self._busy, members)
        if not members:
            return None
        self._busy |= members
        self._running += len(events)
        taken = Taken(events, wakes, members)
        taken.alarm = asyncio.get_running_loop().call_later(LONG, self._takes_long, taken)
        self._taken.append(taken)
        self._clear = False
        if self._events and self._may_join:
            self._ring()
        return taken

    def put_back(self, events: Sequence[Waiting]) -> None:
        """Let events whose members were not free wait again, before all others. While their batch is not over."""
        self._events.extendleft(
            [Waiting(one.event, one.parcel, one.place, one.tries + 1) for one in reversed(events)]
        )

    def leave(self, taken: Taken) -> None:
        """The batch is over: its members may be in another."""
        self._busy -= taken.members
        self._running -= len(taken.events)
        self._taken.remove(taken)
        self._clear = all(other.late for other in self._taken)
        if taken.alarm is not None:
            taken.alarm.cancel()
        self.bell.set()

    def _takes_long(self, taken: Taken) -> None:
        taken.late = True
        self._clear = all(other.late for other in self._taken)
        self._ring()

    def _ring(self) -> None:
        self.bell.set()
        if self._taken:
            self.late.set()

    @property
    def _may_join(self) -> bool:
        """Whether what waits may be a batch beside those that run."""
        return self._clear or (not self.turns and len(self._events) >= self._running)


def settle(future: "asyncio.Future[Any]", result: Any) -> None:
    """Tell who waits, unless he was cancelled meanwhile."""
    if not future.done():
        future.set_result(result)


Some = TypeVar("Some", Waiting, Woken)


def _free(queue: deque[Some], most: int, busy: set[str], members: set[str]) -> list[Some]:
    """Take what concerns no busy member, and note the members; what does concern one stays, in its order."""
    taken: list[Some] = []
    kept: list[Some] = []
    while queue and len(taken) < most:
        one = queue.popleft()
        if one.subject in busy:
            kept.append(one)
        else:
            members.add(one.subject)
            taken.append(one)
    queue.extendleft(reversed(kept))
    return taken
