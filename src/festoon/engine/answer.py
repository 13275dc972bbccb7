"""What the sender of an event is told."""

from typing import Literal

from msgspec import Struct

from festoon.base.errors import FestoonError


class Answer(Struct, frozen=True):
    """`outcome` is the stored JSON, or "" when `error` says why there is none.

    `again` is an event that was decided before; `turned_away` was not stored and may be sent again; `conflict` has
    the id of an earlier event and another body.
    """

    kind: Literal["new", "again", "conflict", "turned_away"]
    outcome: str = ""
    error: FestoonError | None = None
