"""What a plan gives a name to, and where it refers to these names: by key, by value, and inside expressions.

Both are read off the types that read a plan (`form/fields.py`), so that a mechanic of another package is covered by
what its annotations say.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from festoon.plan.catalogue import BUILT_IN, SECTIONS
from festoon.plan.decode import Path
from festoon.plan.form.field_at import alternative, mechanic_fields
from festoon.plan.form.fields import Field, fields_of
from festoon.plan.mentions import ANYWHERE, mentions
from festoon.plan.schema import Plan

Part = Literal["key", "value", "inside", "default"]


class Thing(Struct, frozen=True):
    """Something with a name. `within` is a prize's mechanic, an arm's experiment, the attribute a level is read as."""

    sort: str
    name: str
    within: str = ""

    def is_meant_by(self, other: "Thing") -> bool:
        return (self.sort, self.name) == (other.sort, other.name) and other.within in (self.within, ANYWHERE)


class Named(Struct, frozen=True):
    """A name at a path: it is the key there, the value, or stands inside of it from the character `start` on; or it is
    meant because nothing else is said there (`default`)."""

    steps: Path
    thing: Thing
    part: Part
    start: int = 0


_KEYS: Mapping[Path, str] = {
    **{(section,): sort for sort, section in SECTIONS.items()},
    ("mechanics",): "mechanic",
    ("rewards",): "reward",
    ("assets",): "asset",
    ("attributes",): "attribute",
    ("experiments",): "experiment",
    ("events",): "event",
    ("budget", "lines"): "line",
    ("risk", "thresholds"): "threshold",
}
_GIVEN = {
    **{sort: sort for sort in SECTIONS},
    "asset": "asset",
    "chances": "mechanic",
    "experiment": "experiment",
}


def things(data: Mapping[str, Any]) -> Iterator[Named]:
    """Everything that the plan gives a name to and that it can refer to."""
    for steps, sort in _KEYS.items():
        for name in _map(data, *steps):
            if sort != "asset" or name not in BUILT_IN:
                yield Named((*steps, name), Thing(sort, name), "key")
    for name, said in _map(data, "segments").items():
        yield from _segment(name, said)
    for name in _map(data, "experiments"):
        at: Path = ("experiments", name, "arms")
        yield from (Named((*at, arm), Thing("arm", arm, name), "key") for arm in _map(data, *at))
    yield from _tasks(_map(data, "work"), ("work",))
    for id, said in _map(data, "mechanics").items():
        attribute = said.get("attribute", "level") if isinstance(said, dict) else ""
        yield from _listed(said, ("mechanics", id), "prizes", "prize", id)
        yield from _listed(said, ("mechanics", id), "levels", "level", str(attribute))


def references(data: Mapping[str, Any]) -> Iterator[Named]:
    """Everywhere the plan names something, whether there is such a thing or not."""
    for field in fields_of(Plan):
        if field.name == "mechanics":
            for id, said in _map(data, "mechanics").items():
                yield from _parts(mechanic_fields(said), said, ("mechanics", id), id)
        else:
            yield from _field(field, data.get(field.name), (field.name,), "")


def _segment(name: str, said: Any) -> Iterator[Named]:
    """A segment; of one that is cut into parts its parts are what is referred to."""
    at: Path = ("segments", name)
    split = said.get("split") if isinstance(said, dict) else None
    if not isinstance(split, dict):
        yield Named(at, Thing("segment", name), "key")
        return
    for key in ("parts", "cuts"):
        yield from (
            Named((*at, "split", key, part), Thing("segment", part), "key") for part in _map(split, key)
        )
    if isinstance(split.get("rest"), str):
        yield Named((*at, "split", "rest"), Thing("segment", split["rest"]), "value")


def _tasks(work: Mapping[str, Any], at: Path) -> Iterator[Named]:
    for name, task in work.items():
        yield Named((*at, name), Thing("task", name), "key")
        yield from _tasks(_map(task, "tasks"), (*at, name, "tasks"))


def _listed(said: Any, at: Path, key: str, sort: str, within: str) -> Iterator[Named]:
    found = said.get(key) if isinstance(said, dict) else None
    for index, each in enumerate(found if isinstance(found, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            yield Named((*at, key, index, "id"), Thing(sort, each["id"], within), "value")


def _parts(fields: Iterable[Field], said: Any, at: Path, here: str) -> Iterator[Named]:
    for field in fields:
        if isinstance(said, dict) and field.name in said:
            yield from _field(field, said[field.name], (*at, field.name), here)
        elif isinstance(said, dict) and field.of and isinstance(field.default, str) and field.default:
            yield Named((*at, field.name), Thing(field.of, field.default), "default")


def _field(field: Field, said: Any, at: Path, here: str) -> Iterator[Named]:
    field = alternative(field, said)
    match field.kind:
        case "group":
            yield from _parts(field.parts, said, at, here)
        case "entries" if isinstance(said, dict) and field.each is not None:
            of = field.key.of if field.key is not None else ""
            for key, each in said.items():
                if of in ("asset", "threshold"):
                    yield Named((*at, key), Thing(of, key), "key")
                yield from _field(field.each, each, (*at, key), here)
        case "items" if isinstance(said, list) and field.each is not None:
            for index, each in enumerate(said):
                yield from _field(field.each, each, (*at, index), here)
        case "reward":
            yield from _reward(said, at)
        case "condition" | "code" if isinstance(said, str):
            yield from _expression(said, at)
        case "names" | "text" | "events":
            of = "event" if field.kind == "events" else "segment" if field.of == "listed" else field.of
            yield from _names(said, of, at, here if of == "prize" else "")


def _names(said: Any, of: str, at: Path, within: str) -> Iterator[Named]:
    if of and isinstance(said, str):
        yield Named(at, Thing(of, said, within), "value")
    elif of and isinstance(said, list):
        for index, each in enumerate(said):
            yield from _names(each, of, (*at, index), within)


def _reward(said: Any, at: Path) -> Iterator[Named]:
    """A reward's name, a line, or lines; a line that differs by member has rewards of its own."""
    if isinstance(said, str):
        yield Named(at, Thing("reward", said), "value")
    elif isinstance(said, list):
        for index, each in enumerate(said):
            yield from _reward(each, (*at, index))
    elif isinstance(said, dict):
        for key, of in _GIVEN.items():
            if isinstance(said.get(key), str):
                yield Named((*at, key), Thing(of, said[key]), "value")
        for arm, given in _map(said, "arms").items():
            yield Named((*at, "arms", arm), Thing("arm", arm, str(said.get("experiment"))), "key")
            yield from _reward(given, (*at, "arms", arm))
        yield from _cases(said.get("first"), (*at, "first"))
        yield from _reward(said.get("else"), (*at, "else"))


def _cases(said: Any, at: Path) -> Iterator[Named]:
    for index, case in enumerate(said if isinstance(said, list) else ()):
        if isinstance(case, dict):
            yield from _reward(case.get("give"), (*at, index, "give"))
            if isinstance(case.get("when"), str):
                yield from _expression(case["when"], (*at, index, "when"))


def _expression(said: str, at: Path) -> Iterator[Named]:
    for each in mentions(said):
        yield Named(at, Thing(each.sort, each.name, each.within), "inside", each.start)


def _map(at: Any, *steps: str | int) -> Mapping[str, Any]:
    for step in steps:
        at = at.get(step) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else {}
