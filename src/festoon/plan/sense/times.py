"""Times: phases in their order, validity that outlives the campaign, a calendar that is known."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from festoon.base.times import Lifetime, local_day
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site

_INSTANT = timedelta(microseconds=1)


def check(site: Site) -> None:
    """Note phases out of order, things that lapse before they are given, and years without a calendar."""
    _phases(site)
    _validity(site)
    _calendar(site)


def _phases(site: Site) -> None:
    said = [("warm_up", site.plan.schedule.warm_up), ("start", "")]
    said += [("end", ""), ("settle", site.plan.schedule.settle), ("archive", site.plan.schedule.archive)]
    names = [name for name, text in said if text is not None]
    for earlier, later in pairwise(names):
        before, after = getattr(site.schedule, earlier), getattr(site.schedule, later)
        if after < before or (later == "end" and after == before):
            site.findings.say(codes.PHASES_TURNED, f"schedule.{later}", earlier=earlier, later=later)


def _validity(site: Site) -> None:
    last = local_day(site.schedule.end - _INSTANT, site.zone)
    for path, name, lifetime in _lifetimes(site):
        if lifetime.until is not None and lifetime.until < last:
            until, end = lifetime.until.isoformat(), last.isoformat()
            site.findings.say(codes.EXPIRES_TOO_SOON, f"{path}.until", name=name, until=until, end=end)


def _lifetimes(site: Site) -> Iterator[tuple[str, str, Lifetime]]:
    plan = site.plan
    yield from ((f"assets.{name}.expires", name, of.expires) for name, of in plan.assets.items())
    yield from ((f"coupons.{name}.valid", name, of.valid) for name, of in plan.coupons.items())
    yield from ((f"badges.{name}.lasts", name, of.lasts) for name, of in plan.badges.items())
    yield from ((f"items.{name}.lasts", name, of.lasts) for name, of in plan.items.items())
    yield from ((f"gifts.{name}.claim", name, of.claim) for name, of in plan.gifts.items())


def _calendar(site: Site) -> None:
    """A year that is not announced yet is fine when the plan says its own days."""
    first = local_day(site.schedule.warm_up, site.zone)
    last = local_day(max(site.schedule.settle, site.schedule.warm_up), site.zone)
    own = {day.year for day in site.calendar.off | site.calendar.work}
    for year in range(first.year, min(last.year, first.year + 10) + 1):
        if year not in own and not site.calendar.knows(date(year, 1, 1)):
            site.findings.say(codes.CALENDAR_UNKNOWN, "calendar", year=year)
