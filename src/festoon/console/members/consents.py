"""Where a member may be written to, and what was said of it; and an operator's note of what he said."""

from typing import Any

from django import forms
from django.http import HttpResponse

from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import template_of
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.members.acts import ActForm, acted, fresh
from festoon.console.members.person import head_of, place_in, program_of, tab
from festoon.console.texts import language, later, say
from festoon.engine import member_acts
from festoon.engine.consenting import asked
from festoon.engine.member_acts import Said
from festoon.engine.outcome import Outcome
from festoon.engine.own_rows import profile_of
from festoon.engine.program import Program
from festoon.insight.member.consents import history
from festoon.members.consents import answers_of
from festoon.store.pool import lent

PAGE = 30
ANSWERS = ("yes", "no")


class ConsentForm(ActForm):
    """What he said of a channel."""

    channel = forms.ChoiceField(label=later("members.channel"))
    answer = forms.ChoiceField(label=later("members.may_be_written"), widget=forms.RadioSelect)
    where = forms.CharField(
        label=later("members.said_where"),
        help_text=later("members.said_where_help"),
        max_length=100,
        required=False,
    )
    field_order: tuple[str, ...] = ("channel", "answer", "where", "reason", "key")

    def __init__(self, program: Program, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["channel"].choices = list(channel_names(program).items())  # type: ignore[attr-defined]
        self.fields["answer"].choices = [(each, say(f"members.answer_{each}")) for each in ANSWERS]  # type: ignore[attr-defined]

    def said(self) -> Said:
        known = self.cleaned_data
        return Said(known["channel"], known["answer"] == "yes", None, known["where"].strip() or None)


def channel_names(program: Program) -> dict[str, str]:
    """The channels that are known or asked about, with what people call them."""
    return {name: template_of(each.title, language()) for name, each in asked(program).items()}


@needs("members:read")
def consents(request: Asked, number: int) -> HttpResponse:
    """What holds, channel by channel, and how it came about."""
    head = request.bridge.ask(head_of, number)
    names = channel_names(program_of(request))
    profile = request.bridge.ask(profile_of, head.number)
    before = place_in(request.GET.get("after"))
    found = request.bridge.ask(history, head.number, before=before, limit=PAGE)
    holds = answers_of(profile)
    said = {each.channel for each in holds}
    shown = {
        "answers": [(names.get(each.channel, ""), each) for each in holds],
        "never": [name for channel, name in names.items() if channel not in said],
        "lines": [(names.get(line.answer.channel, ""), line) for line in found.lines],
        "more": found.before or "",
        "may_adjust": request.user.may("members:adjust"),
    }
    return tab(request, head, "consents", shown)


@needs("members:adjust")
def consenting(request: Asked, number: int) -> HttpResponse:
    """Note that he agrees to be written to by a channel, or does no longer."""
    head = request.bridge.ask(head_of, number)
    form = ConsentForm(program_of(request), request.POST or None, initial=fresh())

    async def note(inside: Inside) -> Outcome:
        said = form.cleaned_data
        async with lent(inside.pool) as connection:
            return await member_acts.consent(
                connection, inside.batcher.submit, head.id, form.said(), said["reason"], request.user.actor, wall(),
                said["key"],
            )  # fmt: skip

    def done() -> str:
        request.bridge.run(note)
        return say("members.done_consent")

    return acted(request, head, form, "consent", done)
