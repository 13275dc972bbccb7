"""Endpoints: made, changed, switched, tested, given a new secret, removed."""

import os
from datetime import UTC, datetime, time
from typing import Any

import asyncpg
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.base.errors import FestoonError, NotFound
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.texts import language, later, say
from festoon.outbox.webhooks.deliveries import replay_failed, send_test
from festoon.outbox.webhooks.endpoints import (
    ENDPOINT_UNKNOWN,
    Endpoint,
    Wanted,
    change,
    endpoint,
    endpoints,
    make,
    remove,
    rotate,
    switch_off,
    switch_on,
)
from festoon.outbox.webhooks.kinds import KINDS

TONES = {"on": "good", "off": "quiet", "disabled": "bad"}


class EndpointForm(forms.Form):
    """Where messages go, and which."""

    url = forms.CharField(label=later("webhooks.url"), help_text=later("webhooks.url_help"), max_length=2000)
    kinds = forms.MultipleChoiceField(
        label=later("webhooks.kinds"),
        help_text=later("webhooks.kinds_help"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    campaigns = forms.CharField(
        label=later("webhooks.campaigns"),
        help_text=later("webhooks.campaigns_help"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        max_length=4000,
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(name, kind.title(language())) for name, kind in KINDS.items()]

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(said["url"].strip(), list(said["kinds"]), said["campaigns"].split())


class SinceForm(forms.Form):
    """From which day on."""

    since = forms.DateField(label=later("webhooks.since"), widget=forms.DateInput({"type": "date"}))


@needs("webhooks:manage")
def every_endpoint(request: Asked) -> HttpResponse:
    """All of them; there are never many."""
    found = request.bridge.ask(endpoints)
    rows = [(each, f"webhooks.state_{each.state}", TONES[each.state], _kinds(each)) for each in found]
    return render(request, "webhooks/overview.html", {"rows": rows})


@needs("webhooks:manage")
def make_endpoint(request: Asked) -> HttpResponse:
    """A new one; its secret is shown once, here."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = request.bridge.ask(make, form.wanted(), request.user.actor, wall(), os.urandom)
        except FestoonError as error:
            form.add_error("url", error.text(language()))
        else:
            return _secret(request, made.id, secret)
    return render(request, "webhooks/make.html", {"form": form})


@needs("webhooks:manage")
def one(request: Asked, id: str) -> HttpResponse:
    """One, with its settings."""
    found = request.bridge.ask(_endpoint, id)
    said = {"url": found.url, "kinds": found.kinds, "campaigns": "\n".join(found.campaigns)}
    form = EndpointForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            request.bridge.ask(change, id, form.wanted(), request.user.actor, wall())
        except FestoonError as error:
            form.add_error("url", error.text(language()))
        else:
            messages.success(request, say("webhooks.saved"))
            return redirect("webhooks:endpoint", id)
    shown = {
        "endpoint": found,
        "state": f"webhooks.state_{found.state}",
        "tone": TONES[found.state],
        "why": say(f"webhooks.why_{found.why}") if found.why else "",
        "form": form,
        "since": SinceForm(),
    }
    return render(request, "webhooks/endpoint.html", shown)


@require_POST
@needs("webhooks:manage")
def change_it(request: Asked, id: str, act: str) -> HttpResponse:
    """Switch it, test it, give it a new secret, send again what failed, or take it away."""
    request.bridge.ask(_endpoint, id)
    actor, now = request.user.actor, wall()
    if act == "rotate":
        return _secret(request, id, request.bridge.ask(rotate, id, actor, now, os.urandom))
    if act == "remove":
        request.bridge.ask(remove, id, actor, now)
        messages.success(request, say("webhooks.removed"))
        return redirect("webhooks:overview")
    if act in ("on", "on-now"):
        request.bridge.ask(switch_on, id, actor, now, "now" if act == "on-now" else "where_it_stopped")
    elif act == "off":
        request.bridge.ask(switch_off, id, actor, now)
    elif act == "test":
        request.bridge.ask(send_test, id, actor, now)
        messages.success(request, say("webhooks.tested"))
    elif act == "replay" and (form := SinceForm(request.POST)).is_valid():
        since = datetime.combine(form.cleaned_data["since"], time(), UTC)
        count = request.bridge.ask(replay_failed, id, since, actor, now)
        messages.success(request, say("webhooks.replayed", count=count))
    return redirect("webhooks:endpoint", id)


def _secret(request: Asked, id: str, secret: str) -> HttpResponse:
    return render(request, "webhooks/secret.html", {"id": id, "secret": secret})


def _kinds(each: Endpoint) -> list[str]:
    return [KINDS[name].title(language()) if name in KINDS else name for name in each.kinds]


async def _endpoint(connection: asyncpg.Connection, id: str) -> Endpoint:
    if "\0" in id:
        raise NotFound(ENDPOINT_UNKNOWN, endpoint="")
    return await endpoint(connection, id)
