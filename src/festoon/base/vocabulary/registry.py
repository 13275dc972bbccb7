"""Every event type by its name, in the order of the reference page."""

from collections.abc import Mapping
from types import MappingProxyType

from festoon.base.vocabulary import (
    amends,
    bookkeeping,
    claims,
    commerce,
    consents,
    content,
    fulfilment,
    members,
    play,
    standing,
)
from festoon.base.vocabulary.event_type import EventType

_ROOMS = (members, consents, content, commerce, fulfilment, play, claims, bookkeeping, amends, standing)

VOCABULARY: Mapping[str, EventType] = MappingProxyType(
    {type.name: type for room in _ROOMS for type in room.TYPES}
)
