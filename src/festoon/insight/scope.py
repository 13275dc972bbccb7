"""What a figure is computed over: a window of time, the campaign's zone, a campaign and a set of members.

Days begin at local midnight in the campaign's zone. The zone's offsets are worked out here and go into the
query as numbers, so that every backend draws the same line between two days.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
from ibis import Table
from ibis.expr.types import DateValue, TimestampValue
from msgspec import Struct
from msgspec.structs import replace

from festoon.base.times import local_day

_SECOND = timedelta(seconds=1)
_INSTANT = timedelta(microseconds=1)


class Window(Struct, frozen=True):
    """From `start` up to, and without, `end`; both aware, in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def earlier(self, end: datetime, zone: ZoneInfo) -> "Window":
        """As long a window that ends at an instant: as many local days and hours, whatever the clocks did."""
        length = _wall(self.end, zone) - _wall(self.start, zone)
        start = (_wall(end, zone) - length).replace(tzinfo=zone)
        return Window(start.astimezone(UTC), end)

    def until(self, at: datetime) -> "Window":
        """This window as far as an instant; empty when that lies before it."""
        return Window(self.start, max(self.start, min(self.end, at)))

    def days(self, zone: ZoneInfo) -> list[date]:
        """The local days that the window touches."""
        if self.end <= self.start:
            return []
        first, last = local_day(self.start, zone), local_day(self.end - _INSTANT, zone)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class Scope(Struct, frozen=True):
    """Everything a figure asks about. `members` is a table with a column `member`; None means everybody.

    `campaign` limits outcomes to one campaign, `currency` limits money to one currency. `kinds` are the
    kinds of the campaign's mechanics by id. `seen` is the instant up to which facts are looked at where a
    figure follows members beyond the window; the window's end when not said.
    """

    window: Window
    zone: ZoneInfo
    campaign: str = ""
    members: Table | None = None
    currency: str = ""
    kinds: Mapping[str, str] = {}
    seen: datetime | None = None

    def rows(self, table: Table, at: str = "time") -> Table:
        """The rows of the window and the members. `at` is the column with the instant."""
        return self.ours(within(table, self.window, at))

    def ours(self, table: Table) -> Table:
        """The rows of the scope's members, whenever they are."""
        return table if self.members is None else table.semi_join(self.members, "member")

    def outcomes(self, table: Table) -> Table:
        """The window's outcomes of the scope's campaign."""
        if self.campaign:
            table = table.filter(table.campaign == self.campaign)
        return self.rows(table)

    def outcomes_of(self, table: Table, kind: str) -> Table:
        """The window's outcomes of the campaign's mechanics of one kind."""
        wanted = [id for id, known in self.kinds.items() if known == kind]
        return self.outcomes(table.filter(table.mechanic.isin(wanted)) if wanted else table.limit(0))

    @property
    def until(self) -> datetime:
        return self.seen or self.window.end

    def money(self, table: Table) -> Table:
        """The window's rows in the scope's currency."""
        return self.rows(table.filter(table.currency == self.currency) if self.currency else table)

    def day(self, at: TimestampValue) -> DateValue:
        """The local day of an instant that lies in the window."""
        return local_date(at, self.window, self.zone)

    def over(self, window: Window) -> "Scope":
        """The same over another window."""
        return replace(self, window=window)

    def among(self, members: Table | None) -> "Scope":
        """The same over other members."""
        return replace(self, members=members)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows."""
    return at.astimezone(zone).replace(tzinfo=None)


def within(table: Table, window: Window, at: str = "time") -> Table:
    """The rows whose instant lies in a window."""
    return table.filter(table[at] >= _literal(window.start), table[at] < _literal(window.end))


def local_date(at: TimestampValue, window: Window, zone: ZoneInfo) -> DateValue:
    """The local day of an instant, right for instants in the window."""
    naive = at.cast("timestamp")
    *earlier, last = offsets(window, zone)
    otherwise = naive + ibis.interval(seconds=last[1])
    cases = [
        (naive < until.replace(tzinfo=None), naive + ibis.interval(seconds=offset))
        for until, offset in earlier
    ]
    shifted = ibis.cases(*cases, else_=otherwise) if cases else otherwise
    return shifted.date()


def offsets(window: Window, zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """The zone's offsets from UTC in seconds over a window, each with the instant until which it holds."""
    found: list[tuple[datetime, int]] = []
    low = window.start.astimezone(UTC)
    for high in _days_after(low, window.end):
        if _offset(low, zone) != _offset(high, zone):
            change = _change(low, high, zone)
            found.append((change, _offset(low, zone)))
        low = high
    found.append((max(window.end, low), _offset(low, zone)))
    return found


def _days_after(low: datetime, end: datetime) -> Iterator[datetime]:
    while low < end:
        low = min(low + timedelta(days=1), end)
        yield low


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The whole second at which the offset between two instants changes."""
    before = _offset(low, zone)
    low = low.replace(microsecond=0)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high.replace(microsecond=0)


def _literal(at: datetime) -> TimestampValue:
    return ibis.literal(at.astimezone(UTC), type="timestamp('UTC')")
