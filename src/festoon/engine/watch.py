"""What is to be watched for the rules about risk of the plans that run. Nothing, when no plan asks."""

from collections.abc import Iterable

from msgspec import Struct

from festoon.base.vocabulary import VOCABULARY
from festoon.plan.compiled import CompiledCampaign

DEVICE, ADDRESS, INVITER = "device", "address", "inviter"
INTERNAL = frozenset(name for name, type_ in VOCABULARY.items() if type_.kind == "internal")
"""Types of events that say nothing of what a member does."""
PACE = "festoon/pace"
"""Where it is kept how fast a member acts."""
MOST = 100
"""At so many members nobody counts any further."""
OWN = 50
"""Of a member's own places the latest so many are looked at."""


class Watch(Struct, frozen=True):
    """Which signals are asked for."""

    devices: bool
    addresses: bool
    invites: bool
    pace: bool

    @property
    def fields(self) -> frozenset[str]:
        """The fields of event data that are for signals alone."""
        named = (("device_id", self.devices), ("ip", self.addresses))
        return frozenset(name for name, wanted in named if wanted)


def watched(campaigns: Iterable[CompiledCampaign]) -> Watch | None:
    """What the plans together ask for; None when it is nothing."""
    asks = frozenset[str]().union(*(one.risk.asks for one in campaigns if one.risk is not None))
    found = Watch(
        devices=bool(asks & {"device_members", "invite_devices"}),
        addresses="address_members" in asks,
        invites=bool(asks & {"invited", "invited_together", "invited_back", "invite_devices"}),
        pace=bool(asks & {"events_minute", "events_hour"}),
    )
    return found if any((found.devices, found.addresses, found.invites, found.pace)) else None
