"""The walk up a chain of inviters, a timer at each: whether an invitation is a ring, or comes from his own device."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from festoon.base.effects import Effect, Keep, Note, Start
from festoon.mechanics.base import View
from festoon.mechanics.counting import Marks
from festoon.mechanics.referral_refusals import RING, SAME_DEVICE, SELF
from festoon.mechanics.referral_state import ReferralState, latest

MAX_HOPS = 9
"""How far up the chain of inviters a ring is looked for: so many steps find every ring of eight, also one that a merge
has closed."""


def checked(state: ReferralState, data: dict[str, Any], view: View) -> Iterator[Effect]:
    """One step, at one of the newcomer's inviters."""
    newcomer, device, hop = data["newcomer"], data["device"], data["hop"]
    numbers = view.member.numbers
    if newcomer in numbers:  # an account that was his stands above him
        if hop > 1 or state.inviter in numbers:
            yield from voided(state, SELF if hop == 1 else RING)
        return
    if state.inviter == newcomer:
        yield Start("void", view.now, {"code": RING, "newcomer": newcomer}, member=newcomer)
        return
    if hop == 1:
        if device and device in state.devices:
            yield Start("void", view.now, {"code": SAME_DEVICE, "newcomer": newcomer}, member=newcomer)
            return
        yield Keep(
            replace(
                state,
                friends=state.friends + 1,
                invited=latest(state.invited, newcomer),
                devices=latest(state.devices, device),
            )
        )
    if state.inviter is None or hop >= MAX_HOPS:
        found = {"newcomer": newcomer, "passed": True} if "passed" in data else {"newcomer": newcomer}
        yield Start("clear", view.now, found, member=newcomer)
    else:
        yield Start("check", view.now, {**data, "hop": hop + 1}, member=state.inviter)


def passed_on(state: ReferralState, data: dict[str, Any], view: View) -> Iterator[Start]:
    """The same at one whom the campaign is not for: the walk goes on, and the inviter himself is not rewarded."""
    if data["hop"] == 1:
        data = {**data, "passed": True}
    return (step for step in checked(state, data, view) if isinstance(step, Start))


def cleared(state: ReferralState, data: dict[str, Any]) -> ReferralState:
    """Nothing speaks against the invitation."""
    return replace(state, cleared=True, passed=state.passed or "passed" in data)


def voided(state: ReferralState, code: str) -> Iterator[Effect]:
    """The invitation brings nothing."""
    yield Keep(replace(state, void=code, marks=Marks(), acts=(), qualified=None, amount=0))
    yield Note({"void": code})
