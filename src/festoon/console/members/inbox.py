"""What waits for a second signature, for who may give it; and what one asked for oneself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.access.roles import CAPABILITIES
from festoon.api.server import NO_ROUTE
from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Forbidden, NotFound
from festoon.console.asked import Asked
from festoon.console.gate import CAPABILITY_MISSING, needs
from festoon.console.members.person import asset_name, program_of
from festoon.console.texts import language, say
from festoon.engine import requests
from festoon.engine.requests import Request
from festoon.store.pool import lent

ROWS = 30
NEEDS = {"sign": "members:sign", "decline": "members:sign", "withdraw": "members:adjust"}


@needs("members:read")
def inbox(request: Asked) -> HttpResponse:
    """Newest first."""
    said = request.GET.get("after", "")
    before = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    found = request.bridge.ask(requests.waiting, before=before, limit=ROWS)
    program = program_of(request)
    shown = {
        "requests": [(each, asset_name(program, each.data.get("asset", ""))) for each in found],
        "more": found[-1].number if len(found) == ROWS else "",
        "actor": request.user.actor,
        "may_sign": request.user.may("members:sign"),
        "may_ask": request.user.may("members:adjust"),
    }
    return render(request, "members/inbox.html", shown)


@require_POST
@needs("members:read")
def decide(request: Asked, number: int, act: str) -> HttpResponse:
    """Sign, decline, or take back."""
    capability = NEEDS.get(act)
    if capability is None:
        raise NotFound(NO_ROUTE, path=request.path)
    assert capability in CAPABILITIES
    if not request.user.may(capability):
        raise Forbidden(CAPABILITY_MISSING, capability=capability)
    actor, reason = request.user.actor, request.POST.get("reason", "")

    async def go(inside: Inside) -> Request:
        async with lent(inside.pool) as connection:
            if act == "sign":
                return await requests.sign(connection, inside.batcher.submit, number, actor, wall())
            if act == "decline":
                return await requests.decline(connection, number, actor, wall(), reason)
            return await requests.withdraw(connection, number, actor, wall())

    try:
        found = request.bridge.run(go)
    except FestoonError as error:
        messages.error(request, error.text(language()))
    else:
        if found.status == "refused":
            messages.error(request, found.answer or "")
        else:
            messages.success(request, say(f"members.status_{found.status}"))
    return redirect("members:inbox")
