"""Grand draws: frozen and drawn at their times by themselves; here the public value is recorded, the seed revealed,
the record taken out, and the draw done again to see that it holds."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import Conflict, NotFound
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.queues.choosing import names
from festoon.console.texts import later, say
from festoon.engine.draw_records import NO_SUCH_DRAW, NOT_YET, Winner, winners
from festoon.engine.draws import record_randomness, reveal
from festoon.engine.grand_draws import GrandDrawState, grand_draw, grand_draws, verify
from festoon.engine.lists import read_file
from festoon.mechanics.draw_verify import Verdict
from festoon.mechanics.grand_draw import TICKETS, WINNERS
from festoon.store.pool import lent

TONES = {"collecting": "info", "frozen": "info", "waiting": "warn", "drawn": "good", "revealed": "good"}
FILES = {"tickets": TICKETS, "winners": WINNERS}
SHOWN = 200


class ValueForm(forms.Form):
    """The public value, exactly as it was published."""

    value = forms.CharField(
        label=later("queues.public_value"), help_text=later("queues.public_help"), max_length=400
    )


@needs("draws:run")
def every_draw(request: Asked) -> HttpResponse:
    """All grand draws, the next one first."""
    known = names(request)
    found = request.bridge.ask(grand_draws, known.program)
    rows = [
        (
            each,
            known.said(each.title),
            known.campaign(each.campaign),
            f"queues.draw_{each.state}",
            TONES[each.state],
        )
        for each in found
    ]
    return render(request, "queues/draws.html", {"rows": rows})


@needs("draws:run")
def one(request: Asked, campaign: str, mechanic: str) -> HttpResponse:
    """One, with its winners once it is drawn."""
    return _page(request, campaign, mechanic)


@require_POST
@needs("draws:run")
def change(request: Asked, campaign: str, mechanic: str, act: str) -> HttpResponse:
    """Record the public value, reveal the seed, or draw it again to see that it holds."""
    found, _ = request.bridge.run(_one, campaign, mechanic)
    key = (campaign, mechanic, found.epoch)
    if act == "value":
        form = ValueForm(request.POST)
        if not form.is_valid():
            return _page(request, campaign, mechanic, form=form)
        request.bridge.ask(record_randomness, *key, form.cleaned_data["value"], wall(), request.user.actor)
        messages.success(request, say("queues.value_recorded"))
    elif act == "reveal":
        request.bridge.ask(reveal, *key, wall(), request.user.actor)
        messages.success(request, say("queues.seed_revealed"))
    elif act == "verify":
        return _page(request, campaign, mechanic, verdict=request.bridge.ask(verify, found))
    return redirect("queues:draw", campaign, mechanic)


@needs("draws:run")
def file(request: Asked, campaign: str, mechanic: str, which: str) -> HttpResponse:
    """The frozen tickets or the winners, as they are published."""
    if which not in FILES:
        raise NotFound(NO_SUCH_DRAW, draw=f"{campaign}/{mechanic}")
    text = request.bridge.ask(read_file, campaign, mechanic, FILES[which])
    if text is None:
        raise Conflict(NOT_YET, draw=f"{campaign}/{mechanic}", file=FILES[which])
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILES[which]}"'},
    )


def _page(
    request: Asked,
    campaign: str,
    mechanic: str,
    form: ValueForm | None = None,
    verdict: Verdict | None = None,
) -> HttpResponse:
    found, won = request.bridge.run(_one, campaign, mechanic)
    known = names(request)
    shown = {
        "draw": found,
        "title": known.said(found.title),
        "state": f"queues.draw_{found.state}",
        "tone": TONES[found.state],
        "winners": won[:SHOWN],
        "more_winners": len(won) > SHOWN,
        "form": form or ValueForm(),
        "verdict": verdict,
        "wants_value": bool(found.public_name) and found.public_value is None,
    }
    return render(request, "queues/draw.html", shown)


async def _one(inside: Inside, campaign: str, mechanic: str) -> tuple[GrandDrawState, list[Winner]]:
    async with lent(inside.pool) as connection:
        found = await grand_draw(connection, inside.engine.program, campaign, mechanic)
        won = await winners(connection, campaign, mechanic) if found.drawn is not None else []
    return found, won
