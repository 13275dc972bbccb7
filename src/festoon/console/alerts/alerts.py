"""The alerts: what is wrong right now, what to do about it and where; acknowledged with a note."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from msgspec import Struct

from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.navigation import known
from festoon.console.texts import language, later, say
from festoon.insight.alerts.alert import Alert
from festoon.insight.alerts.alerts import CONSOLE, LONGEST, acknowledge, alerts, open_alerts

TONES = {"notice": "info", "warning": "warn", "alarm": "bad"}


class Shown(Struct, frozen=True):
    """An alert as the page shows it. `url` is empty for who may not open the page."""

    alert: Alert
    text: str
    todo: str
    url: str
    tone: str


class NoteForm(forms.Form):
    """What is done about it, for the audit trail."""

    key = forms.CharField(max_length=400, widget=forms.HiddenInput)
    note = forms.CharField(label=later("alerts.note"), max_length=LONGEST)


@needs("campaigns:read")
def every_alert(request: Asked) -> HttpResponse:
    """All of them, those that nobody has seen first."""
    found = alerts_for(request)
    shown_ = {
        "open": [each for each in found if each.alert.open],
        "seen": [each for each in found if not each.alert.open],
    }
    return render(request, "alerts/alerts.html", shown_)


@needs("campaigns:read")
def count(request: Asked) -> HttpResponse:
    """How many are open, for the navigation. It says nothing when there are none."""
    return render(request, "alerts/count.html", {"count": request.bridge.ask(open_alerts)})


@require_POST
@needs("alerts:acknowledge")
def acknowledge_one(request: Asked) -> HttpResponse:
    """Say that one was seen."""
    form = NoteForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        request.bridge.ask(acknowledge, given["key"], given["note"], request.user.actor, wall())
        messages.success(request, say("alerts.acknowledged"))
    else:
        messages.error(request, say("alerts.note_missing"))
    return redirect("alerts:alerts")


def alerts_for(request: Asked) -> list[Shown]:
    """What is wrong right now, in the reader's language."""
    found = request.bridge.ask(alerts, request.bridge.inside.engine.program, wall())
    pages = sorted(((reverse(each.view), each.needs) for each in known()), key=lambda page: -len(page[0]))
    return [_shown(request, each, pages) for each in found]


def _shown(request: Asked, alert: Alert, pages: list[tuple[str, str]]) -> Shown:
    url = reverse("start") + alert.page.removeprefix(CONSOLE)
    needed = next((needs for at, needs in pages if url.startswith(at)), "")
    open_to = not needed or request.user.may(needed)
    reader = language()
    return Shown(alert, alert.text[reader], alert.todo[reader], url if open_to else "", TONES[alert.severity])
