"""One campaign: its state, its signatures, and its plan as tabs in the order a plan is read."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from festoon.base.clock import wall
from festoon.base.errors import FestoonError, NotFound
from festoon.console.asked import Asked
from festoon.console.bars import Stretch, chart
from festoon.console.campaigns import parts
from festoon.console.campaigns.reading import Shown, read, running_plan, shown
from festoon.console.gate import needs
from festoon.console.paging import INTEGER, number_after, page_of
from festoon.console.texts import said
from festoon.console.told import told_change
from festoon.engine.campaign_list import version, versions
from festoon.engine.publish import changes
from festoon.engine.published import written_for
from festoon.engine.remarks import VERSION_UNKNOWN, remarks
from festoon.engine.rollout import NO_ROLLOUT, opened
from festoon.plan.phases import transitions

TABS = (
    "overview", "goals", "schedule", "audience", "mechanics", "rewards", "promotion", "work", "budget", "risks",
    "evaluation", "benefits",
)  # fmt: skip
ROWS = 20
SETTLED_SHOWN = timedelta(days=30)
"""So much of the time after it was settled is on the time line."""


@needs("campaigns:read")
def sheet(request: Asked, id: str, tab: str = "overview") -> HttpResponse:
    """One tab of a campaign, in the version that runs or the one that is asked for."""
    if tab not in TABS:
        raise NotFound(VERSION_UNKNOWN, campaign=id, version=tab)
    asked = request.GET.get("version", "")
    row, now = request.bridge.ask(read, id, int(asked) if asked.isdecimal() else None, wall())
    found = shown(row, now)
    query = f"?version={row.version}" if asked else ""
    context = {
        "it": found,
        "tab": tab,
        "now": now,
        "query": query,
        "tabs": [
            (f"campaigns.tab_{each}", reverse("campaigns:tab", args=[id, each]) + query) for each in TABS
        ],
        "here": f"campaigns.tab_{tab}",
        "zone": found.compiled.zone.key if found.compiled else "",
    }
    if tab == "overview" or found.compiled is None:
        context |= _overview(request, found, now)
        return render(request, "campaigns/tabs/overview.html", context)
    context |= parts.PARTS[tab](request, found, now)
    return render(request, f"campaigns/tabs/{tab}.html", context)


@needs("campaigns:read")
def versions_page(request: Asked, id: str) -> HttpResponse:
    """All versions of a campaign, the newest first."""
    found = request.bridge.ask(versions, id, number_after(request, INTEGER), ROWS + 1)
    row, now = request.bridge.ask(read, id, None, wall())
    page, more = page_of(found, ROWS, lambda each: each.version)
    shown_ = {"it": shown(row, now), "versions": page, "more": more}
    return render(request, "campaigns/versions.html", shown_)


def _overview(request: Asked, found: Shown, now: Any) -> dict[str, Any]:
    row = found.campaign
    signed = request.bridge.ask(version, row.id, row.version)
    actor = request.user.actor
    waits = signed.status == "in_review"
    return {
        "signed": signed,
        "remarks": request.bridge.ask(remarks, row.id, row.version),
        "changes": _changes(request, found) if signed.status in ("in_review", "approved") else None,
        "mine": signed.maker == actor,
        "can_review": waits and signed.reviewer is None and signed.maker != actor,
        "can_approve": waits and actor not in (signed.maker, signed.reviewer),
        "can_publish": signed.status == "approved" or (waits and request.bridge.rehearsal),
        "phases": _phases(found, now),
        "can_archive": row.archived is None and found.over,
        "opening": _opening(request, found, now),
    }


def _changes(request: Asked, found: Shown) -> list[SafeString] | None:
    """What this version would change about the one that runs, and what becomes of progress, chances and stock."""
    row = found.campaign
    if row.running is None or found.plan is None:
        return None
    different = request.bridge.ask(changes, row.id, row.source, written_for(row.kinds))
    plans = [found.plan, *running_plan(request, row.id)]
    return [told_change(each, plans) for each in different]


def _phases(found: Shown, now: Any) -> Any:
    if found.compiled is None:
        return None
    begins = [*transitions(found.compiled.schedule)][:-1]
    schedule = found.compiled.schedule
    away = min(each for each in (schedule.archive, found.campaign.archived) if each is not None)
    settled = max(min(away, schedule.settle + SETTLED_SHOWN), schedule.settle)
    until = {
        "warm_up": schedule.start, "running": schedule.end, "closing": schedule.settle, "settled": settled,
    }  # fmt: skip
    tones = {"warm_up": "", "running": "good", "closing": "warn", "settled": "quiet"}
    return chart(
        [
            Stretch(said(f"campaigns.state_{name}"), at, until[name], tones[name])
            for at, name in begins
            if name in until and until[name] > at
        ],
        now,
    )


def _opening(request: Asked, found: Shown, now: Any) -> Any:
    """How far a campaign with a rollout is open."""
    if not found.runs or found.plan is None or found.plan.rollout is None:
        return None
    try:
        return request.bridge.ask(opened, found.campaign.id, now)
    except FestoonError as error:
        if error.code == NO_ROLLOUT:
            return None
        raise
