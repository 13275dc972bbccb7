"""Figures from outside: the list of them, one entered with its evidence, one signed or not taken."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST
from msgspec import Struct

from festoon.api.server import NO_ROUTE
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Forbidden, NotFound
from festoon.console.asked import Asked
from festoon.console.campaigns.reading import Shown, now_of, read, shown
from festoon.console.gate import CAPABILITY_MISSING, needs
from festoon.console.paging import number_after, page_of
from festoon.console.texts import language, later, say
from festoon.engine.campaign_list import campaigns
from festoon.engine.evidence import ENDS, LARGEST, Evidence
from festoon.engine.outside import (
    LONGEST_LINK,
    LONGEST_SOURCE,
    Entered,
    OutsideFigure,
    decline_figure,
    enter_figure,
    evidence,
    figure,
    figures,
    outside_metrics,
    sign_figure,
)
from festoon.insight import wording
from festoon.plan.schema import Outside
from festoon.plan.values import texts

ROWS, LOOKED_AT = 30, 100
TONES = {"waiting": "warn", "signed": "good", "declined": "quiet"}


class Row(Struct, frozen=True):
    """A figure as the list shows it."""

    figure: OutsideFigure
    title: str
    value: str
    tone: str
    mine: bool


class Wanting(Struct, frozen=True):
    """A campaign whose plan has metrics that are measured outside."""

    id: str
    title: str


@needs("campaigns:read")
def every_figure(request: Asked) -> HttpResponse:
    """Figures, the newest first; and the campaigns for which one can be entered."""
    found, more = page_of(
        request.bridge.ask(figures, before=number_after(request), limit=ROWS + 1),
        ROWS,
        lambda each: each.number,
    )
    now = request.bridge.ask(now_of, wall())
    known = {each.id: shown(each, now) for each in request.bridge.ask(campaigns, "", LOOKED_AT)}
    wanting = [Wanting(id, each.title) for id, each in known.items() if each.runs and _metrics(each)]
    rows = [_row(each, known.get(each.campaign), request.user.actor) for each in found]
    return render(request, "figures/figures.html", {"rows": rows, "more": more, "wanting": wanting})


class FigureForm(forms.Form):
    """A figure with its date, its source and what shows it."""

    metric = forms.ChoiceField(label=later("figures.metric"))
    value = forms.CharField(
        label=later("figures.value"), help_text=later("figures.value_help"), max_length=40
    )
    measured = forms.DateField(
        label=later("figures.measured"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: wall().date(),
    )
    source = forms.CharField(
        label=later("figures.source"), help_text=later("figures.source_help"), max_length=LONGEST_SOURCE
    )
    link = forms.CharField(label=later("figures.link"), max_length=LONGEST_LINK, required=False)
    file = forms.FileField(
        label=later("figures.file"), help_text=later("figures.file_help"), required=False,
        widget=forms.FileInput({"accept": ",".join(ENDS)}),
    )  # fmt: skip

    def __init__(self, metrics: list[tuple[str, str]], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["metric"].choices = metrics  # type: ignore[attr-defined]

    def said(self) -> tuple[Entered, Evidence | None]:
        given, uploaded = self.cleaned_data, self.cleaned_data.get("file")
        day: date = given["measured"]
        entered = Entered(given["metric"], given["value"], day, given["source"], given["link"])
        return entered, Evidence(uploaded.name, uploaded.read(LARGEST + 1)) if uploaded else None


@needs("figures:enter")
def enter(request: Asked, campaign: str) -> HttpResponse:
    """Enter a figure for a campaign."""
    row, now = request.bridge.ask(read, campaign, None, wall())
    found = shown(row, now)
    metrics = [(id, texts(each.title, id)[language()]) for id, each in _metrics(found).items()]
    form = FigureForm(metrics, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        entered, file = form.said()
        try:
            request.bridge.ask(enter_figure, campaign, entered, file, request.user.actor, _now(request))
        except FestoonError as error:
            place = error.place if error.place in form.fields else None
            form.add_error(place, FestoonError(error.code, **error.data).text(language()))
        else:
            messages.success(request, say("figures.entered"))
            return redirect("figures:figures")
    return render(request, "figures/enter.html", {"form": form, "it": found, "nothing": not metrics})


@require_POST
@needs("campaigns:read")
def decide(request: Asked, number: int, act: str) -> HttpResponse:
    """Sign a figure, or do not take it; who entered it may take it back."""
    if act not in ("sign", "decline"):
        raise NotFound(NO_ROUTE, path=request.path)
    actor = request.user.actor
    own = act == "decline" and request.bridge.ask(figure, number).maker == actor
    if not own and not request.user.may("figures:sign"):
        raise Forbidden(CAPABILITY_MISSING, capability="figures:sign")
    if act == "sign":
        request.bridge.ask(sign_figure, number, actor, _now(request))
    else:
        request.bridge.ask(decline_figure, number, actor, _now(request), request.POST.get("text", ""))
    messages.success(request, say("figures.done_sign" if act == "sign" else "figures.done_decline"))
    return redirect("figures:figures")


@needs("campaigns:read")
def file(request: Asked, number: int) -> HttpResponse:
    """The file that shows a figure: to be saved, never shown by us."""
    kept = request.bridge.ask(evidence, number)
    response = HttpResponse(kept.content, content_type=kept.kind)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, kept.name))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _now(request: Asked) -> Any:
    """The instant the campaigns live in."""
    return request.bridge.ask(now_of, wall())


def _metrics(found: Shown) -> dict[str, Outside]:
    return outside_metrics(found.plan) if found.plan is not None and found.campaign.running else {}


def _row(each: OutsideFigure, known: Shown | None, actor: str) -> Row:
    campaign = known.compiled if known else None
    outside = _metrics(known).get(each.metric) if known else None
    unit = outside.unit if outside else "number"
    value = Decimal(each.value)
    if unit == "share":
        said = wording.share(float(value))
    elif unit == "money" and campaign is not None:
        said = f"{value:,f} {campaign.currency}"
    else:
        said = f"{value:,f}"
    title = texts(outside.title if outside else None, each.metric)[language()]
    return Row(each, title, said, TONES[each.state], each.maker == actor)
