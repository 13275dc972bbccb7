"""What is done to a campaign at the press of a button: signatures on a version, and how it runs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from festoon.api.server import NO_ROUTE
from festoon.base.clock import wall
from festoon.base.errors import Forbidden, NotFound
from festoon.console.asked import Asked
from festoon.console.gate import CAPABILITY_MISSING, needs
from festoon.console.texts import later, say
from festoon.engine.archiving import archive, bring_back
from festoon.engine.pausing import pause_mechanic, resume_mechanic
from festoon.engine.publish import approve, pause, publish, send_back, stop, withdraw
from festoon.engine.remarks import comment, review
from festoon.engine.rollout import roll_out
from festoon.plan.rollout import PARTS

Act = Callable[[Asked, str, int, str], Any]


def _review(request: Asked, id: str, version: int, text: str) -> None:
    request.bridge.ask(review, id, version, request.user.actor, wall(), text)


def _approve(request: Asked, id: str, version: int, text: str) -> None:
    request.bridge.ask(approve, id, version, request.user.actor, wall(), text)


def _send_back(request: Asked, id: str, version: int, text: str) -> None:
    request.bridge.ask(send_back, id, version, request.user.actor, wall(), text)


def _withdraw(request: Asked, id: str, version: int, text: str) -> None:
    request.bridge.ask(withdraw, id, version, request.user.actor, wall(), text)


def _publish(request: Asked, id: str, version: int, _text: str) -> None:
    request.bridge.ask(publish, id, version, request.user.actor, wall())


def _comment(request: Asked, id: str, version: int, text: str) -> None:
    request.bridge.ask(comment, id, version, request.user.actor, text, wall())


SIGNATURES: dict[str, tuple[str, Act]] = {
    "review": ("plan:review", _review),
    "approve": ("plan:approve", _approve),
    "send-back": ("plan:review", _send_back),
    "withdraw": ("plan:make", _withdraw),
    "publish": ("plan:publish", _publish),
    "comment": ("campaigns:read", _comment),
}
"""What can be done with a version: the capability it takes, and what does it."""


@require_POST
@needs("campaigns:read")
def sign(request: Asked, id: str, version: int, act: str) -> HttpResponse:
    """Sign a version, send it back, publish it, or say something about it."""
    if act not in SIGNATURES:
        raise NotFound(NO_ROUTE, path=request.path)
    capability, do = SIGNATURES[act]
    if not request.user.may(capability):
        raise Forbidden(CAPABILITY_MISSING, capability=capability)
    do(request, id, version, request.POST.get("text", "")[:4000])
    messages.success(request, say(f"campaigns.done_{act.replace('-', '_')}"))
    return HttpResponseRedirect(f"{reverse('campaigns:sheet', args=[id])}?version={version}")


@require_POST
@needs("campaign:run")
def run(request: Asked, id: str, act: str) -> HttpResponse:
    """Pause, resume or stop a campaign; put it away, or bring it back."""
    actor, now = request.user.actor, wall()
    if act == "pause":
        request.bridge.ask(pause, id, ["*"], actor, now)
    elif act == "resume":
        request.bridge.ask(pause, id, [], actor, now)
    elif act == "stop":
        request.bridge.ask(stop, id, actor, now)
    elif act == "archive":
        request.bridge.ask(archive, id, actor, now)
    elif act == "bring-back":
        request.bridge.ask(bring_back, id, actor, now)
    else:
        raise NotFound(NO_ROUTE, path=request.path)
    messages.success(request, say(f"campaigns.done_{act.replace('-', '_')}"))
    return redirect("campaigns:sheet", id)


@require_POST
@needs("campaign:run")
def run_mechanic(request: Asked, id: str, mechanic: str, act: str) -> HttpResponse:
    """Pause one mechanic, or let it run again."""
    do = {"pause": pause_mechanic, "resume": resume_mechanic}.get(act)
    if do is None:
        raise NotFound(NO_ROUTE, path=request.path)
    request.bridge.ask(do, id, mechanic, request.POST.get("text", "")[:4000], request.user.actor, wall())
    messages.success(request, say(f"campaigns.done_{act}"))
    return redirect("campaigns:tab", id, "mechanics")


class OpenForm(forms.Form):
    """How far a campaign is opened, in percent of its members."""

    percent = forms.DecimalField(
        label=later("campaigns.open_to"), min_value=0, max_value=100, decimal_places=2, max_digits=5
    )


@require_POST
@needs("campaign:run")
def open_further(request: Asked, id: str) -> HttpResponse:
    """Open a campaign to a share of its members from now on."""
    form = OpenForm(request.POST)
    if form.is_valid():
        share = int(form.cleaned_data["percent"] * PARTS / 100)
        request.bridge.ask(roll_out, id, share, request.user.actor, wall())
        messages.success(request, say("campaigns.done_open", percent=form.cleaned_data["percent"]))
    else:
        messages.error(request, say("campaigns.open_wrong"))
    return redirect("campaigns:sheet", id)
