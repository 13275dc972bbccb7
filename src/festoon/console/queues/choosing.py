"""What the pages of queues have in common: campaigns to choose from, and what things are called."""

from typing import Any

from django import forms

from festoon.api.naming import Names
from festoon.api.sides import Inside
from festoon.console.asked import Asked
from festoon.console.texts import language, later
from festoon.engine.priority import First, first_served
from festoon.engine.program import Program

ROWS = 50


async def _program(inside: Inside) -> Program:
    return inside.engine.program


def program(request: Asked) -> Program:
    """What runs."""
    return request.bridge.run(_program)


def names(request: Asked) -> Names:
    """What things are called, in the reader's language."""
    return Names(program(request), language())


class CampaignForm(forms.Form):
    """Which campaign; none is all."""

    campaign = forms.ChoiceField(label=later("queues.campaign"), required=False)

    def __init__(self, known: Names, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        titles = [(id, known.said(each.title)) for id, each in known.program.campaigns.items()]
        field = self.fields["campaign"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", later("queues.all_campaigns")), *titles]

    def chosen(self, name: str) -> str | None:
        """What was chosen, or None for all."""
        return (self.cleaned_data.get(name) or None) if self.is_valid() else None


class SupportForm(CampaignForm):
    """The same, and perhaps only members whose level brings priority support."""

    priority = forms.BooleanField(label=later("queues.priority_only"), required=False)
    first: First

    def __init__(self, known: Names, *args: Any, **named: Any) -> None:
        super().__init__(known, *args, **named)
        self.first = first_served(known.program)
        if not self.first.levels:
            del self.fields["priority"]

    def only(self) -> First | None:
        """Whom the list is of; None is everybody."""
        return self.first if self.is_valid() and self.cleaned_data.get("priority") else None
