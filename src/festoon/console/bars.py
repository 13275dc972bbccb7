"""Stretches of time as bars, in hundredths of what is shown: for time lines, calendars and work breakdowns."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct

TONES = ("", "good", "warn", "bad", "quiet")
PARTS = 100


class Stretch(Struct, frozen=True):
    """Something that lasts: its name, when, in which tone, whether it stands below another, and what is said of it."""

    name: str
    since: datetime
    until: datetime
    tone: str = ""
    below: bool = False
    note: str = ""
    url: str = ""


class Bar(Struct, frozen=True):
    """A stretch as it is drawn: from hundredth `start` to `end`; nothing is drawn when it lies outside."""

    stretch: Stretch
    start: int
    end: int


class Chart(Struct, frozen=True):
    """Bars under each other over the same time. `now` is a hundredth, or None when now is not on it."""

    since: datetime
    until: datetime
    bars: tuple[Bar, ...]
    now: int | None


def chart(
    stretches: Sequence[Stretch],
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Chart | None:
    """The bars over all of their time, or over a given one; nothing when there is none."""
    if not stretches:
        return None
    since = since or min(each.since for each in stretches)
    until = until or max(each.until for each in stretches)
    whole = max((until - since).total_seconds(), 1.0)

    def part(at: datetime) -> int:
        return min(max(round((at - since).total_seconds() * PARTS / whole), 0), PARTS)

    return Chart(
        since,
        until,
        tuple(_bars(stretches, part)),
        min(part(now), PARTS - 1) if since <= now < until else None,
    )


def _bars(stretches: Iterable[Stretch], part: Callable[[datetime], int]) -> Iterable[Bar]:
    for each in stretches:
        start = min(part(each.since), PARTS - 1)
        yield Bar(each, start, max(part(each.until), start + 1))
