"""Which rows of the work and of the risks are shown: all, the reader's own, or what is overdue."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from festoon.console.asked import Asked

SHOWS = ("all", "mine", "overdue")


class Overdue(Protocol):
    """A row that may be late."""

    @property
    def late(self) -> bool: ...


Row = TypeVar("Row", bound=Overdue)


def kept(request: Asked, rows: Sequence[Row], who: Callable[[Row], tuple[str, ...]]) -> list[Row]:
    """The rows that are asked for. The reader's own name him, by his name or his user name, or were set by him."""
    show = request.GET.get("show", "")
    if show == "overdue":
        return [row for row in rows if row.late]
    if show != "mine":
        return list(rows)
    user = request.user
    names = {each.casefold() for each in (user.name, user.username, user.actor) if each}
    return [row for row in rows if names & {each.strip().casefold() for each in who(row)}]
