"""What runs now, what needs the reader, and the figures of today against goal."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Struct

from festoon.base.clock import wall
from festoon.console.alerts.alerts import alerts_for
from festoon.console.asked import Asked
from festoon.console.campaigns.parts import WorkRow, work_rows
from festoon.console.campaigns.reading import Shown, now_of, shown
from festoon.console.gate import needs
from festoon.console.home.needing import Need, needs_of, versions_for
from festoon.console.navigation import known
from festoon.engine.campaign_list import campaigns
from festoon.insight.board.board import board

LOOKED_AT = 60
WITH_FIGURES = 4
LIVE = frozenset({"warm_up", "running", "closing", "paused"})
PAGES = {"figures:sign": "figures:figures"}
"""Pages that more people may open than can do something there."""
ALERTS = 8
"""So many alerts are told on the first page, notices not among them; the others on their own."""


class Due(Struct, frozen=True):
    """A piece of work that should have been done."""

    campaign: str
    url: str
    row: WorkRow


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
    boards = {
        each.campaign.id: request.bridge.ask(board, each.compiled, wall())
        for each in live[:WITH_FIGURES]
        if each.compiled
    }
    waits = request.bridge.ask(needs_of, program, may, actor, now)
    open_ = [each for each in alerts_for(request) if each.alert.open]
    told = [each for each in open_ if each.alert.severity != "notice"][:ALERTS]
    shown_ = {
        "live": [(each, boards.get(each.campaign.id)) for each in live],
        "coming": [each for each in found if each.state in ("in_review", "approved") and not each.runs],
        "any": bool(found),
        "versions": request.bridge.ask(versions_for, may, actor),
        "waits": [Waits(each, _page_for(each.capability)) for each in waits],
        "late": _late(live, now),
        "alerts": told,
        "more_alerts": len(open_) - len(told),
    }
    return render(request, "home/home.html", shown_)


def _page_for(capability: str) -> str:
    """The page of the navigation that is for those who have a capability."""
    page = next((page.view for page in known() if page.needs == capability), PAGES.get(capability, ""))
    return reverse(page) if page else ""


def _late(live: list[Shown], now: datetime) -> list[Due]:
    """Work that should have been done, of campaigns that run; the longest overdue first."""
    found = [
        Due(each.title, reverse("campaigns:tab", args=[each.campaign.id, "work"]), row)
        for each in live
        if each.plan
        for row in work_rows(each, now)
        if row.late and not row.below
    ]
    return sorted(found, key=lambda due: due.row.until or now)[:10]
