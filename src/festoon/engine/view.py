"""What a mechanic and a condition may look at while one event is decided."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.base.times import Days
from festoon.engine.code_book import Typed
from festoon.engine.invite_codes import number_in
from festoon.engine.listener import Listener
from festoon.engine.program import Program, epoch_at
from festoon.engine.progress import Progress
from festoon.engine.world import Member, World
from festoon.mechanics.fairness import roll

NO_EPOCH = define(
    "draw.epoch_not_open",
    200,
    "the draw's seed is not open yet: its public randomness has not been recorded",
    "抽奖种子尚未开放：公开随机数尚未登记",
)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


class EventView:
    """The View of mechanics/base.py, and what conditions are called with, for one event and one mechanic after
    another. `person` is the event's subject with his books; mechanics and conditions see only his facts, for which
    the view stands itself (one object an event, and no circle for the collector to find)."""

    __slots__ = (
        "_day",
        "_days",
        "entered",
        "event",
        "listener",
        "now",
        "person",
        "program",
        "refused",
        "time",
        "world",
    )

    def __init__(self, program: Program, world: World, person: Member, event: Event, now: datetime) -> None:
        self.program = program
        self.world = world
        self.person = person
        self.event = event
        self.time = event.time
        self.now = now
        self.listener: Listener = None  # type: ignore[assignment]  # set before any mechanic looks
        self._days: Days | None = None
        self.refused: str
        self.entered: Typed
        """What the subject typed; there when the event is that of entering a code."""

    # The member, as conditions and mechanics see him

    @property
    def member(self) -> "EventView":
        return self

    @property
    def number(self) -> int:
        return self.person.number

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person.number, *self.person.absorbed)

    @property
    def subject(self) -> str:
        return self.person.subject

    @property
    def registered(self) -> datetime | None:
        return self.person.registered

    def fact(self, name: str) -> Any:
        """A profile field, or None. `registered` is when he registered."""
        if name == "registered":
            return self.person.registered
        return self.person.profile.get(name)

    def days_since(self, name: str) -> int | None:
        """Whole campaign days from a dated fact to the event; 0 on the same day, None when there is no such date."""
        since = self.fact(name)
        if isinstance(since, str):
            since = _instant(since)
        return (self.day - self.local_date(since)).days if isinstance(since, datetime) else None

    def in_segment(self, name: str) -> bool:
        """Whether he is in a segment now, as the campaign calls it."""
        name = self.listener.segments.get(name, name)
        return name in self.person.profile.get("segments", ())

    def count(self, mechanic: str) -> int:
        """How often a mechanic of this campaign has given him something."""
        return self.done(mechanic)

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        """Whether he registered between a campaign's first and last day."""
        since = self.person.registered
        return since is not None and campaign["start"] <= self.local_date(since) <= campaign["end"]

    # The event, in the campaign's time

    @property
    def local(self) -> datetime:
        """The event's local time in the campaign's zone."""
        return self.time.astimezone(self.listener.zone)

    @property
    def day(self) -> date:
        days = self.listener.days
        if self._days is not days:  # most campaigns share one zone, so its day is asked for once an event
            self._days = days
            self._day = days.of(self.time)
        return self._day

    @property
    def campaign(self) -> dict[str, Any]:
        return self.listener.facts

    @property
    def type(self) -> str:
        return self.event.type

    @property
    def source(self) -> str:
        return self.event.source

    @property
    def progress(self) -> Progress | None:
        return self.person.progress_of(self.listener.key)

    @property
    def state(self) -> Any:
        progress = self.person.progress_of(self.listener.key)
        if progress is None or progress.state is None:
            return self.listener.mechanic.State()
        return progress.state

    @property
    def times(self) -> int:
        progress = self.person.progress_of(self.listener.key)
        return 0 if progress is None else progress.given

    def local_date(self, at: datetime) -> date:
        return self.day if at is self.time else at.astimezone(self.listener.zone).date()

    def balance(self, asset: str) -> int:
        return self.person.book.balance(asset)

    def shared(self, account: str) -> int:
        return self.world.shared.balance(account)

    def has_codes(self, of: str, count: int) -> bool:
        return self.world.complete or self.world.codes.has(of, count)

    def done(self, mechanic: str) -> int:
        progress = self.person.progress_of(f"{self.listener.campaign.campaign}/{mechanic}")
        return 0 if progress is None else progress.given

    def number_of(self, subject: str) -> int | None:
        return self.world.number_of(subject)

    def number_of_code(self, code: str) -> int | None:
        number = number_in(self.program.secret, code)
        return None if number is None else self.world.number_known(number)

    def roll(self, bound: int, play: int, label: str = "") -> int:
        epoch = epoch_at(self.program.epochs.get(self.listener.key, ()), self.now)
        if epoch is None:
            raise Refused(NO_EPOCH, mechanic=self.listener.plan.id)
        return roll(epoch.key, self.listener.key, self.person.number, play, label, bound)

    def epoch(self) -> str:
        epoch = epoch_at(self.program.epochs.get(self.listener.key, ()), self.now)
        return "" if epoch is None else epoch.name

    def code(self) -> str:
        return self.entered.shown

    def holders(self, asset: str, before: datetime) -> str:
        return self.world.holders(asset, before)

    def file(self, name: str) -> str | None:
        return self.world.file(f"{self.listener.key}/{name}")

    def no_more(self) -> Mapping[int, int]:
        return self.world.no_more()
