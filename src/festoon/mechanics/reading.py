"""Whole numbers read off an event, with a short way for the commonest case: a field of its data."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from festoon.base.errors import Invalid, define
from festoon.base.events import Event
from festoon.base.expressions.standard import EVENT
from festoon.mechanics.base import Build, View

NOT_A_FIELD = define(
    "mechanic.not_a_field",
    400,
    "'{name}' is not a field of the event's data, such as event.content",
    "“{name}”不是事件数据的字段，例如 event.content",
)

Reading = Callable[[Event, View], int]

_FIELD = re.compile(r"event\.([A-Za-z]\w*)")


def reading(text: str, build: Build, path: str, types: Sequence[str] = ()) -> Reading:
    """The value of a whole-number expression for an event; 0 when it is missing. `types` are those of the
    mechanic's event types that it will be read for; all of them by default.

    Raises Invalid for an expression that is wrong or not a whole number.
    """
    expression = build.value(text, path, types) if types else build.value(text, path)
    plain = _FIELD.fullmatch(expression.text)
    if plain is not None and f"event.{plain[1]}" not in EVENT:
        return _field(plain[1])

    value = expression.value

    def computed(event: Event, view: View) -> int:
        return whole_number(value(event.data, view.member, view))

    return computed


def _field(name: str) -> Reading:
    def read(event: Event, _view: View) -> int:
        found = event.data.get(name)
        return found if type(found) is int else 0

    return read


def whole_number(found: Any) -> int:
    """A whole number as it is, and 0 for anything else: a platform's own event types are open."""
    return found if type(found) is int else 0


def field(name: str, build: Build, path: str, types: Sequence[str] = ()) -> str:
    """The data field that `event.content` names, checked; `types` are as for `reading`. Raises Invalid for one the
    events do not have."""
    plain = _FIELD.fullmatch(name)
    if plain is None or name in EVENT:
        raise Invalid(NOT_A_FIELD, path, name=name)
    build.condition(f"present({name})", path, types)
    return plain[1]


def text_at(event: Event, name: str) -> str:
    """What a data field names, as text; "" when it is missing."""
    found = event.data.get(name)
    return found if isinstance(found, str) else str(found) if type(found) is int else ""
