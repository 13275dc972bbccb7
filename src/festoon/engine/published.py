"""A published plan's text keeps meaning what it meant: it is read for the mechanic kinds it was written for."""

from collections.abc import Mapping

import msgspec

from festoon.mechanics.registry import kinds
from festoon.plan.compiled import CompiledCampaign

_kinds = msgspec.json.Decoder(dict[str, int])
FIRST = 1


def stored_kinds(compiled: CompiledCampaign) -> str:
    """The versions of the mechanic kinds that a plan uses, as they stand beside its text."""
    return msgspec.json.encode(compiled.kinds, order="sorted").decode()


def written_for(stored: str) -> Mapping[str, int]:
    """The version of each kind that a stored plan was written for; the first of those that were not noted."""
    return dict.fromkeys(kinds(), FIRST) | _kinds.decode(stored)
