"""Draws that are played at once: an epoch's public value is recorded before it opens, its seed revealed after it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.base.scratch import scratch
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import page_of
from festoon.console.queues.choosing import ROWS, names
from festoon.console.queues.draws import ValueForm
from festoon.console.texts import say
from festoon.engine.draw_records import export
from festoon.engine.draws import record_randomness, reveal
from festoon.engine.epochs import EpochState, epoch, epochs

DOWNLOAD = 300.0
"""Seconds in which the journal of a large platform is looked through for the plays of a long epoch."""
TONES = {"waiting": "warn", "ahead": "info", "open": "good", "over": "warn", "revealed": "quiet"}


@needs("draws:run")
def every_epoch(request: Asked) -> HttpResponse:
    """All epochs, by campaign and draw."""
    known, after = names(request), request.GET.get("after", "").split("/")
    key = (after[0], after[1], after[2]) if len(after) == 3 else ("", "", "")
    found = request.bridge.ask(epochs, known.program, key, ROWS + 1)
    page, more = page_of(found, ROWS, lambda each: f"{each.campaign}/{each.mechanic}/{each.name}")
    rows = [(each, _title(request, each), known.campaign(each.campaign), *_state(each)) for each in page]
    return render(request, "queues/epochs.html", {"rows": rows, "more": more})


@needs("draws:run")
def one(request: Asked, campaign: str, mechanic: str, name: str) -> HttpResponse:
    """One, with what is to be done about it."""
    return _page(request, campaign, mechanic, name)


@require_POST
@needs("draws:run")
def change(request: Asked, campaign: str, mechanic: str, name: str, act: str) -> HttpResponse:
    """Record the public value, or reveal the seed."""
    if act == "value":
        form = ValueForm(request.POST)
        if not form.is_valid():
            return _page(request, campaign, mechanic, name, form)
        value = form.cleaned_data["value"]
        request.bridge.ask(record_randomness, campaign, mechanic, name, value, wall(), request.user.actor)
        messages.success(request, say("queues.value_recorded"))
    elif act == "reveal":
        request.bridge.ask(reveal, campaign, mechanic, name, wall(), request.user.actor)
        messages.success(request, say("queues.seed_revealed"))
    return redirect("queues:epoch", campaign, mechanic, name)


@needs("draws:run")
def record(request: Asked, campaign: str, mechanic: str, name: str) -> HttpResponse:
    """What a stranger replays: every play of the epoch with its roll and its table."""
    with scratch("draw") as room:
        file = room / "record.ndjson"
        request.bridge.patient(DOWNLOAD).ask(export, campaign, mechanic, name, file)
        text = file.read_bytes()
    told = {"Content-Disposition": f'attachment; filename="{mechanic}.{name}.ndjson"'}
    return HttpResponse(text, content_type="application/x-ndjson", headers=told)


def _page(
    request: Asked, campaign: str, mechanic: str, name: str, form: ValueForm | None = None
) -> HttpResponse:
    found = request.bridge.ask(epoch, (campaign, mechanic, name))
    said, tone = _state(found)
    shown = {
        "epoch": found, "title": _title(request, found), "state": said, "tone": tone, "form": form or ValueForm(),
        "wants_value": bool(found.public_name) and found.public_value is None,
        "can_reveal": found.state(wall()) == "over",
    }  # fmt: skip
    return render(request, "queues/epoch.html", shown)


def _title(request: Asked, found: EpochState) -> str:
    return names(request).mechanic(f"{found.campaign}/{found.mechanic}")


def _state(found: EpochState) -> tuple[str, str]:
    state = found.state(wall())
    return f"queues.epoch_{state}", TONES[state]
