"""Who may open a page: signed in, and with the capability the page needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from festoon.access.roles import CAPABILITIES
from festoon.base.errors import Forbidden, define
from festoon.console.asked import Asked, stranger

Given = ParamSpec("Given")
View = Callable[Concatenate[Asked, Given], HttpResponseBase]
CAPABILITY_MISSING = define(
    "access.capability_missing",
    403,
    "your roles do not allow this ({capability})",
    "您的角色无权进行此操作（{capability}）",
    todo="ask an administrator for a role that may",
    todo_zh="请联系管理员授予相应角色",
)


def needs(capability: str) -> Callable[[Callable[Concatenate[Any, Given], HttpResponseBase]], View[Given]]:
    """Let a view answer only to who has the capability: others get a page that says so, strangers the sign-in."""
    if capability not in CAPABILITIES:
        raise ValueError(f"there is no capability {capability!r}")

    def guard(view: Callable[Concatenate[Any, Given], HttpResponseBase]) -> View[Given]:
        @wraps(view)
        def guarded(request: Asked, *args: Given.args, **named: Given.kwargs) -> HttpResponseBase:
            if stranger(request):
                return to_sign_in(request)
            if not request.user.may(capability):
                raise Forbidden(CAPABILITY_MISSING, capability=capability)
            return view(request, *args, **named)

        return cast("View[Given]", guarded)

    return guard


def to_sign_in(request: Asked) -> HttpResponseBase:
    """Lead a stranger to the sign-in and back to where he was going."""
    login = reverse("account_login")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": login})
    return redirect_to_login(request.get_full_path(), login)
