"""Segments in a back-test or a simulation: computed at the instants of their rhythm from what has happened so far.

The conditions, figures and cut points are those that run live, where they are computed from the facts. An uploaded
list is not part of a plan: unless it is given, it is taken to be empty, and the result says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from festoon.base.events import Event, derived_id
from festoon.base.times import FOREVER, local_day
from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.behaviour import Behaviour
from festoon.engine.decide import Decided
from festoon.engine.joining import JOIN, JOINED, REGISTRATION
from festoon.engine.listener import campaign_facts
from festoon.engine.merging import MERGE
from festoon.engine.replay import Replay
from festoon.engine.world import Member
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.segment_compiled import CompiledSegment
from festoon.plan.segment_cuts import Cuts

SOURCE = "festoon/segments"
MERGED = f"festoon/{MERGE}"
ERASED = "member.erased"
MERGING = frozenset({MERGE, JOIN, REGISTRATION})
Lists = Mapping[str, Sequence[str]]
"""Uploaded lists by segment: members' ids, in their order."""
Hearing = Callable[[Event, Decided], None]
"""Takes note of an event and what came of it."""


def segment_event(
    campaign: str, segment: str, subject: str, due: datetime, at: datetime, *, entered: bool
) -> Event:
    """That a member came into a segment or dropped out of it, by the refresh that was due at an instant."""
    return Event(
        SOURCE,
        derived_id(campaign, segment, due.isoformat()),
        "segment.entered" if entered else "segment.left",
        subject,
        at,
        {"segment": segment, "campaign": campaign},
        at.isoformat(),
    )


class Segmenting:
    """The segments of the campaigns of a replay. `merged` puts their events into the history, `note` hears what became
    of every event."""

    def __init__(self, campaigns: Sequence["_Campaign"]) -> None:
        self._campaigns = campaigns
        self._hearing: dict[str, tuple[Hearing, ...]] = {}
        """By type of event, who takes note of it."""

    @classmethod
    def of(cls, replay: Replay, lists: Lists) -> "Segmenting | None":
        """The segments of the replay's campaigns; None when none computes any, and nothing is to be done."""
        found = [
            _Campaign(replay, campaign, lists)
            for campaign in replay.program.campaigns.values()
            if campaign.segments
        ]
        return cls(found) if found else None

    def merged(self, history: Iterable[Event]) -> Iterator[Event]:
        """The history, with the events of every refresh that is due before each of its events."""
        first = min(self._campaigns, key=_due)
        for event in history:
            while first.due <= event.time:
                yield from first.refresh()
                first = min(self._campaigns, key=_due)
            yield event

    def refresh_at(self, at: datetime) -> Iterator[Event]:
        """The events of a refresh of everything at an instant, whatever the rhythm."""
        for campaign in self._campaigns:
            yield from campaign.refresh_at(at)

    def note(self, event: Event, decided: Decided) -> None:
        """Take note of what a member did."""
        try:
            hearing = self._hearing[event.type]
        except KeyError:
            hearing = self._hearing[event.type] = tuple(self._who_hears(event.type))
        for note in hearing:
            note(event, decided)

    def _who_hears(self, type_: str) -> Iterator[Hearing]:
        yield from (campaign.note for campaign in self._campaigns if campaign.behaviour.takes(type_))
        if type_ in MERGING:
            yield self._merge
        elif type_ == ERASED:
            yield self._forget

    def _forget(self, event: Event, decided: Decided) -> None:
        if decided.outcome.status == "accepted":
            for campaign in self._campaigns:
                campaign.forget(event.subject)

    def _merge(self, event: Event, decided: Decided) -> None:
        """What those did who turn out to be the same person."""
        for result in decided.outcome.mechanics:
            if result.mechanic in (MERGED, JOINED) and result.refused is None:
                gone = result.note.get("member") or result.note["visitor"]
                for campaign in self._campaigns:
                    campaign.merge(event.subject, gone)


class _Campaign:
    """One campaign's segments, and when the next of them is due."""

    def __init__(self, replay: Replay, campaign: CompiledCampaign, lists: Lists) -> None:
        self.campaign = campaign
        self.context = SimpleNamespace(campaign=campaign_facts(campaign))
        self._everybody, self._erased = replay.world.members, replay.erased
        self._places = {
            name: {subject: place for place, subject in reversed(list(enumerate(subjects, 1)))}
            for name, subjects in lists.items()
        }
        taken = {each for segment in campaign.segments for each in segment.taken}
        away = {segment.away.types for segment in campaign.segments if segment.away is not None}
        self.behaviour = Behaviour(taken, away, campaign.zone, campaign.schedule.start, campaign.currency)
        self._next = dict.fromkeys(range(len(campaign.segments)), campaign.schedule.start)
        self.due = min(self._next.values(), default=FOREVER)

    @property
    def _members(self) -> dict[str, Member]:
        """Those who are members; visitors are in no segment, nor is who was erased."""
        return {
            id: each
            for id, each in self._everybody.items()
            if each.number < FIRST_NUMBER and each.number not in self._erased
        }

    def note(self, event: Event, decided: Decided) -> None:
        """What a member did comes into the figures."""
        self.behaviour.add(event, decided.outcome.status)

    def merge(self, into: str, gone: str) -> None:
        """Two accounts turn out to be one person's: he did what either did, and stands where either stands on lists."""
        self.behaviour.merge(into, gone)
        for places in self._places.values():
            if gone in places:
                places[into] = min(places.pop(gone), places.get(into, _LAST))

    def forget(self, who: str) -> None:
        """He was erased: what he did is nobody's, and he stands on no list."""
        self.behaviour.forget(who)
        for places in self._places.values():
            places.pop(who, None)

    def refresh(self) -> Iterator[Event]:
        """The events of what is due next. Each segment is computed when the ones before it have been decided."""
        due = self.due
        for index, segment in enumerate(self.campaign.segments):
            if self._next[index] == due:
                yield from self._changes(segment, due)
                after = segment.rhythm.following(due, self.campaign.zone)
                ends = after is None or after >= self.campaign.schedule.settle
                self._next[index] = FOREVER if ends or after is None else after
        self.due = min(self._next.values())

    def refresh_at(self, at: datetime) -> Iterator[Event]:
        """The events of a refresh of all segments at an instant."""
        for segment in self.campaign.segments:
            yield from self._changes(segment, at)

    def _changes(self, segment: CompiledSegment, at: datetime) -> list[Event]:
        """Who leaves, then who enters, best part first, in the order of serving."""
        now = self._found(segment, at)
        left: list[tuple[int, str, str]] = []
        for member in self._members.values():
            inside = member.profile.get("segments", ())
            for part, name in enumerate(segment.names):
                if self._key(name) in inside and now.get(member.subject) != part:
                    left.append((member.number, name, member.subject))
        entered = [
            (part, *self._serving(segment, self._members[subject], at), name, subject)
            for subject, part in now.items()
            if self._key(name := segment.names[part])
            not in self._members[subject].profile.get("segments", ())
        ]
        changes = [(name, subject, False) for _, name, subject in sorted(left)]
        changes += [(name, subject, True) for *_, name, subject in sorted(entered)]
        return [
            segment_event(self.campaign.campaign, name, subject, at, at, entered=enters)
            for name, subject, enters in changes
        ]

    def _key(self, name: str) -> str:
        return self.campaign.segment_keys[name]

    def _serving(self, segment: CompiledSegment, member: Member, at: datetime) -> tuple[int, int, int]:
        """Place on a list, then the figure, most first, then who was there before."""
        order, figure = segment.order, 0
        listed = order.list or (segment.name if segment.listed else "")
        place = self._places.get(listed, {}).get(member.subject, _LAST)
        if order.by is not None:
            figure = self.behaviour.value(member.subject, order.by, at) or 0
        return place, -figure, member.number

    def _found(self, segment: CompiledSegment, at: datetime) -> dict[str, int]:
        """Who is in it, with the place of his part."""
        people = [
            member for who, member in self._members.items() if who and self._counts(segment, member, at)
        ]
        if segment.away is not None:
            today = local_day(at, self.campaign.zone)
            lasts = ((member, self._last(member, segment.away.types)) for member in people)
            return {
                member.subject: 0
                for member, last in lasts
                if last is not None and (today - last).days > segment.away.days
            }
        if segment.cuts is not None:
            return self._cut(segment.cuts, people, at)
        return {member.subject: 0 for member in people}

    def _counts(self, segment: CompiledSegment, member: Member, at: datetime) -> bool:
        if segment.listed and member.subject not in self._places.get(segment.name, {}):
            return False
        return segment.when is None or segment.when.holds(
            {}, _Person(self, segment, member, at), self.context
        )

    def _last(self, member: Member, types: tuple[str, ...]) -> date | None:
        last = self.behaviour.last(member.subject, types)
        if last is None and member.registered is not None:
            last = local_day(member.registered, self.campaign.zone)
        return last

    def _cut(self, cuts: Cuts, people: list[Member], at: datetime) -> dict[str, int]:
        valued = [(self.behaviour.value(member.subject, cuts.by, at) or 0, member) for member in people]
        if cuts.cuts:
            parts = {member.subject: cuts.part_of(value) for value, member in valued}
        else:
            ranked = [pair for pair in valued if cuts.everyone or pair[0] > 0]
            ranked.sort(key=lambda pair: (-pair[0], _lot(cuts, pair[1].number), pair[1].number))
            bounds, parts, place = cuts.bounds(len(ranked)), {}, 0
            for index, (value, member) in enumerate(ranked):
                if cuts.ties != "together" or index == 0 or value != ranked[index - 1][0]:
                    place = index
                parts[member.subject] = cuts.part_at(place, bounds)
        return {subject: part for subject, part in parts.items() if part is not None}


class _Person:
    """A member as the condition of a segment sees him."""

    __slots__ = ("_at", "_campaign", "_figures", "_member")

    def __init__(self, campaign: _Campaign, segment: CompiledSegment, member: Member, at: datetime) -> None:
        self._campaign, self._figures, self._member, self._at = campaign, segment.figures, member, at

    def fact(self, name: str) -> Any:
        taken = self._figures.get(f"member.{name}")
        if taken is not None:
            return self._campaign.behaviour.value(self._member.subject, taken, self._at)
        return self._member.registered if name == "registered" else self._member.profile.get(name)

    def days_since(self, name: str) -> int | None:
        since = self.fact(name)
        if isinstance(since, str):
            since = _moment(since)
        zone = self._campaign.campaign.zone
        if isinstance(since, datetime) and since.tzinfo is not None:
            since = local_day(since, zone)
        return (local_day(self._at, zone) - since).days if isinstance(since, date) else None

    def in_segment(self, name: str) -> bool:
        key = self._campaign.campaign.segment_keys.get(name, name)
        return key in self._member.profile.get("segments", ())

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        since = self._member.registered
        if since is None:
            return False
        return bool(campaign["start"] <= local_day(since, self._campaign.campaign.zone) <= campaign["end"])


_LAST = 1 << 62


def _due(campaign: _Campaign) -> datetime:
    return campaign.due


def _lot(cuts: Cuts, member: int) -> str:
    """A lot that is fixed for good."""
    return sha256(f"{cuts.salt}:{member}".encode()).hexdigest() if cuts.ties == "drawn" else ""


def _moment(text: str) -> datetime | date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None
