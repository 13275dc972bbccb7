"""Every call of the API as a value: where it goes, what it carries, what comes back, and whether it may be sent again.

Both clients, the one that waits and the one that awaits, send what is made here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from festoon.api.answers import (
    CampaignAnswer,
    CampaignDetail,
    EventAnswer,
    InviteAnswer,
    MemberAnswer,
    NewMember,
    OddsAnswer,
    Opening,
    OpeningAnswer,
    Pause,
    Pausing,
    PlanCheck,
    PlanText,
    PlanVersionDetail,
    PlanVersions,
    Reason,
    StatementAnswer,
)

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
    """One request. `repeatable` says that sending it twice comes to the same as sending it once."""

    method: str
    path: str
    answers: type[Answer]
    params: dict[str, str | int] = {}
    body: bytes = b""
    media: str = JSON
    repeatable: bool = True


class Campaigns(Struct, frozen=True):
    campaigns: list[CampaignAnswer]


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


def member(id: str) -> Call[MemberAnswer]:
    return Call("GET", _member(id), MemberAnswer)


def statement(id: str, asset: str | None, after: str | None, limit: int) -> Call[StatementAnswer]:
    return Call(
        "GET", _member(id, "/statement"), StatementAnswer, _given(asset=asset, after=after, limit=limit)
    )


def odds(id: str, campaign: str, draw: str) -> Call[OddsAnswer]:
    return Call("GET", _member(id, "/odds"), OddsAnswer, _given(campaign=campaign, mechanic=draw))


def invite(id: str) -> Call[InviteAnswer]:
    return Call("GET", _member(id, "/invite"), InviteAnswer)


def campaigns() -> Call[Campaigns]:
    return Call("GET", "/v1/campaigns", Campaigns)


def campaign(id: str) -> Call[CampaignDetail]:
    return Call("GET", _campaign(id), CampaignDetail)


def live(id: str) -> Call[dict[str, Any]]:
    return Call("GET", _campaign(id, "/live"), dict[str, Any])


def check_plan(source: str) -> Call[PlanCheck]:
    return Call("POST", "/v1/plans/check", PlanCheck, body=msgspec.json.encode(PlanText(source)))


def submit_plan(source: str, note: str) -> Call[PlanVersionDetail]:
    body = msgspec.json.encode(PlanText(source, note))
    return Call("POST", "/v1/plans", PlanVersionDetail, body=body, repeatable=False)


def plan_versions(
    campaign: str | None, status: str | None, after: str | None, limit: int
) -> Call[PlanVersions]:
    given = _given(campaign=campaign, status=status, after=after, limit=limit)
    return Call("GET", "/v1/plans", PlanVersions, given)


def plan_version(campaign: str, version: int) -> Call[PlanVersionDetail]:
    return Call("GET", _version(campaign, version), PlanVersionDetail)


def sign(campaign: str, version: int, act: str, reason: str | None = None) -> Call[PlanVersionDetail]:
    """`act` is approve, publish, withdraw or send-back; the last two carry a reason."""
    body = b"" if reason is None else msgspec.json.encode(Reason(reason))
    path = f"{_version(campaign, version)}/{act}"
    return Call("POST", path, PlanVersionDetail, body=body, repeatable=False)


def pause(campaign: str, mechanics: Sequence[str]) -> Call[Pause]:
    body = msgspec.json.encode(Pausing(list(mechanics)))
    return Call("POST", _campaign(campaign, "/pause"), Pause, body=body)


def resume(campaign: str) -> Call[Pause]:
    return Call("POST", _campaign(campaign, "/resume"), Pause)


def rollout(campaign: str) -> Call[OpeningAnswer]:
    return Call("GET", _campaign(campaign, "/rollout"), OpeningAnswer)


def roll_out(campaign: str, share: int) -> Call[OpeningAnswer]:
    return Call(
        "POST", _campaign(campaign, "/rollout"), OpeningAnswer, body=msgspec.json.encode(Opening(share))
    )


def stop(campaign: str) -> Call[Pause]:
    return Call("POST", _campaign(campaign, "/stop"), Pause)


def _member(id: str, rest: str = "") -> str:
    # A dot by itself would be taken for a step in the path.
    return f"/v1/members/{quote(id, safe='').replace('.', '%2E')}{rest}"


def _campaign(id: str, rest: str = "") -> str:
    return f"/v1/campaigns/{quote(id, safe='')}{rest}"


def _version(campaign: str, version: int) -> str:
    return _campaign(campaign, f"/versions/{version}")


def _given(**params: str | int | None) -> dict[str, str | int]:
    return {name: value for name, value in params.items() if value is not None}
