"""The questions of an evaluation, each judged at its own date by its own method, on what was known by then.

A criterion looks at the time from the campaign's start until its date. What is judged stays as it was judged: a report
of a later day says the same about it.
"""

from collections.abc import Mapping
from datetime import datetime
from math import sqrt
from statistics import NormalDist
from typing import Literal

from ibis import Table
from msgspec import Struct
from msgspec.structs import replace

from festoon.engine.outside import OutsideFigure
from festoon.insight.aims import entered_value, measured_as, reached, smallest
from festoon.insight.before_after import before_and_after
from festoon.insight.compare import (
    CONFIDENCE,
    ENOUGH,
    ENOUGH_OF_EACH,
    Comparison,
    Measure,
    against_holdout,
    held_out,
    verdict,
)
from festoon.insight.facts import Facts
from festoon.insight.figures import FIGURES
from festoon.insight.goals import ADDS_UP, NONE
from festoon.insight.results import Number
from festoon.insight.scope import Scope, Window
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.goals import COMPARED, METRICS, PROPORTIONS, Direction
from festoon.plan.moments import calendar_of, ends
from festoon.plan.schema import Criterion, Plan
from festoon.plan.values import texts

Status = Literal["to_come", "met", "missed", "better", "worse", "cannot_tell", "shown", "not_measured"]


class Judged(Struct, frozen=True):
    """What a criterion came to. `other` is the value before, or of those held out; `low` and `high` bound the
    difference. `measure` is what was measured of a member instead, when the metric itself is a sum over members."""

    status: Status
    value: float | None = None
    other: float | None = None
    low: float | None = None
    high: float | None = None
    measure: Measure | None = None


class CriterionResult(Struct, frozen=True):
    """One question of the evaluation. Values are in the metric's unit, money in smallest units."""

    id: str
    metric: str
    title: Mapping[str, str]
    unit: str
    at: datetime
    method: str
    source: str
    target: float | None
    judged: Judged

    @property
    def status(self) -> Status:
        return self.judged.status


def due_dates(plan: Plan, campaign: CompiledCampaign) -> dict[str, datetime]:
    """When each criterion is judged, by its name; the earliest first."""
    calendar = calendar_of(plan.calendar)
    dates = {
        name: ends(criterion.at, campaign.schedule, campaign.zone, calendar)
        for name, criterion in plan.evaluation.items()
    }
    return dict(sorted(dates.items(), key=lambda each: each[1]))


def criterion_results(
    facts: Facts,
    plan: Plan,
    campaign: CompiledCampaign,
    scope: Scope,
    as_of: datetime,
    outside: Mapping[str, OutsideFigure] = NONE,
) -> tuple[CriterionResult, ...]:
    """The plan's criteria by their dates: judged, or still to come. The scope's members are everybody; `outside` are
    the figures that were signed by then, by metric."""
    found = []
    for name, at in due_dates(plan, campaign).items():
        criterion = plan.evaluation[name]
        judged = Judged("to_come")
        if at <= as_of:
            window = Window(campaign.schedule.start, at)
            entered = outside.get(criterion.metric)
            if criterion.outside and entered:
                judged = _entered(criterion, entered, campaign)
            else:
                judged = _judge(facts.until(at), criterion, campaign, replace(scope, window=window, seen=at))
        found.append(_result(name, criterion, campaign, at, judged, outside.get(criterion.metric)))
    return tuple(found)


def _entered(criterion: Criterion, entered: OutsideFigure, campaign: CompiledCampaign) -> Judged:
    """What somebody measured outside, against the target."""
    unit, direction = measured_as(criterion.outside)
    value, target = entered_value(entered, unit, campaign.currency), _target(criterion, unit, campaign)
    if target is None:
        return Judged("shown", value)
    return Judged("met" if reached(value, target, direction) else "missed", value)


def _result(
    name: str,
    criterion: Criterion,
    campaign: CompiledCampaign,
    at: datetime,
    judged: Judged,
    entered: OutsideFigure | None,
) -> CriterionResult:
    outside, known = criterion.outside, FIGURES.get(criterion.metric)
    unit: str
    if known is not None:
        unit, title = METRICS[criterion.metric].unit, known.title
    else:
        unit, title = measured_as(outside)[0], texts(outside.title if outside else None, criterion.metric)
    return CriterionResult(
        id=name,
        metric=criterion.metric,
        title=texts(criterion.title) if criterion.title else title,
        unit=judged.measure.unit if judged.measure else unit,
        at=at,
        method="outside" if outside else criterion.method,
        source=_source(criterion, judged, entered),
        target=_target(criterion, unit, campaign),
        judged=judged,
    )


def _source(criterion: Criterion, judged: Judged, entered: OutsideFigure | None) -> str:
    """Where the figure comes from: who measured it and when, or where it is to come from."""
    if criterion.outside and entered and judged.value is not None:
        return f"{entered.source} · {entered.measured:%Y-%m-%d}"
    return criterion.source or (criterion.outside.evidence if criterion.outside else "")


def _target(criterion: Criterion, unit: str, campaign: CompiledCampaign) -> float | None:
    if criterion.target is None:
        return None
    return smallest(criterion.target, unit, campaign.currency)


def _judge(facts: Facts, criterion: Criterion, campaign: CompiledCampaign, scope: Scope) -> Judged:
    if criterion.metric not in FIGURES or criterion.method in ("survey", "outside"):
        return Judged("not_measured")
    before = scope.window.earlier(campaign.schedule.warm_up, campaign.zone)
    if criterion.method == "holdout":
        judged = _against_holdout(facts, criterion.metric, campaign, scope, before)
    else:
        scope = scope.among(_ours(facts, campaign, scope, inside=True)) if campaign.holdout else scope
        judged = Judged("shown", _number(facts, criterion.metric, scope).value)
        if criterion.method == "before_after":
            judged = _before_after(facts, criterion.metric, scope, before, judged)
    if judged.value is None:
        return Judged("not_measured")
    target = _target(criterion, METRICS[criterion.metric].unit, campaign)
    if target is None or judged.measure is not None:
        return judged
    met = reached(judged.value, target, METRICS[criterion.metric].direction)
    return replace(judged, status="met" if met else "missed")


def _number(facts: Facts, metric: str, scope: Scope) -> Number:
    return FIGURES[metric].number(facts, scope)


def _ours(facts: Facts, campaign: CompiledCampaign, scope: Scope, *, inside: bool) -> Table:
    sides = held_out(facts, scope, campaign.salt, campaign.holdout)
    return facts.kept(sides.filter(sides.inside == int(inside)).select("member"))


def _against_holdout(
    facts: Facts, metric: str, campaign: CompiledCampaign, scope: Scope, before: Window
) -> Judged:
    if not campaign.holdout:
        return Judged("not_measured")
    if metric in COMPARED:
        found = against_holdout(facts, scope, campaign.salt, campaign.holdout, before)
        return Judged("not_measured") if found is None else _compared(found.comparisons, metric)
    if metric not in PROPORTIONS:
        return Judged("not_measured")
    ours, theirs = (
        _number(facts, metric, scope.among(_ours(facts, campaign, scope, inside=inside)))
        for inside in (True, False)
    )
    return _proportions(ours, theirs, METRICS[metric].direction)


def _before_after(facts: Facts, metric: str, scope: Scope, before: Window, judged: Judged) -> Judged:
    """The same in as long a time before, or in what the facts have of it."""
    if metric in COMPARED and (found := before_and_after(facts, scope, before)) is not None:
        return _compared(found.comparisons, metric)
    _, first, _ = facts.extent
    if first is None or first >= before.end:
        return judged
    known = Window(max(before.start, first), before.end)
    then = _number(facts, metric, replace(scope, window=known, seen=known.end)).value
    if then is not None and metric in ADDS_UP:
        then *= scope.window.length / known.length
    return replace(judged, other=then)


def _compared(comparisons: tuple[Comparison, ...], metric: str) -> Judged:
    one = next(each for each in comparisons if each.measure.id == COMPARED[metric])
    low, high = (one.low, one.high) if one.enough else (None, None)
    measure = None if one.measure.id == metric and one.measure.bottom else one.measure
    return Judged(one.verdict, one.side.value, one.other.value, low, high, measure)


def _proportions(ours: Number, theirs: Number, direction: Direction) -> Judged:
    """Two shares of members compared. The interval adds a success and a failure to each side, which keeps it honest
    with few (Agresti and Caffo, "Simple and Effective Confidence Intervals for Proportions and Differences of
    Proportions", The American Statistician 54, 2000)."""
    sides = [(side.top, side.bottom or 0) for side in (ours, theirs)]
    if any(members == 0 for _, members in sides):
        return Judged("not_measured", ours.value, theirs.value)
    enough = all(members >= ENOUGH and min(did, members - did) >= ENOUGH_OF_EACH for did, members in sides)
    if not enough:
        return Judged("cannot_tell", ours.value, theirs.value)
    (one, n), (other, m) = (((did + 1) / (members + 2), members + 2) for did, members in sides)
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(one * (1 - one) / n + other * (1 - other) / m)
    low, high = one - other - reach, one - other + reach
    said = verdict(low, high, enough=True) if direction == "up" else verdict(-high, -low, enough=True)
    return Judged(said, ours.value, theirs.value, low, high)
