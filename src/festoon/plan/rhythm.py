"""How often something is done anew: `daily at 04:00`, in the plan's zone."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from festoon.base.errors import Invalid
from festoon.base.times import local_day
from festoon.plan import codes_file

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"

RhythmText = Annotated[
    str,
    Meta(
        pattern=(
            rf"^(?:by hand|hourly|every (?:2|3|4|6|8|12) hours|daily at {_CLOCK}"
            rf"|weekly on (?:{'|'.join(WEEKDAYS)}) at {_CLOCK}"
            rf"|monthly on (?:[1-9]|[12]\d|3[01]) at {_CLOCK})$"
        ),
        description=(
            "In the plan's zone: `daily at 04:00`, `weekly on monday at 04:00`, `monthly on 1 at 04:00`, `hourly`,"
            " `every 6 hours` (from midnight on), or `by hand`."
        ),
    ),
]

_TEXT = re.compile(
    rf"(?:(?P<hand>by hand)|(?P<hourly>hourly)|every (?P<hours>\d+) hours"
    rf"|(?:daily|weekly on (?P<weekday>\w+)|monthly on (?P<day>\d+)) at (?P<clock>{_CLOCK}))"
)
_FURTHEST = 63
"""More days than lie between two instants of any rhythm."""


class Rhythm(Struct, frozen=True):
    """Local times of day, on every day, on one weekday, or on one day of the month (its last when it is
    shorter). No times: only by hand."""

    times: tuple[time, ...] = ()
    weekday: int | None = None
    day: int | None = None

    def last(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The latest instant of it that is not after `now`, in UTC."""
        today = local_day(now, zone)
        for back in range(_FURTHEST if self.times else 0):
            for at in reversed(list(self._on(today - timedelta(days=back), zone))):
                if at <= now:
                    return at
        return None

    def following(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The first instant of it after `now`, in UTC."""
        today = local_day(now, zone)
        for ahead in range(_FURTHEST if self.times else 0):
            for at in self._on(today + timedelta(days=ahead), zone):
                if at > now:
                    return at
        return None

    def _on(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        if self.weekday is not None and day.weekday() != self.weekday:
            return
        if self.day is not None and day.day != min(self.day, monthrange(day.year, day.month)[1]):
            return
        for at in self.times:
            yield datetime.combine(day, at, zone).astimezone(UTC)


def rhythm(text: str, path: str = "") -> Rhythm:
    """A rhythm from its text. Raises Invalid for anything `RhythmText` does not describe."""
    found = _TEXT.fullmatch(text)
    if found is None or (found["weekday"] and found["weekday"] not in WEEKDAYS):
        raise Invalid(codes_file.NOT_THIS_FORM, path, given=text, rule="daily at 04:00")
    if found["hand"]:
        return Rhythm()
    if found["clock"] is None:
        return Rhythm(tuple(time(hour) for hour in range(0, 24, int(found["hours"] or 1))))
    weekday = WEEKDAYS.index(found["weekday"]) if found["weekday"] else None
    return Rhythm((time.fromisoformat(found["clock"]),), weekday, int(found["day"]) if found["day"] else None)
