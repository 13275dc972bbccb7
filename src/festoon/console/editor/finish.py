"""Putting a draft up for review: what it changes about the version that runs, in words, and what members will read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.naming import Names
from festoon.api.rules_told import rules_of, say_in
from festoon.base.clock import wall
from festoon.base.errors import Conflict, template_of
from festoon.console.asked import Asked
from festoon.console.campaigns.reading import running_plan
from festoon.console.editor.called import called
from festoon.console.gate import needs
from festoon.console.texts import language, say
from festoon.console.told import told_change
from festoon.engine.drafts import Draft, begin_after, draft, others, submit_draft, throw_away
from festoon.engine.program import Program
from festoon.engine.publish import changes
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.form.marks import Look, look
from festoon.plan.problems import PlanInvalid


@needs("plan:make")
def submit(request: Asked, id: int) -> HttpResponse:
    """What there is to know before it is submitted; and submitting it."""
    found = request.bridge.ask(draft, id, request.user.actor)
    if request.method == "POST":
        revision, note = request.POST.get("revision", ""), request.POST.get("note", "").strip()
        try:
            seen = int(revision) if revision.isdecimal() else 0
            campaign, version = request.bridge.ask(submit_draft, id, request.user.actor, seen, wall(), note)
        except (Conflict, PlanInvalid) as error:
            messages.error(request, error.text(language()))
            return redirect("editor:submit", id)
        messages.success(request, say("editor.submitted", campaign=campaign, version=version))
        return redirect("editor:overview")
    return render(request, "editor/submit.html", _shown(request, found))


@require_POST
@needs("plan:make")
def follow(request: Asked, id: int) -> HttpResponse:
    """One has looked at the newer version, and goes on after it."""
    request.bridge.ask(begin_after, id, request.user.actor, wall())
    return redirect("editor:submit", id)


@require_POST
@needs("plan:make")
def throw(request: Asked, id: int) -> HttpResponse:
    """A draft is thrown away."""
    request.bridge.ask(throw_away, id, request.user.actor)
    messages.success(request, say("editor.thrown_away"))
    return redirect("editor:overview")


def _shown(request: Asked, found: Draft) -> dict[str, Any]:
    seen = look(found.text)
    campaign = str((seen.data or {}).get("campaign", ""))
    spoken = language()
    sound = seen.checked.compiled is not None
    differences = request.bridge.ask(changes, campaign, found.text) if sound else []
    plans = [seen.checked.plan] if seen.checked.plan is not None else []
    plans += running_plan(request, campaign) if differences else []
    return {
        "draft": called(found),
        "errors": [each for each in seen.marks(spoken) if each.severity == "error"],
        "warnings": [each for each in seen.marks(spoken) if each.severity == "warning"],
        "differences": [(told_change(each, plans), each.effect == "refused") for each in differences],
        "refused": any(each.effect == "refused" for each in differences),
        "other_campaign": campaign if found.campaign and campaign != found.campaign else "",
        "outdated": bool(found.campaign) and found.latest > found.base,
        "others": request.bridge.ask(others, found.id),
        "rules": _rules(seen, spoken),
    }


def _rules(seen: Look, spoken: str) -> list[tuple[str, list[str]]]:
    """Each mechanic's rules as members will read them."""
    compiled: CompiledCampaign | None = seen.checked.compiled
    if compiled is None:
        return []
    tell = say_in(Names(Program(0, (compiled,)), spoken), compiled)
    found = [(template_of(each.title, spoken), rules_of(each, compiled, tell)) for each in compiled.mechanics]
    return [(title, rules) for title, rules in found if rules]
