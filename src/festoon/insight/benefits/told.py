"""What each benefit is worth, as another program is told: over the API and by `festoon benefits --json`.

Money is in the smallest unit of the campaign's currency, shares are parts, and texts are there in every language.
"""

from datetime import datetime

from msgspec import Struct

from festoon.insight.benefits.benefit import Advice, Basis, Benefit, Benefits, Return, Tally, Texts, Uplift
from festoon.insight.compare import Verdict


class Sums(Struct, frozen=True):
    """How often something was given and to how many members, what became of it, and what it cost: `actual`, and
    `reserved` for what is still open. `amount` and `back` (taken back) are units of an asset, or how many."""

    times: int
    members: int
    amount: int
    back: int
    used: int
    lapsed: int
    actual: int
    reserved: int
    cost: int


class GiverSums(Struct, frozen=True):
    """What one mechanic gave of it, and the plan's named rewards by which it can. `_compensation` is what was given to
    make good, "" a coupon that nobody was given and whose code somebody typed."""

    mechanic: str
    title: Texts
    rewards: list[str]
    sums: Sums


class GroupSums(Struct, frozen=True):
    """What the members of one group got of it."""

    group: str
    sums: Sums


class UpliftTold(Struct, frozen=True):
    """What it did. `basis` says what that rests on; before against after proves nothing, and is never certain.

    `effect` with its interval is of one of `members`, the side with it; `extra` is that over all of them, times `part`
    where several benefits share a hold-out.
    """

    basis: Basis
    measure: str
    members: int
    against: int
    effect: float
    low: float
    high: float
    part: float
    extra: float
    extra_low: float
    extra_high: float
    verdict: Verdict
    certain: bool
    sound: bool
    experiment: str
    arms: list[str]
    without: list[str]


class BenefitTold(Struct, frozen=True):
    """One thing that members can be given. `share` is of the audience, `open` how many are neither used, lapsed nor
    taken back; `offered` says that a mechanic of the plan gives it."""

    kind: str
    ref: str
    title: Texts
    offered: bool
    sums: Sums
    open: int
    share: float | None
    cost_per_member: float | None
    givers: list[GiverSums]
    groups: list[GroupSums]
    uplift: UpliftTold | None
    returned: Return | None


class GroupTold(Struct, frozen=True):
    """A segment or level of the plan: its members in the audience, how many of them got anything, and for what cost."""

    id: str
    kind: str
    name: str
    title: Texts
    members: int
    got: int
    share: float | None
    cost: int


class BenefitsTold(Struct, frozen=True):
    """What each benefit of a campaign is worth as of an instant, those that cost most first, and what to change.

    `measure` is what uplift is measured by, in `unit`; `elsewhere` is what the budget lines lost beside the benefits.
    """

    campaign: str
    version: int
    as_of: datetime
    currency: str
    measure: str
    unit: str
    audience: int
    got: int
    cost: int
    elsewhere: int
    benefits: list[BenefitTold]
    groups: list[GroupTold]
    advice: list[Advice]


def told(found: Benefits, campaign: str, version: int, currency: str, as_of: datetime) -> BenefitsTold:
    """The figures of a campaign as another program is told."""
    groups = [
        GroupTold(each.id, each.kind, each.name, each.title, each.members, each.got, each.share, each.cost)
        for each in found.groups
    ]
    return BenefitsTold(
        campaign=campaign,
        version=version,
        as_of=as_of,
        currency=currency,
        measure=found.measure.id,
        unit=found.measure.unit,
        audience=found.audience,
        got=found.got,
        cost=found.cost,
        elsewhere=found.elsewhere,
        benefits=[_benefit(each) for each in found.benefits],
        groups=groups,
        advice=[*found.advice],
    )


def _benefit(each: Benefit) -> BenefitTold:
    return BenefitTold(
        kind=each.kind,
        ref=each.ref,
        title=each.title,
        offered=each.offered,
        sums=_sums(each.tally),
        open=each.open,
        share=each.share,
        cost_per_member=each.tally.cost_per_member,
        givers=[
            GiverSums(giver.mechanic, giver.title, [*giver.rewards], _sums(giver.tally))
            for giver in each.givers
        ],
        groups=[GroupSums(uptake.group, _sums(uptake.tally)) for uptake in each.uptake],
        uplift=None if each.uplift is None else _uplift(each.uplift),
        returned=each.returned,
    )


def _sums(tally: Tally) -> Sums:
    return Sums(
        tally.times, tally.members, tally.amount, tally.back, tally.used, tally.lapsed, tally.actual,
        tally.reserved, tally.cost,
    )  # fmt: skip


def _uplift(uplift: Uplift) -> UpliftTold:
    return UpliftTold(
        basis=uplift.basis,
        measure=uplift.measure.id,
        members=uplift.members,
        against=uplift.against,
        effect=uplift.effect,
        low=uplift.low,
        high=uplift.high,
        part=uplift.part,
        extra=uplift.extra,
        extra_low=uplift.extra_low,
        extra_high=uplift.extra_high,
        verdict=uplift.verdict,
        certain=uplift.certain,
        sound=uplift.sound,
        experiment=uplift.experiment,
        arms=[*uplift.arms],
        without=[*uplift.without],
    )
