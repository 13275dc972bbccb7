"""Every call of the API as a value: where it goes, what it carries, what comes back, and whether it may be sent again.

Both clients, the one that waits and the one that awaits, send what is made here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from festoon.api.answers import EventAnswer, NewMember

Answer = TypeVar("Answer")
MANY = 500
"""Events of one request."""
JSON = "application/json"
EVENT = "application/cloudevents+json"
EVENTS = "application/cloudevents-batch+json"


class Event(Struct, frozen=True):
    """What happened. `member` is the platform's own id of who it is about; `id` names it for good, so that it acts once
    however often it is sent. `source` is the client's own when it is left out, `time` the moment it is taken."""

    type: str
    member: str
    id: str
    data: Mapping[str, Any] = {}
    source: str = ""
    time: datetime | None = None


class Call(Struct, Generic[Answer], frozen=True):
    """One request. `repeatable` says that sending it twice comes to the same as sending it once. One that acts `once`
    carries an Idempotency-Key: `key`, or one that is made for it."""

    method: str
    path: str
    answers: type[Answer]
    params: dict[str, str | int] = {}
    body: bytes = b""
    media: str = JSON
    repeatable: bool = True
    once: bool = False
    key: str = ""


def send(event: Event, source: str) -> Call[EventAnswer]:
    body = msgspec.json.encode(cloud_event(event, source))
    return Call("POST", "/v1/events", EventAnswer, body=body, media=EVENT)


def send_many(events: Sequence[Event], source: str) -> list[Call[list[EventAnswer]]]:
    """The events in requests of no more than MANY."""
    return [
        Call(
            "POST",
            "/v1/events",
            list[EventAnswer],
            body=msgspec.json.encode([cloud_event(event, source) for event in events[start : start + MANY]]),
            media=EVENTS,
        )
        for start in range(0, len(events), MANY)
    ]


def cloud_event(event: Event, source: str) -> dict[str, Any]:
    """The event as CloudEvents writes it. Raises ValueError for a time without a zone."""
    said: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source or source,
        "type": event.type,
        "subject": event.member,
        "data": event.data,
    }
    if event.time is not None:
        if event.time.tzinfo is None:
            raise ValueError(f"the time of event {event.id} has no zone")
        said["time"] = event.time.isoformat()
    return said


def register(new: NewMember) -> Call[EventAnswer]:
    return Call("POST", "/v1/members", EventAnswer, body=msgspec.json.encode(new))


def quoted(id: str | int) -> str:
    """An id as a step of a path."""
    # A dot by itself would be taken for a step in the path.
    return quote(str(id), safe="").replace(".", "%2E")


def given(**params: str | int | datetime | None) -> dict[str, str | int]:
    """The parameters that were given."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in params.items()
        if value is not None
    }


def body(**fields: Any) -> bytes:
    """The body with the fields that were given."""
    return msgspec.json.encode({name: value for name, value in fields.items() if value is not None})
