"""What happens to every request of the console: its bridge, cookies that are safe, sessions that end, a second factor
where a role wants one, and errors as pages."""

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import auth, messages
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from festoon.access.roles import needs_second_factor
from festoon.api.filters import UNHOLDABLE, unholdable
from festoon.base.errors import FestoonError, Invalid, Unavailable
from festoon.console.bridge import BRIDGE
from festoon.console.problems import problem_page
from festoon.console.texts import say
from festoon.intake.batcher import STORE_GONE
from festoon.store.trail import ORIGIN

GetResponse = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "began", "seen"
RENEW_SECONDS = 300
"""A session that is used is renewed this often, so that not every page writes it."""
OPEN_WITHOUT_SECOND_FACTOR = ("account_", "mfa_", "language", "welcome", "admin:jsi18n")


def with_bridge(get_response: GetResponse) -> GetResponse:
    """Give a request its way to the engine, and where it comes from for the audit trail."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.bridge = request.META[BRIDGE]  # type: ignore[attr-defined]
        ORIGIN.set(f"console {request.META.get('REMOTE_ADDR', '')}".strip())
        return get_response(request)

    return middleware


def secure_cookies(get_response: GetResponse) -> GetResponse:
    """Cookies given over TLS come back over TLS only; and nobody in between keeps a page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def bounded_session(get_response: GetResponse) -> GetResponse:
    """End a session SESSION_LONGEST seconds after it began, however busy it is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session, now = request.session, time.time()
        if request.user.is_authenticated:
            if now - session.setdefault(BEGAN, now) > settings.SESSION_LONGEST:
                auth.logout(request)
                messages.info(request, say("session_over"))
                return HttpResponseRedirect(reverse("account_login"))
            if now - session.get(SEEN, 0) > RENEW_SECONDS:
                session[SEEN] = now
        return get_response(request)

    return middleware


def second_factor(get_response: GetResponse) -> GetResponse:
    """Lead whose role wants a second factor to set one up, before anything else. A piece of a page stays empty: each
    look at the page that sets one up makes another secret, and the one that is shown would be worth nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        wanting = user.is_authenticated and needs_second_factor(user.roles)
        if wanting and not _open(request) and not is_mfa_enabled(user):
            if "HX-Request" in request.headers:
                return HttpResponse(status=204)
            messages.warning(request, say("second_factor_first"))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return get_response(request)

    return middleware


def _open(request: HttpRequest) -> bool:
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    return name.startswith(OPEN_WITHOUT_SECOND_FACTOR)


class problems:  # noqa: N801 (named in the settings like the others)
    """Make an error of ours a page with its code, what it says and what to do; an address with signs that no text of
    the store can hold is one."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if unholdable([request.path_info, *(each for said in request.GET.lists() for each in said[1])]):
            return problem_page(request, Invalid(UNHOLDABLE))
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, FestoonError):
            return problem_page(request, error)
        if isinstance(error, DatabaseError):
            return problem_page(request, Unavailable(STORE_GONE, retry_after=2))
        return None
