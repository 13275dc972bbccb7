"""A file of parcel numbers is taken in; what became of each row can be taken away as a file."""

import msgspec
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, Invalid
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.queues.parcels import XLSX
from festoon.console.texts import language, later
from festoon.engine.shipping import Judged, Line, ship
from festoon.intake.files.parcel_sheet import judged_sheet, read_numbers
from festoon.intake.files.uploaded import LARGEST, TOO_LARGE, TOO_MANY
from festoon.intake.operating import moment
from festoon.store.pool import lent

MOST = 5000
SHOWN = 200


class FileForm(forms.Form):
    """The exported file with carrier and number filled in."""

    file = forms.FileField(label=later("queues.file"), help_text=later("queues.file_help"))


@needs("parcels:ship")
def take_in(request: Asked) -> HttpResponse:
    """Judge a file row by row, and show what became of it."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "queues/numbers.html", {"form": form})
    uploaded = form.cleaned_data["file"]
    try:
        if uploaded.size > LARGEST:
            raise Invalid(TOO_LARGE, limit=LARGEST // 1024 // 1024)
        lines = read_numbers(uploaded.read())
        if len(lines) > MOST:
            raise Invalid(TOO_MANY, limit=MOST)
    except FestoonError as error:
        form.add_error("file", error.text(language()))
        return render(request, "queues/numbers.html", {"form": form})
    judged = request.bridge.run(_shipped, lines, request.user.actor)
    refused = [(each.line, each.text(language())) for each in judged if each.result == "refused"]
    counts = {name: sum(each.result == name for each in judged) for name in ("shipped", "same", "refused")}
    shown = {
        "counts": counts,
        "refused": refused[:SHOWN],
        "judged": msgspec.json.encode(judged).decode(),
    }
    return render(request, "queues/judged.html", shown)


@require_POST
@needs("parcels:ship")
def results(request: Asked) -> HttpResponse:
    """What the page before showed, as a spreadsheet: it is the reader's own, and changes nothing."""
    try:
        judged = msgspec.json.decode(request.POST.get("judged", ""), type=list[Judged])
        body = judged_sheet(judged[:MOST], language(), ".xlsx")
    except (msgspec.MsgspecError, KeyError):
        return redirect("queues:numbers")
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="results.xlsx"'}
    )


async def _shipped(inside: Inside, lines: list[Line], actor: str) -> list[Judged]:
    async with lent(inside.pool) as connection:
        now = await moment(connection, inside.engine.program, wall())
        return await ship(connection, lines, inside.batcher.submit_all, actor, now)
