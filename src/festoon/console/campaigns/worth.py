"""What each benefit of a campaign is worth: the last time it was worked out, and the button that does it anew."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.campaigns.reading import Shown
from festoon.console.gate import needs
from festoon.console.texts import language, say
from festoon.insight.benefits.asking import KIND, Worth, ask_for_benefits, last_worth
from festoon.insight.benefits.benefit import Benefit
from festoon.insight.jobs import jobs
from festoon.insight.jobs.jobs import Job
from festoon.insight.texts import words
from festoon.insight.views.benefits import benefits_text
from festoon.insight.views.reader import Reader

MOST_BARS = 10
TONES = {"queued": "quiet", "running": "info", "failed": "bad"}
WORKER = "festoon work"
"""The command that works it out."""


def worth(request: Asked, found: Shown, _now: datetime) -> dict[str, Any]:
    """The tab: what was worked out last, and what is being worked out."""
    id = found.campaign.id
    recent = request.bridge.ask(jobs.listed, kind=KIND, campaign=id, limit=1)
    last = request.bridge.ask(last_worth, id) if found.campaign.running is not None else None
    job = recent[0] if recent and recent[0].state in TONES else None
    return {
        "t": words(language()),
        "worth": _shown(found, last) if last is not None else None,
        "as_of": last and last.as_of,
        "may_ask": found.campaign.running is not None and request.user.may("backtest:run"),
        "idle": job is not None and job.open and not request.bridge.ask(jobs.somebody_works),
        "command": WORKER,
        **(_job(job) if job is not None else {}),
    }


@require_POST
@needs("backtest:run")
def ask(request: Asked, id: str) -> HttpResponse:
    """Have it worked out as of now."""
    request.bridge.ask(ask_for_benefits, id, request.user.actor, wall())
    return redirect("campaigns:tab", id, "benefits")


@needs("campaigns:read")
def progress(request: Asked, id: str, number: int) -> HttpResponse:
    """The piece that asks for itself again until it is worked out; then the page is loaded anew."""
    job = request.bridge.ask(jobs.job, number, KIND)
    if not job.open:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "campaigns/worth_job.html", {"id": id, **_job(job)})


def _job(job: Job) -> dict[str, Any]:
    return {
        "job": job,
        "state": f"campaigns.worth_{job.state}",
        "tone": TONES[job.state],
        "why": job.error.text(language()) if job.error else "",
    }


def _shown(found: Shown, last: Worth) -> dict[str, Any] | None:
    if found.compiled is None:
        return None
    reader = Reader(language(), found.compiled)
    return {"view": benefits_text(last.benefits, reader), "chart": _chart(last.benefits.benefits, reader)}


def _chart(benefits: tuple[Benefit, ...], reader: Reader) -> dict[str, Any] | None:
    """A bar a benefit: what was spent, and behind it what is reserved."""
    dear = [each for each in benefits if each.tally.cost > 0][:MOST_BARS]
    if not dear:
        return None
    parts = (("campaigns.spent", "actual", "--series-1"), ("campaigns.committed", "reserved", "--series-2"))
    return {
        "type": "bar",
        "data": {
            "labels": [reader.of(each.title) for each in dear],
            "datasets": [
                {
                    "label": str(say(key)),
                    "data": [reader.units(getattr(each.tally, name)) for each in dear],
                    "backgroundColor": colour,
                }
                for key, name, colour in parts
            ],
        },
        "options": {
            "indexAxis": "y",
            "scales": {"x": {"beginAtZero": True, "stacked": True}, "y": {"stacked": True}},
        },
    }
