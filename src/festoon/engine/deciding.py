"""One batch while it is being decided: which events were decided before, what each came to, and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.errors import Conflict, FestoonError, define
from festoon.base.events import Event, canonical, without
from festoon.engine.answer import Answer
from festoon.engine.decide import decide
from festoon.engine.engine import Engine
from festoon.engine.keys import Keys
from festoon.engine.load import Claim, Loaded
from festoon.engine.missing import Missing, note
from festoon.engine.outcome import encode, encode_transfers
from festoon.engine.post import Row
from festoon.engine.world import Member, Timer, World
from festoon.ledger.book import NotLoaded

ID_REUSED = define(
    "event.id_reused",
    409,
    "the id '{id}' of source '{source}' was used before with another body",
    "来源“{source}”的事件编号“{id}”已被另一内容使用",
    todo="give every event an id of its own; the earlier event stands as it was",
    todo_zh="每个事件应有唯一编号；先前的事件保持不变",
)


class Asked(Struct, frozen=True, gc=False):
    """An event of the batch under the name it has in the journal: its member's number and its key. `text` is its data
    as canonical JSON, for the hash and for the journal."""

    event: Event
    claim: tuple[int, bytes]
    hash: bytes
    text: bytes

    @classmethod
    def under(cls, event: Event, number: int, key: bytes) -> Self:
        text = event.text
        return cls(event, (number, key), event.hash_over(text), text)


class Deciding:
    """The state of one attempt at a batch."""

    def __init__(
        self,
        engine: Engine,
        loaded: Loaded,
        numbers: Mapping[str, int],
        events: Sequence[Event],
        keys: Sequence[bytes],
        now: datetime,
    ) -> None:
        """`numbers` are those of the events' members; `keys` are the events' own."""
        self.engine = engine
        self.loaded = loaded
        self.events = events
        self.now = now
        self.asked = [
            Asked.under(event, number, key)
            for event, key in zip(events, keys, strict=True)
            if (number := numbers.get(event.subject)) is not None
        ]
        self.claims = loaded.claims
        self.world: World = World(complete=False)
        self.rows: list[Row] = []
        self.fired: list[tuple[int, str]] = []
        self._fresh: dict[tuple[int, bytes], Claim] = {}
        self._stuck: set[str] = set()
        self._heap: list[tuple[datetime, str, int, Member]] = []
        self._horizon = now
        if loaded.kin:
            self.asked = [self._by_his_first_id(asked) for asked in self.asked]

    def _by_his_first_id(self, asked: Asked) -> Asked:
        """An event that was sent under another id of its member, as his."""
        subject = self.loaded.members[asked.claim[0]].subject
        if asked.event.subject == subject:
            return asked
        return replace(asked, event=replace(asked.event, subject=subject))

    def named(self) -> list[tuple[int, Event]]:
        """The events with their members' numbers."""
        return [(asked.claim[0], asked.event) for asked in self.asked]

    def wanted(self) -> list[tuple[int, bytes]]:
        """The events under the names that they have in the journal if they were sent for accounts that have become part
        of the member."""
        members = self.loaded.members
        return [(old, asked.claim[1]) for asked in self.asked for old in members[asked.claim[0]].absorbed]

    def join_claims(self) -> None:
        """What was decided under a number that is no more was decided for its member. The same body under another id of
        his is the same event."""
        for place, asked in enumerate(self.asked):
            number, key = asked.claim
            found = [
                claim
                for each in (number, *self.loaded.members[number].absorbed)
                if (claim := self.claims.get((each, key))) is not None
            ]
            if found:
                said = [replace(asked.event, subject=id).hash for id in self.loaded.ids.get(number, ())]
                same = [claim for claim in found if claim.hash == asked.hash or claim.hash in said]
                self.claims[asked.claim] = (same or found)[0]
                if same:
                    self.asked[place] = replace(asked, hash=same[0].hash)

    def touched_shared(self) -> frozenset[str]:
        return frozenset(self.world.shared.deltas)

    def decide(self) -> Missing:
        """Decide the whole batch over what has been read; say what was missing. Starts from a fresh world each time,
        because a decision that found something missing has left half of its work behind."""
        self.world = self.loaded.world()
        self.rows, self.fired, self._fresh, self._stuck = [], [], {}, set()
        self._heap = [
            (timer.due, timer.id, member.number, member)
            for member in self.world.members.values()
            if member.beside
            for timer in member.due
        ]
        heapify(self._heap)
        self._horizon = horizon(self.engine, self.events, self.now)
        missing = Missing(Keys())
        rehearsal = self.engine.program.rehearsal
        for asked in self.asked:
            if asked.claim in self.claims or asked.claim in self._fresh:
                continue
            now = asked.event.time if rehearsal else self.now
            if self._heap:
                self._fire_until(now, missing)
            self._try(asked, now, missing)
        self._fire_until(self._horizon, missing)
        return missing

    def _fire_until(self, now: datetime, missing: Missing) -> None:
        """Fire the timers that are due, in order, those that this batch started included."""
        while self._heap and self._heap[0][0] <= now:
            due, id, _, member = heappop(self._heap)
            timer = _still_due(member, id, due)
            if timer is not None:
                self.fired.append((member.number, id))
                at = due if self.engine.program.rehearsal else self.now
                event = timer.event(member.subject)
                self._try(Asked.under(event, member.number, event.key), at, missing)

    def _try(self, asked: Asked, now: datetime, missing: Missing) -> None:
        """Decide one event, unless its member already waits for something that must be read first."""
        event = asked.event
        if event.subject in self._stuck:
            return
        try:
            self._take(asked, now)
        except NotLoaded as gap:
            note(missing, gap)
            self._stuck.add(event.subject)
            return
        if self.world.merged:
            return  # what it has started comes with the next batch, which reads what was moved
        member = self.world.members[event.subject]
        if member.beside:
            for timer in member.timers.values():
                if timer.due <= self._horizon:
                    heappush(self._heap, (timer.due, timer.id, member.number, member))

    def _take(self, asked: Asked, now: datetime) -> None:
        event, claim, program = asked.event, asked.claim, self.engine.program
        decided = decide(program, self.world, event, now)
        outcome = encode(decided.outcome)
        personal = program.personal.get(event.type, program.hidden) if program.personal else program.hidden
        text = canonical(without(event.data, personal)) if personal else asked.text
        self._fresh[claim] = Claim(asked.hash, outcome)
        self.rows.append(
            (
                *claim, asked.hash, event.source, event.id, event.type, event.time, now, text.decode(),
                outcome, encode_transfers(decided.transfers),
            )
        )  # fmt: skip

    def answers(self, refused: Mapping[str, FestoonError]) -> list[Answer]:
        """What the senders are told, in the order of the events. `refused` are the members who were turned away."""
        asked = iter(self.asked)
        return [
            Answer("turned_away", error=refused[event.subject])
            if event.subject in refused
            else self._answer(next(asked))
            for event in self.events
        ]

    def _answer(self, asked: Asked) -> Answer:
        stored = self.claims.get(asked.claim)
        known = stored or self._fresh[asked.claim]
        if known.hash != asked.hash:
            return Answer("conflict", error=Conflict(ID_REUSED, id=asked.event.id, source=asked.event.source))
        return Answer("again" if stored else "new", known.outcome)


def horizon(engine: Engine, events: Sequence[Event], now: datetime) -> datetime:
    """Timers that are due by then belong to a batch."""
    if engine.program.rehearsal:
        return max((event.time for event in events), default=now)
    return now


def _still_due(member: Member, id: str, due: datetime) -> Timer | None:
    """Take a timer out of the member's, or None when it was stopped, moved or fired meanwhile."""
    timer = member.timers.get(id) or next((timer for timer in member.due if timer.id == id), None)
    if timer is None or timer.due != due:
        return None
    member.timers.pop(id, None)
    member.due = [timer for timer in member.due if timer.id != id]
    return timer
