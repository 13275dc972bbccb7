"""Referral (老带新, 邀请返利): an invitee proves to be real by what he does; then both sides are rewarded.

Each side has its own state and its own lock, so what one knows goes to the other as a timer:

    invitee accepts ── check ──▶ inviter ── check ──▶ his inviter … up to MAX_HOPS
                    ◀── clear or void ──────────────────┘
    invitee qualifies, is rewarded ── reward, after the delay ──▶ inviter is rewarded
    what qualified him is undone ── take-back ──▶ inviter gives back, or gets less

A ring (A invites B, B invites C, C invites A) is found by the walk up the chain. Nothing is given before it is clear.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from festoon.base.effects import Amount, Effect, Give, Keep, Note, Remember, Start, had_twice
from festoon.base.errors import Refused
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import start_of_day
from festoon.mechanics.base import MERGED, Build, Mechanic, View
from festoon.mechanics.counting import DaysApart, Marks, Whole, has_slot, with_units
from festoon.mechanics.giving import spec
from festoon.mechanics.invitation import INVITED, inviter_named
from festoon.mechanics.reading import text_at
from festoon.mechanics.referral_merge import state_of_both, twice
from festoon.mechanics.referral_params import SENT, Delay, ReferralParams, check
from festoon.mechanics.referral_refusals import (
    ALREADY,
    INVITER_FULL,
    INVITER_FULL_PERIOD,
    NOBODY,
    NOT_NEW,
    RING,
    SELF,
    TOO_LATE,
)
from festoon.mechanics.referral_share import ShareOf
from festoon.mechanics.referral_state import ReferralState, digest, latest
from festoon.mechanics.referral_undo import TAKE_BACK, Undoing, back
from festoon.mechanics.referral_unpaid import tried_again, without
from festoon.mechanics.referral_walk import checked, cleared, passed_on, voided


class Referral(Mechanic, kind="referral"):
    """Two-sided referral that pays after real actions."""

    Params = ReferralParams
    State = ReferralState
    asked = frozenset({"check", "reward"})
    entering = frozenset({"check"})

    def __init__(self, params: ReferralParams, build: Build) -> None:
        super().__init__(params, build)
        check(params)
        self.accepts = frozenset((params.on,) if isinstance(params.on, str) else params.on)
        self.apart = params.distinct == "day"
        self.window = DaysApart() if self.apart else Whole()
        self.invitee = None if params.invitee is None else Give(build.reward(spec(params.invitee), "invitee"))
        self.inviter = None if params.inviter is None else Give(build.reward(spec(params.inviter), "inviter"))
        self.share = None if params.share is None else ShareOf(params.share, params.actions, build)
        self.tiers = [
            (tier, Give(build.reward(spec(give), f"tiers.{tier}")))
            for tier, give in sorted(params.tiers.items())
        ]
        self.touch = None if params.attribution is None else params.attribution.on
        self.undoing = frozenset(() if params.clawback is None else {params.clawback.on})
        self.limits = () if params.inviter_limits is None else params.inviter_limits.periods()
        self.working = build.is_working_day
        self.zone = build.zone
        pends = any(reward.waits for reward, _ in self.worst_case())
        self.undo = (
            None
            if params.clawback is None
            else Undoing(params, params.clawback, build, pends=pends, for_inviter=self._rewards_inviter())
        )

    @classmethod
    def listens(cls, params: ReferralParams) -> tuple[str, ...]:
        """The accepting, every action, and what stands beside them."""
        return tuple(dict.fromkeys((*super().listens(params), *params.actions, *cls.beside(params))))

    @classmethod
    def beside(cls, params: ReferralParams) -> tuple[str, ...]:
        """A device that invites, links that are followed, and what undoes an action."""
        touch = () if params.attribution is None else (params.attribution.on,)
        undoes = () if params.clawback is None else (params.clawback.on,)
        return tuple({SENT: 0} | dict.fromkeys((*touch, *undoes)))

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        if self.invitee is not None:
            yield self.invitee.reward, None
        inviter = Reward("") if self.inviter is None else self.inviter.reward
        if self.share is not None:
            inviter = Reward(inviter.name, inviter.gifts + self.share.dearest.gifts)
        if inviter.gifts:
            yield inviter, None
        for _, give in self.tiers:
            yield give.reward, None

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        if event.type in self.accepts:
            return self._accepted(event, view)
        if self.undo is not None and event.type in self.undoing:
            return self.undo.undone(event, view)
        if event.type == self.touch:
            return self._touched(event, view)
        if event.type == SENT and SENT not in self.params.actions:
            return self._sent(event, view)
        return self._acted(event, view)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        name = name.partition(":")[0]
        if name == "check":
            return checked(state, data, view)
        if name == "reward":
            return self._rewarded(state, data, view)
        if name in (TAKE_BACK, "back"):
            return back(state, data, "to_zero" if self.undo is None else self.undo.rule.late)
        if name == "undone":
            return iter(()) if self.undo is None else self.undo.all_back(state, view)
        if name == MERGED:
            return self._climbed(state)
        if not _is_his(state, data, view):
            return iter(())
        if name == "void":
            return voided(state, data["code"])
        return self._paid(cleared(state, data), view)

    def passed_by(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        """Whom he has invited is not to wait for it: the walk goes on from him. That he himself is clear stays known
        though his reward was refused: his next action brings it; and an inviter's is tried again."""
        if name == "check":
            yield from passed_on(view.state, data, view)
        elif name.partition(":")[0] == "reward":
            yield from tried_again(view.state, data, view, self.zone)
        elif name == "clear" and _is_his(view.state, data, view):
            yield Keep(cleared(view.state, data))

    def _sent(self, event: Event, view: View) -> Iterator[Effect]:
        """Who invites others has a device, on which nobody can accept his invitation."""
        state: ReferralState = view.state
        devices = latest(state.devices, digest(text_at(event, "device")))
        if devices != state.devices:
            yield Keep(replace(state, devices=devices))

    def _touched(self, event: Event, view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        inviter = inviter_named(event, view)
        if inviter is not None and inviter != view.member.number and state.inviter is None:
            assert self.params.attribution is not None
            yield Keep(state.with_touch(event.time, inviter, self.params.attribution))

    def _accepted(self, event: Event, view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        number = self._inviter(event, state, view)
        if number is None:
            return
        device = digest(text_at(event, "device"))
        devices = latest(state.devices, device)
        yield Keep(replace(state, inviter=number, accepted=event.time, devices=devices, touches=()))
        newcomer = {"newcomer": view.member.number, "device": device, "hop": 1}
        yield Start("check", view.now, newcomer, member=number)
        yield Note({"goal": self.params.count, "until": self._until(event.time, view).isoformat()})

    def _inviter(self, event: Event, state: ReferralState, view: View) -> int | None:
        """The inviter's number; None for a registration that nobody brought. Raises Refused for whom this member may
        not be invited by."""
        named = inviter_named(event, view)
        if named == view.member.number:
            raise Refused(SELF)
        number, rule = named, self.params.attribution
        if rule is not None:
            touched = state if named is None else state.with_touch(event.time, named, rule)
            number = touched.touched_by(event.time, rule, but=view.member.numbers)
        if number is None and event.type != INVITED:
            return None
        if state.inviter is not None:
            raise Refused(ALREADY)
        if number is None:
            raise Refused(NOBODY)
        if number in state.invited:
            raise Refused(RING)
        new, registered = self.params.new_within_days, view.member.registered
        if new is not None and registered is not None and (view.day - view.local_date(registered)).days > new:
            raise Refused(NOT_NEW, days=new)
        return number

    def _acted(self, event: Event, view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        if state.inviter is None or state.accepted is None or event.time < state.accepted:
            return
        if state.void:
            raise Refused(state.void)
        if state.qualified is not None:
            if state.cleared and not state.paid:
                yield from self._paid(state, view)
                yield Note({"counted": self.params.count, "goal": self.params.count})
            return
        if view.day > (until := self._until(state.accepted, view)):
            raise Refused(TOO_LATE, until=until.isoformat())
        slot = self.window.slot(view.day)
        known = self.apart and has_slot(state.marks, slot)
        if self.undo is not None:
            act = self.undo.act(event, slot)
            if state.gone_early(act) or (known and not state.may_stand_in(act)):
                return
            state = state.with_act(act)
        if known:
            if self.undo is not None:
                yield Keep(state)
            return
        state = replace(state, marks=with_units(state.marks, slot, 1))
        counted = state.counted
        if counted < self.params.count:
            yield Keep(state)
        else:
            amount = 0 if self.share is None else self.share.amount(event, view)
            yield from self._paid(replace(state, qualified=view.day, amount=amount), view)
        yield Note({"counted": counted, "goal": self.params.count})

    def _paid(self, state: ReferralState, view: View) -> Iterator[Effect]:
        """Both rewards, once the invitee has qualified and the chain is clear."""
        due = state.qualified is not None and state.cleared and not state.paid
        if due and self.invitee is not None:
            yield self.invitee
            if self.undo is not None:
                state = replace(state, given_as=state.known_as or view.member.number)
                yield Remember(state.kept_as)
        if due and self._rewards_inviter() and not state.passed:
            state = replace(state, pays=self._payday(state, view))
            yield self._reward_later(state, view)
        if due and self.undo is not None and self.undo.has_less(state):
            yield Start("undone", view.now)
        yield Keep(replace(state, paid=True, marks=Marks()) if due else state)

    def _rewards_inviter(self) -> bool:
        return self.inviter is not None or self.share is not None or bool(self.tiers)

    def _reward_later(self, state: ReferralState, view: View) -> Start:
        data: dict[str, Any] = {"invitee": state.known_as or view.member.number, "amount": state.amount}
        if self.limits and state.qualified is not None:
            data["day"] = state.qualified.isoformat()
        return Start("reward", state.pays or view.now, data, member=state.inviter)

    def _payday(self, state: ReferralState, view: View) -> datetime:
        delay: Delay | None = self.params.delay
        if delay is None or state.qualified is None:
            return view.now
        return start_of_day(delay.after(state.qualified, self.working), self.zone)

    def _rewarded(self, state: ReferralState, data: dict[str, Any], view: View) -> Iterator[Effect]:
        invitee, state = str(data["invitee"]), without(state, data["invitee"])
        part, whole = state.undone.get(invitee, (0, 1))
        if part:
            state = replace(
                state, undone={name: left for name, left in state.undone.items() if name != invitee}
            )
        if part >= whole:
            yield Keep(state)
            yield Note({"invitee": data["invitee"], "undone": True})
            return
        day = date.fromisoformat(data["day"]) if "day" in data else None
        self._refuse_beyond_limits(state, day)
        if self.inviter is not None:
            yield self.inviter
        if self.share is not None and data["amount"]:
            yield Amount(self.share.reward, data["amount"])
        if self.undo is not None:
            yield Remember(invitee)
        if part:
            rest = {"invitee": data["invitee"], "part": part, "whole": whole, "waits": False}
            yield Start(f"back:{invitee}", view.now, rest)
        yield from self._climbed(state.with_rewarded(day))
        yield Note({"invitee": data["invitee"]})

    def _climbed(self, state: ReferralState) -> Iterator[Effect]:
        """The tiers that so many rewarded friends reach and that were not given yet."""
        for tier, give in self._open_tiers(state):
            yield give
            state = replace(state, tiers=(*state.tiers, tier))
        yield Keep(state)

    def _open_tiers(self, state: ReferralState) -> list[tuple[int, Give]]:
        return [each for each in self.tiers if each[0] <= state.rewarded and each[0] not in state.tiers]

    def _refuse_beyond_limits(self, state: ReferralState, day: date | None) -> None:
        limit = self.params.per_inviter
        if limit is not None and state.rewarded >= limit:
            raise Refused(INVITER_FULL, limit=limit)
        for period, most in self.limits:
            if day is not None and state.rewarded_in(day, period) >= most:
                raise Refused(INVITER_FULL_PERIOD, limit=most, period=period)

    def _until(self, accepted: datetime, view: View) -> date:
        return view.local_date(accepted) + timedelta(days=self.params.within_days)

    def merge(self, kept: ReferralState, gone: ReferralState, other: int, view: View) -> Iterator[Effect]:
        yield from had_twice(twice(kept, gone))
        both = state_of_both(kept, gone, other, view.member.numbers, self.params.attribution, SELF)
        if both.may_close_a_ring:
            both = replace(both, cleared=False)
            again = {"newcomer": both.known_as or view.member.number, "device": "", "hop": 2}
            yield Start("check", view.now, again, member=both.inviter)
        yield Keep(both)
        if self._open_tiers(both):
            yield Start(MERGED, view.now)

    def shows(self, state: ReferralState, day: date) -> dict[str, Any]:
        return {
            "invited": state.inviter is not None,
            "refused": state.void,
            "counted": self.params.count if state.qualified else state.counted,
            "goal": self.params.count,
            "qualified": state.qualified.isoformat() if state.qualified else None,
            "friends": state.friends,
            "rewarded": state.rewarded,
            "per_inviter": self.params.per_inviter,
            "tiers": [{"friends": tier, "reached": tier in state.tiers} for tier, _ in self.tiers],
        }


def _is_his(state: ReferralState, data: dict[str, Any], view: View) -> bool:
    """Whether a check was of the invitation that stands, and not of one that another of his accounts had."""
    accepted = state.known_as or view.member.number
    found: bool = data.get("newcomer", accepted) == accepted
    return found
