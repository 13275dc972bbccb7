"""Goals and evaluation: metrics that exist, targets that can be told to be met, dates that can come."""

from festoon.base.errors import Invalid
from festoon.plan import codes_plan as codes
from festoon.plan.build import Site
from festoon.plan.goals import COMPARED, METRICS, PROPORTIONS
from festoon.plan.moments import begins, ends
from festoon.plan.problems import suggestion
from festoon.plan.schema import Baseline, Goal


def check(site: Site) -> None:
    """Note goals that nobody could tell to be met."""
    for index, goal in enumerate(site.plan.goals):
        _goal(site, goal, f"goals[{index}]")
    for name, criterion in site.plan.evaluation.items():
        path = f"evaluation.{name}"
        if criterion.outside is None:
            known_metric(site, criterion.metric, f"{path}.metric")
        due(site, criterion.at, f"{path}.at")
        if criterion.method == "holdout":
            _two_sides(site, criterion.metric, path)
    if not site.plan.evaluation and not site.plan.goals:
        site.findings.say(codes.EVALUATION_MISSING, "evaluation")


def _two_sides(site: Site, metric: str, path: str) -> None:
    """Note what cannot be judged against those held out."""
    comparable = (*COMPARED, *sorted(PROPORTIONS))
    if metric in METRICS and metric not in comparable:
        site.findings.say(codes.NO_TWO_SIDES, f"{path}.metric", metric=metric, known=", ".join(comparable))
    if not site.plan.audience.holdout:
        site.findings.say(codes.NOBODY_HELD_OUT, f"{path}.method")


def _goal(site: Site, goal: Goal, path: str) -> None:
    if goal.outside is None:
        known_metric(site, goal.metric, f"{path}.metric")
    if (goal.target is None) == (goal.lift is None):
        site.findings.say(codes.TARGET_OR_LIFT, path)
    if goal.lift is not None and goal.baseline is None:
        site.findings.say(codes.LIFT_WITHOUT_BASELINE, path)
    if isinstance(goal.baseline, Baseline):
        _baseline(site, goal.baseline, f"{path}.baseline")
    due(site, goal.due, f"{path}.due")


def _baseline(site: Site, baseline: Baseline, path: str) -> None:
    span = (baseline.since, baseline.until)
    if (baseline.value is None) == (None in span) or (baseline.value is not None and span != (None, None)):
        site.findings.say(codes.BASELINE_VALUE, path)
    if baseline.since is not None and baseline.until is not None:
        in_order(site, baseline.since, baseline.until, path, ("since", "until"))


def known_metric(site: Site, metric: str, path: str) -> None:
    """Note a metric that nothing computes."""
    if metric not in METRICS:
        known = ", ".join(METRICS)
        site.findings.say(
            codes.UNKNOWN_METRIC, path, metric=metric, known=known, **suggestion(metric, METRICS)
        )


def due(site: Site, moment: str, path: str) -> None:
    """Note a due date that cannot be, or that comes before the campaign does."""
    try:
        if ends(moment, site.schedule, site.zone, site.calendar, path) <= site.schedule.start:
            site.findings.say(codes.DUE_TOO_EARLY, path)
    except Invalid as wrong:
        site.findings.caught(wrong, "")


def in_order(site: Site, since: str, until: str, path: str, keys: tuple[str, str]) -> None:
    """Note a span that ends before it begins, or whose ends are no moments."""
    try:
        first = begins(since, site.schedule, site.zone, site.calendar, f"{path}.{keys[0]}")
        last = ends(until, site.schedule, site.zone, site.calendar, f"{path}.{keys[1]}")
        if last < first or (last == first and since != until):
            site.findings.say(codes.ENDS_BEFORE_IT_BEGINS, f"{path}.{keys[1]}")
    except Invalid as wrong:
        site.findings.caught(wrong, "")
