"""An inviter's reward that the budget could not pay on its day: it is tried again on later ones."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from festoon.base.effects import Effect, Keep, Start
from festoon.base.times import start_of_day
from festoon.mechanics.base import View
from festoon.mechanics.referral_state import ReferralState

SHORT = frozenset({"budget.short", "stock.empty"})
"""The refusals that may be none another day."""
PAUSES = (1, 2, 4, 8, 16)
"""After how many days it is tried again."""
MOST = 256
"""How many rewards of one inviter are tried again."""


def tried_again(state: ReferralState, data: dict[str, Any], view: View, zone: ZoneInfo) -> Iterator[Effect]:
    """The reward for an invitee was refused, or its inviter is passed over; then it is over."""
    invitee, tries = data["invitee"], data.get("tries", 0)
    others = without(state, invitee)
    if view.refused in SHORT and tries < len(PAUSES) and len(others.unpaid) < MOST:
        day = view.local_date(view.now) + timedelta(days=PAUSES[tries])
        yield Keep(replace(others, unpaid=(*others.unpaid, invitee)))
        yield Start(f"reward:{invitee}", start_of_day(day, zone), {**data, "tries": tries + 1})
    elif others is not state:
        yield Keep(others)


def without(state: ReferralState, invitee: int) -> ReferralState:
    """Nothing is to be tried again for an invitee."""
    if invitee not in state.unpaid:
        return state
    return replace(state, unpaid=tuple(each for each in state.unpaid if each != invitee))
