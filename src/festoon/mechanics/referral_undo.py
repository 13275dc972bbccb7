"""What becomes of an invitation when an action that counted is undone: an order refunded, a post removed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from festoon.base.effects import Effect, Keep, Note, Spent, Start, TakeBack
from festoon.base.events import Event
from festoon.mechanics.base import Build, View
from festoon.mechanics.reading import text_at, whole_number
from festoon.mechanics.referral_params import Clawback, ReferralParams, name_of
from festoon.mechanics.referral_state import Act, ReferralState

TAKE_BACK = "take-back"
"""By which the inviter hears that he gives back. What is due at one instant fires in the order of its names: his reward
comes before it."""


class Undoing:
    """The rule of a plan. `pends` says whether a reward can be pending, `for_inviter` whether inviters get one."""

    def __init__(
        self, params: ReferralParams, rule: Clawback, build: Build, *, pends: bool, for_inviter: bool
    ) -> None:
        self.rule = rule
        self.count = params.count
        self.apart = params.distinct == "day"
        self.name = name_of(params, rule, build)
        self.pends = pends
        self.for_inviter = for_inviter

    def act(self, event: Event, slot: int) -> Act:
        """An action as it is remembered."""
        return Act(text_at(event, self.name), slot, max(whole_number(event.data.get("amount")), 1))

    def undone(self, event: Event, view: View) -> Iterator[Effect]:
        """An action is given back, all or in part: before he is rewarded it no longer counts, afterwards rewards are
        taken back."""
        state: ReferralState = view.state
        name, amount = text_at(event, self.name), event.data.get("amount")
        part = amount if type(amount) is int else None
        before = state.having(name)
        if before is None:
            if name and state.inviter is not None and not state.paid:
                yield Keep(state.with_early(name, part))
            return
        after = before.with_less(name, part)
        if after == before:
            return
        if not after.paid:
            after = after.without_undone(name, apart=self.apart)
            if after.counted < self.count:
                after = replace(after, qualified=None, amount=0)
        yield Keep(state.with_changed(before, after))
        if after.paid and not self._too_late(after, view.day):
            yield from self._take_back(after, view)

    def all_back(self, state: ReferralState, view: View) -> Iterator[Effect]:
        """What was undone before it was rewarded."""
        for each in (state, *state.former):
            if each.paid:
                yield from self._take_back(each, view)

    def has_less(self, invitation: ReferralState) -> bool:
        """Whether anything of what he qualified by was given back."""
        return any(act.undone for act in invitation.counting(apart=self.apart))

    def _too_late(self, invitation: ReferralState, day: date) -> bool:
        within = self.rule.within_days
        if within is None or invitation.qualified is None:
            return False
        return day > invitation.qualified + timedelta(days=within)

    def _take_back(self, invitation: ReferralState, view: View) -> Iterator[Effect]:
        """What shall be back of both rewards by now, from either side."""
        if not self.has_less(invitation):
            return
        part, whole, spent = 1, 1, self.rule.spent
        if self.rule.part == "proportion":
            acts = invitation.counting(apart=self.apart)
            part, whole = sum(act.undone for act in acts), sum(act.amount for act in acts)
        waits = invitation.pays is not None and view.now < invitation.pays
        yield Note({"undone": part, "of": whole})
        given = spent != "pending" or self.pends
        if given:
            yield TakeBack(invitation.kept_as, part, whole, spent)
        if self.for_inviter and not invitation.passed:
            data = {"invitee": invitation.known_as or view.member.number, "part": part, "whole": whole}
            data |= {"waits": waits, "given": given, "pending": spent == "pending"}
            yield Start(TAKE_BACK, view.now, data, member=invitation.inviter)


def back(state: ReferralState, data: dict[str, Any], late: Spent) -> Iterator[Effect]:
    """An invitee's reward was undone: the inviter's is taken back, or, where it still waits, will be less. `given` says
    whether the plan touches what does not wait. Of two refunds in one batch it may hear in any order; the one that
    undoes more counts."""
    invitee, part, whole = str(data["invitee"]), data["part"], data["whole"]
    if data["waits"] or data["invitee"] in state.unpaid:
        known = state.undone.get(invitee, (0, 1))
        if part * known[1] > known[0] * whole:
            yield Keep(replace(state, undone={**state.undone, invitee: (part, whole)}))
    elif data.get("given", True):
        yield TakeBack(invitee, part, whole, "pending" if data.get("pending") else late)
    else:
        return
    yield Note({"invitee": data["invitee"], "undone": part, "of": whole})
