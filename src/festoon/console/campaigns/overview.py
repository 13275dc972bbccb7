"""All campaigns, as a list and as a calendar with what overlaps and what excludes."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.bars import Stretch, chart
from festoon.console.campaigns.reading import Shown, now_of, shown
from festoon.console.gate import needs
from festoon.console.members.person import program_of
from festoon.console.paging import page_of
from festoon.console.texts import language, said
from festoon.console.told import told_beside
from festoon.engine.campaign_list import campaigns, put_away
from festoon.engine.reload import running
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.overlaps import overlaps

ROWS = 30
LOOKED_AT = 200
TABS = (
    ("campaigns.list", "campaigns:overview"),
    ("campaigns.calendar", "campaigns:calendar"),
    ("campaigns.put_away", "campaigns:put_away"),
)
TONES = {"running": "good", "paused": "warn", "closing": "warn", "stopped": "quiet", "settled": "quiet"}
BEFORE, AFTER = timedelta(days=60), timedelta(days=240)


def _tabs() -> list[tuple[str, str]]:
    return [(key, reverse(view)) for key, view in TABS]


def _shown(request: Asked, after: str, rows: int) -> tuple[list[Shown], str]:
    now = request.bridge.ask(now_of, wall())
    page, more = page_of(request.bridge.ask(campaigns, after, rows + 1), rows, lambda each: each.id)
    return [shown(each, now) for each in page], more


@needs("campaigns:read")
def overview(request: Asked) -> HttpResponse:
    """The list of campaigns, each with the state it is in; those that were put away have a list of their own."""
    found, more = _shown(request, request.GET.get("after", ""), ROWS)
    found = [each for each in found if each.state != "archived"]
    return render(request, "campaigns/overview.html", {"campaigns": found, "more": more, "tabs": _tabs()})


@needs("campaigns:read")
def away(request: Asked) -> HttpResponse:
    """The campaigns that were put away, and before them those whose day to be archived has come."""
    now, after = request.bridge.ask(now_of, wall()), request.GET.get("after", "")
    page, more = page_of(request.bridge.ask(put_away, after, ROWS + 1), ROWS, lambda each: each.id)
    every = [] if after else [shown(each, now) for each in request.bridge.ask(campaigns, "", LOOKED_AT)]
    by_clock = [each for each in every if each.state == "archived"]
    found = [*by_clock, *(shown(each, now) for each in page)]
    context = {"campaigns": found, "more": more, "tabs": _tabs()}
    return render(request, "campaigns/put_away.html", context)


@needs("campaigns:read")
def calendar(request: Asked) -> HttpResponse:
    """Campaigns over time, and what their makers should know of each other."""
    now = request.bridge.ask(now_of, wall())
    found, more = _shown(request, request.GET.get("after", ""), 100)
    since, until = now - BEFORE, now + AFTER
    stretches = [
        stretch
        for each in found
        if each.compiled and each.compiled.schedule.end > since and each.compiled.schedule.warm_up < until
        for stretch in _stretches(each, each.compiled)
    ]
    names = Names(program_of(request), language())
    live = request.bridge.ask(running)
    told = [
        (one.title[language()], told_beside(problem, names), problem.severity)
        for number, one in enumerate(live)
        for problem in overlaps(one, live[number + 1 :])
    ]
    shown_ = {"bars": chart(stretches, now, since, until), "told": told, "more": more, "tabs": _tabs()}
    return render(request, "campaigns/calendar.html", shown_)


def _stretches(each: Shown, campaign: CompiledCampaign) -> Iterator[Stretch]:
    """A campaign from its warm-up to its end, and below it from there until it is settled."""
    schedule, url = campaign.schedule, reverse("campaigns:sheet", args=[each.campaign.id])
    tone = TONES.get(each.state, "")
    yield Stretch(each.title, schedule.warm_up, schedule.end, tone, note=campaign.group, url=url)
    if schedule.settle > schedule.end:
        yield Stretch(said("campaigns.settling"), schedule.end, schedule.settle, "quiet", below=True)
