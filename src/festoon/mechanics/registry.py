"""The mechanics there are: ours and those of other packages, found through one entry point group."""

from functools import cache
from importlib.metadata import entry_points

from festoon.base.errors import NotFound, define
from festoon.mechanics.base import Mechanic

GROUP = "festoon.mechanics"

UNKNOWN_KIND = define(
    "mechanic.unknown_kind",
    404,
    "there is no mechanic of kind '{kind}'; there are {known}",
    "没有名为“{kind}”的玩法；现有：{known}",
)


@cache
def kinds() -> dict[str, type[Mechanic]]:
    """Every kind by name. A package that names a kind another one has is refused when it is loaded."""
    found: dict[str, type[Mechanic]] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        made = entry.load()
        if entry.name in found and found[entry.name] is not made:
            raise RuntimeError(f"two packages offer the mechanic {entry.name!r}")
        found[entry.name] = made
    return found


def kind(name: str) -> type[Mechanic]:
    """The mechanic class of a kind. Raises NotFound with the known kinds."""
    known = kinds()
    if name not in known:
        raise NotFound(UNKNOWN_KIND, kind=name, known=", ".join(known))
    return known[name]
