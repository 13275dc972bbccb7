"""The campaign against its hold-out: did it work?

Members are held out by a stable hash, so chance alone decides who is on which side, and the difference
between the sides is what the campaign did. Everybody counts on the side he was put on, whether he took part
or not. What members did before the campaign takes out the differences that were there already (CUPED; Deng,
Xu, Kohavi and Walker, "Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-
Experiment Data", WSDM 2013). The statistics are those of tea-tasting: Welch's test, the delta method for
ratios and for relative differences.
"""

from collections.abc import Mapping
from math import isfinite
from statistics import NormalDist
from typing import Any, Literal

import ibis
import pyarrow as pa
from ibis import Table
from msgspec import Struct

from festoon.engine.listener import HOLDOUT_PARTS, holdout_bucket
from festoon.insight.facts import Facts
from festoon.insight.results import said
from festoon.insight.scope import Scope, Window
from festoon.insight.tasting import aggr, tt

CONFIDENCE = 0.95
POWER = 0.8
ENOUGH = 100
"""Members a side must have before anything is concluded from it."""
ENOUGH_OF_EACH = 5
"""Members a side must have who did, and who did not, before a share of them is compared."""
SUSPICIOUS = 0.001
"""Below this probability the sizes of the two sides are no accident."""

_SLACK = 1e-9

Verdict = Literal["better", "worse", "cannot_tell"]
Method = Literal["holdout", "before_after", "arms"]


class Measure(Struct, frozen=True):
    """Something that is compared: `top` a member, or `top` over `bottom` of all members. Columns of
    `measured`."""

    id: str
    unit: Literal["money", "share", "number"]
    top: str
    bottom: str
    title: Mapping[str, str]


MEASURES = (
    Measure("spend", "money", "spend", "", said("Spending per member", "人均消费", "人均消費")),
    Measure("orders", "number", "orders", "", said("Orders per member", "人均订单数", "人均訂單數")),
    Measure("buyers", "share", "bought", "", said("Members who bought", "购买会员占比", "購買會員占比")),
    Measure(
        "active_days",
        "number",
        "active_days",
        "",
        said("Active days per member", "人均活跃天数", "人均活躍天數"),
    ),
    Measure("order_value", "money", "spend", "orders", said("Order value", "客单价", "客單價")),
)
"""What is compared, the most important first: the verdict on a campaign is that on its first measure."""

COLUMNS = ("spend", "orders", "bought", "active_days")
BEFORE = "pre_"
"""What columns of the time before the campaign begin with."""


class Side(Struct, frozen=True):
    """One side of a comparison: how many members, and the measure's value on it."""

    members: int
    value: float


class Comparison(Struct, frozen=True):
    """Two sides compared. The effect is the first side's value less the second's, with its confidence
    interval.

    `relative` and its bounds are parts of the second side's value, None where that is not above zero.
    `adjusted` says that what was before was taken out. `noticeable` is the smallest relative difference
    that would have been found four times in five.
    """

    measure: Measure
    method: Method
    side: Side
    other: Side
    effect: float
    low: float
    high: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    p_value: float | None
    adjusted: bool
    noticeable: float | None
    enough: bool
    verdict: Verdict


class SampleRatio(Struct, frozen=True):
    """Whether the two sides have the sizes that the draw of lots should give them."""

    inside: int
    held_out: int
    expected: float
    """The share that should have been held out."""
    p_value: float

    @property
    def sound(self) -> bool:
        return self.p_value >= SUSPICIOUS


class AgainstHoldout(Struct, frozen=True):
    """All measures of the campaign's side against the hold-out."""

    ratio: SampleRatio
    comparisons: tuple[Comparison, ...]


def held_out(facts: Facts, scope: Scope, salt: str, holdout: int) -> Table:
    """Everybody known by the window's end: member, and `inside` (0 held out, 1 not).

    `holdout` is out of ten thousand, as in the compiled plan.
    """
    known = facts.events.filter(facts.events.time < ibis.literal(scope.window.end, type="timestamp('UTC')"))
    members = known.select("member").distinct().order_by("member").to_pyarrow()["member"].to_pylist()
    key = salt.encode()
    inside = [int(holdout_bucket(key, member) >= holdout) for member in members]
    columns = {"member": pa.array(members, pa.int64()), "inside": pa.array(inside, pa.int8())}
    return ibis.memtable(pa.table(columns))


def measured(facts: Facts, members: Table, scope: Scope, prefix: str = "") -> Table:
    """The members with what each did in the window: spend, orders, bought (0 or 1), active_days.

    The new columns' names begin with `prefix`.
    """
    paid, active = scope.money(facts.orders), scope.rows(facts.activity)
    sums = {"spend": paid.amount.sum(), "orders": paid.count()}
    bought = paid.group_by("member").aggregate(**{prefix + name: sums[name] for name in sums})
    days = {f"{prefix}active_days": scope.day(active.time).nunique()}
    joined = _beside(_beside(members, bought), active.group_by("member").aggregate(**days))
    found = joined.fill_null({prefix + name: 0 for name in ("spend", "orders", "active_days")})
    return found.mutate(**{f"{prefix}bought": (found[f"{prefix}orders"] > 0).cast("int64")})


def _beside(members: Table, found: Table) -> Table:
    """All members, with the columns of those that are found."""
    return members.left_join(found, "member").drop("member_right")


def against_holdout(
    facts: Facts, scope: Scope, salt: str, holdout: int, before: Window
) -> AgainstHoldout | None:
    """Compare those in the campaign with those held out, over the scope's window.

    `before` is a stretch of time before the campaign that takes out the differences that were there
    already. None when nobody is held out, or everybody.
    """
    sides = held_out(facts, scope, salt, holdout)
    table = measured(facts, measured(facts, sides, scope), scope.over(before), BEFORE)
    found = aggregates(facts, table, "inside")
    if len(found) < 2 or min(_count(found, side) for side in (0, 1)) < 2:
        return None
    compared = tuple(compare(measure, found[1], found[0]) for measure in MEASURES)
    return AgainstHoldout(_sample_ratio(found, holdout), compared)


def verdict(low: float, high: float, *, enough: bool) -> Verdict:
    """What an interval of a difference allows to say."""
    if not enough or not (isfinite(low) and isfinite(high)) or low <= 0 <= high:
        return "cannot_tell"
    return "better" if low > 0 else "worse"


def aggregates(facts: Facts, table: Table, by: str) -> "dict[Any, aggr.Aggregates]":
    """Counts, means, variances and covariances of every column, by side (a column), in one query."""
    columns = (*COLUMNS, *(f"{BEFORE}{name}" for name in COLUMNS))
    found: dict[Any, aggr.Aggregates] = aggr.read_aggregates(
        facts.kept(table),
        by,
        has_count=True,
        mean_cols=columns,
        var_cols=columns,
        cov_cols=[(left, right) for left in columns for right in columns if left < right],
    )
    return found


def compare(
    measure: Measure, inside: "aggr.Aggregates", outside: "aggr.Aggregates", method: Method = "holdout"
) -> Comparison:
    """Compare a measure between those in the campaign and those held out, or between two arms of an experiment."""
    together = inside + outside
    adjusted = _can_adjust(measure, together)
    if not _varies(measure, inside) and not _varies(measure, outside):
        return _nothing_to_compare(measure, inside, outside, method)
    metric = _metric(measure, adjusted=adjusted)
    found = metric.analyze_aggregates(outside, inside)
    # Plain numbers: some of these are the library's own kind, which cannot be written as JSON.
    effect, low, high, mean, other, p_value, *relative = (
        float(number)
        for number in (
            found.effect_size, found.effect_size_ci_lower, found.effect_size_ci_upper, found.treatment, found.control,
            found.pvalue, found.rel_effect_size, found.rel_effect_size_ci_lower, found.rel_effect_size_ci_upper,
        )
    )  # fmt: skip
    enough = all(enough_of(measure, side) for side in (inside, outside))
    has_relative = enough and other > 0 and all(isfinite(number) for number in relative)
    said_of = verdict(low, high, enough=enough)
    # The two intervals rest on different approximations; where they disagree, nothing is concluded.
    if has_relative and said_of != verdict(relative[1], relative[2], enough=enough):
        said_of = "cannot_tell"
    return Comparison(
        measure=measure,
        method=method,
        side=Side(int(inside.count()), mean),
        other=Side(int(outside.count()), other),
        effect=effect,
        low=low,
        high=high,
        relative=relative[0] if has_relative else None,
        relative_low=relative[1] if has_relative else None,
        relative_high=relative[2] if has_relative else None,
        p_value=p_value,
        adjusted=adjusted,
        noticeable=_noticeable(low, high, other) if has_relative else None,
        enough=enough,
        verdict=said_of,
    )


def enough_of(measure: Measure, found: "aggr.Aggregates") -> bool:
    """Whether a side has enough members for the interval to mean what it says."""
    members = int(found.count())
    if measure.unit != "share":
        return members >= ENOUGH
    did = members * float(found.mean(measure.top))
    return members >= ENOUGH and min(did, members - did) >= ENOUGH_OF_EACH


def _varies(measure: Measure, found: "aggr.Aggregates") -> bool:
    """Whether members differ in a measure at all; without that there is no interval."""
    if measure.bottom and not found.mean(measure.bottom) > 0:
        return False
    return bool(found.ratio_var(measure.top, measure.bottom or None) > 0)


def _nothing_to_compare(
    measure: Measure, inside: "aggr.Aggregates", outside: "aggr.Aggregates", method: Method
) -> Comparison:
    side, other = (_plain(measure, found) for found in (inside, outside))
    effect = side.value - other.value
    return Comparison(
        measure=measure,
        method=method,
        side=side,
        other=other,
        effect=effect,
        low=effect,
        high=effect,
        relative=None,
        relative_low=None,
        relative_high=None,
        p_value=None,
        adjusted=False,
        noticeable=None,
        enough=False,
        verdict="cannot_tell",
    )


def _plain(measure: Measure, found: "aggr.Aggregates") -> Side:
    over = found.mean(measure.bottom) if measure.bottom else 1
    return Side(int(found.count()), float(found.mean(measure.top) / over) if over else 0.0)


def _metric(measure: Measure, *, adjusted: bool) -> "tt.RatioOfMeans":
    return tt.RatioOfMeans(
        measure.top,
        measure.bottom or None,
        BEFORE + measure.top if adjusted else None,
        BEFORE + measure.bottom if adjusted and measure.bottom else None,
        alternative="two-sided",
        confidence_level=CONFIDENCE,
        equal_var=False,
        use_t=True,
    )


def _can_adjust(measure: Measure, together: "aggr.Aggregates") -> bool:
    """Whether what was before the campaign says something about the measure, and not simply all of it."""
    top, bottom = BEFORE + measure.top, BEFORE + measure.bottom if measure.bottom else None
    if bottom and not together.mean(bottom) > 0:
        return False
    before = together.ratio_var(top, bottom)
    during = together.ratio_var(measure.top, measure.bottom or None)
    if not (before > 0 and during > 0):
        return False
    shared = together.ratio_cov(measure.top, measure.bottom or None, top, bottom)
    return bool(shared**2 < (1 - _SLACK) * before * during)


def _noticeable(low: float, high: float, other: float) -> float:
    """The relative effect that a test with an interval of this width finds with probability `POWER`."""
    normal = NormalDist()
    deviations = normal.inv_cdf((1 + CONFIDENCE) / 2)
    error = (high - low) / 2 / deviations
    return (deviations + normal.inv_cdf(POWER)) * error / other


def _sample_ratio(found: "dict[Any, aggr.Aggregates]", holdout: int) -> SampleRatio:
    check = tt.SampleRatio((HOLDOUT_PARTS - holdout) / holdout).analyze(found, 0, 1)
    return SampleRatio(_count(found, 1), _count(found, 0), holdout / HOLDOUT_PARTS, check.pvalue)


def _count(found: "dict[Any, aggr.Aggregates]", side: int) -> int:
    return int(found[side].count())
