"""The audit trail: searched, with what changed."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from festoon.access.trail import Search, entries, last_links
from festoon.base.texts import words
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import BIGINT, page_of
from festoon.console.texts import language, later

ROWS = 50
ACTS = Path(__file__).with_name("acts.toml")


class SearchForm(forms.Form):
    """What is looked for."""

    actor = forms.CharField(label=later("access.actor"), required=False, max_length=80)
    act = forms.CharField(
        label=later("access.act"), required=False, max_length=60, widget=forms.TextInput({"list": "acts"})
    )
    object = forms.CharField(label=later("access.object"), required=False, max_length=120)
    since = forms.DateField(
        label=later("access.since"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=later("access.until"), required=False, widget=forms.DateInput({"type": "date"})
    )
    after = forms.IntegerField(required=False, max_value=BIGINT, widget=forms.HiddenInput)

    def search(self) -> Search:
        said = self.cleaned_data
        since, until = said.get("since"), said.get("until")
        return Search(
            said.get("actor", ""),
            said.get("act", ""),
            said.get("object", ""),
            datetime.combine(since, time(), UTC) if since else None,
            datetime.combine(until + timedelta(days=1), time(), UTC) if until else None,
        )


@needs("trail:read")
def trail(request: Asked) -> HttpResponse:
    """Entries from the newest on, and whether the last of them follow from each other."""
    form = SearchForm(request.GET)
    found = []
    if form.is_valid():
        found = request.bridge.ask(entries, form.search(), form.cleaned_data["after"], ROWS + 1)
    page, more = page_of(found, ROWS, lambda each: each.number)
    called = words(ACTS, language())
    shown = {
        "form": form,
        "acts": called,
        "entries": [(each, called.get(each.act, "")) for each in page],
        "more": more,
        "chain": request.bridge.ask(last_links),
    }
    return render(request, "access/trail.html", shown)
