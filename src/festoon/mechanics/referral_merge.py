"""Two accounts of one person: one invitation, the friends of both, and nothing for having invited himself."""

from collections.abc import Collection, Iterator
from math import inf

from msgspec.structs import replace

from festoon.base.amounts import added
from festoon.mechanics.referral_params import Attribution
from festoon.mechanics.referral_state import KEPT_DAYS, REMEMBERED, ReferralState, Touch, that_may_count


def state_of_both(
    kept: ReferralState,
    gone: ReferralState,
    other: int,
    numbers: Collection[int],
    rule: Attribution | None,
    void: str,
) -> ReferralState:
    """The invitation that has come further, or was accepted first; the friends of both. One that led from one account
    of his to another is `void`, and what still waits for it will not be given. `other` is gone's number, `numbers` are
    all that he has had, of accounts that were merged earlier, too."""
    himself = {str(number): (1, 1) for number in numbers}
    mine, yours = (_not_from(each, numbers, void) for each in (kept, _under(gone, other)))
    invited, less = sorted((mine, yours), key=_progress, reverse=True)
    former = (*kept.former, *(_under(each, other) for each in gone.former))
    days = added(kept.days, gone.days)
    touches: set[Touch] = {touch for touch in (*kept.touches, *gone.touches) if touch[1] not in numbers}
    return replace(
        invited,
        touches=() if rule is None else that_may_count(touches, rule),
        friends=kept.friends + gone.friends,
        rewarded=kept.rewarded + gone.rewarded,
        days={day: days[day] for day in sorted(days)[-KEPT_DAYS:]},
        undone={**gone.undone, **kept.undone, **(himself if void in (mine.void, yours.void) else {})},
        tiers=tuple(sorted({*kept.tiers, *gone.tiers})),
        invited=tuple(dict.fromkeys((*gone.invited, *kept.invited)))[-REMEMBERED:],
        devices=tuple(dict.fromkeys((*gone.devices, *kept.devices)))[-REMEMBERED:],
        early={**gone.early, **kept.early},
        unpaid=tuple(dict.fromkeys((*kept.unpaid, *gone.unpaid))),
        former=(*former, _rewarded(less)) if less.paid and less.acts else former,
    )


def twice(kept: ReferralState, gone: ReferralState) -> Iterator[str]:
    """What both were given and a person is given once: the reward of being invited, and tiers."""
    if kept.paid and gone.paid:
        yield "invited"
    yield from (f"tier:{tier}" for tier in kept.tiers if tier in gone.tiers)


def _not_from(state: ReferralState, numbers: Collection[int], void: str) -> ReferralState:
    """The invitee's side, void where the inviter was he himself."""
    if state.inviter not in numbers:
        return state
    if state.paid:
        return replace(_rewarded(state), void=void)
    return ReferralState(inviter=state.inviter, accepted=state.accepted, known_as=state.known_as, void=void)


def _under(state: ReferralState, number: int) -> ReferralState:
    """The invitation of another account, by the number that its inviter knows."""
    return state if state.known_as else replace(state, known_as=number)


def _rewarded(state: ReferralState) -> ReferralState:
    """What must be known of an invitation that was rewarded, so that it can be undone."""
    return ReferralState(
        inviter=state.inviter,
        accepted=state.accepted,
        void=state.void,
        qualified=state.qualified,
        paid=True,
        pays=state.pays,
        acts=state.acts,
        known_as=state.known_as,
        passed=state.passed,
        given_as=state.given_as,
    )


def _progress(state: ReferralState) -> tuple[bool, bool, bool, int, float]:
    """How far an invitation has come; of two that are as far, the one accepted first is further."""
    valid = state.inviter is not None and not state.void
    accepted = inf if state.accepted is None else state.accepted.timestamp()
    return state.paid, state.qualified is not None, valid, state.counted, -accepted
