"""The list of reports, the calendar of those to come, and the button that makes one now."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.texts import language
from festoon.insight.figures import FIGURES
from festoon.insight.jobs import jobs
from festoon.insight.reporting import KIND, Written, ask_for_report, due_reports, report_file, written
from festoon.store.home import data_home

MOST = 60
TONES = {"queued": "quiet", "running": "info", "failed": "bad"}
WORKER = "festoon work"
"""The command that writes reports."""


def folder() -> Path:
    return data_home() / "reports"


@needs("campaigns:read")
def overview(request: Asked) -> HttpResponse:
    """What there is, what comes, and what is being made."""
    now, names = wall(), Names(request.bridge.inside.engine.program, language())
    recent = request.bridge.ask(jobs.listed, kind=KIND, limit=5)
    shown = {
        "reports": [_shown(each, names) for each in written(folder())[:MOST]],
        "language": language(),
        "due": [
            (each, FIGURES[each.metric].title if each.metric in FIGURES else each.criterion, each.at <= now)
            for each in request.bridge.ask(due_reports)
        ],
        "making": [
            (
                each,
                f"reports.state_{each.state}",
                TONES[each.state],
                each.error and each.error.text(language()),
            )
            for each in recent
            if each.state in TONES
        ],
        "campaigns": list(request.bridge.inside.engine.program.campaigns.values()),
        "idle": any(each.open for each in recent) and not request.bridge.ask(jobs.somebody_works),
        "command": WORKER,
        "may_ask": request.user.may("backtest:run"),
    }
    return render(request, "reports/overview.html", shown)


def _shown(each: Written, names: Names) -> tuple[Written, str, list[tuple[str, str]]]:
    """A report with the title of its campaign, and what its languages are called."""
    title = next(
        (names.campaign(id) for id in names.program.campaigns if each.name.startswith(f"{id}-")), each.name
    )
    called = dict(settings.LANGUAGES)
    return each, title, [(one, called.get(one.lower(), one)) for one in each.languages]


@require_POST
@needs("backtest:run")
def ask(request: Asked) -> HttpResponse:
    """Ask for a report as of now."""
    campaign = request.POST.get("campaign", "")[:100]
    request.bridge.ask(ask_for_report, campaign, request.user.actor, wall())
    return redirect("reports:overview")


@needs("campaigns:read")
def progress(request: Asked, number: int) -> HttpResponse:
    """The piece that asks for itself again until the report is there; then the page is loaded anew."""
    job = request.bridge.ask(jobs.job, number, KIND)
    if not job.open:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = {"job": job, "state": f"reports.state_{job.state}", "tone": TONES[job.state], "why": ""}
    return render(request, "reports/job.html", shown)


@needs("campaigns:read")
def download(request: Asked, name: str) -> FileResponse:  # noqa: ARG001 (Django gives it)
    """A report as a file to keep and to open: its charts need what the policy of our own pages does not allow."""
    path = report_file(folder(), name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
