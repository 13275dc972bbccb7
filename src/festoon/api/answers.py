"""The shapes of answers that several routes share, as the OpenAPI document shows them."""

from typing import Any

from msgspec import Struct

from festoon.engine.outcome import Outcome


class Problem(Struct, frozen=True, omit_defaults=True):
    """An error (RFC 9457). `code` is stable, and `type` is where it is explained. `title` is in the reader's
    language; `place` is the field; `data` is what stands behind the title; `detail` says what to do."""

    type: str
    title: str
    status: int
    code: str
    place: str = ""
    data: dict[str, Any] = {}
    detail: str = ""


class EventAnswer(Struct, frozen=True, omit_defaults=True):
    """What came of one event. `again` says that it had been sent before. `error` stands in place of an outcome
    when the event was turned away. A refusal inside the outcome also has a `text` in the reader's language."""

    status: int
    id: str = ""
    source: str = ""
    again: bool = False
    outcome: Outcome | None = None
    error: Problem | None = None
