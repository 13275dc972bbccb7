"""What the page asks while somebody writes: what groups a condition is, what text groups are, who names a thing."""

from typing import Any, Literal, TypeVar

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
from festoon.plan.renaming import uses as uses_of
from festoon.plan.renaming import uses_outside

_Asked = TypeVar("_Asked")


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition at a path of a text, as it is written (`said`) or as it is built (`group`)."""

    path: str
    text: str = ""
    said: str = ""
    group: Group | None = None


class Doubt(Struct, frozen=True, forbid_unknown_fields=True):
    """Before something at a path of a text gets another name or is taken out."""

    act: Literal["rename", "remove"]
    path: str
    text: str


_reader = msgspec.json.Decoder(Question)
_doubts = msgspec.json.Decoder(Doubt)


@require_POST
@needs("plan:make")
def condition(request: Asked) -> HttpResponse:
    """The text of groups; or the groups of a text, with all it can ask."""
    try:
        asked = _read(_reader, request.body)
        found: dict[str, Any]
        if asked.group is not None:
            found = {"said": write_condition(asked.group)}
        else:
            known = vocabulary_at(asked.text, asked.path)
            found = {"group": read_condition(asked.said, known), "fields": askable(known, language())}
    except FestoonError as error:
        return _refused(error)
    return HttpResponse(msgspec.json.encode(found), "application/json")


@require_POST
@needs("plan:make")
def uses(request: Asked) -> HttpResponse:
    """The places that would change with a name, or would name nothing once it is gone."""
    try:
        doubt = _read(_doubts, request.body)
        told = (
            uses_of(doubt.text, doubt.path) if doubt.act == "rename" else uses_outside(doubt.text, doubt.path)
        )
    except FestoonError as error:
        return _refused(error)
    return HttpResponse(msgspec.json.encode({"uses": told}), "application/json")


def _refused(error: FestoonError) -> HttpResponse:
    spoken = language()
    found = {"said": error.text(spoken), "todo": error.todo(spoken)}
    return HttpResponse(msgspec.json.encode(found), "application/json", error.http_status())


def _read(reader: msgspec.json.Decoder[_Asked], body: bytes) -> _Asked:
    try:
        return reader.decode(body)
    except msgspec.MsgspecError as wrong:
        raise Invalid(NOT_KEPT, reason=str(wrong)) from None
