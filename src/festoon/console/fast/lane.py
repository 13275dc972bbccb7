"""Asked for, signed, sent back; paused and let run again."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.server import NO_ROUTE
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Forbidden, Invalid, NotFound, template_of
from festoon.console.asked import Asked
from festoon.console.campaigns.reading import OVER
from festoon.console.fast.showing import can_have, title_of, waits
from festoon.console.gate import CAPABILITY_MISSING, needs
from festoon.console.members.person import program_of
from festoon.console.texts import language, say
from festoon.engine.amendments import ask_for_more, can_have_more, sign_more, waiting_for_more
from festoon.engine.archiving import archived, phase_now
from festoon.engine.pausing import pause_mechanic, resume_mechanic
from festoon.engine.publish import send_back, withdraw
from festoon.plan.more import NOTHING, Amendable

NEEDS = {"sign": "campaign:sign", "send-back": "campaign:sign", "withdraw": "campaign:run"}
SWITCHES = {"pause": pause_mechanic, "resume": resume_mechanic}


@needs("campaigns:read")
def overview(request: Asked) -> HttpResponse:
    """The campaigns that run, and what waits for a signature."""
    engine, away = request.bridge.inside.engine, request.bridge.ask(archived)
    running = engine.program.campaigns.values()
    live = [each.campaign for each in running if phase_now(each, engine.now(), away) not in OVER]
    campaigns = [(id, title_of(request, id)) for id in live]
    shown = {"campaigns": campaigns, **_waiting(request, None)}
    return render(request, "fast/overview.html", shown)


@needs("campaigns:read")
def campaign(request: Asked, id: str) -> HttpResponse:
    """What can have more, and the mechanics with their switches."""
    found = request.bridge.ask(can_have_more, id)
    typed, reason, problem = {}, "", ""
    if request.method == "POST":
        _need(request, "campaign:run")
        typed, reason = (
            {each.path: request.POST.get(each.path, "").strip() for each in found},
            request.POST.get("reason", ""),
        )
        try:
            asked = request.bridge.ask(
                ask_for_more, id, _adds(found, typed), reason, request.user.actor, wall()
            )
        except FestoonError as error:
            problem = error.text(language())
        else:
            messages.success(request, say("fast.asked", version=asked.version))
            return redirect("fast:campaign", id)
    program = program_of(request)
    mechanics = [
        (
            each.plan.id,
            template_of(each.plan.title, language()) if each.plan.title else each.plan.id,
            each.paused,
        )
        for each in program.by_key.values()
        if each.campaign.campaign == id
    ]
    shown = {
        "id": id,
        "title": title_of(request, id),
        "rows": [(can_have(request, id, each), typed.get(each.path, "")) for each in found],
        "reason": reason,
        "problem": problem,
        "mechanics": mechanics,
        "may_ask": request.user.may("campaign:run"),
        **_waiting(request, id),
    }
    return render(request, "fast/campaign.html", shown)


def _waiting(request: Asked, id: str | None) -> dict[str, object]:
    return {
        "waiting": [waits(request, each) for each in request.bridge.ask(waiting_for_more, id)],
        "actor": request.user.actor,
        "may_sign": request.user.may("campaign:sign"),
    }


def _adds(found: list[Amendable], typed: dict[str, str]) -> dict[str, Decimal]:
    """What was typed, as numbers. Raises Invalid."""
    names = {each.path: each.name for each in found}
    try:
        return {path: Decimal(said) for path, said in typed.items() if said}
    except InvalidOperation:
        wrong = next(names[path] for path, said in typed.items() if said and not _is_number(said))
        raise Invalid(NOTHING, wrong) from None


def _is_number(said: str) -> bool:
    try:
        return Decimal(said).is_finite()
    except InvalidOperation:
        return False


def _need(request: Asked, capability: str) -> None:
    if not request.user.may(capability):
        raise Forbidden(CAPABILITY_MISSING, capability=capability)


@require_POST
@needs("campaigns:read")
def decide(request: Asked, id: str, version: int, act: str) -> HttpResponse:
    """Sign a request, send it back with a reason, or take it back."""
    if act not in NEEDS:
        raise NotFound(NO_ROUTE, path=request.path)
    _need(request, NEEDS[act])
    actor, reason = request.user.actor, request.POST.get("reason", "")
    try:
        if act == "sign":
            request.bridge.ask(sign_more, id, version, actor, wall())
        elif act == "send-back":
            request.bridge.ask(send_back, id, version, actor, wall(), reason)
        else:
            request.bridge.ask(withdraw, id, version, actor, wall())
    except FestoonError as error:
        messages.error(request, error.text(language()))
    else:
        messages.success(request, say("fast.decided_sign" if act == "sign" else "fast.decided_back"))
    return redirect("fast:campaign", id)


@require_POST
@needs("campaign:run")
def switch(request: Asked, id: str, mechanic: str, act: str) -> HttpResponse:
    """Pause one mechanic now, or let it run again."""
    if act not in SWITCHES:
        raise NotFound(NO_ROUTE, path=request.path)
    try:
        request.bridge.ask(
            SWITCHES[act], id, mechanic, request.POST.get("reason", ""), request.user.actor, wall()
        )
    except FestoonError as error:
        messages.error(request, error.text(language()))
    else:
        messages.success(request, say(f"fast.switched_{act}"))
    return redirect("fast:campaign", id)
