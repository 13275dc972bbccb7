"""Instants, local days and lifetimes. Time always comes in as an argument and is always aware."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The expiry of what does not expire, where a sortable value is wanted."""


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(zone).date()


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
        last = add_months(local_day(now, zone), 12 * self.years + self.months) + timedelta(days=self.days)
        return end_of_day(last, zone)
