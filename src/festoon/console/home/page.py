"""What runs now, what needs the reader, and the figures of today against goal."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Struct

from festoon.base.clock import wall
from festoon.console.alerts.alerts import alerts_for
from festoon.console.asked import Asked
from festoon.console.campaigns.parts import risk_rows, work_rows
from festoon.console.campaigns.reading import Shown, now_of, shown
from festoon.console.gate import needs
from festoon.console.home.needing import Need, needs_of, versions_for
from festoon.console.navigation import known
from festoon.engine.campaign_list import campaigns
from festoon.engine.work import States, states
from festoon.insight.board.board import boards

LOOKED_AT = 60
WITH_FIGURES = 4
LIVE = frozenset({"warm_up", "running", "closing", "paused"})
PAGES = {"figures:sign": "figures:figures"}
"""Pages that more people may open than can do something there."""
ALERTS = 8
"""So many alerts are told on the first page, notices not among them; the others on their own."""


class Due(Struct, frozen=True):
    """A piece of work that should have been done, or a risk that should have been looked at."""

    campaign: str
    url: str
    title: str
    person: str
    at: datetime | None
    kind: str


class Waits(Struct, frozen=True):
    """What waits, with the page on which something can be done about it; no page, no link."""

    need: Need
    url: str


@needs("campaigns:read")
def home(request: Asked) -> HttpResponse:
    """The first page of the day."""
    actor, may = request.user.actor, request.user.capabilities
    now = request.bridge.ask(now_of, wall())
    found = [shown(each, now) for each in request.bridge.ask(campaigns, "", LOOKED_AT)]
    live = [each for each in found if each.runs and each.state in LIVE]
    program = request.bridge.inside.engine.program
    compiled = [each.compiled for each in live[:WITH_FIGURES] if each.compiled]
    figures = request.bridge.ask(boards, compiled, wall()) if compiled else {}
    waits = request.bridge.ask(needs_of, program, may, actor, now)
    ids = [each.campaign.id for each in live]
    open_ = [each for each in alerts_for(request) if each.alert.open]
    told = [each for each in open_ if each.alert.severity != "notice"][:ALERTS]
    shown_ = {
        "live": [(each, figures.get(each.campaign.id)) for each in live],
        "coming": [each for each in found if each.state in ("in_review", "approved") and not each.runs],
        "any": bool(found),
        "versions": request.bridge.ask(versions_for, may, actor),
        "waits": [Waits(each, _page_for(each.capability)) for each in waits],
        "late": _late(live, now, *[request.bridge.ask(states, kind, ids) for kind in ("task", "risk")]),
        "alerts": told,
        "more_alerts": len(open_) - len(told),
    }
    return render(request, "home/home.html", shown_)


def _page_for(capability: str) -> str:
    """The page of the navigation that is for those who have a capability."""
    page = next((page.view for page in known() if page.needs == capability), PAGES.get(capability, ""))
    return reverse(page) if page else ""


def _late(live: list[Shown], now: datetime, tasks: States, risks: States) -> list[Due]:
    """What is overdue in campaigns that run: work, and risks to be looked at; the longest overdue first."""
    found = []
    for each in live:
        if not each.plan:
            continue
        work, risky = (reverse("campaigns:tab", args=[each.campaign.id, tab]) for tab in ("work", "risks"))
        found += [
            Due(each.title, work, row.title, row.task.person, row.task.until, "overdue")
            for row in work_rows(each, now, tasks)
            if row.late and not row.task.within
        ]
        found += [
            Due(
                each.title,
                risky,
                row.title,
                row.risk.owner,
                row.risk.due if row.risk.response_late else row.risk.review,
                "risk",
            )
            for row in risk_rows(each, now, risks)
            if row.late
        ]
    return sorted(found, key=lambda due: due.at or now)[:10]
