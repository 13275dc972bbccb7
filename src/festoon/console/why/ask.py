"""Why a mechanic gave a member something, or did not."""

from typing import Any

import asyncpg
from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from festoon.api.naming import Names
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, template_of
from festoon.base.expressions.explaining import Explained
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.members.person import program_of
from festoon.console.texts import language, later
from festoon.engine.member_acts import number_of, subject_of
from festoon.engine.program import Program
from festoon.insight.member.why import Asked as Question
from festoon.insight.member.why import why


class WhyForm(forms.Form):
    """Who, and what; perhaps which event."""

    member = forms.CharField(
        label=later("why.member"), max_length=200, widget=forms.TextInput({"type": "search"})
    )
    mechanic = forms.ChoiceField(label=later("why.mechanic"))
    event = forms.CharField(label=later("why.event"), max_length=200, required=False)

    def __init__(self, program: Program, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, each in program.by_key.items():
            campaign = (
                template_of(each.campaign.title, language())
                if each.campaign.title
                else each.campaign.campaign
            )
            title = template_of(each.plan.title, language()) if each.plan.title else each.plan.id
            groups.setdefault(campaign, []).append((key, title))
        self.fields["mechanic"].choices = list(groups.items())  # type: ignore[attr-defined]


async def who(connection: asyncpg.Connection, said: str) -> tuple[int, str]:
    """A member by `#number` or id. Raises NotFound."""
    if said.startswith("#") and said[1:].isascii() and said[1:].isdecimal() and len(said) < 19:
        return await subject_of(connection, int(said[1:]))
    return await number_of(connection, said), said


@needs("members:read")
def ask(request: Asked) -> HttpResponse:
    """The question, and its answer."""
    program = program_of(request)
    given = request.GET.copy()
    if given.get("number") and not given.get("member"):
        given["member"] = f"#{given['number']}"
    asked = bool(given.get("member") and given.get("mechanic"))
    form = WhyForm(program, given) if asked else WhyForm(program, initial=given.dict())
    shown: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        said = form.cleaned_data
        campaign, _, mechanic = said["mechanic"].partition("/")
        try:
            number, subject = request.bridge.ask(who, said["member"].strip())
            event = said["event"].strip() or None
            question = Question(
                number, campaign, mechanic, wall(), language(), event, called=Names(program, language())
            )
            answer = request.bridge.ask(why, program, question)
        except FestoonError as error:
            form.add_error("member", error.text(language()))
        else:
            checks = [(each, parts(each.behind)) for each in answer.checks]
            events = [(each, question.called.event(each.type)) for each in answer.events]
            shown |= {"answer": answer, "checks": checks, "number": number, "subject": subject}
            shown["events"] = events
            shown["good"] = answer.verdict in ("given", "held", "counted")
    return render(request, "why/ask.html", shown)


def parts(behind: Explained | None) -> list[tuple[str, bool, list[tuple[str, Any]]]]:
    """The smallest parts of a condition with what they read, in the order in which they are written."""
    if behind is None:
        return []
    if not behind.parts:
        return [(behind.text, behind.holds, list(behind.values.items()))]
    return [found for part in behind.parts for found in parts(part)]
