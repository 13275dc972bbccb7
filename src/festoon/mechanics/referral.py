"""Referral (老带新, 邀请返利): an invitee proves to be real by what he does; then both sides are rewarded.

Each side has its own state and its own lock, so what one knows goes to the other as a timer:

    invitee accepts ── check ──▶ inviter ── check ──▶ his inviter … up to MAX_HOPS
                    ◀── clear or void ──────────────────┘
    invitee qualifies, is rewarded ── reward, after the delay ──▶ inviter is rewarded

A ring (A invites B, B invites C, C invites A) is found by the walk up the chain: somebody on it was invited
by the newcomer. Nothing is given before the walk has come back clear.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import replace

from festoon.base.amounts import MAX_AMOUNT, scaled
from festoon.base.effects import Amount, Effect, Give, Keep, Note, Start
from festoon.base.errors import Invalid, Refused, define
from festoon.base.events import Event
from festoon.base.rewards import Reward
from festoon.base.times import start_of_day
from festoon.base.vocabulary.kinds import says
from festoon.mechanics.base import Build, Mechanic, RewardLine, View
from festoon.mechanics.counting import DaysApart, Marks, Whole, has_slot, with_units
from festoon.mechanics.giving import Giving, spec
from festoon.mechanics.ratio import Ratio, fraction
from festoon.mechanics.reading import reading, text_at

SELF = define("referral.self_invite", 200, "nobody can invite himself", "不能邀请自己")
UNKNOWN = define(
    "referral.inviter_unknown", 200, "nobody here is called '{inviter}'", "邀请人“{inviter}”不存在"
)
ALREADY = define("referral.already_invited", 200, "you have been invited already", "已接受过邀请")
NOT_NEW = define(
    "referral.not_new",
    200,
    "an invitation is for new members, up to {days} day(s) after registering",
    "仅限注册{days}天内的新会员接受邀请",
)
RING = define("referral.ring", 200, "whom you invited cannot invite you", "被邀请的人不能反过来邀请邀请人")
SAME_DEVICE = define(
    "referral.same_device", 200, "this device has been used for an invitation before", "该设备已用于接受邀请"
)
TOO_LATE = define("referral.too_late", 200, "the invitation was open until {until}", "邀请已于{until}截止")
INVITER_FULL = define(
    "referral.inviter_full", 200, "at most {limit} invitation(s) are rewarded", "最多奖励{limit}次邀请"
)
GIVES_NOTHING = define(
    "referral.gives_nothing",
    400,
    "a referral gives something: `inviter`, `invitee` or `share`",
    "邀请活动需设置奖励：inviter、invitee 或 share",
)
DELAY_WRONG = define(
    "referral.delay_wrong",
    400,
    "a delay is in `days` or in `working_days`",
    "延迟需写 days 或 working_days 之一",
)

MAX_HOPS = 8
"""How far up the chain of inviters a ring is looked for."""
REMEMBERED = 64
"""How many of the latest invitees and devices an inviter's state holds; the walk finds a ring through older
ones."""

Known = TypeVar("Known", bound=int | str)

Count = Annotated[int, Meta(ge=1, le=100_000)]


class Delay(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long the inviter waits after the invitee has qualified; paid at the start of that day."""

    working_days: Annotated[
        Annotated[int, Meta(ge=1, le=365)] | None, says("Working days of the plan's calendar.")
    ] = None
    days: Annotated[Annotated[int, Meta(ge=1, le=365)] | None, says("Calendar days.")] = None


class Share(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the amount of the action by which the invitee qualifies, for the inviter."""

    percent: Annotated[Ratio, says("Per cent of the amount, exact as written.")]
    of: Annotated[str, says("The amount: a whole-number expression over the event.")] = "event.amount"
    asset: Annotated[str, says("What the inviter gets.")] = "points"
    cap: Annotated[Annotated[int, Meta(ge=1)] | None, says("At most so many units for one invitee.")] = None


class ReferralParams(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a plan says of a referral."""

    actions: Annotated[
        tuple[str, ...], Meta(min_length=1), says("The event types by which an invitee proves to be real.")
    ]
    on: Annotated[str | tuple[str, ...], says("The event by which the invitee, its subject, accepts.")] = (
        "invite.accepted"
    )
    count: Annotated[Count, says("How many actions it takes.")] = 1
    distinct: Annotated[Literal["", "day"], says("`day` counts one action a local day.")] = ""
    within_days: Annotated[Count, says("So many local days after the day of accepting.")] = 30
    invitee: Annotated[Giving | None, says("Given to the invitee when he qualifies.")] = None
    inviter: Annotated[Giving | None, says("Given to the inviter, after the delay.")] = None
    share: Annotated[Share | None, says("A part of an amount for the inviter, after the delay.")] = None
    delay: Annotated[Delay | None, says("How long the inviter waits; not at all by default.")] = None
    new_within_days: Annotated[
        Count | None, says("Only who registered at most so many days before can accept; anybody by default.")
    ] = None
    per_inviter: Annotated[Count | None, says("How many invitees an inviter is rewarded for.")] = None


class ReferralState(Struct, frozen=True, omit_defaults=True):
    """Both sides of one member: the invitation he accepted, and the invitees he brought.

    `void` is the code of the refusal that the check ended with. `qualified` is the day, `amount` the share,
    `paid` whether it was given. `invited` and `devices` hold the latest only; `friends` counts all.
    """

    inviter: int | None = None
    accepted: datetime | None = None
    cleared: bool = False
    void: str = ""
    marks: Marks = Marks()
    qualified: date | None = None
    amount: int = 0
    paid: bool = False
    friends: int = 0
    rewarded: int = 0
    invited: tuple[int, ...] = ()
    devices: tuple[str, ...] = ()


class Referral(Mechanic, kind="referral"):
    """Two-sided referral that pays after real actions."""

    Params = ReferralParams
    State = ReferralState

    def __init__(self, params: ReferralParams, build: Build) -> None:
        super().__init__(params, build)
        _check(params)
        self.accepts = frozenset((params.on,) if isinstance(params.on, str) else params.on)
        self.window = DaysApart() if params.distinct == "day" else Whole()
        self.invitee = None if params.invitee is None else Give(build.reward(spec(params.invitee), "invitee"))
        self.inviter = None if params.inviter is None else Give(build.reward(spec(params.inviter), "inviter"))
        self.share = None if params.share is None else _Share(params.share, params.actions, build)
        self.working = build.is_working_day
        self.zone = build.zone

    @classmethod
    def listens(cls, params: ReferralParams) -> tuple[str, ...]:
        """The accepting, and every action."""
        return tuple(dict.fromkeys((*super().listens(params), *params.actions)))

    def worst_case(self) -> Iterable[tuple[Reward, int | None]]:
        if self.invitee is not None:
            yield self.invitee.reward, None
        inviter = Reward("") if self.inviter is None else self.inviter.reward
        if self.share is not None:
            inviter = Reward(inviter.name, inviter.gifts + self.share.dearest.gifts)
        if inviter.gifts:
            yield inviter, None

    def decide(self, event: Event, view: View) -> Iterator[Effect]:
        if event.type in self.accepts:
            return self._accepted(event, view)
        return self._acted(event, view)

    def on_timer(self, name: str, data: dict[str, Any], view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        if name == "check":
            return self._checked(state, data, view)
        if name == "reward":
            return self._rewarded(state, data)
        if name == "void":
            return _voided(state, data["code"])
        return self._paid(replace(state, cleared=True), view)

    def _accepted(self, event: Event, view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        inviter = text_at(event, "inviter")
        number = self._inviter(inviter, state, view)
        device = _digest(text_at(event, "device"))
        yield Keep(
            replace(state, inviter=number, accepted=event.time, devices=_latest(state.devices, device))
        )
        newcomer = {"newcomer": view.member.number, "device": device, "hop": 1}
        yield Start("check", view.now, newcomer, member=number)
        yield Note({"goal": self.params.count, "until": self._until(event.time, view).isoformat()})

    def _inviter(self, inviter: str, state: ReferralState, view: View) -> int:
        """The inviter's number. Raises Refused for whom this member may not be invited by."""
        if inviter == view.member.subject:
            raise Refused(SELF)
        if state.inviter is not None:
            raise Refused(ALREADY)
        number = view.number_of(inviter) if inviter else None
        if number is None:
            raise Refused(UNKNOWN, inviter=inviter)
        if number == view.member.number:
            raise Refused(SELF)
        if number in state.invited:
            raise Refused(RING)
        new, registered = self.params.new_within_days, view.member.registered
        if new is not None and registered is not None and (view.day - view.local_date(registered)).days > new:
            raise Refused(NOT_NEW, days=new)
        return number

    def _acted(self, event: Event, view: View) -> Iterator[Effect]:
        state: ReferralState = view.state
        if state.inviter is None or state.accepted is None or state.qualified is not None:
            return
        if event.time < state.accepted:
            return
        if state.void:
            raise Refused(state.void)
        if view.day > (until := self._until(state.accepted, view)):
            raise Refused(TOO_LATE, until=until.isoformat())
        slot = self.window.slot(view.day)
        if self.params.distinct and has_slot(state.marks, slot):
            return
        marks = with_units(state.marks, slot, 1)
        counted = sum(units for _, units in marks.units)
        if counted < self.params.count:
            yield Keep(replace(state, marks=marks))
        else:
            amount = 0 if self.share is None else self.share.amount(event, view)
            state = replace(state, marks=Marks(), qualified=view.day, amount=amount)
            yield from self._paid(state, view)
        yield Note({"counted": counted, "goal": self.params.count})

    def _paid(self, state: ReferralState, view: View) -> Iterator[Effect]:
        """Both rewards, once the invitee has qualified and the chain is clear."""
        due = state.qualified is not None and state.cleared and not state.paid
        if due and self.invitee is not None:
            yield self.invitee
        if due and (self.inviter is not None or self.share is not None):
            data = {"invitee": view.member.number, "amount": state.amount}
            yield Start("reward", self._payday(state.qualified, view), data, member=state.inviter)
        yield Keep(replace(state, paid=state.paid or due))

    def _payday(self, qualified: date | None, view: View) -> datetime:
        delay: Delay | None = self.params.delay
        if delay is None or qualified is None:
            return view.now
        if delay.days is not None:
            return start_of_day(qualified + timedelta(days=delay.days), self.zone)
        day, left = qualified, delay.working_days or 0
        while left:
            day += timedelta(days=1)
            left -= self.working(day)
        return start_of_day(day, self.zone)

    def _checked(self, state: ReferralState, data: dict[str, Any], view: View) -> Iterator[Effect]:
        """One step of the walk up the chain, at one of the newcomer's inviters."""
        newcomer, device, hop = data["newcomer"], data["device"], data["hop"]
        if state.inviter == newcomer:
            yield Start("void", view.now, {"code": RING}, member=newcomer)
            return
        if hop == 1:
            if device and device in state.devices:
                yield Start("void", view.now, {"code": SAME_DEVICE}, member=newcomer)
                return
            yield Keep(
                replace(
                    state,
                    friends=state.friends + 1,
                    invited=_latest(state.invited, newcomer),
                    devices=_latest(state.devices, device),
                )
            )
        if state.inviter is None or hop >= MAX_HOPS:
            yield Start("clear", view.now, {}, member=newcomer)
        else:
            yield Start("check", view.now, {**data, "hop": hop + 1}, member=state.inviter)

    def _rewarded(self, state: ReferralState, data: dict[str, Any]) -> Iterator[Effect]:
        limit = self.params.per_inviter
        if limit is not None and state.rewarded >= limit:
            raise Refused(INVITER_FULL, limit=limit)
        if self.inviter is not None:
            yield self.inviter
        if self.share is not None and data["amount"]:
            yield Amount(self.share.reward, data["amount"])
        yield Keep(replace(state, rewarded=state.rewarded + 1))
        yield Note({"invitee": data["invitee"]})

    def _until(self, accepted: datetime, view: View) -> date:
        return view.local_date(accepted) + timedelta(days=self.params.within_days)

    def shows(self, state: ReferralState, day: date) -> dict[str, Any]:
        counted = sum(units for _, units in state.marks.units)
        return {
            "invited": state.inviter is not None,
            "refused": state.void,
            "counted": self.params.count if state.qualified else counted,
            "goal": self.params.count,
            "qualified": state.qualified.isoformat() if state.qualified else None,
            "friends": state.friends,
            "rewarded": state.rewarded,
            "per_inviter": self.params.per_inviter,
        }


class _Share:
    """The inviter's part of an amount."""

    def __init__(self, share: Share, actions: tuple[str, ...], build: Build) -> None:
        self.reward = build.reward([RewardLine(asset=share.asset, amount=1)], "share.asset")
        self.of = reading(share.of, build, "share.of", actions)
        self.numerator, self.denominator = (fraction(share.percent, "share.percent") / 100).as_integer_ratio()
        self.cap = share.cap
        most = share.cap or MAX_AMOUNT
        self.dearest = build.reward([RewardLine(asset=share.asset, amount=most)], "share.asset")

    def amount(self, event: Event, view: View) -> int:
        part = max(scaled(self.of(event, view), self.numerator, self.denominator), 0)
        return part if self.cap is None else min(part, self.cap)


def _voided(state: ReferralState, code: str) -> Iterator[Effect]:
    yield Keep(replace(state, void=code, marks=Marks(), qualified=None, amount=0))
    yield Note({"void": code})


def _check(params: ReferralParams) -> None:
    if params.inviter is None and params.invitee is None and params.share is None:
        raise Invalid(GIVES_NOTHING)
    if params.delay is not None and (params.delay.days is None) == (params.delay.working_days is None):
        raise Invalid(DELAY_WRONG, "delay")


def _digest(device: str) -> str:
    """A device as it is remembered: known again, not readable."""
    return blake2b(device.encode(), digest_size=8).hexdigest() if device else ""


def _latest(kept: tuple[Known, ...], new: Known) -> tuple[Known, ...]:
    """With a new one at the end, unless it is there or there is nothing to remember."""
    if not new or new in kept:
        return kept
    return (*kept, new)[-REMEMBERED:]
