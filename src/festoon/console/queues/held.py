"""Held rewards: looked at, released or voided, with a reason."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from msgspec import Struct

from festoon.api.naming import Names
from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import NotFound, define
from festoon.base.events import Event
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import page_of
from festoon.console.queues.choosing import ROWS, SupportForm, names
from festoon.console.texts import later, say
from festoon.engine.aside import RISK
from festoon.engine.held_list import After, Held, after_from, held
from festoon.engine.priority import first_served
from festoon.intake.operating import SOURCE, moment
from festoon.intake.operating import decide as send
from festoon.store.pool import lent

NO_LONGER_HELD = define(
    "grant.no_longer_held",
    404,
    "nothing is held here; if a reward was, it has been decided",
    "此处没有待审核的奖励，或已有处理结果",
    todo="go back to the list",
    todo_zh="请返回列表",
)
TYPES = {"release": "grant.released", "void": "grant.voided"}


class ReasonForm(forms.Form):
    """Why, for the journal and the audit trail."""

    reason = forms.CharField(label=later("queues.reason"), max_length=400)
    answer = forms.CharField(label=later("queues.answer"), help_text=later("queues.answer_help"), max_length=1000,
                             required=False, widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip


class Shown(Struct, frozen=True):
    """A held reward as the page shows it."""

    held: Held
    campaign: str
    mechanic: str
    given: str


@needs("held:decide")
def waiting(request: Asked) -> HttpResponse:
    """Rewards that are held because somebody has to look at the member, the oldest first."""
    known = names(request)
    form = SupportForm(known, request.GET)
    after = after_from(request.GET.get("after", ""))
    found = request.bridge.ask(
        held,
        campaign=form.chosen("campaign"),
        why=RISK,
        after=after,
        limit=ROWS + 1,
        first=form.first,
        only=form.only(),
    )
    page, more = page_of(found, ROWS, lambda each: After(each.since, each.id).text())
    rows = [_shown(each, known) for each in page]
    return render(request, "queues/held.html", {"rows": rows, "form": form, "more": more})


@needs("held:decide")
def decide(request: Asked, id: str) -> HttpResponse:
    """One held reward, to be released or voided."""
    known = names(request)
    found = request.bridge.ask(held, id=id, first=first_served(known.program)) if "\0" not in id else []
    if not found:
        raise NotFound(NO_LONGER_HELD)
    act = next((each for each in TYPES if each in request.POST), "")
    form = ReasonForm(request.POST or None)
    if act and form.is_valid() and act == "void" and found[0].appealed and not form.cleaned_data["answer"]:
        form.add_error("answer", later("queues.answer_missing"))
    if act and form.is_valid():
        request.bridge.run(_decided, TYPES[act], found[0], form.cleaned_data, request.user.actor)
        messages.success(request, say("queues.released" if act == "release" else "queues.voided"))
        return redirect("queues:held")
    return render(request, "queues/decide.html", {"row": _shown(found[0], known), "form": form})


async def _decided(inside: Inside, type_: str, one: Held, said: dict[str, str], actor: str) -> None:
    """By an event, like anything else; it leaves a line in the audit trail itself."""
    async with lent(inside.pool) as connection:
        now = await moment(connection, inside.engine.program, wall())
    data = {"hold": one.id, "reason": said["reason"], "decided_by": actor}
    if said["answer"]:
        data["answer"] = said["answer"]
    await send(inside.batcher, Event(SOURCE, f"{type_}/{one.id}/{actor}", type_, one.member, now, data))


def _shown(each: Held, known: Names) -> Shown:
    campaign, _, _ = each.mechanic.partition("/")
    return Shown(
        each,
        known.campaign(campaign),
        known.mechanic(each.mechanic),
        ", ".join(known.given(campaign, one) for one in each.given),
    )
