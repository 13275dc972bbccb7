"""Signals: where a member was seen, how fast he acts, and whom he knows by invitation; for the rules about risk.

Where somebody was seen is kept as a keyed digest with its day, so that it is known again and cannot be read. What other
members were seen there is read without their locks: it makes somebody doubtful, and moves nothing.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from math import inf
from typing import Any

from festoon.base.visitors import FIRST_NUMBER
from festoon.engine.view import EventView
from festoon.engine.watch import ADDRESS, DEVICE, INVITER, MOST, PACE, Watch
from festoon.ledger.book import NotLoaded

DEVICE_FIELD, ADDRESS_FIELD = "device_id", "ip"
"""The fields of an event's data that say where it came from. Neither journal nor facts have them."""
INVITED = "invite.accepted"
MINUTES = 60
"""So many minutes of events are counted."""


def watch(view: EventView, wanted: Watch) -> None:
    """Note what an event says of where its member is, how fast he acts, and who invited him."""
    data = view.event.data
    if wanted.devices and (device := data.get(DEVICE_FIELD)) and isinstance(device, str):
        _seen(view, DEVICE, digest(view.program.secret, DEVICE, device))
    if wanted.addresses and (network := range_of(data.get(ADDRESS_FIELD))):
        _seen(view, ADDRESS, digest(view.program.secret, ADDRESS, network))
    if wanted.invites and view.event.type == INVITED and isinstance(inviter := data.get("inviter"), str):
        number = view.number_of(inviter)
        if number is not None and number != view.number:
            _seen(view, INVITER, str(number))
    if wanted.pace:
        _paced(view)


@lru_cache(4096)
def digest(secret: bytes, kind: str, said: str) -> str:
    """Where somebody was seen, known again and not readable."""
    return blake2b(said.encode(), digest_size=12, key=secret[:64], person=kind.encode()).hexdigest()


def range_of(address: object) -> str:
    """The range that an address lies in: a network of 256 (IPv4), or what one customer is given (IPv6: /48); "" for
    what is no address."""
    try:
        known = ip_address(address) if isinstance(address, str) else None
    except ValueError:
        return ""
    if known is None:
        return ""
    return str(ip_network((known, 24 if known.version == 4 else 48), strict=False))


def _seen(view: EventView, kind: str, value: str) -> None:
    day = view.time.date().toordinal()
    own = view.person.seen
    if own.get((kind, value), 0) < day:
        own[kind, value] = day
        view.world.seen.setdefault((kind, value), {})[view.number] = day


def _paced(view: EventView) -> None:
    """Count the event in its minute. Minutes long before the newest are forgotten."""
    progress = view.person.progress_to_change(PACE)
    counts: dict[str, int] = dict(progress.state or {})
    minute = str(_minute(view))
    counts[minute] = counts.get(minute, 0) + 1
    oldest = max(map(int, counts)) - MINUTES
    progress.state = {name: count for name, count in counts.items() if int(name) > oldest}


def _minute(view: EventView) -> int:
    return int(view.time.timestamp()) // 60


class Signals:
    """A member as the rules about risk see him: his facts, and his signals over so many days."""

    def __init__(self, view: EventView, days: int) -> None:
        self.view = view
        self.oldest = (view.time - timedelta(days=days)).date().toordinal()

    def fact(self, name: str) -> Any:
        signal = _SIGNALS.get(name)
        return self.view.fact(name) if signal is None else signal(self)

    def days_since(self, name: str) -> int | None:
        return self.view.days_since(name)

    def in_segment(self, name: str) -> bool:
        return self.view.in_segment(name)

    def count(self, key: str) -> int:
        return self.view.count(key)

    def registered_in(self, campaign: Mapping[str, Any]) -> bool:
        return self.view.registered_in(campaign)

    def own(self, kind: str) -> list[str]:
        """Where he was seen, of one kind."""
        person = self.view.person
        if person.sightings is None:
            raise NotLoaded("sightings", person.number, "")
        known = {**person.sightings, **person.seen}
        return [value for (of, value), day in known.items() if of == kind and day >= self.oldest]

    def members(self, kind: str, value: str) -> set[int]:
        """Who was seen there, himself included; at most so many as are looked at. To a member visitors are nobody: they
        may be who he was before."""
        world = self.view.world
        there = world.sightings.get((kind, value))
        if there is None:
            if not world.complete:
                raise NotLoaded("sighting", 0, f"{kind}|{value}")
            there = {}
        known = {**there, **world.seen.get((kind, value), {})}
        below = FIRST_NUMBER if self.view.number < FIRST_NUMBER else inf
        counted = ((day, number) for number, day in known.items() if day >= self.oldest and number < below)
        recent = sorted(counted, reverse=True)
        return {number for _, number in recent[:MOST]}

    def together(self, kind: str) -> int:
        """The most members who were seen at one place where he was."""
        return max((len(self.members(kind, value)) for value in self.own(kind)), default=0)

    def inviters(self) -> list[str]:
        return self.own(INVITER)

    def invited(self) -> set[int]:
        return self.members(INVITER, str(self.view.number)) - {self.view.number}

    def siblings(self) -> set[int]:
        """Who was invited by the one who invited him, himself included."""
        return set().union(*(self.members(INVITER, inviter) for inviter in self.inviters()))

    def tied_on_devices(self) -> int:
        """How many of those whom he knows by invitation were seen on a device of his."""
        tied = self.invited() | self.siblings() | set(map(int, self.inviters()))
        there = set().union(*(self.members(DEVICE, device) for device in self.own(DEVICE)))
        return len((tied & there) - {self.view.number})

    def events(self, minutes: int) -> int:
        """How many events of his there were in the last so many minutes of the clock, this one included."""
        progress = self.view.person.progress_of(PACE)
        counts: dict[str, int] = {} if progress is None or progress.state is None else progress.state
        last = _minute(self.view)
        return sum(count for name, count in counts.items() if last - minutes < int(name) <= last)

    def account_hours(self) -> int | None:
        registered = self.view.registered
        if registered is None:
            return None
        return max(int((self.view.time - registered) / timedelta(hours=1)), 0)


_SIGNALS: dict[str, Callable[[Signals], Any]] = {
    "account_hours": Signals.account_hours,
    "device_members": lambda signals: signals.together(DEVICE),
    "address_members": lambda signals: signals.together(ADDRESS),
    "events_minute": lambda signals: signals.events(1),
    "events_hour": lambda signals: signals.events(MINUTES),
    "invited": lambda signals: len(signals.invited()),
    "invited_together": lambda signals: len(signals.siblings()),
    "invited_back": lambda signals: any(int(one) in signals.invited() for one in signals.inviters()),
    "invite_devices": Signals.tied_on_devices,
}
