"""The field that a path of a plan leads to: by the types and, for mechanics and alternatives, by what is there."""

from collections.abc import Mapping, Sequence
from typing import Any

from festoon.mechanics.registry import kinds
from festoon.plan.decode import Path
from festoon.plan.form.fields import Field, fields_of
from festoon.plan.schema import MechanicPlan, Plan

_FIRST = ("kind", "title", "on", "when", "who")
_LAST = ("limits", "caps", "short", "at_risk", "merged")


def field_at(steps: Path, data: Mapping[str, Any]) -> Field | None:
    """The field a path leads to, by the types and, for mechanics and alternatives, by what is there."""
    known: Sequence[Field] = fields_of(Plan)
    field: Field | None = None
    at: Any = data
    for index, step in enumerate(steps):
        at = _step(at, step)
        if index == 1 and steps[0] == "mechanics":
            field = Field(str(step), "group", struct=MechanicPlan)
            known = mechanic_fields(at)
            continue
        field = _below(field, known, step)
        if field is None:
            return None
        field = alternative(field, at)
        known = field.parts
    return field


def alternative(field: Field, value: Any) -> Field:
    """Of a field with several forms the one that a value has; the first for one that is not there."""
    if field.kind != "either":
        return field
    if isinstance(value, dict):
        return next((each for each in field.either if each.kind in ("group", "entries")), field)
    if isinstance(value, list):
        return next((each for each in field.either if each.kind in ("items", "texts", "names")), field)
    return field


def mechanic_fields(said: Any) -> list[Field]:
    """The fields of a mechanic, in the order one writes them: what it is, its own, what holds it."""
    common = {field.name: field for field in fields_of(MechanicPlan) if field.name != "params"}
    found = kinds().get(str(said.get("kind"))) if isinstance(said, dict) else None
    own = list(fields_of(found.Params)) if found else []
    first = [
        each for name in _FIRST for each in (common.get(name), *own) if each is not None and each.name == name
    ]
    last = [common[name] for name in _LAST]
    return [*first, *(each for each in own if each not in first), *last]


def _below(field: Field | None, known: Sequence[Field], step: str | int) -> Field | None:
    if field is not None and field.kind in ("items", "entries"):
        return field.each
    if field is not None and field.kind == "words":
        return Field(str(step), "text", "Text")
    return next((each for each in known if each.name == step), None)


def _step(at: Any, step: str | int) -> Any:
    try:
        return at[step]
    except (KeyError, IndexError, TypeError):
        return None
