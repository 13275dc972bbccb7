"""Goals against results: what was aimed at, what came of it, and what a missed goal is made of."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from festoon.base.calendar import WorkingCalendar
from festoon.engine.outside import OutsideFigure
from festoon.insight.aims import entered_value, measured_as, reached, smallest
from festoon.insight.facts import Facts
from festoon.insight.figures import FIGURES
from festoon.insight.scope import Scope, Window
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.goals import METRICS, Direction
from festoon.plan.moments import begins, calendar_of, ends
from festoon.plan.schema import Baseline, Goal, Plan
from festoon.plan.values import texts

Status = Literal["met", "missed", "on_track", "behind", "not_measured"]

NONE: Mapping[str, OutsideFigure] = {}

ADDS_UP = frozenset({"new_members", "visitors_joined", "orders", "revenue", "referrals", "feedback"})
"""Metrics that grow with the length of the window; a baseline over another length is scaled to it."""
GROWS = ADDS_UP | {"participants", "visitors"}
"""Metrics that grow while the campaign runs, so that half the time may show half the target."""

DRIVERS: Mapping[str, tuple[str, ...]] = {
    "participants": ("active_members", "coverage"),
    "new_members": ("visitors", "referrals"),
    "visitors_joined": ("visitors",),
    "daily_active_members": ("active_members", "dau_mau_ratio"),
    "weekly_active_members": ("active_members", "dau_mau_ratio"),
    "monthly_active_members": ("active_members", "churn"),
    "dau_mau_ratio": ("daily_active_members", "monthly_active_members"),
    "orders": ("buyers", "repurchase_rate"),
    "revenue": ("buyers", "orders", "order_value"),
    "order_value": ("orders", "revenue"),
    "repurchase_rate": ("buyers", "orders"),
    "interaction_rate": ("active_members", "daily_active_members"),
    "task_completion": ("participants", "coverage"),
    "coverage": ("active_members", "participants"),
    "churn": ("retention_d30", "active_members"),
    "feedback": ("participants", "interaction_rate"),
    "redemption_rate": ("participants", "orders"),
    "retention_d7": ("active_members", "interaction_rate"),
    "retention_d30": ("active_members", "repurchase_rate"),
}
"""The figures that a metric is made of, or that move it: where to look when its goal was missed."""


class Driver(Struct, frozen=True):
    """A figure behind a missed goal, in the goal's window and in as long a one before the campaign."""

    figure: str
    now: float | None
    before: float | None

    @property
    def change(self) -> float | None:
        if self.now is None or not self.before:
            return None
        return self.now / self.before - 1


class GoalResult(Struct, frozen=True):
    """One goal and what came of it. Values are in the metric's unit, money in smallest units.

    `target` is absolute: a lift has been put on its baseline. `expected` is what should be there by now, when
    the goal is not due yet. `evidence` says where a metric from outside is to come from; `source` and `measured` say it
    of the figure that was entered and signed.
    """

    metric: str
    title: Mapping[str, str]
    unit: str
    direction: Direction
    due: datetime
    horizon: str
    result: float | None
    target: float | None
    baseline: float | None
    lift: float | None
    expected: float | None
    status: Status
    drivers: tuple[Driver, ...] = ()
    evidence: str = ""
    source: str = ""
    measured: date | None = None

    @property
    def progress(self) -> float | None:
        """The result as a part of the target."""
        return self.result / self.target if self.result is not None and self.target else None


def goal_results(
    facts: Facts,
    plan: Plan,
    campaign: CompiledCampaign,
    scope: Scope,
    as_of: datetime,
    outside: Mapping[str, OutsideFigure] = NONE,
) -> tuple[GoalResult, ...]:
    """The plan's goals in plan order, measured over the scope's members up to an instant. `outside` are the figures
    that were signed by then, by metric."""
    calendar = calendar_of(plan.calendar)
    return tuple(_result(facts, goal, campaign, scope, as_of, calendar, outside) for goal in plan.goals)


def _result(
    facts: Facts,
    goal: Goal,
    campaign: CompiledCampaign,
    scope: Scope,
    as_of: datetime,
    calendar: WorkingCalendar,
    outside: Mapping[str, OutsideFigure],
) -> GoalResult:
    due = ends(goal.due, campaign.schedule, campaign.zone, calendar)
    if goal.metric not in FIGURES:
        return _outside(goal, due, campaign.currency, outside.get(goal.metric), over=as_of >= due)
    start = campaign.schedule.start
    whole = Window(start, max(due, start))
    seen = whole.until(as_of)
    unit = METRICS[goal.metric].unit
    direction = METRICS[goal.metric].direction
    result = _value(facts, goal.metric, scope.over(seen)) if seen.length else None
    baseline = _baseline(facts, goal, campaign, scope, calendar, whole)
    target = _target(goal, baseline, unit, campaign.currency)
    elapsed = seen.length / whole.length if whole.length else 1.0
    expected = target * elapsed if target is not None and goal.metric in GROWS else target
    status = _status(result, target, expected, direction, over=as_of >= due)
    missed = status in ("missed", "behind")
    return GoalResult(
        metric=goal.metric,
        title=FIGURES[goal.metric].title,
        unit=unit,
        direction=direction,
        due=due,
        horizon=goal.horizon,
        result=result,
        target=target,
        baseline=baseline,
        lift=float(goal.lift) if goal.lift is not None else None,
        expected=expected if as_of < due else None,
        status=status,
        drivers=_drivers(facts, goal.metric, scope.over(seen), campaign) if missed else (),
    )


def _outside(
    goal: Goal, due: datetime, currency: str, entered: OutsideFigure | None, *, over: bool
) -> GoalResult:
    """A metric measured elsewhere: what was entered and signed last, with its source and date."""
    outside = goal.outside
    unit, direction = measured_as(outside)
    target = _target(goal, _said(goal.baseline, unit, currency), unit, currency)
    result = None if entered is None else entered_value(entered, unit, currency)
    return GoalResult(
        metric=goal.metric,
        title=texts(outside.title if outside else None, goal.metric),
        unit=unit,
        direction=direction,
        due=due,
        horizon=goal.horizon,
        result=result,
        target=target,
        baseline=_said(goal.baseline, unit, currency),
        lift=float(goal.lift) if goal.lift is not None else None,
        expected=None,
        status=_status(result, target, target, direction, over=over),
        evidence=outside.evidence if outside else "",
        source="" if entered is None else entered.source,
        measured=None if entered is None else entered.measured,
    )


def _status(
    result: float | None, target: float | None, expected: float | None, direction: Direction, *, over: bool
) -> Status:
    if result is None or target is None or expected is None:
        return "not_measured"
    if over:
        return "met" if reached(result, target, direction) else "missed"
    return "on_track" if reached(result, expected, direction) else "behind"


def _target(goal: Goal, baseline: float | None, unit: str, currency: str) -> float | None:
    if goal.target is not None:
        return smallest(goal.target, unit, currency)
    if goal.lift is None or baseline is None:
        return None
    return baseline * (1 + float(goal.lift))


def _baseline(
    facts: Facts,
    goal: Goal,
    campaign: CompiledCampaign,
    scope: Scope,
    calendar: WorkingCalendar,
    whole: Window,
) -> float | None:
    said = _said(goal.baseline, METRICS[goal.metric].unit, campaign.currency)
    if said is not None:
        return said
    window = _baseline_window(goal.baseline, campaign, calendar)
    if window is None:
        return None
    _, first, _ = facts.extent
    if first is None or first >= window.end:
        return None
    value = _value(facts, goal.metric, scope.over(window))
    if value is None or goal.metric not in ADDS_UP or not window.length:
        return value
    return value * (whole.length / window.length)


def _said(baseline: Baseline | str | None, unit: str, currency: str) -> float | None:
    """A baseline that the plan itself gives as a number."""
    if isinstance(baseline, Baseline) and baseline.value is not None:
        return smallest(baseline.value, unit, currency)
    return None


def _baseline_window(
    baseline: Baseline | str | None, campaign: CompiledCampaign, calendar: WorkingCalendar
) -> Window | None:
    if isinstance(baseline, str):
        days, _, phase = baseline.partition(" days before ")
        end: datetime = getattr(campaign.schedule, phase)
        return Window(end - timedelta(days=int(days)), end)
    if baseline is None or baseline.since is None or baseline.until is None:
        return None
    first = begins(baseline.since, campaign.schedule, campaign.zone, calendar)
    return Window(first, max(first, ends(baseline.until, campaign.schedule, campaign.zone, calendar)))


def _drivers(facts: Facts, metric: str, scope: Scope, campaign: CompiledCampaign) -> tuple[Driver, ...]:
    asked = scope.window.earlier(campaign.schedule.warm_up, campaign.zone)
    _, first, _ = facts.extent
    # The facts may not reach back as far: then what adds up is scaled to as long a time, and a rate is taken as it is.
    known = Window(max(asked.start, first), asked.end) if first is not None and first < asked.end else None

    def earlier(figure: str) -> float | None:
        value = None if known is None else _value(facts, figure, scope.over(known))
        if value is None or known is None or figure not in ADDS_UP:
            return value
        return value * (scope.window.length / known.length)

    return tuple(
        Driver(figure, _value(facts, figure, scope), earlier(figure)) for figure in DRIVERS.get(metric, ())
    )


def _value(facts: Facts, figure: str, scope: Scope) -> float | None:
    return FIGURES[figure].number(facts, scope).value
