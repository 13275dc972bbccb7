"""The ways in: the start page, the choice of a language, and the one-time link of a new person."""

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from festoon.access.invitations import Newcomer, accept, look, renew
from festoon.access.models import USERNAME, Person
from festoon.access.people import speak
from festoon.base.clock import wall
from festoon.base.errors import FestoonError
from festoon.console.asked import Asked, stranger
from festoon.console.gate import to_sign_in
from festoon.console.navigation import pages_for
from festoon.console.texts import language, later, say

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def start(request: Asked) -> HttpResponseBase:
    """Lead to the first page that the reader may open."""
    if stranger(request):
        return to_sign_in(request)
    entries = pages_for(request)
    return redirect(entries[0].url) if entries else render(request, "console/nothing.html")


@require_POST
def choose_language(request: Asked) -> HttpResponse:
    """Remember the language, in a cookie and with the person, and go back to the page."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    response = HttpResponseRedirect(_ours(request, back) or request.META["SCRIPT_NAME"] + "/")
    if wanted in dict(settings.LANGUAGES):
        _remember(response, wanted)
        if request.user.is_authenticated:
            request.bridge.ask(speak, request.user.username, wanted)
    return response


def _ours(request: Asked, url: str) -> str:
    """An address to go on to, if it is one of this console's; otherwise nothing."""
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""


def _remember(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        httponly=True,
    )


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=later("password"),
        help_text=later("password_help"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=later("password_again"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        if said.get("password") and said.get("password") != said.get("again"):
            self.add_error("again", later("passwords_differ"))
        if said.get("password"):
            someone = Person(username=said.get("username", ""), name=said.get("name", ""))
            try:
                password_validation.validate_password(said["password"], someone)
            except ValidationError as error:
                self.add_error("password", error)
        return said


class WelcomeForm(PasswordForm):
    """What a new person says of himself."""

    field_order = ("username", "name", "password", "again")
    username = forms.CharField(
        label=later("username"),
        help_text=later("username_help"),
        max_length=32,
        validators=[RegexValidator(USERNAME, later("username_help"))],
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=later("your_name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"})
    )


def welcome(request: Asked, token: str) -> HttpResponse:
    """Let in who has a one-time link."""
    invitation = request.bridge.ask(look, token, wall())
    if invitation.username:
        return _new_password(request, token, invitation.username)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        newcomer = Newcomer(said["username"], said["name"], make_password(said["password"]), language())
        try:
            number = request.bridge.ask(accept, token, newcomer, wall())
        except FestoonError as error:
            form.add_error("username", error.text(language()))
        else:
            person = Person.objects.get(pk=number)
            login(request, person, backend=BACKEND)
            # He has just chosen it: setting up the second factor need not ask for it again.
            record_authentication(request, person, method="password", reauthenticated=True)
            messages.success(request, say("welcome_done", name=person.name))
            return redirect(_ours(request, request.GET.get("next", "")) or "start")
    shown = {"form": form, "invitation": invitation, "first": invitation.by == "start"}
    return render(request, "console/welcome.html", shown)


def _new_password(request: Asked, token: str, username: str) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.bridge.ask(renew, token, make_password(form.cleaned_data["password"]), wall())
        messages.success(request, say("password_set"))
        return redirect("account_login")
    return render(request, "console/new_password.html", {"form": form, "username": username})
