"""All campaigns, as a list and as a calendar with what overlaps and what excludes."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.bars import Stretch, chart
from festoon.console.campaigns.reading import Shown, now_of, shown
from festoon.console.gate import needs
from festoon.console.paging import page_of
from festoon.console.texts import language
from festoon.engine.campaign_list import campaigns
from festoon.engine.reload import running
from festoon.plan.overlaps import overlaps

ROWS = 30
TABS = (("campaigns.list", "campaigns:overview"), ("campaigns.calendar", "campaigns:calendar"))
BEFORE, AFTER = timedelta(days=60), timedelta(days=240)


def _tabs() -> list[tuple[str, str]]:
    return [(key, reverse(view)) for key, view in TABS]


def _shown(request: Asked, after: str, rows: int) -> tuple[list[Shown], str]:
    now = request.bridge.ask(now_of, wall())
    page, more = page_of(request.bridge.ask(campaigns, after, rows + 1), rows, lambda each: each.id)
    return [shown(each, now) for each in page], more


@needs("campaigns:read")
def overview(request: Asked) -> HttpResponse:
    """The list of campaigns, each with the state it is in."""
    found, more = _shown(request, request.GET.get("after", ""), ROWS)
    return render(request, "campaigns/overview.html", {"campaigns": found, "more": more, "tabs": _tabs()})


@needs("campaigns:read")
def calendar(request: Asked) -> HttpResponse:
    """Campaigns over time, and what their makers should know of each other."""
    now = request.bridge.ask(now_of, wall())
    found, more = _shown(request, request.GET.get("after", ""), 100)
    since, until = now - BEFORE, now + AFTER
    stretches = [
        Stretch(
            each.title,
            each.compiled.schedule.warm_up,
            each.compiled.schedule.end,
            {"running": "good", "paused": "warn", "closing": "warn", "stopped": "quiet"}.get(each.state, ""),
            note=each.compiled.group,
            url=reverse("campaigns:sheet", args=[each.campaign.id]),
        )
        for each in found
        if each.compiled and each.compiled.schedule.end > since and each.compiled.schedule.warm_up < until
    ]
    live = request.bridge.ask(running)
    told = [
        (one.title[language()], problem.text(language()), problem.severity)
        for number, one in enumerate(live)
        for problem in overlaps(one, live[number + 1 :])
    ]
    shown_ = {"bars": chart(stretches, now, since, until), "told": told, "more": more, "tabs": _tabs()}
    return render(request, "campaigns/calendar.html", shown_)
