"""Parcels: found, packed, exported with their addresses, and one by one shipped, returned, received, cancelled."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from msgspec import Struct

from festoon.api.naming import Names
from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import NotFound
from festoon.base.events import Event
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import page_of
from festoon.console.queues.choosing import ROWS, CampaignForm, names
from festoon.console.texts import later, say
from festoon.engine.parcels import (
    STATES,
    TO_SHIP,
    Addressed,
    After,
    Parcel,
    Sought,
    addressed,
    after_from,
    note_export,
    pack,
    parcel,
    parcels,
)
from festoon.engine.shipping import SOURCE, UNKNOWN
from festoon.intake.files.parcel_sheet import exported
from festoon.intake.operating import decide, moment
from festoon.store.pool import lent

TONES = {"ordered": "warn", "packed": "info", "shipped": "info", "received": "good", "returned": "bad"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FilterForm(CampaignForm):
    """Which parcels."""

    state = forms.ChoiceField(
        label=later("queues.state"),
        required=False,
        choices=[
            ("", later("queues.all_states")),
            *((state, later(f"queues.parcel_{state}")) for state in STATES),
        ],
    )
    member = forms.CharField(label=later("queues.member"), required=False, max_length=256)
    number = forms.CharField(label=later("queues.number"), required=False, max_length=100)

    def sought(self) -> Sought:
        return Sought(*(self.chosen(name) for name in ("campaign", "state", "member", "number")))


class ShipForm(forms.Form):
    """Who carries it, under which number."""

    carrier = forms.CharField(label=later("queues.carrier"), max_length=100)
    number = forms.CharField(label=later("queues.number"), max_length=100)


class Shown(Struct, frozen=True):
    """A parcel as the page shows it."""

    parcel: Parcel
    gift: str
    campaign: str
    state: str
    tone: str


@needs("parcels:ship")
def every_parcel(request: Asked) -> HttpResponse:
    """The list; those to be sent when nothing else is asked."""
    known = names(request)
    asked = request.GET.copy()
    asked.setdefault("state", "ordered")
    form = FilterForm(known, asked)
    found = request.bridge.ask(
        parcels, form.sought(), after=after_from(request.GET.get("after", "")), limit=ROWS + 1
    )
    page, more = page_of(found, ROWS, lambda each: After(each.given, each.item).text())
    shown = {
        "rows": [shown_as(each, known) for each in page],
        "form": form,
        "more": more,
        "can_pack": form.sought().state in TO_SHIP,
    }
    return render(request, "queues/parcels.html", shown)


@require_POST
@needs("parcels:ship")
def pack_chosen(request: Asked) -> HttpResponse:
    """Those that were ticked are packed."""
    items = [each for each in request.POST.getlist("item") if "\0" not in each][:ROWS]
    count = request.bridge.ask(pack, items, request.user.actor, wall())
    messages.success(request, say("queues.packed", count=count))
    return redirect("queues:parcels")


@require_POST
@needs("parcels:ship")
def export(request: Asked) -> HttpResponse:
    """A spreadsheet of what is shown, with addresses. That it was taken out stands in the audit trail."""
    form = FilterForm(names(request), request.POST)
    sought = form.sought()
    found = request.bridge.run(_exported, sought, request.user.actor)
    if "csv" in request.POST:
        return _file(exported(found, ".csv"), "text/csv; charset=utf-8", "parcels.csv")
    return _file(exported(found, ".xlsx"), XLSX, "parcels.xlsx")


@needs("parcels:ship")
def one(request: Asked, item: str) -> HttpResponse:
    """One parcel with where it goes, and what can be done with it."""
    found, home = request.bridge.run(_one, item)
    shown = {"row": shown_as(found, names(request)), "home": home, "form": ShipForm(), "act_on": _acts(found)}
    return render(request, "queues/parcel.html", shown)


@require_POST
@needs("parcels:ship")
def change(request: Asked, item: str, act: str) -> HttpResponse:
    """Ship it, or say that it came back, arrived, or is not sent: each an event of its member's."""
    found, _ = request.bridge.run(_one, item)
    if act not in _acts(found):
        raise NotFound(UNKNOWN, item=item)
    data: dict[str, Any] = {"item": item}
    if act == "ship":
        form = ShipForm(request.POST)
        if not form.is_valid():
            messages.error(request, say("queues.number_missing"))
            return redirect("queues:parcel", item)
        data |= {"carrier": form.cleaned_data["carrier"], "parcel": form.cleaned_data["number"]}
    if act == "cancel":
        reason = str(request.POST.get("reason") or "")[:400] or str(say("queues.no_reason"))
        data |= {"reason": reason, "decided_by": request.user.actor}
    request.bridge.run(_told, _EVENTS[act], found.member, data)
    messages.success(request, say(f"queues.done_{act}"))
    return redirect("queues:parcel", item)


_EVENTS = {
    "ship": "gift.shipped",
    "return": "gift.returned",
    "receive": "gift.delivered",
    "cancel": "gift.cancelled",
}


def _acts(found: Parcel) -> tuple[str, ...]:
    """What can become of a parcel now."""
    if found.state in TO_SHIP:
        return "ship", "receive", "cancel"
    return ("ship", "return", "receive") if found.state == "shipped" else ()


def shown_as(each: Parcel, known: Names) -> Shown:
    """A parcel with what its gift and its campaign are called."""
    campaign = known.program.campaigns.get(each.campaign)
    title = known.said(campaign.title) if campaign else each.campaign
    gift = known.thing(each.campaign, "gift", each.ref)
    return Shown(each, gift, title, f"queues.parcel_{each.state}", TONES.get(each.state, "quiet"))


async def _one(inside: Inside, item: str) -> tuple[Parcel, Addressed | None]:
    async with lent(inside.pool) as connection:
        found = await parcel(connection, item) if "\0" not in item else None
        if found is None:
            raise NotFound(UNKNOWN, item=item)
        sought = Sought(member=found.member)
        homes = {each.item: each async for each in addressed(connection, sought)}
    return found, homes.get(item)


async def _exported(inside: Inside, sought: Sought, actor: str) -> list[Addressed]:
    async with lent(inside.pool) as connection:
        found = [each async for each in addressed(connection, sought)]
        async with connection.transaction():
            await note_export(connection, sought, len(found), actor, wall())
    return found


async def _told(inside: Inside, type_: str, member: str, data: dict[str, Any]) -> None:
    async with lent(inside.pool) as connection:
        now = await moment(connection, inside.engine.program, wall())
    id = f"{data['item']}/{type_}/{now.isoformat()}"
    await decide(inside.batcher, Event(SOURCE, id, type_, member, now, data))


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
