"""Changes that a form makes, each as an edit of the text that touches nothing else.

What was typed is always kept: a number that is no number stands in the text as it was typed, and is marked there.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from festoon.base.errors import Invalid
from festoon.mechanics.base import Mechanic
from festoon.mechanics.registry import kinds
from festoon.plan.decode import Path, shown
from festoon.plan.edit import NO_SUCH_PATH, edit, move_up, remove, steps_of
from festoon.plan.form.field_at import field_at, mechanic_fields
from festoon.plan.form.fields import Field, fields_of
from festoon.plan.problems import PlanInvalid
from festoon.plan.renaming import renamed
from festoon.plan.schema import Plan
from festoon.plan.source import plain, read_source

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,12})?")
_SHARE = re.compile(r"[-+]?[0-9]{1,6}(?:\.[0-9]{1,4})?")


class Change(Struct, frozen=True):
    """One change: `set` a field to what was typed (nothing takes it out), `put` plain data, `add` an item (or an entry
    called `name`), `remove`, move `up` or `down`, `rename` to `name`."""

    act: Literal["set", "put", "add", "remove", "up", "down", "rename"]
    path: str
    typed: str | list[str] = ""
    data: Any = None
    name: str = ""


def changed(text: str, change: Change) -> str:
    """The text with a change. Raises PlanInvalid for a text that cannot be read, Invalid `plan.no_such_path`."""
    steps = steps_of(change.path)
    data = _data(text)
    match change.act:
        case "set":
            field = field_at(steps, data)
            return put(text, steps, value_of(field, change.typed) if field else change.typed, field)
        case "put":
            return put(text, steps, change.data, field_at(steps, data))
        case "add":
            return _add(text, steps, change, data)
        case "remove":
            return take_out(text, steps)
        case "up":
            return move_up(text, steps)
        case "down":
            return move_up(text, _next(steps, data))
        case "rename":
            return renamed(text, steps, change.name)


def put(text: str, steps: Path, value: Any, field: Field | None = None) -> str:
    """The text with a value at a path whose beginnings may not be there yet; None takes it out. Of a map or list only
    what differs is touched."""
    data = _data(text)
    there = _depth(data, steps)
    if value is None:
        return (
            take_out(text, steps)
            if there == len(steps) and not _needed(field)
            else _emptied(text, steps, there, field)
        )
    if there == len(steps):
        return _differing(text, steps, _get(data, steps), value)
    for step in reversed(steps[there + 1 :]):
        value = [value] if isinstance(step, int) else {step: value}
    at = steps[: there + 1]
    if there and _get(data, steps[:there]) is None:  # a key with nothing behind it
        return edit(text, steps[:there], {steps[there]: value})
    return edit(text, at, value, order_at(at[:-1], data))


def take_out(text: str, steps: Path) -> str:
    """The text without a value, and without the groups that are left empty by that."""
    data = _data(text)
    while len(steps) > 1:
        around = _get(data, steps[:-1])
        of = field_at(steps[:-1], data)
        if len(around) > 1 or of is None or of.kind != "group" or of.needed or isinstance(steps[-2], int):
            break
        steps = steps[:-1]
    return remove(text, steps)


def value_of(field: Field, typed: str | list[str]) -> Any:
    """What was typed as the value it means; None for nothing."""
    if isinstance(typed, list):
        kept = [each.strip() for each in typed if each.strip()]
        return (kept[0] if len(kept) == 1 and field.kind == "events" else kept) or None
    if field.kind in ("texts", "names"):
        return [each.strip() for each in typed.splitlines() if each.strip()] or None
    said = typed.replace("\r\n", "\n").strip()
    if not said:
        return None
    match field.kind:
        case "whole" if _WHOLE.fullmatch(said):
            return int(said)
        case "number" | "money" if _DECIMAL.fullmatch(said):
            return Decimal(said)
        case "share" if _SHARE.fullmatch(said):
            return f"{said}%"
        case "truth" if said in ("true", "false"):
            return said == "true"
        case "choice" if field.name == "festoon":
            return int(said)
        case "either":
            return _either(field, said)
    return said


def order_at(steps: Path, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The order in which the keys of a map are written, as far as it matters."""
    if not steps:
        return tuple(field.name for field in fields_of(Plan))
    if len(steps) == 2 and steps[0] == "mechanics":
        return tuple(field.name for field in mechanic_fields(_get(data, steps)))
    field = field_at(steps, data)
    return tuple(each.name for each in field.parts) if field else ()


def fresh(field: Field) -> Any:
    """What a new item or entry begins with: a place for all that is needed."""
    if field.kind == "group":
        return {part.name: fresh(part) for part in field.parts if part.needed}
    if field.kind == "either":
        return fresh(field.either[0])
    blank: dict[str, Any] = {
        "whole": field.low or 1,
        "money": 0,
        "number": 1,
        "share": "10%",
        "reward": [],
        "entries": {},
    }
    blank |= {"items": [], "texts": [], "names": [], "truth": False, "words": ""}
    return blank.get(field.kind, field.choices[0] if field.choices else "")


def fresh_mechanic(kind: str) -> dict[str, Any]:
    """What a new mechanic of a kind begins with."""
    cls: type[Mechanic] = kinds()[kind]
    return {"kind": kind, **{each.name: fresh(each) for each in fields_of(cls.Params) if each.needed}}


def _add(text: str, steps: Path, change: Change, data: Mapping[str, Any]) -> str:
    """A new item at the end of a list, or a new entry of a map."""
    field = field_at(steps, data)
    there = _get(data, steps) if _depth(data, steps) == len(steps) else None
    if change.data is not None:
        new = change.data
    elif steps == ("mechanics",):
        raise Invalid(NO_SUCH_PATH, path=change.path)
    else:
        new = fresh(field.each) if field and field.each else []
    if change.name:
        if isinstance(there, dict) and change.name in there:
            raise Invalid(NO_SUCH_PATH, path=shown((*steps, change.name)))
        return put(text, (*steps, change.name), new)
    return put(text, (*steps, len(there) if isinstance(there, list) else 0), new)


def _either(field: Field, said: str) -> Any:
    for each in field.either:
        if each.kind in ("money", "number", "whole", "share"):
            return value_of(each, said)
    return said


def _differing(text: str, steps: Path, old: Any, new: Any) -> str:
    if type(old) is type(new) and old == new:
        return text
    if isinstance(old, dict) and isinstance(new, dict) and new:
        for key in [key for key in old if key not in new]:
            text = remove(text, (*steps, key))
        for key, value in new.items():
            if key not in old:
                text = edit(text, (*steps, key), value, tuple(new))
            else:
                text = _differing(text, (*steps, key), old[key], value)
        return text
    if isinstance(old, list) and isinstance(new, list) and new:
        for index in range(len(old) - 1, len(new) - 1, -1):
            text = remove(text, (*steps, index))
        for index, value in enumerate(new):
            if index < len(old):
                text = _differing(text, (*steps, index), old[index], value)
            else:
                text = edit(text, (*steps, index), value)
        return text
    return edit(text, steps, new)


def _needed(field: Field | None) -> bool:
    return field is not None and field.needed


def _emptied(text: str, steps: Path, there: int, field: Field | None) -> str:
    """What is needed stays, with nothing in it; what is not there needs not be taken out."""
    if there < len(steps) or field is None:
        return text
    return edit(text, steps, "")


def _next(steps: Path, data: Mapping[str, Any]) -> Path:
    """The path of the entry or item behind one."""
    around, last = _get(data, steps[:-1]), steps[-1]
    if isinstance(around, list) and isinstance(last, int):
        return (*steps[:-1], last + 1)
    keys = list(around)
    at = keys.index(last) + 1 if last in keys else len(keys)
    if at >= len(keys):
        raise Invalid(NO_SUCH_PATH, path=shown(steps))
    return (*steps[:-1], keys[at])


def _data(text: str) -> dict[str, Any]:
    node, problems = read_source(text)
    if node is None or not isinstance(node.value, dict):
        raise PlanInvalid(problems)
    found: dict[str, Any] = plain(node)
    return found


def _get(data: Any, steps: Path) -> Any:
    for step in steps:
        data = data[step]
    return data


def _depth(data: Any, steps: Path) -> int:
    """How many of the steps are there."""
    for index, step in enumerate(steps):
        sound = (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        )
        if not sound:
            return index
        data = data[step]
    return len(steps)
