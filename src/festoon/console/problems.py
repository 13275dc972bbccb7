"""Errors as pages: the code, a sentence in the reader's language, and what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from festoon.api.server import NO_ROUTE
from festoon.base.errors import FestoonError, Forbidden, NotFound, Unavailable, define
from festoon.console.texts import language
from festoon.intake.asgi import SERVER_FAILED

NO_CSRF = define(
    "access.form_expired",
    403,
    "this form is too old, or was not sent from its own page",
    "表单已过期，或并非从原页面提交",
    todo="go back, load the page again and send it once more",
    todo_zh="请返回并刷新页面后重新提交",
)


def problem_page(request: HttpRequest, error: FestoonError) -> HttpResponse:
    """A whole page, or for htmx the piece that is put above the page's content."""
    spoken = language()
    seen = {"code": error.code, "said": error.text(spoken), "todo": error.todo(spoken)}
    partial = bool(request.headers.get("HX-Request"))
    template = "console/parts/problem.html" if partial else "console/problem.html"
    response = render(request, template, {"problem": seen}, status=error.http_status())
    if partial:
        response.headers["HX-Retarget"] = "#problems"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django gives it)
    return problem_page(request, Forbidden(NO_CSRF))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 (Django gives it)
    return problem_page(request, NotFound(NO_ROUTE, path=request.path))


def failed(request: HttpRequest) -> HttpResponse:
    return problem_page(request, FestoonError(SERVER_FAILED))
