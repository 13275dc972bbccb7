"""Proofs that wait for a verdict: looked at with their picture, approved or rejected with a reason."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from msgspec import Struct

from festoon.api.naming import Names
from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import page_of
from festoon.console.queues.choosing import SupportForm, names
from festoon.console.queues.pictures import addressed
from festoon.console.texts import later, say
from festoon.engine.handed_in import PHOTO, WORDS, Words, words_of
from festoon.engine.reviews import OpenProof, after_from, open_proofs, reviewing
from festoon.intake.judging import Judgement
from festoon.intake.operating import decide, moment
from festoon.store.pool import lent

ROWS = 24


class VerdictForm(forms.Form):
    """A verdict on one proof; a reason rejects it."""

    member = forms.CharField(max_length=256)
    mechanic = forms.CharField(max_length=400)
    proof = forms.CharField(max_length=64)
    reason = forms.CharField(label=later("queues.reason"), max_length=60, required=False)

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        if "reject" in self.data and not said.get("reason"):
            self.add_error("reason", later("queues.reason_missing"))
        return said


class Shown(Struct, frozen=True):
    """A proof as the page shows it. `seen` says that there is a picture to show; `words` is what the member said."""

    proof: OpenProof
    campaign: str
    mechanic: str
    owner: str
    seen: bool
    words: str


@needs("proofs:judge")
def waiting(request: Asked) -> HttpResponse:
    """Proofs with their pictures, those first that have to be decided first."""
    known = names(request)
    form = SupportForm(known, request.GET)
    owners = reviewing(known.program, form.chosen("campaign"))
    after = after_from(request.GET.get("after", ""))
    found = request.bridge.ask(
        open_proofs, owners, after=after, limit=ROWS + 1, first=form.first, only=form.only()
    )
    page, more = page_of(found, ROWS, OpenProof.place)
    asked = [(each.number, each.proof) for each in page if each.proof.startswith(WORDS)]
    said = request.bridge.ask(words_of, asked) if asked else {}
    rows = [_shown(each, known, said.get((each.number, each.proof))) for each in page]
    return render(request, "queues/proofs.html", {"rows": rows, "form": form, "more": more})


@require_POST
@needs("proofs:judge")
def judge(request: Asked) -> HttpResponse:
    """One verdict, by an event of the member's."""
    form = VerdictForm(request.POST)
    rejected = "reject" in request.POST
    if not form.is_valid() or rejected == ("approve" in request.POST):
        messages.error(request, say("queues.reason_missing"))
        return redirect("queues:proofs")
    said = form.cleaned_data
    judgement = Judgement(
        said["member"],
        said["mechanic"],
        said["proof"],
        said["reason"] if rejected else "",
        request.user.actor,
    )
    request.bridge.run(_judged, judgement)
    messages.success(request, say("queues.rejected" if rejected else "queues.approved"))
    return redirect("queues:proofs")


async def _judged(inside: Inside, judgement: Judgement) -> None:
    async with lent(inside.pool) as connection:
        now = await moment(connection, inside.engine.program, wall())
    await decide(inside.batcher, judgement.event(now))
    async with lent(inside.pool) as connection:
        await judgement.note(connection, wall())


def _shown(each: OpenProof, known: Names, said: Words | None) -> Shown:
    owner = f"{each.campaign}/{each.mechanic}"
    campaign = known.program.campaigns[each.campaign]
    photo = each.photo if said is None else said.beside
    seen = photo.startswith(PHOTO) or bool(addressed(photo))
    words = "" if said is None else said.words
    return Shown(each, known.said(campaign.title), known.mechanic(owner), owner, seen, words)
