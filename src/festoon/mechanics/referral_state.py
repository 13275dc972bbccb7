"""What a referral remembers of one member, who may be on both sides of it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from festoon.base.times import LATE_DAYS, period_of
from festoon.mechanics.counting import Marks
from festoon.mechanics.referral_params import Attribution

REMEMBERED = 64
"""How many of the latest invitees and devices an inviter's state holds; the walk finds a ring through older ones."""
MOST_TOUCHES = 32
"""How many links are remembered that were followed within the days, and how many older ones."""
MOST_A_DAY = 16
"""How many actions of a day are remembered where one counts; the others stand in for it when it is undone."""
MOST_EARLY = 32
"""Of how many actions it is remembered that they were undone before they were heard of; the latest stay."""
KEPT_DAYS = 62
"""How many days with rewards are kept for limits by period."""

Known = TypeVar("Known", bound=int | str)
Touch = tuple[datetime, int]
"""When a link was followed, and whose it was."""


class Act(Struct, frozen=True, array_like=True):
    """An action that counted and may be undone: its name, the slot it counted in, its amount, and what of it was given
    back."""

    name: str
    slot: int
    amount: int
    undone: int = 0


class ReferralState(Struct, frozen=True, omit_defaults=True):
    """Both sides of one member: the invitation he accepted, and the invitees he brought.

    `void` is the code of the refusal that the check ended with. `qualified` is the day, `amount` the share, `paid`
    whether it was given, `pays` when the inviter gets his. `acts` are there when they can be undone. `touches` are the
    links he followed, with their inviters. `invited` and `devices` hold the latest only; `friends` counts all,
    `rewarded` those he was rewarded for, by day in `days`. `undone` is what is to be left out of rewards that still
    wait, by invitee, as a part of a whole; `tiers` are those he has had. `known_as` is the number by which the inviter
    knows him, when he accepted under another account of his. `early` is what was undone of actions that are still to be
    heard of, by their names: an amount, or None for all of it. `passed` says that the campaign was not for the inviter.
    `given_as` is the number by which his own reward is kept to be taken back. `former` are invitations of accounts that
    became part of this one and were rewarded as well: what he qualified by then can still be undone. `unpaid` are the
    invitees for whom the budget could not pay him and it is tried again.
    """

    inviter: int | None = None
    accepted: datetime | None = None
    cleared: bool = False
    void: str = ""
    marks: Marks = Marks()
    qualified: date | None = None
    amount: int = 0
    paid: bool = False
    pays: datetime | None = None
    acts: tuple[Act, ...] = ()
    touches: tuple[Touch, ...] = ()
    friends: int = 0
    rewarded: int = 0
    days: dict[str, int] = {}
    undone: dict[str, tuple[int, int]] = {}
    tiers: tuple[int, ...] = ()
    invited: tuple[int, ...] = ()
    devices: tuple[str, ...] = ()
    known_as: int = 0
    early: dict[str, int | None] = {}
    passed: bool = False
    given_as: int = 0
    former: tuple["ReferralState", ...] = ()
    unpaid: tuple[int, ...] = ()

    @property
    def may_close_a_ring(self) -> bool:
        """Whether he was invited, has invited others, and nothing was given for his own invitation."""
        return self.inviter is not None and bool(self.invited) and not self.void and not self.paid

    @property
    def counted(self) -> int:
        """How many actions count towards what it takes; it is not kept for longer than that."""
        return sum(units for _, units in self.marks.units)

    def rewarded_in(self, day: date, period: str) -> int:
        """How many invitees he was rewarded for who qualified in the calendar period of a day."""
        name = period_of(day, period)
        return sum(
            [count for on, count in self.days.items() if period_of(date.fromisoformat(on), period) == name]
        )

    def with_rewarded(self, day: date | None) -> "ReferralState":
        """One more invitee rewarded; `day` is when he qualified, where that matters."""
        if day is None:
            return replace(self, rewarded=self.rewarded + 1)
        days = {**self.days, day.isoformat(): self.days.get(day.isoformat(), 0) + 1}
        kept = sorted(days)[-KEPT_DAYS:]
        return replace(self, rewarded=self.rewarded + 1, days={on: days[on] for on in kept})

    def with_touch(self, at: datetime, inviter: int, rule: Attribution) -> "ReferralState":
        """One more link followed."""
        return replace(self, touches=that_may_count((*self.touches, (at, inviter)), rule))

    def touched_by(self, at: datetime, rule: Attribution, but: Collection[int]) -> int | None:
        """Whose link counts for who accepts at an instant; none of his own, which are those of the numbers `but`."""
        since = at - timedelta(days=rule.days)
        within = [inviter for when, inviter in self.touches if since <= when <= at and inviter not in but]
        if not within:
            return None
        return within[0] if rule.touch == "first" else within[-1]

    @property
    def kept_as(self) -> str:
        """The name under which his own reward is kept to be taken back: of two accounts that become one, each has its
        own."""
        return f"invitee/{self.given_as}" if self.given_as else "invitee"

    def having(self, name: str) -> "ReferralState | None":
        """The invitation for which an action counted."""
        return next((each for each in (self, *self.former) if each.index_of(name) is not None), None)

    def with_changed(self, before: "ReferralState", after: "ReferralState") -> "ReferralState":
        """With another state of one of his invitations."""
        if before is self:
            return after
        return replace(self, former=tuple(after if each is before else each for each in self.former))

    def index_of(self, name: str) -> int | None:
        """Where an action stands among those that counted."""
        return next((at for at, act in enumerate(self.acts) if name and act.name == name), None)

    def with_less(self, name: str, amount: int | None) -> "ReferralState":
        """So much of an action was given back, or all of it."""
        index = self.index_of(name)
        if index is None:
            return self
        return self.with_undone(index, self.acts[index].amount if amount is None else amount)

    def without_undone(self, name: str, *, apart: bool) -> "ReferralState":
        """As if an action had never been done, when all of it was given back. Where days count `apart`, its day stands
        while another of it does."""
        index = self.index_of(name)
        if index is None or self.acts[index].undone < self.acts[index].amount:
            return self
        slot, acts = self.acts[index].slot, (*self.acts[:index], *self.acts[index + 1 :])
        if apart and any(act.slot == slot for act in acts):
            return replace(self, acts=acts)
        units = tuple(
            (at, count - 1) if at == slot else (at, count)
            for at, count in self.marks.units
            if at != slot or count > 1
        )
        return replace(self, marks=Marks(units), acts=acts)

    def with_undone(self, index: int, amount: int) -> "ReferralState":
        """So much of an action was given back, which is all of it at the most."""
        act = self.acts[index]
        act = replace(act, undone=min(act.undone + amount, act.amount))
        return replace(self, acts=(*self.acts[:index], act, *self.acts[index + 1 :]))

    def with_early(self, name: str, amount: int | None) -> "ReferralState":
        """An action is undone that was not heard of yet."""
        known = self.early.get(name, 0)
        both = None if amount is None or known is None else known + amount
        others = [each for each in self.early.items() if each[0] != name]
        return replace(self, early=dict([*others, (name, both)][-MOST_EARLY:]))

    def gone_early(self, act: Act) -> bool:
        """Whether all of an action was undone before it was heard of."""
        amount = self.early.get(act.name, 0)
        return amount is None or amount >= act.amount

    def may_stand_in(self, act: Act) -> bool:
        """Whether a further action of a day that counts already is to be remembered."""
        known = [other for other in self.acts if other.slot == act.slot]
        return len(known) < MOST_A_DAY and not (act.name and act.name in [other.name for other in known])

    def counting(self, *, apart: bool) -> tuple[Act, ...]:
        """The actions that count. Of those of a day, where they count `apart`, the one of which least was undone."""
        if not apart:
            return self.acts
        best: dict[int, Act] = {}
        for act in self.acts:
            known = best.get(act.slot, act)
            if known is act or act.undone * known.amount < known.undone * act.amount:
                best[act.slot] = act
        return tuple(best.values())

    def with_act(self, act: Act) -> "ReferralState":
        """One more action that counts, less what was undone of it before it was heard of."""
        state = replace(self, acts=(*self.acts, act))
        if act.name not in self.early:
            return state
        early = dict(self.early)
        amount = early.pop(act.name)
        return replace(state, early=early).with_undone(len(self.acts), amount or 0)


def that_may_count(touches: Iterable[Touch], rule: Attribution) -> tuple[Touch, ...]:
    """The links by which the next accepting may be judged, in their order: those of the days before the latest, and
    older ones for an accepting that is heard of late. When there are too many, those go that are least likely to
    matter."""
    known = sorted(touches)
    if not known:
        return ()
    since = known[-1][0] - timedelta(days=rule.days)
    lately = [touch for touch in known if touch[0] >= since]
    before = [touch for touch in known if since > touch[0] >= since - timedelta(days=LATE_DAYS)]
    likely = lately[:MOST_TOUCHES] if rule.touch == "first" else lately[-MOST_TOUCHES:]
    return (*before[-MOST_TOUCHES:], *likely)


def digest(device: str) -> str:
    """A device as it is remembered: known again, not readable."""
    return blake2b(device.encode(), digest_size=8).hexdigest() if device else ""


def latest(kept: tuple[Known, ...], new: Known) -> tuple[Known, ...]:
    """With a new one at the end, unless it is there or there is nothing to remember."""
    if not new or new in kept:
        return kept
    return (*kept, new)[-REMEMBERED:]
