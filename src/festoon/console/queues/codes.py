"""Codes in bulk: batches made, taken out as a file, withdrawn."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any

import asyncpg
from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import FestoonError
from festoon.base.times import end_of_day
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import INTEGER, number_after, page_of
from festoon.console.queues.choosing import ROWS, CampaignForm, names
from festoon.console.texts import language, later, say
from festoon.engine.code_batches import Order, Source, export, make, sources_of, void
from festoon.engine.code_list import MOST_COUNTED, listed

MOST = 200_000
"""How many at a time; for more there is `festoon codes make`, which has the time it takes."""
Owners = Mapping[str, Sequence[Source]]


class BatchForm(forms.Form):
    """What is made, and of what: a coupon or a mechanic of a campaign, `campaign/name`."""

    owner = forms.ChoiceField(label=later("queues.codes_of"), help_text=later("queues.codes_of_help"))
    name = forms.RegexField(
        r"^[\w.-]{1,60}$", label=later("queues.batch"), help_text=later("queues.batch_help")
    )
    count = forms.IntegerField(
        label=later("queues.how_many"), help_text=later("queues.how_many_help"), min_value=1, max_value=MOST
    )
    until = forms.DateField(
        label=later("queues.until"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, known: Names, owners: Owners, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                known.campaign(campaign),
                [(f"{campaign}/{each.owner}", _title(known, campaign, each.stored)) for each in found],
            )
            for campaign, found in owners.items()
        ]


async def _owners(connection: asyncpg.Connection, campaigns: Iterable[str]) -> Owners:
    """What codes can be made of, by campaign; a campaign that has nothing of the kind is left out."""
    found = await sources_of(connection, campaigns)
    return {campaign: list(sources.values()) for campaign, sources in found.items() if sources}


def _title(known: Names, campaign: str, stored: str) -> str:
    """What a mechanic is called, or a coupon, as `coupon:name`; one of a plan that is over, by its name."""
    kind, coupon, name = stored.rpartition(":")
    if not coupon:
        return known.mechanic(f"{campaign}/{name}")
    title, ref = known.thing(campaign, kind, f"{campaign}/{name}"), f"{campaign}/{name}"
    return name if title == ref else title


@needs("codes:make")
def every_batch(request: Asked) -> HttpResponse:
    """Batches, newest first."""
    known = names(request)
    form = CampaignForm(known, request.GET)
    before = number_after(request, INTEGER)
    found = request.bridge.ask(listed, campaign=form.chosen("campaign"), before=before, limit=ROWS + 1)
    page, more = page_of(found, ROWS, lambda each: each.id)
    rows = [(each, known.campaign(each.campaign), _title(known, each.campaign, each.owner)) for each in page]
    shown = {"rows": rows, "form": form, "more": more, "counted": MOST_COUNTED}
    return render(request, "queues/codes.html", shown)


@needs("codes:make")
def make_batch(request: Asked) -> HttpResponse:
    """A new batch."""
    known = names(request)
    owners = request.bridge.ask(_owners, known.program.campaigns)
    form = BatchForm(known, owners, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        campaign, _, owner = said["owner"].partition("/")
        zone = known.program.campaigns[campaign].zone
        until = None if said["until"] is None else end_of_day(said["until"], zone)
        order = Order(campaign, owner, said["name"], said["count"], until)
        try:
            request.bridge.ask(make, order, request.user.actor, wall(), secrets.token_bytes, _quiet)
        except FestoonError as error:
            form.add_error(None, error.text(language()))
        else:
            messages.success(request, say("queues.codes_made", count=said["count"], name=said["name"]))
            return redirect("queues:codes")
    return render(request, "queues/make_codes.html", {"form": form, "owners": owners})


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
