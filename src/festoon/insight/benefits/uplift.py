"""What a benefit did, by the most honest comparison that there is: never those who got it against those who did not.

The eager get more, and would have bought more anyway. So an arm of an experiment is held against another; else the
campaign against its hold-out, everybody on the side he was put on; else the same members before and after, from which
nothing follows. A hold-out measures all of a campaign's benefits together. Where there are several, what they did is
split by how many members got each: as if each had done as much for everybody who got it. That is an assumption and is
said wherever the figure stands.
"""

from collections.abc import Mapping

import ibis
from ibis import Table
from msgspec import Struct

from festoon.insight.arms import saw
from festoon.insight.before_after import change_of, spread
from festoon.insight.benefits.benefit import Return, Tally, Uplift
from festoon.insight.benefits.offered import Thing, Tried
from festoon.insight.compare import (
    BEFORE,
    MEASURES,
    SUSPICIOUS,
    AgainstHoldout,
    Comparison,
    Measure,
    aggregates,
    compare,
    measured,
)
from festoon.insight.facts import Facts
from festoon.insight.scope import Scope, Window
from festoon.insight.tasting import tt
from festoon.plan.money import CURRENCIES
from festoon.plan.schema import Plan

_BY_ID = {measure.id: measure for measure in MEASURES}
_OF_GOALS = {
    "orders": "orders",
    "repurchase_rate": "orders",
    "daily_active_members": "active_days",
    "weekly_active_members": "active_days",
    "monthly_active_members": "active_days",
    "dau_mau_ratio": "active_days",
}
"""What is measured of members for a goal that is not about money."""
_MONEY = frozenset({"revenue", "order_value"})


class Grounds(Struct, frozen=True):
    """What the comparisons rest on: all members over the campaign's time, as long a time before it, the comparison with
    the hold-out if there is one, and the stretches of before and after where the facts have them."""

    facts: Facts
    scope: Scope
    before: Window
    rows: Table
    """What was given, as `moved` has it."""
    measure: Measure
    holdout: AgainstHoldout | None
    stretch: tuple[Scope, Window] | None


def measure_of(plan: Plan) -> Measure:
    """What is measured: what members spent, unless the goals are about orders or activity and none about money."""
    metrics = [goal.metric for goal in plan.goals]
    if _MONEY.isdisjoint(metrics):
        for metric in metrics:
            if metric in _OF_GOALS:
                return _BY_ID[_OF_GOALS[metric]]
    return _BY_ID["spend"]


def uplifts(
    grounds: Grounds, tallies: Mapping[Thing, Tally], tried: Mapping[Thing, Tried]
) -> dict[Thing, tuple[Uplift | None, Return | None]]:
    """The uplift and the return of everything that somebody was given."""
    given = {thing: tally for thing, tally in tallies.items() if tally.members}
    reached = sum(tally.members for tally in given.values())
    changes = None if grounds.holdout is not None else _before(grounds)
    found: dict[Thing, tuple[Uplift | None, Return | None]] = {}
    for thing, tally in given.items():
        if thing in tried and (by_arms := _by_arms(grounds, tried[thing])) is not None:
            found[thing] = by_arms
        elif grounds.holdout is not None:
            part = tally.members / reached
            uplift = _by_holdout(grounds, grounds.holdout, part)
            found[thing] = uplift, returned(uplift, tally.cost, grounds.scope.currency)
        else:
            found[thing] = _by_time(grounds, changes, thing), None
    return found


def _by_holdout(grounds: Grounds, against: AgainstHoldout, part: float) -> Uplift:
    (found,) = (one for one in against.comparisons if one.measure.id == grounds.measure.id)
    return _uplift(found, part, sound=against.ratio.sound, split=part < 1)


def _uplift(found: Comparison, part: float, *, sound: bool, split: bool) -> Uplift:
    return Uplift(
        basis="holdout_split" if split else "holdout",
        measure=found.measure,
        members=found.side.members,
        against=found.other.members,
        effect=found.effect,
        low=found.low,
        high=found.high,
        part=part,
        verdict=found.verdict,
        certain=found.verdict != "cannot_tell" and sound,
        noticeable=found.noticeable,
        sound=sound,
    )


def _by_arms(grounds: Grounds, tried: Tried) -> tuple[Uplift, Return | None] | None:
    """The arms that give more of it against those that give least: who saw his arm, whatever else he got. None when
    one of the two sides was hardly seen."""
    facts, scope = grounds.facts, grounds.scope
    assigned, members = saw(facts, scope, tried.experiment)
    sides = members.filter(members.arm.isin([*tried.more, *tried.less]))
    sides = facts.kept(sides.select("member", more=sides.arm.isin([*tried.more]).cast("int8")))
    table = measured(facts, measured(facts, sides, scope), scope.over(grounds.before), BEFORE)
    found = aggregates(facts, table, "more")
    if len(found) < 2 or min(found[side].count() for side in (0, 1)) < 2:
        return None
    compared = compare(grounds.measure, found[1], found[0], "arms")
    weights = dict(tried.experiment.split.arms)
    expected = sum(weights[arm] for arm in tried.more) / sum(weights[arm] for arm in tried.less)
    sound = tt.SampleRatio(expected).analyze(found, 0, 1).pvalue >= SUSPICIOUS
    uplift = Uplift(
        basis="arms",
        measure=compared.measure,
        members=compared.side.members,
        against=compared.other.members,
        effect=compared.effect,
        low=compared.low,
        high=compared.high,
        part=1,
        verdict=compared.verdict,
        certain=compared.verdict != "cannot_tell" and sound,
        noticeable=compared.noticeable,
        arms=tuple(arm for arm in weights if arm in tried.more),
        without=tuple(arm for arm in weights if arm in tried.less),
        experiment=tried.experiment.name,
        sound=sound,
    )
    dearer = _dearer(grounds.rows, assigned, sides) * uplift.members
    return uplift, returned(uplift, dearer, scope.currency)


def _dearer(rows: Table, assigned: Table, sides: Table) -> float:
    """How much more a member of the arms that give more cost than one of the others, by the mechanics that showed the
    arms."""
    spent = rows.semi_join(assigned, ["member", "mechanic"])
    spent = spent.group_by("member").aggregate(cost=(spent.actual + spent.reserved).sum())
    each = sides.left_join(spent, "member").fill_null({"cost": 0})
    counted = each.group_by("more").aggregate(cost=each.cost.mean()).to_pyarrow().to_pylist()
    mean = {row["more"]: float(row["cost"]) for row in counted}
    return mean[1] - mean[0]


def _before(grounds: Grounds) -> Table | None:
    """What everybody did before and after who was known before the campaign."""
    if grounds.stretch is None:
        return None
    scope, before = grounds.stretch
    events = grounds.facts.events
    known = (
        scope.ours(events.filter(events.time < ibis.literal(before.end, type="timestamp('UTC')")))
        .select("member")
        .distinct()
    )
    twice = measured(grounds.facts, measured(grounds.facts, known, scope), scope.over(before), BEFORE)
    return grounds.facts.kept(twice)


def _by_time(grounds: Grounds, changes: Table | None, thing: Thing) -> Uplift:
    """Those who were given it, against themselves before; nothing follows from it."""
    nothing = Uplift("none", grounds.measure, 0, 0, 0.0, 0.0, 0.0, 1, "cannot_tell", False, None)
    if changes is None:
        return nothing
    rows = grounds.rows
    got = rows.filter(rows.kind == thing[0], rows.ref == thing[1], rows.times > 0)
    found = spread(grounds.facts, changes.semi_join(got, "member"))
    members = int(found.count())
    if members < 2:
        return nothing
    change = change_of(grounds.measure, found)
    return Uplift(
        "before_after", grounds.measure, members, members, change.effect, change.low, change.high, 1,
        change.verdict, False, None,
    )  # fmt: skip


def returned(uplift: Uplift, cost: float, currency: str) -> Return | None:
    """The uplift for each unit of cost; None where it cost nothing (more)."""
    if cost <= 0:
        return None
    unit = 1 if uplift.measure.unit == "money" else 10 ** CURRENCIES.get(currency, 2)
    low, high = uplift.extra_low * unit / cost, uplift.extra_high * unit / cost
    return Return(uplift.extra * unit / cost, low, high, cost, uplift.certain)
