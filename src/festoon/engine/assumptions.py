"""Assumptions: what members would do with an incentive that history has not seen, stated so that it can be varied.

History holds what members did; nobody in it pressed a draw button that was not there. Each assumption is a share
between 0 and 1; who does and who does not follows from the run's seed, never from chance at run time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b
from heapq import heappop, heappush
from itertools import count
from typing import Any

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.base.events import Event, derived_id
from festoon.engine.decide import Decided
from festoon.engine.program import Program

SOURCE = "festoon/assumptions"
WRONG_SHARE = define(
    "assumption.not_a_share",
    400,
    "the assumption {name} is {value}; a share lies between 0 and 1",
    "假设“{name}”为{value}；比例应在0到1之间",
)
CAUSED = frozenset({"timer.due", "segment.entered", "segment.left"})
"""Nothing that a member does."""
_DELAY = timedelta(minutes=1)
_ONE = 1 << 64


class Assumptions(Struct, frozen=True):
    """`plays`: of the draw chances a member is given, how many he uses. `free_plays` and `check_ins`: on how many of
    the days on which a member does anything he also uses a free draw, or checks in (with a photo where one is looked
    at; no verdict is assumed, so `overdue` decides). `more_orders`: how many orders
    more than in history, each a repeat of one a day later."""

    plays: float = 1.0
    free_plays: float = 0.0
    check_ins: float = 0.0
    more_orders: float = 0.0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not 0 <= (value := getattr(self, name)) <= 1:
                raise Invalid(WRONG_SHARE, name, name=name, value=value)


class Responses:
    """Members' responses to what they are given, merged into the history by time."""

    def __init__(self, program: Program, assumptions: Assumptions, seed: bytes) -> None:
        self.assumptions = assumptions
        self._seed = seed[:64]
        self._pending: list[tuple[datetime, int, Event]] = []
        self._order = count()
        self._seen: dict[str, date] = {}
        self._draws: dict[str, tuple[str, str]] = {}
        self._free: list[tuple[str, str]] = []
        self._check_ins = self._photos = False
        for listener in program.by_key.values():
            campaign, mechanic = listener.campaign.campaign, listener.plan.id
            if listener.mechanic.kind == "draw":
                self._draws[f"{campaign}/chances/{mechanic}"] = (campaign, mechanic)
                if _has_free_plays(listener.mechanic.params):
                    self._free.append((campaign, mechanic))
            if listener.mechanic.kind == "check_in":
                self._check_ins = True
                self._photos |= listener.mechanic.params.review is not None

        self._more = assumptions.more_orders > 0
        self._daily = bool(self._free and assumptions.free_plays) or (
            self._check_ins and assumptions.check_ins > 0
        )
        """Whether anything is assumed of the days on which members do something."""

    def merged(self, history: Iterable[Event]) -> Iterator[Event]:
        """History with the responses that are due before each event, in order of time."""
        for event in history:
            while self._pending and self._pending[0][0] <= event.time:
                yield heappop(self._pending)[2]
            yield event
        while self._pending:
            yield heappop(self._pending)[2]

    def react(self, event: Event, decided: Decided) -> None:
        """Note what a member would do about an outcome, and about a day on which he was active."""
        draws = self._draws
        if draws and decided.transfers:
            for result in decided.outcome.mechanics:
                for given in result.given:
                    if given.ref in draws and given.kind == "asset":
                        self._play(event, draws[given.ref], given.amount)
        if event.source != SOURCE and event.type not in CAUSED:
            self._active(event)

    def _play(self, event: Event, draw: tuple[str, str], chances: int) -> None:
        for number in range(chances):
            if self._does("play", self.assumptions.plays, event.id, draw[1], number):
                self._respond(event, "draw.played", number + 1, campaign=draw[0], mechanic=draw[1])

    def _active(self, event: Event) -> None:
        if (
            self._more
            and event.type == "order.paid"
            and self._does("more", self.assumptions.more_orders, event.id)
        ):
            again = Event(
                SOURCE,
                derived_id(event.id, "more"),
                event.type,
                event.subject,
                event.time + timedelta(days=1),
                event.data,
            )
            heappush(self._pending, (again.time, next(self._order), again))
        if not self._daily:
            return
        day = event.time.date()
        if self._seen.get(event.subject) == day:
            return
        self._seen[event.subject] = day
        for campaign, mechanic in self._free if self.assumptions.free_plays else ():
            if self._does("free", self.assumptions.free_plays, event.id, mechanic):
                self._respond(event, "draw.played", 1, campaign=campaign, mechanic=mechanic)
        if self._check_ins and self._does("check_in", self.assumptions.check_ins, event.id):
            photo = {"photo": derived_id(event.source, event.id, "photo")} if self._photos else {}
            self._respond(event, "check_in.made", 1, **photo)

    def _does(self, what: str, share: float, *about: object) -> bool:
        """Whether this member does it, this time: the same answer for the same seed."""
        if share >= 1:
            return True
        if share <= 0:
            return False
        said = "\0".join([what, *map(str, about)]).encode()
        drawn = int.from_bytes(blake2b(said, digest_size=8, key=self._seed).digest(), "big")
        return drawn < share * _ONE

    def _respond(self, event: Event, type_: str, number: int, **data: str) -> None:
        id = derived_id(event.source, event.id, type_, *data.values(), number)
        at = event.time + number * _DELAY
        made = Event(SOURCE, id, type_, event.subject, at, dict(data))
        heappush(self._pending, (at, next(self._order), made))


def _has_free_plays(params: Any) -> bool:
    """Whether a draw offers chances that come by themselves."""
    return params.chances is not None and params.chances.free is not None
