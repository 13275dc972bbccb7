"""Assumptions: what members would do with an incentive that history has not seen, stated so that it can be varied.

History holds what members did; nobody in it pressed a draw button that was not there. Each assumption is a share
between 0 and 1; who does and who does not follows from the run's seed, never from chance at run time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b
from heapq import heappop, heappush
from itertools import count
from math import ceil
from operator import attrgetter
from typing import Any

from msgspec import Struct

from festoon.base.errors import Invalid, define
from festoon.base.events import Event, derived_id
from festoon.base.times import FOREVER
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
_ASSET = attrgetter("asset")


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


class Share:
    """Who does something, and when, if a share of all times somebody does: the same answer for the same seed."""

    __slots__ = ("_begun", "_below", "always", "never")

    def __init__(self, what: str, share: float, seed: bytes) -> None:
        self.always, self.never = share >= 1, share <= 0
        self._begun = blake2b(f"{what}\0".encode(), digest_size=8, key=seed)
        self._below = b"" if self.always else ceil(share * _ONE).to_bytes(8, "big")

    def holds(self, about: str) -> bool:
        """Whether it is done this time."""
        if self.always or self.never:
            return self.always
        drawn = self._begun.copy()
        drawn.update(about.encode())
        return drawn.digest() < self._below


class Responses:
    """Members' responses to what they are given, merged into the history by time."""

    def __init__(self, program: Program, assumptions: Assumptions, seed: bytes) -> None:
        self._plays, self._free_plays, self._checks_in, self._orders_again = (
            Share(what, share, seed[:64])
            for what, share in (
                ("play", assumptions.plays),
                ("free", assumptions.free_plays),
                ("check_in", assumptions.check_ins),
                ("more", assumptions.more_orders),
            )
        )
        self._pending: list[tuple[datetime, int, Event]] = []
        self._order = count()
        self._seen: dict[str, date] = {}
        self._draws: dict[str, tuple[str, str]] = {}
        self._free: list[tuple[str, str]] = []
        self._check_ins = self._photos = False
        """Whether members check in, and whether with a photo."""
        for listener in program.by_key.values():
            campaign, mechanic = listener.campaign.campaign, listener.plan.id
            if listener.mechanic.kind == "draw":
                self._draws[f"{campaign}/chances/{mechanic}"] = (campaign, mechanic)
                if _has_free_plays(listener.mechanic.params):
                    self._free.append((campaign, mechanic))
            if listener.mechanic.kind == "check_in":
                self._check_ins = not self._checks_in.never
                self._photos |= listener.mechanic.params.review is not None
        self._chances = frozenset(self._draws)
        if self._free_plays.never:
            self._free.clear()
        self._daily = bool(self._free) or self._check_ins
        """Whether anything is assumed of the days on which members do something."""
        self._again = not self._orders_again.never
        self._acts = self._daily or self._again
        """Whether anything is assumed of what they do by themselves."""

    def merged(self, history: Iterable[Event]) -> Iterator[Event]:
        """History with the responses that are due before each event, in order of time."""
        pending = self._pending
        for event in history:
            while pending and pending[0][0] <= event.time:
                yield heappop(pending)[2]
            yield event
        yield from self.until(FOREVER)

    def until(self, now: datetime) -> Iterator[Event]:
        """The responses that are due by `now`, in order of time."""
        pending = self._pending
        while pending and pending[0][0] <= now:
            yield heappop(pending)[2]

    def react(self, event: Event, decided: Decided) -> None:
        """Note what a member would do about an outcome, and about a day on which he was active."""
        if (moves := decided.transfers) and not self._chances.isdisjoint(map(_ASSET, moves)):
            for result in decided.outcome.mechanics:
                for given in result.given:
                    if given.ref in self._chances and given.kind == "asset":
                        self._play(event, self._draws[given.ref], given.amount)
        if self._acts and event.source != SOURCE and event.type not in CAUSED:
            self._active(event)

    def _play(self, event: Event, draw: tuple[str, str], chances: int) -> None:
        for number in range(chances):
            if self._plays.holds(f"{event.id}\0{draw[1]}\0{number}"):
                self._respond(event, "draw.played", number + 1, campaign=draw[0], mechanic=draw[1])

    def _active(self, event: Event) -> None:
        if self._again and event.type == "order.paid" and self._orders_again.holds(event.id):
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
        subject, day = event.subject, event.time.date()
        if self._seen.get(subject) == day:
            return
        self._seen[subject] = day
        for campaign, mechanic in self._free:
            if self._free_plays.holds(f"{event.id}\0{mechanic}"):
                self._respond(event, "draw.played", 1, campaign=campaign, mechanic=mechanic)
        if self._check_ins and self._checks_in.holds(event.id):
            self._respond(event, "check_in.made", 1)

    def _respond(self, event: Event, type_: str, number: int, **data: str) -> None:
        id = derived_id(event.source, event.id, type_, *data.values(), number)
        if self._photos and type_ == "check_in.made":
            data["photo"] = id
        at = event.time + number * _DELAY
        made = Event(SOURCE, id, type_, event.subject, at, data)
        heappush(self._pending, (at, next(self._order), made))


def _has_free_plays(params: Any) -> bool:
    """Whether a draw offers chances that come by themselves."""
    return params.chances is not None and params.chances.free is not None
