"""One back-test: how far it is, and what came of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.backtests.overview import TONES, WORKER
from festoon.console.backtests.showing import shown_question, shown_result
from festoon.console.gate import needs
from festoon.console.texts import language, say
from festoon.insight.backtests import asking
from festoon.insight.jobs import jobs
from festoon.insight.jobs.jobs import Job

OTHERS = 20


@needs("campaigns:read")
def one(request: Asked, number: int) -> HttpResponse:
    """Its progress while it runs, then its result, with others of the campaign to put it beside."""
    job = request.bridge.ask(jobs.job, number, asking.KIND)
    result = request.bridge.ask(asking.result, number) if job.state == "done" else None
    asked = request.bridge.ask(asking.question, number)
    shown = _job(request, job) | {
        "asked": shown_question(asked),
        "result": result and shown_result(result),
        "others": _others(request, job) if result else [],
    }
    return render(request, "backtests/one.html", shown)


@needs("campaigns:read")
def progress(request: Asked, number: int) -> HttpResponse:
    """The piece that asks for itself again every second until it is over; then the page is loaded anew."""
    job = request.bridge.ask(jobs.job, number, asking.KIND)
    if not job.open:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "backtests/progress.html", _job(request, job))


@require_POST
@needs("backtest:run")
def cancel(request: Asked, number: int) -> HttpResponse:
    """Let go of it."""
    request.bridge.ask(jobs.job, number, asking.KIND)
    request.bridge.ask(jobs.cancel, number, request.user.actor, wall())
    messages.success(request, say("backtests.cancelled_now"))
    return redirect("backtests:one", number)


@require_POST
@needs("backtest:run")
def again(request: Asked, number: int) -> HttpResponse:
    """Start it once more."""
    request.bridge.ask(jobs.job, number, asking.KIND)
    request.bridge.ask(jobs.again, number, request.user.actor, wall())
    return redirect("backtests:one", number)


def _job(request: Asked, job: Job) -> dict[str, object]:
    error = job.error
    return {
        "job": job,
        "state": f"backtests.state_{job.state}",
        "tone": TONES[job.state],
        "idle": job.state == "queued" and not request.bridge.ask(jobs.somebody_works),
        "why": error.text(language()) if error else "",
        "todo": error.todo(language()) if error else "",
        "may_ask": request.user.may("backtest:run"),
        "command": WORKER,
        "over": job.state in ("failed", "cancelled"),
    }


def _others(request: Asked, job: Job) -> list[Job]:
    found = request.bridge.ask(
        jobs.listed, kind=asking.KIND, campaign=job.campaign, state="done", limit=OTHERS
    )
    return [each for each in found if each.number != job.number]
