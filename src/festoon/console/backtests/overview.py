"""All back-tests, newest first."""

from django.http import HttpResponse
from django.shortcuts import render

from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import number_after, page_of
from festoon.insight.backtests.asking import KIND
from festoon.insight.jobs import jobs

ROWS = 30
WORKER = "festoon work"
"""The command that runs what waits."""
TONES = {"queued": "quiet", "running": "info", "done": "good", "failed": "bad", "cancelled": "quiet"}


@needs("campaigns:read")
def overview(request: Asked) -> HttpResponse:
    """The list, with how far each is. Goes on below the number in `after`."""
    campaign = request.GET.get("campaign") or None
    found = request.bridge.ask(
        jobs.listed, kind=KIND, campaign=campaign, before=number_after(request), limit=ROWS + 1
    )
    page, more = page_of(found, ROWS, lambda each: each.number)
    works = request.bridge.ask(jobs.somebody_works)
    shown = {
        "jobs": [(each, f"backtests.state_{each.state}", TONES[each.state]) for each in page],
        "more": more,
        "campaign": campaign,
        "idle": not works and any(each.open for each in found),
        "may_ask": request.user.may("backtest:run"),
        "command": WORKER,
    }
    return render(request, "backtests/overview.html", shown)
