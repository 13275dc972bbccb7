"""API keys: for platforms, and for people who also work from a terminal."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.access.key_list import keys, place
from festoon.access.keys import SCOPES, create, revoke
from festoon.base.clock import wall
from festoon.base.errors import FestoonError
from festoon.base.texts import catalogue
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.groups import HERE
from festoon.console.paging import page_of
from festoon.console.texts import language, later, say

ROWS = 50
TEXTS = HERE / "access" / "texts.toml"


def _named(scope: str) -> str:
    """A scope in words; one that has none yet by its name, rather than not at all."""
    key = f"access.scope_{scope.replace(':', '_')}"
    return later(key) if key.removeprefix("access.") in catalogue(TEXTS) else scope


class KeyForm(forms.Form):
    """Whom a key stands for, and what it may do."""

    owner = forms.CharField(
        label=later("access.owner"), help_text=later("access.owner_help"), required=False, max_length=32
    )
    actor = forms.RegexField(
        r"^(?!user:)[\w.@-]{2,60}$",
        label=later("access.platform"),
        help_text=later("access.platform_help"),
        required=False,
    )
    scopes = forms.MultipleChoiceField(
        label=later("access.scopes"),
        choices=[(scope, _named(scope)) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        if bool(said.get("owner")) == bool(said.get("actor")) and not self.errors:
            self.add_error("owner", later("access.one_of_both"))
        return said


@needs("keys:manage")
def every_key(request: Asked) -> HttpResponse:
    """The list of keys, those in use first."""
    found = request.bridge.ask(keys, request.GET.get("after", ""), ROWS + 1)
    page, more = page_of(found, ROWS, place)
    rows = [(each, list(map(_named, each.scopes))) for each in page]
    return render(request, "access/keys.html", {"keys": rows, "more": more})


@needs("keys:manage")
def make_key(request: Asked) -> HttpResponse:
    """A new key; it is shown once, here."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        owner = said["owner"] or None
        try:
            token = request.bridge.ask(
                create, said["actor"], said["scopes"], wall(), request.user.actor, owner
            )
        except FestoonError as error:
            form.add_error("owner", error.text(language()))
        else:
            return render(request, "access/key.html", {"key": token})
    return render(request, "access/make_key.html", {"form": form})


@require_POST
@needs("keys:manage")
def revoke_key(request: Asked, id: str) -> HttpResponse:
    """Revoke a key; serving processes notice within seconds."""
    request.bridge.ask(revoke, id, wall(), request.user.actor)
    messages.success(request, say("access.revoked_now", id=id))
    return redirect("access:keys")
