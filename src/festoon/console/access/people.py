"""People: who may come in and what for."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from festoon.access import people as known
from festoon.access.invitations import fresh_password, invite, take_back, waiting
from festoon.access.roles import NEED_SECOND_FACTOR, ROLES
from festoon.api.server import NO_ROUTE
from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import page_of
from festoon.console.texts import later, say

ROWS = 50


class RolesForm(forms.Form):
    """Which roles somebody has."""

    roles = forms.MultipleChoiceField(
        label=later("access.roles"),
        help_text=later("access.roles_help"),
        choices=[(role, later(f"role_{role}")) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
    )


@needs("users:manage")
def everybody(request: Asked) -> HttpResponse:
    """The list of people, and the links that are still good."""
    after = request.GET.get("after", "")
    found = request.bridge.ask(known.people, after, ROWS + 1)
    page, more = page_of(found, ROWS, lambda each: each.username)
    shown = {
        "people": page,
        "more": more,
        "waiting": [] if after else request.bridge.ask(waiting, wall()),
        "need_second_factor": NEED_SECOND_FACTOR,
    }
    return render(request, "access/people.html", shown)


@needs("users:manage")
def invite_somebody(request: Asked) -> HttpResponse:
    """A link for somebody new; it is shown once, here."""
    form = RolesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = request.bridge.ask(invite, form.cleaned_data["roles"], wall(), request.user.actor)
        return _link(request, token, "access.link_invited")
    return render(request, "access/invite.html", {"form": form})


@require_POST
@needs("users:manage")
def take_link_back(request: Asked, id: str) -> HttpResponse:
    """Make a link dead."""
    request.bridge.ask(take_back, id, request.user.actor, wall())
    messages.success(request, say("access.link_taken_back"))
    return redirect("access:people")


@needs("users:manage")
def somebody(request: Asked, username: str) -> HttpResponse:
    """One person: roles, second factor, and whether he may come in."""
    person = request.bridge.ask(known.person, username)
    form = RolesForm(request.POST or None, initial={"roles": person.roles})
    if request.method == "POST" and form.is_valid():
        roles = form.cleaned_data["roles"]
        request.bridge.ask(known.change_roles, username, roles, request.user.actor, wall())
        messages.success(request, say("access.roles_changed", name=person.name))
        return redirect("access:person", username)
    return render(request, "access/person.html", {"person": person, "form": form})


@require_POST
@needs("users:manage")
def change(request: Asked, username: str, act: str) -> HttpResponse:
    """What is done to a person at the press of a button."""
    actor, now = request.user.actor, wall()
    if act == "password":
        return _link(
            request, request.bridge.ask(fresh_password, username, now, actor), "access.link_password"
        )
    done = {
        "deactivate": known.deactivate,
        "activate": known.activate,
        "second-factor": known.reset_second_factor,
    }.get(act)
    if done is None:
        raise NotFound(NO_ROUTE, path=request.path)
    request.bridge.ask(done, username, actor, now)
    messages.success(request, say("access.done"))
    return redirect("access:person", username)


def _link(request: Asked, token: str, about: str) -> HttpResponse:
    url = request.build_absolute_uri(reverse("welcome", args=[token]))
    return render(request, "access/link.html", {"link": url, "about": say(about)})
