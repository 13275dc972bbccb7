"""One batch while it is being decided: which events were decided before, what each came to, and what is missing."""

from collections.abc import Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush

from msgspec import Struct

from festoon.base.errors import Conflict, FestoonError, define
from festoon.base.events import Event, without
from festoon.engine.answer import Answer
from festoon.engine.decide import decide
from festoon.engine.engine import Engine
from festoon.engine.load import Claim, Keys, Loaded
from festoon.engine.outcome import encode, encode_transfers
from festoon.engine.post import Row, journal_data
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


class Missing(Struct):
    """What the decisions asked for and was not read yet. False when there is nothing."""

    keys: Keys
    locks: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.keys) or bool(self.locks)


class Deciding:
    """The state of one attempt at a batch."""

    def __init__(self, engine: Engine, loaded: Loaded, numbers: dict[str, int], now: datetime) -> None:
        self.engine = engine
        self.loaded = loaded
        self.numbers = numbers
        self.now = now
        self.claims: dict[tuple[int, bytes], Claim] = {}
        self.world: World = World(complete=False)
        self.rows: list[Row] = []
        self.fired: list[tuple[int, str]] = []
        self._fresh: dict[tuple[int, bytes], Claim] = {}
        self._stuck: set[str] = set()
        self._heap: list[tuple[datetime, str, int, Member]] = []
        self._horizon = now
        self._identity: dict[int, tuple[Event, tuple[bytes, bytes]]] = {}

    def identity(self, event: Event) -> tuple[bytes, bytes]:
        """An event's key and hash, made once a batch."""
        found = self._identity.get(id(event))
        if found is None:
            # The event is kept too: were it freed, the next one could get its place in memory, and so its identity.
            found = self._identity[id(event)] = (event, (event.key, event.hash))
        return found[1]

    def keys_of(self, events: Sequence[Event]) -> list[tuple[int, bytes]]:
        """The journal keys of the events that are taken."""
        return [
            (self.numbers[event.subject], self.identity(event)[0])
            for event in events
            if event.subject in self.numbers
        ]

    def unclaimed(self, events: Sequence[Event]) -> list[tuple[int, Event]]:
        """The events that were not decided before, with their members' numbers."""
        return [
            (number, event)
            for event in events
            if (number := self.numbers.get(event.subject)) is not None
            and (number, self.identity(event)[0]) not in self.claims
        ]

    def taken_at(self, event: Event) -> datetime:
        """When an event counts as taken: the batch's time, or in a rehearsal the event's own."""
        return event.time if self.engine.program.rehearsal else self.now

    def horizon(self, events: Sequence[Event]) -> datetime:
        """Timers that are due by then belong to this batch."""
        if self.engine.program.rehearsal:
            return max((event.time for event in events), default=self.now)
        return self.now

    def touched_shared(self) -> frozenset[str]:
        return frozenset(self.world.shared.deltas)

    def decide(self, events: Sequence[Event]) -> Missing:
        """Decide the whole batch over what has been read; say what was missing. Starts from a fresh world each time,
        because a decision that found something missing has left half of its work behind."""
        self.world = self.loaded.world()
        self.rows, self.fired, self._fresh, self._stuck = [], [], {}, set()
        self._heap = [
            (timer.due, timer.id, member.number, member)
            for member in self.world.members.values()
            for timer in member.due
        ]
        heapify(self._heap)
        self._horizon = self.horizon(events)
        missing = Missing(Keys())
        for event in events:
            number = self.numbers.get(event.subject)
            if number is None:
                continue
            claim = (number, self.identity(event)[0])
            if claim in self.claims or claim in self._fresh:
                continue
            now = self.taken_at(event)
            self._fire_until(now, missing)
            self._try(event, now, missing)
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
                self._try(timer.event(member.subject), at, missing)

    def _try(self, event: Event, now: datetime, missing: Missing) -> None:
        """Decide one event, unless its member already waits for something that must be read first."""
        if event.subject in self._stuck:
            return
        try:
            self._take(event, now)
        except NotLoaded as gap:
            _note(missing, gap)
            self._stuck.add(event.subject)
            return
        member = self.world.members[event.subject]
        for timer in member.timers.values():
            if timer.due <= self._horizon:
                heappush(self._heap, (timer.due, timer.id, member.number, member))

    def _take(self, event: Event, now: datetime) -> None:
        decided = decide(self.engine.program, self.world, event, now)
        key, digest = self.identity(event)
        number = self.world.members[event.subject].number
        outcome = encode(decided.outcome)
        personal = self.engine.program.personal.get(event.type)
        data = without(event.data, personal) if personal else event.data
        self._fresh[number, key] = Claim(digest, outcome)
        self.rows.append(
            Row(
                number, key, digest, event.source, event.id, event.type, event.time, now, journal_data(data), outcome,
                encode_transfers(decided.transfers),
            )
        )  # fmt: skip

    def answer(self, event: Event, refused: FestoonError | None) -> Answer:
        """What the sender is told."""
        if refused is not None:
            return Answer("turned_away", error=refused)
        key, digest = self.identity(event)
        claim = (self.numbers[event.subject], key)
        stored = self.claims.get(claim)
        known = stored or self._fresh[claim]
        if known.hash != digest:
            return Answer("conflict", error=Conflict(ID_REUSED, id=event.id, source=event.source))
        return Answer("again" if stored else "new", known.outcome)


def _still_due(member: Member, id: str, due: datetime) -> Timer | None:
    """Take a timer out of the member's, or None when it was stopped, moved or fired meanwhile."""
    timer = member.timers.get(id) or next((timer for timer in member.due if timer.id == id), None)
    if timer is None or timer.due != due:
        return None
    member.timers.pop(id, None)
    member.due = [timer for timer in member.due if timer.id != id]
    return timer


def _note(missing: Missing, gap: NotLoaded) -> None:
    if gap.kind == "lock":
        missing.locks |= {gap.key}
    elif gap.kind in ("shared", "number"):
        getattr(missing.keys, "shared" if gap.kind == "shared" else "numbers").add(gap.key)
    else:
        field = {"account": "accounts", "progress": "progress", "item": "items", "hold": "holds"}.get(
            gap.kind
        )
        getattr(missing.keys, field or "transfers").add((gap.member, gap.key))
