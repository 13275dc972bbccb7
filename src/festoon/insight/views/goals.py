"""Goals as a page shows them."""

from datetime import timedelta

from msgspec import Struct

from festoon.insight import charts, wording
from festoon.insight.figures import FIGURES
from festoon.insight.goals import Driver, GoalResult
from festoon.insight.theme import AMBER, BLUE, GREEN, VERMILION, Chart
from festoon.insight.views.reader import Reader
from festoon.plan.goals import METRICS

_COLOURS = {"met": GREEN, "missed": VERMILION, "on_track": BLUE, "behind": AMBER, "not_measured": BLUE}


class DriverView(Struct, frozen=True):
    title: str
    value: str
    change: str


class GoalView(Struct, frozen=True):
    """One goal: its numbers as text, its state, its chart, and the figures behind it when it was missed."""

    title: str
    status: str
    state: str
    horizon: str
    due: str
    result: str
    target: str
    baseline: str
    expected: str
    share: str
    lift: str
    chart: Chart | None
    drivers: tuple[DriverView, ...]
    weakest: str
    evidence: str


def goal_views(goals: tuple[GoalResult, ...], reader: Reader) -> tuple[GoalView, ...]:
    return tuple(_view(goal, reader, f"goal-{at}") for at, goal in enumerate(goals))


def _view(goal: GoalResult, reader: Reader, name: str) -> GoalView:
    title, result = reader.of(goal.title), reader.value(goal.result, goal.unit)
    target = reader.value(goal.target, goal.unit)
    state = reader.say(goal.status)
    chart = None
    if goal.result is not None and goal.target is not None:
        text = f"{title}: {reader.say('result')} {result}, {reader.say('target')} {target}. {state}."
        chart = charts.bullet(
            name, goal.result, goal.target, goal.baseline, _COLOURS[goal.status], reader.language, text
        )
    return GoalView(
        title=title,
        status=goal.status,
        state=state,
        horizon=reader.say(goal.horizon),
        due=reader.day(goal.due - timedelta(microseconds=1)),
        result=result,
        target=target,
        baseline=reader.value(goal.baseline, goal.unit) if goal.baseline is not None else "",
        expected=reader.value(goal.expected, goal.unit) if goal.expected is not None else "",
        share=wording.share(goal.progress, 0) if goal.progress is not None else "",
        lift=_lift(goal, reader),
        chart=chart,
        drivers=tuple(_driver(driver, reader) for driver in goal.drivers),
        weakest=_weakest(goal, reader),
        evidence=_evidence(goal, reader),
    )


def _evidence(goal: GoalResult, reader: Reader) -> str:
    """Who measured it and when; or, before anybody has, where it is to come from."""
    if goal.measured is None:
        return goal.evidence
    return f"{goal.source} · {wording.day(goal.measured, reader.language)}"


def _lift(goal: GoalResult, reader: Reader) -> str:
    if goal.lift is None:
        return ""
    name = "lift_of" if goal.lift >= 0 else "lift_below"
    return reader.say(name, lift=wording.share(abs(goal.lift)))


def _driver(driver: Driver, reader: Reader) -> DriverView:
    figure = FIGURES[driver.figure]
    change = driver.change
    return DriverView(
        reader.of(figure.title),
        reader.value(driver.now, figure.unit),
        reader.say("against_before", change=wording.change(change)) if change is not None else "",
    )


def _weakest(goal: GoalResult, reader: Reader) -> str:
    """The figure behind a missed goal that moved the wrong way the most."""
    known = [
        (driver.change if _wants_up(driver.figure) else -driver.change, driver)
        for driver in goal.drivers
        if driver.change is not None
    ]
    if not known:
        return ""
    moved, driver = min(known, key=lambda pair: pair[0])
    if moved >= 0:
        return ""
    title = reader.of(FIGURES[driver.figure].title)
    return reader.say("weakest", figure=title, change=wording.change(driver.change))


def _wants_up(figure: str) -> bool:
    return figure not in METRICS or METRICS[figure].direction == "up"
