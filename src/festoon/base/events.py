"""An event: something that happened to one member, in the shape of a CloudEvent.

Identity is (subject, source, id). The hash is over the canonical type, time as sent, subject and data, so that
an event sent again is known again, and the same id with another body is noticed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

canonical = msgspec.json.Encoder(order="deterministic").encode
"""JSON with fields in the order of their names, wherever they stand."""


class Event(Struct, frozen=True):
    """One event as the engine takes it. `time` is aware; `sent` is the time as the sender wrote it, or ""."""

    source: str
    id: str
    type: str
    subject: str
    time: datetime
    data: dict[str, Any] = {}
    sent: str = ""

    @property
    def key(self) -> bytes:
        """What the event is deduplicated by, within its member."""
        return event_key(self.source, self.id)

    @property
    def text(self) -> bytes:
        """Its data as canonical JSON."""
        return canonical(self.data)

    @property
    def hash(self) -> bytes:
        """16 bytes over what the sender said."""
        return self.hash_over(self.text)

    def hash_over(self, text: bytes) -> bytes:
        """The hash of an event whose data is `text`."""
        said = canonical((self.type, self.sent, self.subject))
        return blake2b(b"%b,%b]" % (said[:-1], text), digest_size=16).digest()


def event_key(source: str, id: str) -> bytes:
    """16 bytes over source and id; the separator cannot occur in either (intake refuses NUL)."""
    return blake2b(f"{source}\0{id}".encode(), digest_size=16).digest()


def utc(text: str) -> datetime:
    """An RFC 3339 timestamp as an aware instant in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def derived_id(*parts: object) -> str:
    """An id made from its cause, so that the same cause always makes the same id."""
    return blake2b("\0".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def without(data: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """A copy of event data without the named fields (what is marked personal)."""
    return {name: value for name, value in data.items() if name not in names}
