"""One grant is taken back once, whoever takes it back: a mechanic because an order was refunded, an operator because of
a mistake, a merge because the person had it already.

Each keeps what it can take back in a place of its own. What of it is back already is the same in all of them: who takes
it back for an operator looks where the mechanic keeps it, and writes there what became of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from festoon.engine.progress import Granted
from festoon.engine.view import EventView
from festoon.plan.compiled import CompiledCampaign

Alike = tuple[str, str, str, int]


class Place(Struct, frozen=True):
    """Where a mechanic keeps one thing: under a name, and the how manieth there."""

    mechanic: str
    name: str
    at: int
    back: int


class Kept:
    """What the mechanics of a campaign keep of a member, to be found by what it is.

    Raises NotLoaded.
    """

    def __init__(self, view: EventView, campaign: CompiledCampaign) -> None:
        self._view = view
        self._places: defaultdict[Alike, list[Place]] = defaultdict(list)
        self._taken: list[tuple[Place, str, int]] = []
        for plan in campaign.mechanics:
            progress = view.person.progress_of(plan.key)
            for name, granted in () if progress is None else progress.granted.items():
                for at, each in enumerate(granted):
                    if each.mark:
                        self._places[_alike(each)].append(Place(plan.key, name, at, each.back))

    def as_known(self, name: str, granted: Iterable[Granted]) -> list[Granted]:
        """The same with what is back of it by what its mechanic knows; `name` is what it is asked for under."""
        found = []
        for at, each in enumerate(granted):
            places = self._places.get(_alike(each))
            if places:
                place = places.pop(0)
                self._taken.append((place, name, at))
                each = replace(each, back=max(each.back, place.back))
            found.append(each)
        return found

    def tell(self, granted: Mapping[str, Sequence[Granted]]) -> None:
        """Write to the mechanics what is back by now."""
        for place, name, at in self._taken:
            back = granted[name][at].back
            if back == place.back:
                continue
            version = self._view.program.by_key[place.mechanic].version
            progress = self._view.person.progress_to_change(place.mechanic, version)
            kept = list(progress.granted[place.name])
            kept[place.at] = replace(kept[place.at], back=back)
            progress.granted = {**progress.granted, place.name: kept}


def _alike(each: Granted) -> Alike:
    return each.mark, each.asset, each.item, each.amount
