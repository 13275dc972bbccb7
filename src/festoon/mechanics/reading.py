"""Whole numbers read off an event, with a short way for the commonest case: a field of its data."""

import re
from collections.abc import Callable
from typing import Any

from festoon.base.events import Event
from festoon.base.expressions.standard import EVENT
from festoon.mechanics.base import Build, View

Reading = Callable[[Event, View], int]

_FIELD = re.compile(r"\s*event\.([A-Za-z]\w*)\s*")


def reading(text: str, build: Build, path: str) -> Reading:
    """The value of a whole-number expression for an event; 0 when it is missing.

    Raises Invalid for an expression that is wrong or not a whole number.
    """
    value = build.value(text, path)
    plain = _FIELD.fullmatch(text)
    if plain is not None and f"event.{plain[1]}" not in EVENT:
        return _field(plain[1])

    def computed(event: Event, view: View) -> int:
        return whole_number(value(event.data, view.member, view))

    return computed


def _field(name: str) -> Reading:
    def read(event: Event, view: View) -> int:
        return whole_number(event.data.get(name))

    return read


def whole_number(found: Any) -> int:
    """A whole number as it is, and 0 for anything else: a platform's own event types are open."""
    return found if type(found) is int else 0
