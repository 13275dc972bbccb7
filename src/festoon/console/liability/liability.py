"""What the platform owes its members of an asset, by day: a chart, a table, and files to keep."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from msgspec import Struct

from festoon.api.naming import Names
from festoon.api.server import NO_ROUTE
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, NotFound, template_of
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.texts import language, later, say
from festoon.insight import wording
from festoon.insight.liability.files import COLUMNS, OF_MONTHS, as_csv, as_xlsx
from festoon.insight.liability.liability import Day, Liability, Wanted, Worth, liability

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": SHEET}
WORKER = "festoon work --once"
"""The command that writes facts."""
BARS = (
    ("issued", "--series-3"),
    ("taken_back", "--series-4"),
    ("spent", "--series-1"),
    ("lapsed", "--series-5"),
)


class LiabilityForm(forms.Form):
    """Which asset, and which days."""

    asset = forms.ChoiceField(label=later("liability.asset"), widget=forms.Select({"translate": "no"}))
    since = forms.DateField(
        label=later("liability.since"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    until = forms.DateField(
        label=later("liability.until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )

    def __init__(self, assets: list[tuple[str, str]], said: Any) -> None:
        super().__init__(said or None)
        self.assets = assets
        self.fields["asset"].choices = assets  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What is asked for; the first asset when none is said."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Wanted(said.get("asset") or self.assets[0][0], said.get("since"), said.get("until"))


class Row(Struct, frozen=True):
    """A line of a table: its name, its amounts as texts, and what it is worth."""

    name: str
    amounts: tuple[str, ...]
    worth: str = ""


class Shown(Struct, frozen=True):
    """The page, in words."""

    days: list[Row]
    months: list[Row]
    stats: list[tuple[str, str]]
    chart: dict[str, Any]
    worth_from: str


@needs("books:read")
def by_day(request: Asked) -> HttpResponse:
    """The days of an asset."""
    form = _form(request)
    if not form.assets:
        return render(request, "liability/nothing.html")
    found, problem = None, ""
    if not form.is_bound or form.is_valid():
        try:
            found = _found(request, form)
        except FestoonError as error:
            problem = error.text(language())
    shown = (
        None if found is None else _shown(found, _scale(request, found.asset), _worth_from(request, found))
    )
    place = "" if found is None else urlencode(
        {"asset": found.asset, "since": str(found.days[0].day), "until": str(found.days[-1].day)}
    )  # fmt: skip
    return render(
        request, "liability/liability.html",
        {"form": form, "found": found, "shown": shown, "problem": problem, "place": place, "command": WORKER},
    )  # fmt: skip


@needs("books:read")
def file(request: Asked, form: str) -> HttpResponse:
    """The same days as a CSV file or a workbook, in smallest units."""
    asked = _form(request)
    if form not in KINDS or not asked.assets:
        raise NotFound(NO_ROUTE, path=request.path)
    found = _found(request, asked)
    words = {name: str(say(f"liability.{name}")) for name in (*COLUMNS, *OF_MONTHS)}
    words |= {"days": str(say("liability.days")), "lapsing": str(say("liability.lapsing"))}
    body: str | bytes = as_csv(found) if form == "csv" else as_xlsx(found, words)
    name = f"{found.asset.replace('/', '-')}-{found.days[0].day}-{found.days[-1].day}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"}
    return HttpResponse(body, content_type=KINDS[form], headers=headers)


def _form(request: Asked) -> LiabilityForm:
    assets = request.bridge.inside.engine.program.assets
    shown = [
        (code, template_of(asset.title, language()))
        for code, asset in assets.items()
        if "/chances/" not in code
    ]
    return LiabilityForm(shown, request.GET)


def _found(request: Asked, form: LiabilityForm) -> Liability:
    inside = request.bridge.inside
    return request.bridge.ask(liability, inside.engine.program, inside.facts, form.wanted(), wall())


def _scale(request: Asked, asset: str) -> int:
    return request.bridge.inside.engine.program.assets[asset].scale


def _worth_from(request: Asked, found: Liability) -> str:
    """The campaign whose plan says what a unit is worth, by its title."""
    names = Names(request.bridge.inside.engine.program, language())
    return "" if found.worth is None else names.campaign(found.worth.campaign)


def _shown(found: Liability, scale: int, worth_from: str) -> Shown:
    def units(amount: int) -> str:
        return wording.whole(amount) if not scale else f"{amount / 10**scale:,.{scale}f}"

    last = found.days[-1]
    days = [
        Row(each.day.isoformat(), tuple(units(getattr(each, name)) for name in _MOVING),
            _money(each.worth, found.worth))
        for each in reversed(found.days)
        if each is last or each.moves
    ]  # fmt: skip
    months = [
        Row(each.month or str(say("liability.never")), (units(each.amount),), _money(each.worth, found.worth))
        for each in found.lapsing
    ]
    stats = [("liability.outstanding", units(last.outstanding))]
    if found.worth is not None:
        stats.append(("liability.worth", _money(last.worth, found.worth)))
    beside = (
        ("liability.pending", last.pending),
        ("liability.held", last.held),
        ("liability.owed", last.owed),
    )
    stats += [(key, units(amount)) for key, amount in beside]
    return Shown(days, months, stats, _chart(found.days), worth_from)


_MOVING = ("issued", "taken_back", "spent", "lapsed", "pending", "outstanding")


def _money(amount: int | None, worth: Worth | None) -> str:
    return "" if amount is None or worth is None else wording.money(amount, worth.currency)


def _chart(days: tuple[Day, ...]) -> dict[str, Any]:
    """What moved as bars, what stood as a line with an axis of its own."""
    bars = [
        {
            "type": "bar", "label": str(say(f"liability.{name}")), "data": [getattr(day, name) for day in days],
            "backgroundColor": colour,
        }
        for name, colour in BARS
    ]  # fmt: skip
    line = {
        "type": "line", "label": str(say("liability.outstanding")), "data": [day.outstanding for day in days],
        "borderColor": "--series-2", "backgroundColor": "--series-2", "borderWidth": 2, "pointRadius": 0,
        "yAxisID": "stands",
    }  # fmt: skip
    axis = {"ticks": {"precision": 0}}
    return {
        "type": "bar",
        "data": {"labels": [_label(day.day) for day in days], "datasets": [line, *bars]},
        "options": {
            "animation": False,
            "scales": {
                "y": axis,
                "stands": {**axis, "position": "right", "grid": {"drawOnChartArea": False}},
            },
            "interaction": {"mode": "index", "intersect": False},
        },
    }


def _label(day: date) -> str:
    return f"{day:%m-%d}"
