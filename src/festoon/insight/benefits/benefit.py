"""What a benefit is as a figure: how often it was given and to whom, what became of it, what it cost and brought."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from festoon.insight.benefits.moved import HELD_FOR_USE
from festoon.insight.compare import Measure, Verdict

Texts = Mapping[str, str]
Basis = Literal["holdout", "holdout_split", "arms", "before_after", "none"]
"""What an uplift rests on: the hold-out, where this is the campaign's only benefit; the hold-out, where it has several
and what they did together is split; an experiment's arms; the same members before and after; nothing."""


class Tally(Struct, frozen=True):
    """Sums over a part of what was given. `members` were given it, each once; `cost` is in smallest units."""

    times: int = 0
    members: int = 0
    amount: int = 0
    back: int = 0
    used: int = 0
    lapsed: int = 0
    actual: int = 0
    reserved: int = 0

    @property
    def cost(self) -> int:
        """What it cost with what is still set aside for it."""
        return self.actual + self.reserved

    @property
    def cost_per_member(self) -> float | None:
        return self.cost / self.members if self.members else None


class Giver(Struct, frozen=True):
    """What one mechanic gave of a benefit. `rewards` are the plan's named rewards by which it can. The mechanic is
    `_compensation` for what was given to make good, and "" where a coupon was used that nobody was given."""

    mechanic: str
    title: Texts
    rewards: tuple[str, ...]
    tally: Tally


class Uptake(Struct, frozen=True):
    """What the members of a group got of a benefit; the groups are named in `Benefits.groups`."""

    group: str
    tally: Tally


class Group(Struct, frozen=True):
    """Members of the audience who were in a segment at some time of the campaign, or are of a level (`kind`), with what
    they got of anything. `id` is its kind and name; who is in two groups counts in both."""

    id: str
    kind: Literal["segment", "level"]
    name: str
    title: Texts
    members: int
    got: int
    cost: int

    @property
    def share(self) -> float | None:
        return self.got / self.members if self.members else None


class Uplift(Struct, frozen=True):
    """What a benefit did, by the best comparison there is.

    `effect` and its bounds are of a member of the first side: of the campaign against one held out, of an arm with it
    against one without it, or of somebody who was given it against himself before. `extra` and its bounds are that
    over all `members` of this side, times `part` of it (below 1 where it was split).
    `certain` is False where the interval allows no conclusion, and always before against after.
    """

    basis: Basis
    measure: Measure
    members: int
    against: int
    effect: float
    low: float
    high: float
    part: float
    verdict: Verdict
    certain: bool
    noticeable: float | None
    arms: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    experiment: str = ""
    sound: bool = True

    @property
    def extra(self) -> float:
        return self.effect * self.members * self.part

    @property
    def extra_low(self) -> float:
        return self.low * self.members * self.part

    @property
    def extra_high(self) -> float:
        return self.high * self.members * self.part


class Return(Struct, frozen=True):
    """Uplift per unit of cost: of money what came back for one unit of it, of anything else how many for one unit of
    money. `cost` is what the uplift is set against, in smallest units."""

    ratio: float
    low: float
    high: float
    cost: float
    certain: bool


class Benefit(Struct, frozen=True):
    """One thing that members can be given, over the whole campaign. `share` is of the audience; `offered` says that a
    mechanic of the plan can give it."""

    kind: str
    ref: str
    title: Texts
    offered: bool
    tally: Tally
    share: float | None
    givers: tuple[Giver, ...]
    uptake: tuple[Uptake, ...]
    uplift: Uplift | None
    returned: Return | None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.ref}"

    @property
    def to_use(self) -> bool:
        """Whether it can be used or sent: coupons and gifts."""
        return self.kind in HELD_FOR_USE

    @property
    def open(self) -> int:
        """Given, and neither used, lapsed nor taken back."""
        return self.tally.times - self.tally.used - self.tally.lapsed - self.tally.back if self.to_use else 0


class Advice(Struct, frozen=True):
    """Something to change next time. `code` is stable; `about` is what it is about (`coupon:spring/ten-off`,
    `segment:dormant`, `line:prizes`, "" for the campaign); `figures` are the numbers behind it."""

    code: str
    about: str
    title: Texts
    figures: Mapping[str, float | str]
    text: Texts


class Benefits(Struct, frozen=True):
    """What each benefit of a campaign is worth, those that cost most first, by `measure`.

    `cost` is theirs together; `elsewhere` is what the budget lines lost beyond it (testers, visitors, pools that nobody
    took from, what was corrected by hand).
    """

    measure: Measure
    audience: int
    got: int
    cost: int
    elsewhere: int
    benefits: tuple[Benefit, ...]
    groups: tuple[Group, ...]
    advice: tuple[Advice, ...]
