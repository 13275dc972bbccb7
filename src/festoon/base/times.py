"""Instants, local days and lifetimes. Time always comes in as an argument and is always aware."""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The expiry of what does not expire, where a sortable value is wanted."""
LATE_DAYS = 62
"""So many days longer is kept what events are judged by whose own time lies back. No door takes a later one."""


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(zone).date()


class Days:
    """The local days of a zone. The last one is kept, with its first instant and the first one after it: events come
    more or less in their order, and to ask the zone costs more than all else that is done with a day."""

    __slots__ = ("_kept", "_zone")

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._kept = FOREVER, FOREVER, FOREVER.date()  # one value, so that threads may share it

    def of(self, at: datetime) -> date:
        """The calendar day of an instant."""
        since, until, day = self._kept
        if since <= at < until:
            return day
        local = at.astimezone(self._zone)
        if MINYEAR < local.year < MAXYEAR:
            self._keep(local)
        return local.date()

    def _keep(self, local: datetime) -> None:
        """Keep the day of a local time, unless the clock is put forward or back on it."""
        midnight = datetime.combine(local, time.min, UTC)
        since = midnight - (local.utcoffset() or timedelta())
        until = since + timedelta(days=1)
        if all(each.astimezone(self._zone).utcoffset() == local.utcoffset() for each in (since, until)):
            self._kept = since, until, local.date()


@cache
def days_in(zone: ZoneInfo) -> Days:
    """The local days of a zone, for everybody who asks for them."""
    return Days(zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC. A day that skips midnight starts when its clock does."""
    first = datetime.combine(day, time.min, zone)
    # An instant that does not exist maps back to another local time; the day then starts at the jump.
    if (at := first.astimezone(UTC)).astimezone(zone).date() < day:
        at += timedelta(hours=1)
    return at


@lru_cache(4096)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant that is no longer in the local day, in UTC."""
    return start_of_day(day + timedelta(days=1), zone)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 January + 1 month is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(day.year + years, month + 1, min(day.day, last))


@cache
def most_days(months: int) -> int:
    """The days of so many months when they are the longest: 31 of one, 92 of three, 366 of twelve."""
    begins = (date(year, month, 1) for year in range(1997, 2001) for month in range(1, 13))
    return max((add_months(first, months) - first).days for first in begins)


def start_of_week(day: date) -> date:
    """The Monday of a day's week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


PERIODS = ("day", "week", "month", "year")


def period_of(day: date, period: str) -> str:
    """The name of the calendar period a day lies in, such as `2027-02-05`, `2027-W05`, `2027-02`, `2027`."""
    if period == "day":
        return day.isoformat()
    if period == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return day.isoformat()[: 7 if period == "month" else 4]


class Lifetime(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long something given lasts: whole days, months and years from the day it is given, or until a date.

    It lasts to the end of its last local day. Nothing set means forever.
    """

    days: int = 0
    months: int = 0
    years: int = 0
    until: date | None = None

    @property
    def moves(self) -> bool:
        """Whether its end depends on when it begins."""
        return self.until is None and bool(self.days or self.months or self.years)

    def end(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after it, in UTC."""
        if self.until is not None:
            return end_of_day(self.until, zone)
        if not (self.days or self.months or self.years):
            return FOREVER
        return _last_of(self, days_in(zone).of(now), zone)


class Pending(Lifetime, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long something given cannot be spent: whole days, months and years after the day it is given, or to the end
    of a date. Nothing set means that it can be at once."""

    days: Annotated[int, Meta(ge=0, description="So many days after the day it is given.")] = 0
    months: Annotated[int, Meta(ge=0, description="So many months after the day it is given.")] = 0
    years: Annotated[int, Meta(ge=0, description="So many years after the day it is given.")] = 0
    until: Annotated[date | None, Meta(description="From the day after this one.")] = None


AT_ONCE = Pending()


@lru_cache(4096)
def _last_of(lifetime: Lifetime, first: date, zone: ZoneInfo) -> datetime:
    """The end of a lifetime that begins on a day."""
    last = add_months(first, 12 * lifetime.years + lifetime.months) + timedelta(days=lifetime.days)
    return end_of_day(last, zone)
