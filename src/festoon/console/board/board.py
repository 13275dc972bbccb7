"""The board of a campaign. It fetches its own inside again every few seconds."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from festoon.api.campaigns import CAMPAIGN_UNKNOWN
from festoon.base.errors import NotFound
from festoon.console.asked import Asked
from festoon.console.board.showing import shown
from festoon.console.gate import needs
from festoon.engine.archiving import archived, phase_now
from festoon.insight.board.board import board
from festoon.plan.compiled import CompiledCampaign

WORKER = "festoon work"
"""The command that keeps the counters."""


@needs("campaigns:read")
def choose(request: Asked) -> HttpResponse:
    """Which campaign. Where there is one only, its board."""
    engine = request.bridge.inside.engine
    running = engine.program.campaigns
    if len(running) == 1:
        return redirect("board:live", next(iter(running)))
    now = engine.now()
    away = request.bridge.ask(archived)
    found = [(each, f"board.phase_{phase_now(each, now, away)}") for each in running.values()]
    return render(request, "board/choose.html", {"campaigns": found, "phase_tone": "info"})


@needs("campaigns:read")
def live(request: Asked, campaign: str) -> HttpResponse:
    """The board in the console's own frame; for htmx only what changes."""
    template = "board/now.html" if request.htmx else "board/live.html"
    return render(request, template, _now(request, campaign))


@needs("campaigns:read")
def wall(request: Asked, campaign: str) -> HttpResponse:
    """The same for a screen that hangs on a wall: dark, large, nothing around it."""
    return render(request, "board/wall.html", _now(request, campaign))


def _now(request: Asked, id: str) -> dict[str, object]:
    campaign = _campaign(request, id)
    found = request.bridge.ask(board, campaign, request.bridge.inside.engine.now())
    return shown(found) | {"id": id, "command": WORKER}


def _campaign(request: Asked, id: str) -> CompiledCampaign:
    found = request.bridge.inside.engine.program.campaigns.get(id)
    if found is None:
        raise NotFound(CAMPAIGN_UNKNOWN, campaign=id)
    return found
