"""From nodes to a plan: the whole of it, or all of it that is sound."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from festoon.mechanics.base import Mechanic
from festoon.mechanics.registry import kinds
from festoon.plan import codes_file, codes_plan
from festoon.plan.decode import Broken, Decoder, Path
from festoon.plan.places import Place, places_of
from festoon.plan.problems import Problem, suggestion
from festoon.plan.schema import MechanicPlan, Plan, SchedulePlan
from festoon.plan.source import Node, plain, planted, read_source

COMMON = tuple(field.encode_name for field in fields(MechanicPlan) if field.name != "params")
"""The keys every mechanic has, whatever its kind."""


STAND_INS: Mapping[str, Any] = {
    "campaign": "campaign",
    "title": "-",
    "timezone": "UTC",
    "schedule": SchedulePlan(start="2000-01-01", end="2000-01-01"),
}
"""For what is needed and broken, so that the rest of the plan can be looked at."""


class Parsed(Struct, frozen=True):
    """What was read. `plan` holds all that is sound, or is None when nothing can be made of it; `names` are
    those the file declares by section, sound or not. `torn` are the mechanics of which something is left out."""

    plan: Plan | None
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]
    names: Mapping[str, frozenset[str]]
    torn: frozenset[str] = frozenset()


def parse(text: str | bytes, written_for: Mapping[str, int] | None = None) -> Parsed:
    """Read a plan's text. Never raises.

    `written_for` says for which version of each mechanic kind it was written; parameters of an older version
    are upgraded to today's shape.
    """
    node, problems = read_source(text)
    if node is None:
        return Parsed(None, tuple(problems), {}, {})
    decoder = Decoder({MechanicPlan: lambda at, node, path: _mechanic(at, node, path, written_for or {})})
    plan = None
    if isinstance(node.value, dict):
        plan = Plan(**{**STAND_INS, **decoder.values(Plan, node, ())})
    else:
        decoder.say(
            codes_file.EXPECTED_MAPPING, node, (), known=", ".join(each.encode_name for each in fields(Plan))
        )
    places = places_of(node)
    torn = frozenset(str(path[1]) for path in decoder.left_out if path[0] == "mechanics" and len(path) > 2)
    return Parsed(plan, (*_with_paths(problems, places), *decoder.problems), places, _names(node), torn)


def _with_paths(problems: Iterable[Problem], places: Mapping[str, Place]) -> Iterator[Problem]:
    """What the reader found at a value, with the path of the value."""
    paths = {(place.line, place.column): path for path, place in places.items()}
    return (replace(each, path=paths.get((each.line, each.column), "")) for each in problems)


def _mechanic(decoder: Decoder, node: Node, path: Path, written_for: Mapping[str, int]) -> MechanicPlan:
    """A mechanic: the keys all have, and beside them the parameters of its kind."""
    common = Node({key: of for key, of in node.value.items() if key in COMMON}, node.line, node.column)
    rest = Node({key: of for key, of in node.value.items() if key not in COMMON}, node.line, node.column)
    cls = _kind(decoder, node, path)
    made: MechanicPlan = decoder.struct(MechanicPlan, common, path)
    if cls is None:
        raise Broken
    version = written_for.get(cls.kind, cls.version)
    if version > cls.version:
        decoder.say(
            codes_plan.KIND_TOO_NEW, node, path, kind=cls.kind, written=version, installed=cls.version
        )
        raise Broken
    if version < cls.version:
        rest = planted(cls.upgrade(version, plain(rest)), node)
    params = decoder.struct(cls.Params, rest, path, COMMON)
    return MechanicPlan(
        kind=made.kind,
        title=made.title,
        when=made.when,
        who=made.who,
        limits=made.limits,
        caps=made.caps,
        short=made.short,
        at_risk=made.at_risk,
        merged=made.merged,
        params=params,
    )


def _kind(decoder: Decoder, node: Node, path: Path) -> type[Mechanic] | None:
    entry = node.value.get("kind")
    if entry is None or not isinstance(entry.node.value, str):
        return None  # said by whoever decodes the common keys
    known = kinds()
    name = entry.node.value
    if name not in known:
        listed = ", ".join(known)
        decoder.say(
            codes_plan.UNKNOWN_KIND,
            entry.node,
            (*path, "kind"),
            kind=name,
            known=listed,
            **suggestion(name, known),
        )
        return None
    return known[name]


def _names(node: Node) -> dict[str, frozenset[str]]:
    if not isinstance(node.value, dict):
        return {}
    return {
        section: frozenset(entry.node.value) if isinstance(entry.node.value, dict) else frozenset()
        for section, entry in node.value.items()
    }


def declared(plan: Plan, names: Mapping[str, frozenset[str]], section: str) -> frozenset[str]:
    """The names of a section: what the file declares, also where it is broken."""
    own: Any = getattr(plan, section)
    return frozenset(own) | names.get(section, frozenset())
