"""Where pages are, below /console: each group under its own name, signing in and second factors by allauth."""

from importlib import import_module

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from festoon.console import doors
from festoon.console.groups import NAMES

handler404 = "festoon.console.problems.not_found"
handler500 = "festoon.console.problems.failed"

_SIGNING_IN = [
    path("", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", doors.start, name="start"),
    path("language/", doors.choose_language, name="language"),
    path("welcome/<str:token>/", doors.welcome, name="welcome"),
    path("sign-in/", include(_SIGNING_IN)),
    path("sign-in/second/", include("allauth.mfa.urls")),
    *(path(f"{name}/", include(import_module(f"festoon.console.{name}.urls"))) for name in NAMES),
]
