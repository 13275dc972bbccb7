"""Saving: the text as it was typed, with the changes a form made; and what is then shown."""

from typing import Any

import msgspec
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from msgspec import Struct

from festoon.base.clock import wall
from festoon.base.errors import Conflict, FestoonError, Invalid, define
from festoon.console.asked import Asked
from festoon.console.editor.page import drawn
from festoon.console.gate import needs
from festoon.console.texts import language
from festoon.engine.drafts import DRAFT_MOVED, draft, overrule, save
from festoon.plan.form.changes import Change, changed
from festoon.plan.form.marks import title_of
from festoon.plan.source import MAX_BYTES

NOT_KEPT = define(
    "draft.not_kept",
    400,
    "this cannot be saved: {reason}",
    "无法保存：{reason}",
    todo="load the page again; what you typed is kept in this browser",
    todo_zh="请重新加载页面；您输入的内容保留在本浏览器中",
)


class Kept(Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends: its text, the revision it began with, the section it shows, and changes by a form.

    `over` says that whoever types has seen what another window saved, and wants his own.
    """

    text: str
    revision: int
    section: str = ""
    changes: tuple[Change, ...] = ()
    over: bool = False


_reader = msgspec.json.Decoder(Kept)


@require_POST
@needs("plan:make")
def keep(request: Asked, id: int) -> HttpResponse:
    """Save, and answer with the text, its marks and the form. What cannot be changed by a form is said and the text is
    saved all the same."""
    try:
        asked = _read(request.body)
        text, wrong = _with(asked)
        title, maker, now = title_of(text, language()), request.user.actor, wall()
        if asked.over:
            revision = request.bridge.ask(overrule, id, maker, text, title, now)
        else:
            revision = request.bridge.ask(save, id, maker, asked.revision, text, title, now)
    except Conflict as conflict:
        return _answer(_moved(request, id, conflict), 409)
    except FestoonError as error:
        return _answer(_said(error), error.http_status())
    found = request.bridge.ask(draft, id, request.user.actor)
    answer = drawn(found, asked.section) | {"text": text, "revision": revision, "saved": found.updated}
    return _answer(answer | ({"problem": _said(wrong)} if wrong else {}))


def _read(body: bytes) -> Kept:
    try:
        asked = _reader.decode(body)
    except msgspec.MsgspecError as wrong:
        raise Invalid(NOT_KEPT, reason=str(wrong)) from None
    if len(asked.text) > 2 * MAX_BYTES or "\0" in asked.text:
        raise Invalid(NOT_KEPT, reason="…")
    return asked


def _with(asked: Kept) -> tuple[str, FestoonError | None]:
    """The text with the changes, as far as they can be made, and why not all."""
    text = asked.text.replace("\r\n", "\n")
    for change in asked.changes:
        try:
            text = changed(text, change)
        except FestoonError as wrong:
            return text, wrong
    return text, None


def _moved(request: Asked, id: int, conflict: Conflict) -> dict[str, Any]:
    """What the other window saved stands beside what this one has."""
    told = _said(conflict)
    if conflict.code != DRAFT_MOVED:
        return told
    found = request.bridge.ask(draft, id, request.user.actor)
    return told | {"theirs": found.text, "revision": found.revision, "saved": found.updated}


def _said(error: FestoonError) -> dict[str, Any]:
    spoken = language()
    return {"code": error.code, "said": error.text(spoken), "todo": error.todo(spoken)}


def _answer(data: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(data), "application/json", status)
