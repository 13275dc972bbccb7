"""How far tasks are and what state risks are in, set at the press of a button."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.campaigns.reading import now_of
from festoon.console.gate import needs
from festoon.console.texts import say
from festoon.engine.work import review_risk, set_task


@require_POST
@needs("work:update")
def task(request: Asked, id: str, task: str) -> HttpResponse:
    """Say how far a task is."""
    now, given = request.bridge.ask(now_of, wall()), request.POST
    request.bridge.ask(
        set_task, id, task, given.get("state", ""), request.user.actor, now, given.get("note", "")
    )
    messages.success(request, say("campaigns.done_task"))
    return redirect("campaigns:tab", id, "work")


@require_POST
@needs("work:update")
def risk(request: Asked, id: str, risk: str) -> HttpResponse:
    """Say that a risk was looked at, and in what state it is."""
    now, given = request.bridge.ask(now_of, wall()), request.POST
    try:
        next_on = date.fromisoformat(given["next_review"]) if given.get("next_review") else None
    except ValueError:
        messages.error(request, say("campaigns.no_date"))
        return redirect("campaigns:tab", id, "risks")
    state, note = given.get("state", ""), given.get("note", "")
    request.bridge.ask(review_risk, id, risk, state, request.user.actor, now, note, next_on)
    messages.success(request, say("campaigns.done_risk"))
    return redirect("campaigns:tab", id, "risks")
