"""When something in a plan is: a date, a local time, or a distance from a phase."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from festoon.base.calendar import WorkingCalendar, add_working_days
from festoon.base.errors import Invalid
from festoon.base.times import add_months, end_of_day, local_day, start_of_day
from festoon.plan import codes_file, codes_plan
from festoon.plan.compiled import Schedule
from festoon.plan.schema import CalendarPlan, SchedulePlan

_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?")
_DISTANCE = re.compile(
    r"(?P<phase>warm_up|start|end|settle)"
    r"(?:\s*(?P<sign>[+-])\s*(?P<n>\d+)\s+(?P<working>working\s+)?(?P<unit>day|week|month|year)s?)?"
)
_INSTANT = timedelta(microseconds=1)
_TWO_WEEKS = timedelta(days=14)


def local_instant(text: str, zone: ZoneInfo, path: str = "") -> datetime:
    """A date's local midnight, or a local time, in UTC. Raises Invalid when there is no such date or time."""
    day, clock = _parts(text, path)
    if clock is None:
        return start_of_day(day, zone)
    return datetime.combine(day, clock, zone).astimezone(UTC)


def last_instant(text: str, zone: ZoneInfo, path: str = "") -> datetime:
    """The first instant after a date, or a local time, in UTC."""
    day, clock = _parts(text, path)
    return end_of_day(day, zone) if clock is None else local_instant(text, zone, path)


def schedule_of(plan: SchedulePlan, zone: ZoneInfo, path: str = "schedule") -> Schedule:
    """The instants of a plan's phases. Raises Invalid for a date that does not exist."""
    start = local_instant(plan.start, zone, f"{path}.start")
    end = last_instant(plan.end, zone, f"{path}.end")
    settle = local_instant(plan.settle, zone, f"{path}.settle") if plan.settle else end + _TWO_WEEKS
    archive = (
        local_instant(plan.archive, zone, f"{path}.archive") if plan.archive else _a_year_after(settle, zone)
    )
    warm_up = local_instant(plan.warm_up, zone, f"{path}.warm_up") if plan.warm_up else start
    return Schedule(warm_up, start, end, settle, archive)


def calendar_of(plan: str | CalendarPlan) -> WorkingCalendar:
    """The working calendar of a plan. Raises Invalid for a date that does not exist."""
    if isinstance(plan, str):
        return WorkingCalendar("CN" if plan == "CN" else "none")
    off = (_parts(text, f"calendar.off[{index}]")[0] for index, text in enumerate(plan.off))
    work = (_parts(text, f"calendar.work[{index}]")[0] for index, text in enumerate(plan.work))
    return WorkingCalendar(plan.base, frozenset(off), frozenset(work))


def begins(
    moment: str, schedule: Schedule, zone: ZoneInfo, calendar: WorkingCalendar, path: str = ""
) -> datetime:
    """The instant at which something that is to start then starts: a day's first."""
    found = _DISTANCE.fullmatch(moment.strip())
    if found is None:
        return local_instant(moment.strip(), zone, path)
    if found["n"] is None:
        return _anchor(found["phase"], schedule)
    return start_of_day(_day(found, schedule, zone, calendar, path), zone)


def ends(
    moment: str, schedule: Schedule, zone: ZoneInfo, calendar: WorkingCalendar, path: str = ""
) -> datetime:
    """The instant by which something that is due then must be done: the end of a day."""
    found = _DISTANCE.fullmatch(moment.strip())
    if found is None:
        return last_instant(moment.strip(), zone, path)
    if found["n"] is None:
        return _anchor(found["phase"], schedule)
    return end_of_day(_day(found, schedule, zone, calendar, path), zone)


def _anchor(phase: str, schedule: Schedule) -> datetime:
    found: datetime = getattr(schedule, phase)
    return found


def _day(
    found: re.Match[str], schedule: Schedule, zone: ZoneInfo, calendar: WorkingCalendar, path: str
) -> date:
    """The local day at a distance from a phase; from the end it is counted from the last day."""
    anchor = _anchor(found["phase"], schedule) - (_INSTANT if found["phase"] == "end" else timedelta())
    day, n = local_day(anchor, zone), int(found["n"]) * (-1 if found["sign"] == "-" else 1)
    try:
        match found["unit"]:
            case "day" if found["working"]:
                return add_working_days(day, n, calendar)
            case "day":
                return day + timedelta(days=n)
            case "week":
                return day + timedelta(weeks=n)
            case "month":
                return add_months(day, n)
            case _:
                return add_months(day, 12 * n)
    except (ValueError, OverflowError):
        raise Invalid(codes_plan.MOMENT_OUT_OF_REACH, path, moment=found[0]) from None


def _parts(text: str, path: str) -> tuple[date, time | None]:
    found = _LOCAL.fullmatch(text)
    try:
        if found is None or not "1900" <= text[:4] <= "2999":
            raise ValueError(text)
        return date.fromisoformat(found[1]), time.fromisoformat(found[2]) if found[2] else None
    except ValueError:
        raise Invalid(codes_file.NO_SUCH_DATE, path, value=text) from None


def _a_year_after(instant: datetime, zone: ZoneInfo) -> datetime:
    return start_of_day(add_months(local_day(instant, zone), 12), zone)
