"""What a mechanic and a condition may look at while one event is decided."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.errors import Refused, define
from festoon.base.events import Event
from festoon.engine.program import Listener, Program, epoch_at
from festoon.engine.world import Member, Progress, World
from festoon.mechanics.fairness import roll

NO_EPOCH = define(
    "draw.epoch_not_open",
    200,
    "the draw's seed is not open yet: its public randomness has not been recorded",
    "抽奖种子尚未开放：公开随机数尚未登记",
)


class Subject:
    """The event's subject as conditions and mechanics see him: facts, not books."""

    __slots__ = ("_member", "_view", "number", "subject")

    def __init__(self, view: "EventView", member: Member) -> None:
        self._view = view
        self._member = member
        self.number = member.number
        self.subject = member.subject

    @property
    def registered(self) -> datetime | None:
        return self._member.registered

    def fact(self, name: str) -> Any:
        """A profile field, or None. `registered` is when he registered."""
        if name == "registered":
            return self._member.registered
        return self._member.profile.get(name)

    def days_since(self, name: str) -> int | None:
        """Whole campaign days from a dated fact to the event; 0 on the same day, None when there is no such date."""
        since = self.fact(name)
        if isinstance(since, str):
            since = _instant(since)
        return (self._view.day - self._view.local_date(since)).days if isinstance(since, datetime) else None

    def in_segment(self, name: str) -> bool:
        """Whether he is in a segment now."""
        return name in self._member.profile.get("segments", ())

    def count(self, mechanic: str) -> int:
        """How often a mechanic of this campaign has given him something."""
        return self._view.done(mechanic)

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        """Whether he registered between a campaign's first and last day."""
        since = self._member.registered
        return since is not None and campaign["start"] <= self._view.local_date(since) <= campaign["end"]


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


class EventView:
    """The View of mechanics/base.py and the context of conditions, for one event and one mechanic after another."""

    __slots__ = ("_days", "event", "listener", "member", "now", "program", "subject", "time", "world")

    def __init__(self, program: Program, world: World, subject: Member, event: Event, now: datetime) -> None:
        self.program = program
        self.world = world
        self.subject = subject
        self.event = event
        self.time = event.time
        self.now = now
        self.member = Subject(self, subject)
        self.listener: Listener = None  # type: ignore[assignment]  # set before any mechanic looks
        self._days: dict[ZoneInfo, datetime] = {}

    @property
    def local(self) -> datetime:
        """The event's local time in the campaign's zone."""
        zone = self.listener.zone
        found = self._days.get(zone)
        if found is None:
            found = self._days[zone] = self.time.astimezone(zone)
        return found

    @property
    def day(self) -> date:
        return self.local.date()

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
        return self.subject.progress_of(self.listener.key)

    @property
    def state(self) -> Any:
        progress = self.subject.progress_of(self.listener.key)
        if progress is None or progress.state is None:
            return self.listener.mechanic.State()
        return progress.state

    @property
    def times(self) -> int:
        progress = self.subject.progress_of(self.listener.key)
        return 0 if progress is None else progress.given

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.listener.zone).date()

    def balance(self, asset: str) -> int:
        return self.subject.book.balance(asset)

    def shared(self, account: str) -> int:
        return self.world.shared.balance(account)

    def done(self, mechanic: str) -> int:
        progress = self.subject.progress_of(f"{self.listener.campaign.campaign}/{mechanic}")
        return 0 if progress is None else progress.given

    def number_of(self, subject: str) -> int | None:
        return self.world.number_of(subject)

    def roll(self, bound: int, play: int, label: str = "") -> int:
        epoch = epoch_at(self.program.epochs.get(self.listener.key, ()), self.now)
        if epoch is None:
            raise Refused(NO_EPOCH, mechanic=self.listener.plan.id)
        return roll(epoch.key, self.listener.key, self.subject.number, play, label, bound)

    def epoch(self) -> str:
        epoch = epoch_at(self.program.epochs.get(self.listener.key, ()), self.now)
        return "" if epoch is None else epoch.name
