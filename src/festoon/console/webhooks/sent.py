"""What was sent: deliveries, found and looked into, and sent again."""

from typing import Any

import msgspec
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from festoon.base.clock import wall
from festoon.console.asked import Asked
from festoon.console.gate import needs
from festoon.console.paging import number_after, page_of
from festoon.console.texts import language, later, say
from festoon.outbox.webhooks.deliveries import STATES, Delivery, Sought, deliveries, delivery, replay
from festoon.outbox.webhooks.endpoints import Endpoint, endpoints
from festoon.outbox.webhooks.kinds import KINDS

ROWS = 50
TONES = {"waiting": "info", "delivered": "good", "failed": "bad"}
Row = tuple[Delivery, str, str, str]


class FilterForm(forms.Form):
    """Which deliveries."""

    endpoint = forms.ChoiceField(label=later("webhooks.endpoint"), required=False)
    state = forms.ChoiceField(
        label=later("webhooks.state"),
        required=False,
        choices=[
            ("", later("webhooks.all_states")),
            *((name, later(f"webhooks.sent_{name}")) for name in STATES),
        ],
    )
    kind = forms.ChoiceField(label=later("webhooks.kind"), required=False)

    def __init__(self, known: list[Endpoint], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        choices = {
            "endpoint": [
                ("", later("webhooks.all_endpoints")),
                *((each.id, each.url[:80]) for each in known),
            ],
            "kind": [
                ("", later("webhooks.all_kinds")),
                *((name, kind.title(language())) for name, kind in KINDS.items()),
            ],
        }
        for name, entries in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = entries

    def sought(self) -> Sought:
        said = self.cleaned_data if self.is_valid() else {}
        return Sought(said.get("endpoint") or None, said.get("state") or None, said.get("kind") or None)


@needs("webhooks:manage")
def every_delivery(request: Asked) -> HttpResponse:
    """Deliveries, newest first."""
    form = FilterForm(request.bridge.ask(endpoints), request.GET)
    before = number_after(request)
    found = request.bridge.ask(deliveries, form.sought(), before=before, limit=ROWS + 1)
    page, more = page_of(found, ROWS, lambda each: each.number)
    shown = {"rows": list(map(_row, page)), "form": form, "more": more}
    return render(request, "webhooks/deliveries.html", shown)


@needs("webhooks:manage")
def one(request: Asked, number: int) -> HttpResponse:
    """One, with its message and every attempt."""
    found = request.bridge.ask(delivery, number)
    body = msgspec.json.format(bytes(found.body), indent=2).decode()
    shown = {"delivery": found, "row": _row(found), "body": body}
    return render(request, "webhooks/delivery.html", shown)


@require_POST
@needs("webhooks:manage")
def again(request: Asked, number: int) -> HttpResponse:
    """Send it again, whatever became of it."""
    request.bridge.ask(replay, number, request.user.actor, wall())
    messages.success(request, say("webhooks.replayed", count=1))
    return redirect("webhooks:delivery", number)


def _row(each: Delivery) -> Row:
    kind = KINDS[each.kind].title(language()) if each.kind in KINDS else each.kind
    return each, kind, f"webhooks.sent_{each.state}", TONES[each.state]
