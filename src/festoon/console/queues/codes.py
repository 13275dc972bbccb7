"""Codes in bulk: batches made, taken out as a file, withdrawn."""

import secrets
from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.base.errors import FestoonError
from festoon.base.times import end_of_day
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import INTEGER, number_after, page_of
from festoon.console.queues.choosing import ROWS, CampaignForm, names
from festoon.console.texts import language, later, say
from festoon.engine.code_batches import Order, export, make, void
from festoon.engine.code_list import MOST_COUNTED, listed

MOST = 200_000
"""How many at a time; for more there is `festoon codes make`, which has the time it takes."""


class BatchForm(CampaignForm):
    """What is made."""

    campaign = forms.ChoiceField(label=later("queues.campaign"))
    owner = forms.CharField(
        label=later("queues.codes_of"), help_text=later("queues.codes_of_help"), max_length=100
    )
    name = forms.RegexField(
        r"^[\w.-]{1,60}$", label=later("queues.batch"), help_text=later("queues.batch_help")
    )
    count = forms.IntegerField(
        label=later("queues.how_many"), help_text=later("queues.how_many_help"), min_value=1, max_value=MOST
    )
    until = forms.DateField(
        label=later("queues.until"), required=False, widget=forms.DateInput({"type": "date"})
    )


@needs("codes:make")
def every_batch(request: Asked) -> HttpResponse:
    """Batches, newest first."""
    form = CampaignForm(names(request), request.GET)
    before = number_after(request, INTEGER)
    found = request.bridge.ask(listed, campaign=form.chosen("campaign"), before=before, limit=ROWS + 1)
    rows, more = page_of(found, ROWS, lambda each: each.id)
    shown = {"rows": rows, "form": form, "more": more, "counted": MOST_COUNTED}
    return render(request, "queues/codes.html", shown)


@needs("codes:make")
def make_batch(request: Asked) -> HttpResponse:
    """A new batch."""
    known = names(request)
    form = BatchForm(known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        campaign = known.program.campaigns[said["campaign"]]
        until = None if said["until"] is None else end_of_day(said["until"], campaign.zone)
        order = Order(said["campaign"], said["owner"], said["name"], said["count"], until)
        try:
            request.bridge.ask(make, order, request.user.actor, wall(), secrets.token_bytes, _quiet)
        except FestoonError as error:
            form.add_error(None, error.text(language()))
        else:
            messages.success(request, say("queues.codes_made", count=said["count"], name=said["name"]))
            return redirect("queues:codes")
    return render(request, "queues/make_codes.html", {"form": form})


@require_POST
@needs("codes:make")
def void_batch(request: Asked, campaign: str, name: str) -> HttpResponse:
    """Withdraw what is still free of a batch."""
    free = request.bridge.ask(void, campaign, name, "", request.user.actor, wall())
    messages.success(request, say("queues.codes_voided", count=free, name=name))
    return redirect("queues:codes")


@require_POST
@needs("codes:make")
def file(request: Asked, campaign: str, name: str) -> HttpResponseBase:
    """A batch as CSV."""
    body = TemporaryFile()  # noqa: SIM115 (the response closes it)
    request.bridge.ask(export, campaign, name, lambda text: body.write(text.encode()))
    body.seek(0)
    return FileResponse(body, as_attachment=True, filename=f"{campaign}-{name}.csv", content_type="text/csv")


def _quiet(_: int) -> None:
    """Nobody watches."""
