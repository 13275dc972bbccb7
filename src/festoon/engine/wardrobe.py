"""What can be worn where, and how many things at once, over all campaigns that run."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from festoon.plan.compiled import CompiledCampaign

BADGE, ITEM = "badge", "item"
USUAL = {BADGE: 3}
"""How many can be worn at once in a place of which no plan says it; in any other, one."""


class Wardrobe(Struct, frozen=True):
    """What can be worn where, over all campaigns: the place of each thing (`badge:spring/fan`), "" for what cannot be
    worn, and how many there are of a place: the most that a plan says."""

    places: Mapping[str, str]
    limits: Mapping[str, int]

    @classmethod
    def of(cls, campaigns: Iterable[CompiledCampaign]) -> "Wardrobe":
        """That of running campaigns."""
        places: dict[str, str] = {}
        limits: dict[str, int] = {}
        for campaign in campaigns:
            places |= {f"{each.kind}:{each.ref}": each.wear for each in campaign.things.values()}
            for place, limit in campaign.wearing.items():
                limits[place] = max(limit, limits.get(place, 0))
        return cls(places, limits)

    def place(self, kind: str, ref: str) -> str:
        """Where a thing is worn; of one that no running plan knows, with its kind."""
        if kind not in (BADGE, ITEM):
            return ""
        return self.places.get(f"{kind}:{ref}", kind)

    def limit(self, place: str) -> int:
        """How many can be worn there at once."""
        return self.limits.get(place, USUAL.get(place, 1))
