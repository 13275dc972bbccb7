"""What names of this plan a key can refer to: its assets, lines, coupons, segments, mechanics."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from festoon.base.vocabulary import VOCABULARY
from festoon.plan.catalogue import BUILT_IN, SECTIONS
from festoon.plan.goals import METRICS


def names_of(of: str, data: Mapping[str, Any], here: Any = None) -> tuple[str, ...]:
    """The names that a reference of this sort can have, as the plan's text says them now; `here` is the mechanic in
    which it stands."""
    if of in SECTIONS:
        return tuple(_map(data, SECTIONS[of]))
    return tuple(_SORTS[of](data, here)) if of in _SORTS else ()


def segments(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The segments that conditions can name: of one that is cut into parts, its parts."""
    found: list[str] = []
    for name, said in _map(data, "segments").items():
        split = said.get("split") if isinstance(said, dict) else None
        if isinstance(split, dict):
            found += [*_map(split, "parts"), *_map(split, "cuts")]
            found += [split["rest"]] if isinstance(split.get("rest"), str) else []
        else:
            found.append(name)
    return tuple(found)


def _tasks(work: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name, task in work.items():
        found.append(name)
        found += _tasks(_map(task, "tasks")) if isinstance(task, dict) else []
    return found


def _has_chances(said: Any) -> bool:
    return isinstance(said, dict) and said.get("kind") in ("draw", "grand_draw", "red_packet")


def _is_listed(said: Any) -> bool:
    return isinstance(said, dict) and said.get("list") is not None


def _map(at: Any, key: str) -> Mapping[str, Any]:
    found = at.get(key) if isinstance(at, dict) else None
    return found if isinstance(found, dict) else {}


def _prizes(here: Any) -> list[str]:
    found = here.get("prizes") if isinstance(here, dict) else ()
    return [str(each.get("id", "")) for each in found or () if isinstance(each, dict)]


_SORTS: Mapping[str, Callable[[Mapping[str, Any], Any], Iterable[str]]] = {
    "asset": lambda data, _: (
        *BUILT_IN,
        str(_map(data, "budget").get("currency", "CNY")),
        *_map(data, "assets"),
    ),
    "line": lambda data, _: _map(_map(data, "budget"), "lines"),
    "mechanic": lambda data, _: _map(data, "mechanics"),
    "segment": lambda data, _: segments(data),
    "listed": lambda data, _: [name for name, said in _map(data, "segments").items() if _is_listed(said)],
    "metric": lambda _, __: METRICS,
    "zone": lambda _, __: sorted(available_timezones()),
    "event": lambda data, _: (*sorted(VOCABULARY), *_map(data, "events")),
    "prize": lambda _, here: _prizes(here),
    "experiment": lambda data, _: _map(data, "experiments"),
    "threshold": lambda data, _: _map(_map(data, "risk"), "thresholds"),
    "attribute": lambda data, _: ("level", *_map(data, "attributes")),
    "task": lambda data, _: _tasks(_map(data, "work")),
    "reward": lambda data, _: _map(data, "rewards"),
    "chances": lambda data, _: [name for name, said in _map(data, "mechanics").items() if _has_chances(said)],
}
