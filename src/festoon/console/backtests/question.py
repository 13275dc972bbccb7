"""The question: which plan, on which history, with which assumptions."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from festoon.base.clock import wall
from festoon.base.errors import FestoonError
from festoon.base.times import local_day
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.texts import language, later, say
from festoon.engine.assumptions import Assumptions
from festoon.insight.backtests import asking
from festoon.insight.backtests.asked import Asked as Question
from festoon.insight.backtests.asked import Facts, File, History, MadeUp
from festoon.insight.backtests.histories import HistoryFile, kept
from festoon.plan.check import check_plan
from festoon.store.home import data_home

FACTS, MADE_UP, FILE = "facts", "made_up", "file:"
SHARES = ("plays", "free_plays", "check_ins", "more_orders")
PLACES = {"onto": "moved", "history.onto": "moved", "name": "history"}
"""Where the page has what an error names."""


def _share(name: str, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=later(f"backtests.assume_{name}"), min_value=0, max_value=100, initial=initial
    )


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=later(label),
        help_text=later(help_text),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )


class Names(forms.Select):
    """A choice among names, which no language translates."""

    def create_option(self, *args: Any, **named: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **named)
        option["attrs"]["translate"] = "no"
        return option


class QuestionForm(forms.Form):
    """What is asked. `versions` and `histories` are what there is to choose from."""

    plan = forms.ChoiceField(label=later("backtests.plan"), widget=Names)
    history = forms.ChoiceField(label=later("backtests.history"))
    since = _day("backtests.since", "backtests.since_help")
    until = _day("backtests.until", "backtests.until_help")
    moved = forms.BooleanField(
        label=later("backtests.moved"), help_text=later("backtests.moved_help"), required=False
    )
    members = forms.IntegerField(
        label=later("backtests.members"), min_value=1, max_value=200_000, initial=1000
    )
    days = forms.IntegerField(label=later("backtests.days"), min_value=1, max_value=730, initial=30)
    seeds = forms.IntegerField(
        label=later("backtests.seeds"),
        help_text=later("backtests.seeds_help"),
        min_value=1,
        max_value=50,
        initial=5,
    )
    plays = _share("plays", 100)
    free_plays = _share("free_plays", 30)
    check_ins = _share("check_ins", 30)
    more_orders = _share("more_orders", 0)

    def __init__(
        self, versions: list[asking.Version], histories: list[HistoryFile], *args: Any, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        plans: Any = self.fields["plan"]
        plans.choices = [(each.name, _of_version(each)) for each in versions]
        past: Any = self.fields["history"]
        past.choices = [
            (FACTS, say("backtests.history_facts")),
            *((FILE + each.name, _of_history(each)) for each in histories),
            (MADE_UP, say("backtests.history_made_up")),
        ]

    def question(self, source: str, version: int) -> Question:
        """What the fields say, of a plan's text."""
        said = self.cleaned_data
        assumed = Assumptions(**{name: said[name] / 100 for name in SHARES})
        return Question(source, version, self._history(source), said["seeds"], assumed)

    def _history(self, source: str) -> History:
        said = self.cleaned_data
        if said["history"] == MADE_UP:
            return MadeUp(said["members"], said["days"])
        onto = _first_day(source) if said["moved"] else None
        if said["history"] == FACTS:
            return Facts(said["since"], said["until"], onto)
        return File(said["history"].removeprefix(FILE), said["since"], said["until"], onto)


def _first_day(source: str) -> date | None:
    """The first day of a plan's campaign; None when the plan is not right, which is said when it is asked."""
    campaign = check_plan(source).compiled
    return None if campaign is None else local_day(campaign.schedule.start, campaign.zone)


def _of_version(version: asking.Version) -> str:
    return str(say(f"backtests.version_{version.status}", name=version.name))


def _of_history(history: HistoryFile) -> str:
    first, last = (f"{at:%Y-%m-%d}" if at else "—" for at in (history.first, history.last))
    events = f"{history.events:,}"
    return str(say("backtests.history_file", name=history.name, events=events, first=first, last=last))


@needs("backtest:run")
def ask(request: Asked) -> HttpResponse:
    """The form, and the run that comes of it. `plan` and `again` of the query fill it in."""
    histories = kept(data_home() / "histories")
    versions = request.bridge.ask(asking.versions)
    initial = {"plan": request.GET.get("plan", "")}
    form = QuestionForm(versions, histories, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("backtests:one", _ask(request, form))
        except FestoonError as error:
            place = PLACES.get(error.place, error.place)
            form.add_error(place if place in form.fields else None, error.text(language()))
    return render(request, "backtests/ask.html", {"form": form, "none": not versions})


def _ask(request: Asked, form: QuestionForm) -> int:
    campaign, _, version = form.cleaned_data["plan"].rpartition("@")
    source = request.bridge.ask(asking.version_text, campaign, int(version))
    asked = form.question(source, int(version))
    folder = data_home() / "histories"
    return request.bridge.ask(asking.ask_for_backtest, asked, request.user.actor, wall(), folder)
