"""What is done to one member: adjusted, compensated, blocked, let in again, erased; each with its reason."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from festoon.api.server import NO_ROUTE
from festoon.api.sides import Inside
from festoon.base.clock import wall
from festoon.base.errors import FestoonError, NotFound, template_of
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.members.person import Head, asset_name, head_of, program_of
from festoon.console.texts import language, later, say
from festoon.engine import member_acts
from festoon.engine.member_acts import Done
from festoon.engine.outcome import Outcome
from festoon.engine.program import Program
from festoon.store.pool import lent

BARRING = {"block": "member.blocked", "unblock": "member.unblocked"}


class ActForm(forms.Form):
    """A reason, and a key that makes pressing twice be pressing once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    reason = forms.CharField(
        label=later("members.reason"), help_text=later("members.reason_help"), max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class AdjustForm(ActForm):
    """By how much, of what."""

    asset = forms.ChoiceField(label=later("members.asset"))
    amount = forms.IntegerField(label=later("members.amount"), help_text=later("members.amount_help"))
    expires = forms.DateField(
        label=later("members.expires"), required=False, widget=forms.DateInput({"type": "date"})
    )
    field_order: tuple[str, ...] = ("asset", "amount", "expires", "reason", "key")

    def __init__(self, program: Program, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["asset"].choices = [(code, asset_name(program, code)) for code in program.assets]  # type: ignore[attr-defined]


class CompensateForm(ActForm):
    """What he is given, and in whose name."""

    campaign = forms.ChoiceField(label=later("members.campaign"))
    what = forms.ChoiceField(label=later("members.what"))
    amount = forms.IntegerField(label=later("members.how_many"), min_value=1, max_value=1_000_000, initial=1)
    field_order: tuple[str, ...] = ("campaign", "what", "amount", "reason", "key")

    def __init__(self, program: Program, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        campaigns = [
            (each.campaign, template_of(each.title, language()) if each.title else each.campaign)
            for each in program.campaigns.values()
        ]
        self.fields["campaign"].choices = campaigns  # type: ignore[attr-defined]
        self.fields["what"].choices = [*gifts_of(program)]  # type: ignore[attr-defined]

    def give(self) -> list[dict[str, Any]]:
        """As a compensation's file says it."""
        kind, _, name = self.cleaned_data["what"].partition(":")
        amount = self.cleaned_data["amount"]
        return [{name: amount}] if kind == "asset" else [{kind: name, "count": amount}]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        what, campaign = str(said.get("what", "")), str(said.get("campaign", ""))
        owner = what.partition("@")[2]
        if owner and owner != campaign:
            self.add_error("what", later("members.of_another"))
        said["what"] = what.partition("@")[0]
        return said


def gifts_of(program: Program) -> list[tuple[str, str]]:
    """What can be given: points, and the coupons, gifts and badges of each campaign."""
    found = [("asset:points", asset_name(program, "points"))]
    for campaign in program.campaigns.values():
        for key, thing in campaign.things.items():
            kind, _, ref = key.partition(":")
            if kind in ("coupon", "gift", "badge", "item"):
                title = template_of(thing.title, language()) if thing.title else ref
                found.append((f"{kind}:{ref.rpartition('/')[2]}@{campaign.campaign}", title))
    return found


class EraseForm(forms.Form):
    """His id once more, and why."""

    confirm = forms.CharField(
        label=later("members.confirm"), help_text=later("members.confirm_help"), max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=later("members.reason"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


@needs("members:adjust")
def adjusting(request: Asked, number: int) -> HttpResponse:
    """Add to a balance, or take from it."""
    head = request.bridge.ask(head_of, number)
    form = AdjustForm(program_of(request), request.POST or None, initial=fresh())

    async def act(inside: Inside) -> Done:
        said = form.cleaned_data
        async with lent(inside.pool) as connection:
            return await member_acts.adjust(
                connection, inside.batcher.submit, inside.engine.program, head.id, said["asset"], said["amount"],
                said["reason"], request.user.actor, wall(), said["key"], said["expires"],
            )  # fmt: skip

    def done(found: Done) -> str:
        if found.request is not None:
            return say("members.asked", number=found.request.number)
        return say("members.done_adjust")

    return acted(request, head, form, "adjust", lambda: done(request.bridge.run(act)))


@needs("members:adjust")
def compensating(request: Asked, number: int) -> HttpResponse:
    """Put up something for him alone."""
    head = request.bridge.ask(head_of, number)
    form = CompensateForm(program_of(request), request.POST or None, initial=fresh())

    def act() -> str:
        said = form.cleaned_data
        found = request.bridge.ask(
            member_acts.compensate, said["campaign"], head.id, form.give(), said["reason"], request.user.actor, wall(),
            said["key"],
        )  # fmt: skip
        return say("members.put_up", name=found.id)

    return acted(request, head, form, "compensate", act)


@needs("members:adjust")
def erasing(request: Asked, number: int) -> HttpResponse:
    """Ask that what is known of him be destroyed."""
    head = request.bridge.ask(head_of, number)
    form = EraseForm(request.POST or None)

    def act() -> str:
        said = form.cleaned_data
        found = request.bridge.ask(
            member_acts.ask_to_erase,
            head.id,
            said["confirm"].strip(),
            said["reason"],
            request.user.actor,
            wall(),
        )
        return say("members.asked", number=found.number)

    return acted(request, head, form, "erase", act)


@needs("members:adjust")
def barring(request: Asked, number: int, act: str) -> HttpResponse:
    """Block him, or let him in again."""
    if act not in BARRING:
        raise NotFound(NO_ROUTE, path=request.path)
    head = request.bridge.ask(head_of, number)
    form = ActForm(request.POST or None, initial=fresh())

    async def bar(inside: Inside) -> Outcome:
        said = form.cleaned_data
        async with lent(inside.pool) as connection:
            return await member_acts.bar(
                connection, inside.batcher.submit, BARRING[act], head.id, said["reason"], request.user.actor, wall(),
                said["key"],
            )  # fmt: skip

    def done() -> str:
        request.bridge.run(bar)
        return say(f"members.done_{act}")

    return acted(request, head, form, act, done)


def fresh() -> dict[str, str]:
    return {"key": uuid4().hex}


def acted(request: Asked, head: Head, form: forms.Form, act: str, do: Callable[[], str]) -> HttpResponse:
    """The form, or what came of it. What the engine says no to stands above the form, with all that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do())
        except FestoonError as error:
            form.add_error(None, error.text(language()))
        else:
            return redirect("members:overview", head.number)
    shown = {
        "head": head,
        "form": form,
        "title": say(f"members.act_{act}"),
        "intro": say(f"members.intro_{act}"),
        "act": act,
    }
    return render(request, "members/act.html", shown)
