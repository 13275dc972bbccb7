"""Lists page by page: a bounded number at a time, from where the last page ended.

A cursor holds the sort key of the last row of a page, so nothing is left out or shown twice when rows are added
meanwhile. It is not meant to be read or made by the caller.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from festoon.api.filters import PARAMETER_INVALID, unholdable, whole
from festoon.api.operation import Parameter
from festoon.base.errors import Invalid

LEAST, USUAL, MOST = 1, 50, 200
LONGEST = 2000
Row = TypeVar("Row")

PAGED = (
    Parameter(
        "limit", f"How many at the most, {LEAST} to {MOST}.",
        {"type": "integer", "minimum": LEAST, "maximum": MOST, "default": USUAL}, example=USUAL,
    ),
    Parameter(
        "after", "Where the page begins: `next` of the page before.",
        {"type": "string", "minLength": 1, "maxLength": LONGEST},
    ),
)  # fmt: skip
"""The parameters of everything that comes in pages."""


def limit_of(request: Request) -> int:
    """How many rows a page is to have. Raises Invalid."""
    return whole(request, "limit", USUAL, LEAST, MOST) or USUAL


def cursor(*key: str | int | datetime) -> str:
    """Where a page ended."""
    return urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def after(request: Request, *types: type) -> tuple[Any, ...]:
    """The sort key that the page before ended with, or Nones. Raises Invalid."""
    said = request.query_params.get("after")
    if said is None:
        return (None,) * len(types)
    try:
        raw = urlsafe_b64decode(said + "=" * (-len(said) % 4))
        key = msgspec.json.decode(raw, type=tuple[types])  # type: ignore[valid-type]  # known at run time
    except (ValueError, msgspec.MsgspecError):
        raise Invalid(PARAMETER_INVALID, "after", name="after", reason="next") from None
    if len(said) > LONGEST or any(unholdable(part) or naive(part) for part in key):
        raise Invalid(PARAMETER_INVALID, "after", name="after", reason="next")
    return tuple(key)


def naive(part: Any) -> bool:
    """Whether it is a time without a zone."""
    return isinstance(part, datetime) and part.tzinfo is None


def cut(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], Row | None]:
    """The rows of a page out of one more than it has, and its last row when there are more."""
    return rows[:limit], rows[limit - 1] if len(rows) > limit else None
