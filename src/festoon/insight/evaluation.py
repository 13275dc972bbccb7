"""Everything an evaluation report says, computed once: from facts and plan to one value."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ibis import Table
from msgspec import Struct

from festoon.base.times import end_of_day, local_day
from festoon.engine.outside import OutsideFigure
from festoon.insight import active, retention, taking_part
from festoon.insight.arms import Trial, trials
from festoon.insight.before_after import BeforeAfter, before_and_after
from festoon.insight.benefits.benefit import Benefits
from festoon.insight.benefits.benefits import Asked, benefits
from festoon.insight.compare import AgainstHoldout, Comparison, against_holdout, held_out
from festoon.insight.criteria import CriterionResult, criterion_results
from festoon.insight.facts import Facts
from festoon.insight.figures import FIGURES
from festoon.insight.goals import NONE, GoalResult, goal_results
from festoon.insight.learned import Learning, learnings
from festoon.insight.results import Cohorts, Daily, Every, Number, Rows
from festoon.insight.scope import Scope, Window
from festoon.insight.spend import LineSpend, StockLeft, line_spend, stock_left
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.phases import Phase, phase
from festoon.plan.schema import Plan

VISITING = ("visitors", "visitors_joined")
"""Figures that are shown where there are visitors."""
SHOWN = (
    "participants",
    "coverage",
    "grants",
    "task_completion",
    "redemption_rate",
    "referrals",
    "new_members",
    *VISITING,
    "active_members",
    "daily_active_members",
    "weekly_active_members",
    "monthly_active_members",
    "dau_mau_ratio",
    "interaction_rate",
    "feedback",
    "retention_d7",
    "retention_d30",
    "churn",
    "buyers",
    "orders",
    "revenue",
    "order_value",
    "repurchase_rate",
    "repurchase_after_redemption",
)
"""The figures every report has, in this order."""
WITHIN_CAMPAIGN = frozenset(
    {"participants", "coverage", "grants", "task_completion", "redemption_rate", "referrals"}
)
"""Figures that only exist while the campaign runs, so that there is nothing before it to show beside them."""


FEWEST_DAYS = 14
"""Shorter stretches are not compared with each other: two weeks have all their weekdays twice."""


WEEKS_UP_TO = timedelta(days=16 * 7)
"""Longer campaigns have their cohorts by month."""


class Return(Struct, frozen=True):
    """What members spent because of the campaign, over all of them, against what it cost. In smallest units.

    None of it is claimed where the comparison with the hold-out allows no conclusion.
    """

    extra: float
    low: float
    high: float
    cost: int
    certain: bool


class Evaluation(Struct, frozen=True):
    """One campaign evaluated as of an instant. `window` is the campaign's time as far as it is over."""

    plan: Plan
    campaign: CompiledCampaign
    as_of: datetime
    phase: Phase
    window: Window
    before: Window
    events: int
    seen: Window | None
    chain: str
    figures: Mapping[str, tuple[Number, Number | None]]
    """By id: in the window, and in as long a one before it where that makes sense."""
    goals: tuple[GoalResult, ...]
    criteria: tuple[CriterionResult, ...]
    lines: tuple[LineSpend, ...]
    stocks: tuple[StockLeft, ...]
    days: Daily
    funnel: Rows
    grants: Rows
    refusals: Rows
    cohorts: Cohorts
    holdout: AgainstHoldout | None
    before_after: BeforeAfter | None
    benefits: Benefits
    """What each benefit is worth."""
    trials: tuple[Trial, ...] = ()
    """The experiments whose weights stay, in plan order."""
    learnings: tuple[Learning, ...] = ()
    """The experiments that learn."""

    @property
    def used(self) -> int:
        """What the campaign cost so far, with what is committed."""
        return sum(line.used for line in self.lines)

    @property
    def budget(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def participants(self) -> int:
        return self.figures["participants"][0].top

    @property
    def main(self) -> Comparison | None:
        """The comparison that the verdict on the campaign rests on."""
        return self.holdout.comparisons[0] if self.holdout else None

    @property
    def returned(self) -> Return | None:
        """What came back, by the comparison with the hold-out; None without one or without cost."""
        main = self.main
        if main is None or not main.enough or not self.used:
            return None
        members = main.side.members
        return Return(
            main.effect * members,
            main.low * members,
            main.high * members,
            self.used,
            main.verdict != "cannot_tell" and self.holdout is not None and self.holdout.ratio.sound,
        )


def evaluate(
    facts: Facts,
    plan: Plan,
    campaign: CompiledCampaign,
    as_of: datetime,
    outside: Mapping[str, OutsideFigure] = NONE,
) -> Evaluation:
    """Evaluate a campaign on what was known at an instant. `campaign` is the plan, compiled; `outside` are the figures
    from outside that were signed by then, by metric."""
    books = facts.until(as_of)
    facts = books.of_members(campaign.campaign)
    schedule = campaign.schedule
    everybody = _everybody(campaign, as_of)
    window = everybody.window
    before = window.earlier(schedule.warm_up, campaign.zone)
    ours = everybody.among(_inside(facts, everybody, campaign))
    count, first, last = books.extent
    lines, stocks = line_spend(books, campaign, as_of), stock_left(books, campaign, as_of)
    holdout = _against(facts, everybody, campaign, before)
    stretch = _stretch(ours, campaign, first)
    asked = Asked(plan, campaign, as_of, everybody, ours, before, stretch, lines, stocks, holdout)
    return Evaluation(
        plan=plan,
        campaign=campaign,
        as_of=as_of,
        phase=phase(schedule, as_of),
        window=window,
        before=before,
        events=count,
        seen=Window(first, last) if first and last else None,
        chain=facts.chain,
        figures=_figures(facts, ours, before, first),
        goals=goal_results(facts, plan, campaign, ours, as_of, outside),
        criteria=criterion_results(facts, plan, campaign, everybody, as_of, outside),
        lines=lines,
        stocks=stocks,
        days=_days(facts, ours),
        funnel=taking_part.funnel(facts, everybody),
        grants=taking_part.grants(facts, everybody),
        refusals=taking_part.refusals(facts, everybody),
        cohorts=_cohorts(facts, ours, as_of),
        holdout=holdout,
        before_after=before_and_after(facts, *stretch) if stretch else None,
        benefits=benefits(facts, asked),
        trials=trials(facts, everybody, campaign, before) if window.length else (),
        learnings=learnings(facts, campaign, as_of),
    )


def measured_goals(
    facts: Facts,
    plan: Plan,
    campaign: CompiledCampaign,
    as_of: datetime,
    outside: Mapping[str, OutsideFigure] = NONE,
) -> tuple[GoalResult, ...]:
    """Only the goals of an evaluation, for whoever watches them."""
    facts = facts.until(as_of).of_members(campaign.campaign)
    everybody = _everybody(campaign, as_of)
    ours = everybody.among(_inside(facts, everybody, campaign))
    return goal_results(facts, plan, campaign, ours, as_of, outside)


def measured_benefits(facts: Facts, plan: Plan, campaign: CompiledCampaign, as_of: datetime) -> Benefits:
    """Only what each benefit is worth, for whoever asks for it alone."""
    books = facts.until(as_of)
    facts = books.of_members(campaign.campaign)
    everybody = _everybody(campaign, as_of)
    before = everybody.window.earlier(campaign.schedule.warm_up, campaign.zone)
    ours = everybody.among(_inside(facts, everybody, campaign))
    asked = Asked(
        plan,
        campaign,
        as_of,
        everybody,
        ours,
        before,
        _stretch(ours, campaign, books.extent[1]),
        line_spend(books, campaign, as_of),
        stock_left(books, campaign, as_of),
        _against(facts, everybody, campaign, before),
    )
    return benefits(facts, asked)


def _everybody(campaign: CompiledCampaign, as_of: datetime) -> Scope:
    """All members, over the campaign's time as far as it is over."""
    return Scope(
        Window(campaign.schedule.start, campaign.schedule.end).until(as_of),
        campaign.zone,
        campaign.campaign,
        None,
        campaign.currency,
        {mechanic.id: mechanic.mechanic.kind for mechanic in campaign.mechanics},
        as_of,
    )


def _inside(facts: Facts, scope: Scope, campaign: CompiledCampaign) -> Table | None:
    """The members who are not held out, or None when nobody is."""
    if not campaign.holdout:
        return None
    sides = held_out(facts, scope, campaign.salt, campaign.holdout)
    return facts.kept(sides.filter(sides.inside == 1).select("member"))


def _against(facts: Facts, scope: Scope, campaign: CompiledCampaign, before: Window) -> AgainstHoldout | None:
    if not campaign.holdout or not scope.window.length:
        return None
    return against_holdout(facts, scope, campaign.salt, campaign.holdout, before)


def _stretch(scope: Scope, campaign: CompiledCampaign, first: datetime | None) -> tuple[Scope, Window] | None:
    """After and before, over as many days as there are on both sides of the campaign's beginning; None where those are
    too few."""
    if first is None:
        return None
    zone, begin = campaign.zone, campaign.schedule.warm_up
    known = Window(end_of_day(local_day(first, zone), zone), begin).days(zone)
    running = scope.window.days(zone)
    days = min(len(known), len(running))
    if days < FEWEST_DAYS:
        return None
    after = Window(scope.window.start, end_of_day(running[days - 1], zone)).until(scope.window.end)
    return scope.over(after), after.earlier(begin, zone)


def _figures(
    facts: Facts, scope: Scope, before: Window, first: datetime | None
) -> dict[str, tuple[Number, Number | None]]:
    known = first is not None and first < before.start + (before.length / 2)
    earlier = Scope(
        before, scope.zone, scope.campaign, scope.members, scope.currency, scope.kinds, before.end
    )
    found: dict[str, tuple[Number, Number | None]] = {}
    visited = (facts.everybody or facts).has_visitors
    for id in SHOWN:
        if id in VISITING and not visited:
            continue
        figure = FIGURES[id]
        then = figure.number(facts, earlier) if known and id not in WITHIN_CAMPAIGN else None
        found[id] = figure.number(facts, scope), then
    return found


def _cohorts(facts: Facts, scope: Scope, as_of: datetime) -> Cohorts:
    """Participants by when they first took part, followed until now: by week, in a long campaign by month."""
    every: Every = "week" if scope.window.length <= WEEKS_UP_TO else "month"
    followed = scope.over(Window(scope.window.start, max(as_of, scope.window.end)))
    return retention.cohorts(facts, followed, retention.first_participation(facts, scope), every)


def _days(facts: Facts, scope: Scope) -> Daily:
    """Active members and participants by day."""
    activity, taken = active.daily_active(facts, scope), taking_part.daily_participants(facts, scope)
    return Daily(activity.days, {**activity.series, **taken.series})
