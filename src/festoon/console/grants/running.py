"""Compensations and grants: the list, one of them, its signature, how far it has come, its results."""

from typing import Any

import asyncpg
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Forbidden, NotFound
from festoon.console.asked import Asked
from festoon.console.gate import CAPABILITY_MISSING, needs
from festoon.console.grants.showing import in_all, line_title
from festoon.console.members.person import program_of
from festoon.console.paging import page_of
from festoon.console.texts import language, say
from festoon.engine.compensation_pages import Listed, listed
from festoon.engine.compensation_pages import one as found_one
from festoon.engine.compensation_results import as_xlsx
from festoon.engine.compensation_run import begin
from festoon.engine.compensations import UNKNOWN, Status, line_cost, sign, status

ROWS = 30


@needs("members:read")
def overview(request: Asked) -> HttpResponse:
    """The latest first."""
    found = request.bridge.ask(listed, request.GET.get("after", ""), ROWS + 1)
    page, more = page_of(found, ROWS, lambda each: each.key)
    names = Names(program_of(request), language())
    shown = {
        "grants": [(each, names.campaign(each.campaign)) for each in page],
        "more": more,
        "may_make": request.user.may("grants:make"),
    }
    return render(request, "grants/overview.html", shown)


async def whole(connection: asyncpg.Connection, id: str) -> tuple[Listed, Status, list[tuple[Any, int]]]:
    """One with how far it is, and what is left of its lines now."""
    found = await found_one(connection, id)
    if found is None:
        raise NotFound(UNKNOWN, id=id)
    lines = [
        (line, (await line_cost(connection, f"{line.line}|{line.currency}", 0)).left)
        for line in found.preview.lines
    ]
    return found, await status(connection, id), lines


@needs("members:read")
def one(request: Asked, id: str) -> HttpResponse:
    """One of them; while it runs, the piece that says how far it is comes again by itself."""
    found, now, lines = request.bridge.ask(whole, id)
    names, mine = Names(program_of(request), language()), found.maker == request.user.actor
    shown = {
        "grant": found,
        "now": now,
        "lines": [(line_title(line, names), line, left) for line, left in lines],
        **{
            part: list(in_all(amounts, found.campaign, names))
            for part, amounts in (
                ("total", found.preview.total),
                ("owed", found.preview.owed),
                ("lost", found.preview.lost),
            )
        },
        "campaign": names.campaign(found.campaign),
        "handled": now.done + now.refused,
        "mine": mine,
        "may_sign": request.user.may("grants:sign") and not mine and now.status == "in_review",
        "may_run": now.status == "approved"
        and (request.user.may("grants:make") or request.user.may("grants:sign")),
    }
    return render(request, "grants/progress.html" if request.htmx else "grants/one.html", shown)


@require_POST
@needs("grants:sign")
def sign_it(request: Asked, id: str) -> HttpResponse:
    """The second signature; then it runs."""

    async def go(connection: asyncpg.Connection) -> None:
        await sign(connection, id, request.user.actor, wall())
        await begin(connection, id, request.user.actor, wall())

    return _done(request, id, go, "grants.signed")


@require_POST
@needs("members:read")
def run_it(request: Asked, id: str) -> HttpResponse:
    """Begin what was signed and could not begin then."""
    if not (request.user.may("grants:make") or request.user.may("grants:sign")):
        raise Forbidden(CAPABILITY_MISSING, capability="grants:make")

    async def go(connection: asyncpg.Connection) -> None:
        await begin(connection, id, request.user.actor, wall())

    return _done(request, id, go, "grants.begun")


def _done(request: Asked, id: str, go: Any, said: str) -> HttpResponse:
    try:
        request.bridge.ask(go)
    except FestoonError as error:
        messages.error(request, error.text(language()))
    else:
        messages.success(request, say(said))
    return redirect("grants:one", id)


@needs("members:read")
def results(request: Asked, id: str) -> HttpResponse:
    """What became of each member, as a spreadsheet to be kept, never shown in the browser."""
    request.bridge.ask(whole, id)
    body = request.bridge.ask(as_xlsx, id)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {
        "content-disposition": f'attachment; filename="{id}.xlsx"',
        "x-content-type-options": "nosniff",
    }
    return HttpResponse(body, content_type=kind, headers=headers)
