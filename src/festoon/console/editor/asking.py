"""The condition builder's two questions: what groups a text is, and what text some groups are."""

from typing import Any

import msgspec
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from msgspec import Struct

from festoon.base.errors import FestoonError, Invalid
from festoon.console.asked import Asked
from festoon.console.editor.keeping import NOT_KEPT
from festoon.console.gate import needs
from festoon.console.texts import language
from festoon.plan.form.askable import askable, vocabulary_at
from festoon.plan.form.conditions import Group, read_condition, write_condition


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition at a path of a text, as it is written (`said`) or as it is built (`group`)."""

    path: str
    text: str = ""
    said: str = ""
    group: Group | None = None


_reader = msgspec.json.Decoder(Question)


@require_POST
@needs("plan:make")
def condition(request: Asked) -> HttpResponse:
    """The text of groups; or the groups of a text, with all it can ask."""
    try:
        asked = _read(request.body)
        found: dict[str, Any]
        if asked.group is not None:
            found = {"said": write_condition(asked.group)}
        else:
            known = vocabulary_at(asked.text, asked.path)
            found = {"group": read_condition(asked.said, known), "fields": askable(known, language())}
    except FestoonError as error:
        spoken = language()
        found, status = {"said": error.text(spoken), "todo": error.todo(spoken)}, error.http_status()
        return HttpResponse(msgspec.json.encode(found), "application/json", status)
    return HttpResponse(msgspec.json.encode(found), "application/json")


def _read(body: bytes) -> Question:
    try:
        return _reader.decode(body)
    except msgspec.MsgspecError as wrong:
        raise Invalid(NOT_KEPT, reason=str(wrong)) from None
