"""The world as far as a batch has loaded it: members with their books, progress, timers and items; shared accounts.

Decisions read it and change it, so that an event sees what the batch's earlier ones did. Whatever was touched is
then written to the store. A complete world (a back-test, a new member) answers 'nothing' for what is not there; an
incomplete one raises NotLoaded, the engine loads it and decides that event again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from msgspec import Raw, Struct

from festoon.base.events import Event
from festoon.base.rewards import ItemGift
from festoon.engine.code_shelf import Shelf
from festoon.engine.lists import Lists, gone_of
from festoon.engine.outcome import Given
from festoon.engine.progress import Part, Progress, campaign_and_mechanic
from festoon.ledger.book import MemberBook, NotLoaded, SharedBook
from festoon.ledger.set_aside import Leg
from festoon.ledger.transfers import Transfer
from festoon.mechanics.base import TIMER_DUE
from festoon.mechanics.lots import listed

NEEDS_USE = frozenset({"coupon", "gift"})
"""Kinds of item whose cost is committed when they are given and becomes actual when they are used or delivered."""
IN_HAND = frozenset({"owned", "awaiting"})
"""The states of an item that was not used, has not lapsed, and was not taken back."""
ITEM_LAPSE = "festoon/item"
NUMBERED = "\0"
"""Before a number, it asks for the member of that number: no external id has it."""
TIMER_SOURCE = "festoon/timers"
Place = tuple[str, str]
"""Where somebody was seen: of which kind, and which one."""
Decode = Callable[[str, Raw], Progress]


class Timer(Struct, frozen=True):
    """A timer of one member. `owner` is the mechanic (`campaign/mechanic`) or standing rule it comes back to."""

    def event(self, subject: str) -> Event:
        """The event it comes back as. The id holds the due time: a timer that was moved is another event."""
        campaign, _, mechanic = self.owner.partition("/")
        data = {"campaign": campaign, "mechanic": mechanic, "name": self.name, "data": self.data}
        return Event(TIMER_SOURCE, f"{self.id}@{self.due.isoformat()}", TIMER_DUE, subject, self.due, data)

    id: str
    due: datetime
    owner: str
    name: str
    data: dict[str, Any]


class Item(Struct, frozen=True):
    """A thing with an identity that a member owns. `line` is the budget line its cost is committed on, or ""."""

    id: str
    kind: str
    ref: str
    state: str
    given: datetime
    expires: datetime
    campaign: str
    mechanic: str
    code: str | None = None
    serial: int | None = None
    cost: int = 0
    line: str = ""


class Hold(Struct, frozen=True):
    """An amount set aside, with the lots it was taken from as [expiry, amount]."""

    id: str
    asset: str
    amount: int
    lots: tuple[tuple[datetime, int], ...]
    lapses: datetime | None
    why: str


class Aside(Struct, frozen=True, omit_defaults=True):
    """What a reward that is not given yet is made of: the ways of what it moves, the things to be made, what the member
    is shown of it, and what it counts for in caps: the mechanic's, and those that campaigns share (by cap and period).
    `zone` is the campaign's. `counted` are the periods in which it counts towards limits already, with `ALL`; of what
    is set aside together, one counts for the others."""

    zone: str
    legs: tuple[Leg, ...] = ()
    given: tuple[Given, ...] = ()
    items: tuple[ItemGift, ...] = ()
    capped: dict[str, int] = {}
    drawn: tuple[tuple[str, str, int], ...] = ()
    counted: tuple[str, ...] = ()


class Grant(Struct, frozen=True):
    """A reward set aside for a member. `owner` is the mechanic (`campaign/mechanic`), `name` its own name for it.

    `why` is `promise` for one that the mechanic will decide itself, `risk` for one that somebody has to look at.
    """

    id: str
    owner: str
    why: str
    name: str
    since: datetime
    lapses: datetime | None
    aside: Aside
    data: dict[str, Any] = {}


class Message(Struct, frozen=True):
    """A message for the outbox, with an id made from its cause."""

    cause: str
    template: str
    data: dict[str, Any]


class Trail(Struct, frozen=True):
    """A line for the audit trail: who did what to which object, with what stood before and after."""

    at: datetime
    actor: str
    act: str
    object: str
    before: Any = None
    after: Any = None


class Sent(Struct, frozen=True):
    """What an event says of a gift's parcel. Nothing said of carrier and number leaves them."""

    member: int
    item: str
    state: str
    carrier: str = ""
    number: str = ""


class Beside:
    """What few members of a batch have beside points and progress."""

    __slots__ = (
        "absorbed", "due", "erased", "foreign_timers", "grants", "holds", "items", "messages", "moved", "personal",
        "seen", "sightings", "stopped", "timers", "touched_grants", "touched_holds", "touched_items",
    )  # fmt: skip

    def __init__(self, *, complete: bool) -> None:
        self.absorbed: tuple[int, ...] = ()
        self.erased = False
        self.personal: dict[str, Any] = {}
        self.items: dict[str, Item | None] = {}
        self.holds: dict[str, Hold | None] = {}
        self.grants: dict[str, Grant] | None = {} if complete else None
        self.sightings: dict[Place, int] | None = {} if complete else None
        self.seen: dict[Place, int] = {}
        self.due: list[Timer] = []
        self.timers: dict[str, Timer] = {}
        self.foreign_timers: list[tuple[int, Timer]] = []
        self.stopped: set[str] = set()
        self.moved = False
        """Whether any timer was started or stopped."""
        self.messages: list[Message] = []
        self.touched_items: set[str] = set()
        self.touched_holds: set[str] = set()
        self.touched_grants: set[str] = set()


def _beside(name: str) -> Any:
    """An attribute of a member that stands beside. All of it is made when any of it is first asked for: by a property,
    since a `__getattr__` would make every other attribute of a member ten times as slow."""

    def get(member: "Member") -> Any:
        return getattr(member.room(), name)

    def put(member: "Member", value: Any) -> None:
        setattr(member.room(), name, value)

    return property(get, put)


NOTHING: Mapping[Any, Any] = MappingProxyType({})
_OWN = (
    "beside", "book", "changed", "complete", "decode", "held_out", "number", "parts", "places", "profile",
    "progress", "registered", "subject", "touched_profile", "whole",
)  # fmt: skip
"""What stands in a member himself."""


class Member:
    """One member as the engine sees him, locked for as long as the batch runs.

    Most members of a batch have points and progress and nothing beside: no items, holds, timers or messages. What there
    is room for beside is made when any of it is first asked for (`beside`)."""

    __slots__ = _OWN

    absorbed: tuple[int, ...] = _beside("absorbed")
    """The numbers of accounts that have become part of this one."""
    erased: bool = _beside("erased")
    """Whether he is nobody's any more."""
    personal: dict[str, Any] = _beside("personal")
    items: dict[str, Item | None] = _beside("items")
    holds: dict[str, Hold | None] = _beside("holds")
    grants: dict[str, Grant] | None = _beside("grants")
    """Rewards set aside that are open; None when they have not been read."""
    sightings: dict[Place, int] | None = _beside("sightings")
    """Where he was seen before, with the ordinal of the last day; None when that has not been read."""
    seen: dict[Place, int] = _beside("seen")
    """Where he is seen now."""
    due: list[Timer] = _beside("due")
    """Timers that have come due, earliest first."""
    timers: dict[str, Timer] = _beside("timers")
    """Timers started in this batch (or, in a complete world, all of them)."""
    foreign_timers: list[tuple[int, Timer]] = _beside("foreign_timers")
    stopped: set[str] = _beside("stopped")
    messages: list[Message] = _beside("messages")
    touched_items: set[str] = _beside("touched_items")
    touched_holds: set[str] = _beside("touched_holds")
    touched_grants: set[str] = _beside("touched_grants")

    def __init__(
        self, number: int, subject: str, *, complete: bool, registered: datetime | None = None,
        profile: dict[str, Any] | None = None, book: MemberBook | None = None,
    ) -> None:  # fmt: skip
        self.number = number
        self.subject = subject
        self.complete = complete
        self.registered = registered
        self.profile: dict[str, Any] = profile or {}
        self.book = MemberBook(number, complete=complete) if book is None else book
        self.progress: dict[str, Progress | None] = {}
        self.held_out: Mapping[bytes, bool] = NOTHING
        """Whether he is in a hold-out, by its salt; asked for by every mechanic of a campaign."""
        self.places: Mapping[str, str] = NOTHING
        """Where the store has his accounts, by their key in the book."""
        self.parts: Mapping[str, Part] = NOTHING
        """What is stored of his progress, by campaign."""
        self.decode: Decode | None = None
        self.changed: dict[str, dict[str, Progress]] = {}
        """The progress that was changed, by campaign and mechanic."""
        self.touched_profile = False
        self.whole = False
        """Whether all that the store has of his books, progress and holds was read."""
        self.beside: Beside | None = None
        """Everything beside points and progress, once there may be anything."""

    def room(self) -> Beside:
        """Room for everything beside points and progress."""
        beside = self.beside
        if beside is None:
            beside = self.beside = Beside(complete=self.complete)
        return beside

    def progress_of(self, key: str) -> Progress | None:
        found = self.progress.get(key, self)
        if found is not self:
            return found  # type: ignore[return-value]  # nobody is his own progress
        return None if self.complete else self._stored(key)

    def _stored(self, key: str) -> Progress | None:
        """What the store has, decoded when it is first asked for."""
        campaign, mechanic = campaign_and_mechanic(key)
        part = self.parts.get(campaign)
        if part is None or self.decode is None:
            raise NotLoaded("progress", self.number, campaign)
        state = part.states.get(mechanic)
        found = self.progress[key] = None if state is None else self.decode(key, state)
        return found

    def progress_to_change(self, key: str, version: int = 1) -> Progress:
        """A mechanic's progress, to be changed in place: it will be stored."""
        progress = self.progress_of(key)
        if progress is None:
            progress = self.progress[key] = Progress(version=version)
        elif progress.version != version:
            progress.version = version
        campaign, mechanic = campaign_and_mechanic(key)
        written = self.changed.get(campaign)
        if written is None:
            self.changed[campaign] = {mechanic: progress}
        else:
            written[mechanic] = progress
        return progress

    def item(self, id: str) -> Item | None:
        try:
            return self.items[id]
        except KeyError:
            if not self.complete:
                raise NotLoaded("item", self.number, id) from None
            return None

    def item_by_code(self, code: str) -> Item | None:
        found = self.item(f"code:{code}")
        return None if found is None else self.item(found.id)

    def hold(self, id: str) -> Hold | None:
        try:
            return self.holds[id]
        except KeyError:
            if not self.complete:
                raise NotLoaded("hold", self.number, id) from None
            return None

    def open_grants(self) -> dict[str, Grant]:
        """His rewards that are set aside, to be changed in place together with `touched_grants`."""
        grants = self.room().grants
        if grants is None:
            raise NotLoaded("grants", self.number, "")
        return grants


class Booked(Struct, frozen=True):
    """A transfer that was booked, and the event that did it."""

    transfer: Transfer
    event: Event


class World:
    """Members by external id, the shared accounts, and the numbers of other members that were asked for."""

    __slots__ = (
        "codes", "complete", "erased", "lists", "members", "merged", "merging", "numbers", "parcels", "seen", "shared",
        "sightings", "trail", "transfers",
    )  # fmt: skip

    def __init__(self, *, complete: bool) -> None:
        self.complete = complete
        self.members: dict[str, Member] = {}
        self.numbers: dict[str, int | None] = {}
        self.shared = SharedBook()
        self.merging: frozenset[int] = frozenset()
        """The other members whom the batch is for, when accounts are merged."""
        self.merged: list[Any] = []
        """The merges that were decided (`engine/merging.py`)."""
        self.erased: list[int] = []
        """The numbers of members of whom nothing is to be known any more."""
        self.trail: list[Trail] = []
        self.parcels: list[Sent] = []
        self.sightings: dict[Place, dict[int, int]] = {}
        """Who was seen where, as far as it was read: the ordinals of days by number."""
        self.seen: dict[Place, dict[int, int]] = {}
        """Who is seen where now."""
        self.transfers: dict[tuple[int, str], Booked | None] = {}
        self.lists = Lists()
        self.codes = Shelf(complete=complete)

    def file(self, key: str) -> str | None:
        """A file that a mechanic has written (`campaign/mechanic/name`), or None."""
        return self.lists.written.get(key) if self.complete else self.lists.file(key)

    def holders(self, asset: str, at: datetime) -> str:
        """Who held how much of an asset at an instant. A complete world is asked at that instant."""
        if not self.complete:
            return self.lists.held(asset, at)
        gone = set(self.erased)
        there = (each for each in self.members.values() if each.number not in gone)
        return listed((member.number, member.book.balance(asset)) for member in there)

    def no_more(self) -> Mapping[int, int]:
        """Accounts that are no more, and those that they have become part of, by number; 0 where that person was
        erased."""
        if not self.complete:
            return self.lists.gone()
        known = ((int(id[1:]), number) for id, number in self.numbers.items() if id.startswith(NUMBERED))
        merged = {number: stays for number, stays in known if stays is not None and stays != number}
        return gone_of(merged, set(self.erased))

    def transfer(self, member: Member, id: str) -> Booked | None:
        """One of a member's own past transfers, by the id his statement shows (`seq-place`)."""
        key = (member.number, id)
        if key not in self.transfers and not self.complete:
            raise NotLoaded("transfer", member.number, id)
        return self.transfers.get(key)

    def number_known(self, number: int) -> int | None:
        """The member's number, if there is one of that number."""
        return self.number_of(f"{NUMBERED}{number}")

    def number_of(self, subject: str) -> int | None:
        member = self.members.get(subject)
        if member is not None:
            return member.number
        if subject not in self.numbers and not self.complete:
            raise NotLoaded("number", 0, subject)
        return self.numbers.get(subject)
