"""A message as it is kept until everybody who wants it has it."""

from datetime import datetime

import msgspec
from msgspec import Struct

from festoon.base.events import derived_id

_encoder = msgspec.json.Encoder()


class Message(Struct, frozen=True):
    """What is told, ready to be sent: `body` never changes, so that its signature can be made at any time. `campaign`
    is "" for what belongs to none."""

    id: str
    kind: str
    campaign: str
    body: str


def message(kind: str, campaign: str, at: datetime, data: Struct, *of: object) -> Message:
    """A message about something that came about `at`. `of` names it and nothing else, so that looking at it again
    makes the same message."""
    body = {"type": kind, "timestamp": at, "data": data}
    return Message(f"msg_{derived_id('webhook', kind, *of)}", kind, campaign, _encoder.encode(body).decode())
