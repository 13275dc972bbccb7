"""Lists of the console page by page: from where the page before ended, by the sort key of its last row."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from festoon.api.paging import cut
from festoon.console.asked import Asked

INTEGER, BIGINT = 2**31 - 1, 2**63 - 1
Row = TypeVar("Row")


def page_of(found: Sequence[Row], rows: int, place: Callable[[Row], str | int]) -> tuple[Sequence[Row], str]:
    """The rows of a page out of one more than it has, and the place where the next one begins; "" when that is all."""
    page, last = cut(found, rows)
    return page, "" if last is None else str(place(last))


def number_after(request: Asked, most: int = BIGINT) -> int | None:
    """The number that the page before ended with; None on the first page, and for what no column of numbers holds."""
    said = request.GET.get("after", "")
    if not (said.isascii() and said.isdecimal() and len(said) <= len(str(most))):
        return None
    return number if (number := int(said)) <= most else None
