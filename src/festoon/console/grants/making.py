"""A grant to a list, from the uploaded file to the second signature."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, template_of
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.grants.showing import in_all, line_title
from festoon.console.members.acts import CompensateForm, gifts_of
from festoon.console.members.person import program_of
from festoon.console.texts import language, later, say
from festoon.engine.grant_drafts import Wanted, discard, draft, drafted, submit_draft
from festoon.engine.program import Program
from festoon.intake.files.id_list import IdList, read_ids
from festoon.intake.files.uploaded import LARGEST

SHOWN = 20


class GrantForm(CompensateForm):
    """What everybody on a list is given."""

    name = forms.CharField(
        label=later("grants.name"), help_text=later("grants.name_help"), max_length=60,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*$", later("grants.name_help"))],
    )  # fmt: skip
    line = forms.ChoiceField(label=later("grants.line"), help_text=later("grants.line_help"), required=False)
    at_most = forms.DecimalField(
        label=later("grants.at_most"), help_text=later("grants.at_most_help"), required=False, min_value=0,
        max_digits=12, decimal_places=2,
    )  # fmt: skip
    list = forms.FileField(
        label=later("grants.list"), help_text=later("grants.list_help"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.xls,.ods,.txt"}),
    )  # fmt: skip
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "campaign", "what", "amount", "list", "reason", "line", "at_most", "key")

    def __init__(self, program: Program, *args: Any, **named: Any) -> None:
        super().__init__(program, *args, **named)
        lines = {
            name: template_of(line.title, language()) if line.title else name
            for campaign in program.campaigns.values()
            for name, line in campaign.lines.items()
        }
        own = ("", str(later("grants.own_lines")))
        self.fields["line"].choices = [own, *lines.items()]  # type: ignore[attr-defined]

    def clean_list(self) -> IdList:
        uploaded = self.cleaned_data["list"]
        try:
            return read_ids(uploaded.read(LARGEST + 1))
        except FestoonError as error:
            raise forms.ValidationError(error.text(language())) from None

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        most = said.get("at_most")
        return Wanted(
            said["name"], said["campaign"], self.give(), said["reason"], said.get("line") or "",
            "" if most is None else f"{most:f}",
        )  # fmt: skip


@needs("grants:make")
def new(request: Asked) -> HttpResponse:
    """Upload a list and say what everybody on it is given."""
    program = program_of(request)
    form = GrantForm(program, request.POST or None, request.FILES or None, initial=_initial(program))
    if request.method == "POST" and form.is_valid():
        found: IdList = form.cleaned_data["list"]
        bad = [(each.row, each.why) for each in found.bad]
        try:
            id = request.bridge.ask(
                draft, form.wanted(), found.ids, found.doubled, bad, request.user.actor, wall()
            )
        except FestoonError as error:
            form.add_error(None, error.text(language()))
        else:
            return redirect("grants:draft", id)
    return render(request, "grants/new.html", {"form": form, "nothing": not gifts_of(program)})


def _initial(program: Program) -> dict[str, Any]:
    campaign = next(iter(program.campaigns), "")
    return {"name": f"grant-{wall():%Y%m%d-%H%M}", "campaign": campaign}


@needs("grants:make")
def look(request: Asked, id: str) -> HttpResponse:
    """What a draft comes to: submit it, or throw it away."""
    actor = request.user.actor
    if request.method == "POST":
        if "discard" in request.POST:
            request.bridge.ask(discard, id, actor)
            return redirect("grants:overview")
        try:
            shown = request.bridge.ask(submit_draft, id, actor, wall())
        except FestoonError as error:
            messages.error(request, error.text(language()))
            return redirect("grants:draft", id)
        messages.success(request, say("grants.submitted"))
        return redirect("grants:one", shown.id)
    found, preview = request.bridge.ask(drafted, id, actor)
    names = Names(program_of(request), language())
    return render(
        request,
        "grants/draft.html",
        {
            "draft": found,
            "preview": preview,
            "total": list(in_all(preview.total, preview.campaign, names)),
            "lines": [(line_title(line, names), line, line.left) for line in preview.lines],
            "bad": found.bad[:SHOWN],
            "bad_count": len(found.bad),
            "doubled": found.doubled[:SHOWN],
            "doubled_count": len(found.doubled),
            "unknown": preview.unknown[:SHOWN],
            "unknown_count": len(preview.unknown),
            "short": [line for line in preview.lines if line.cost > line.left],
        },
    )
