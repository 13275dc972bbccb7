"""The three answers at the top of a report, the tiles below them, and the figures with their formulas."""

from typing import Literal

from msgspec import Struct

from festoon.insight import wording
from festoon.insight.evaluation import Evaluation
from festoon.insight.figures import FIGURES
from festoon.insight.verdict import sentence
from festoon.insight.views.budget import BudgetView
from festoon.insight.views.goals import GoalView
from festoon.insight.views.reader import Reader

Mark = Literal["good", "bad", "open"]

TILES = ("participants", "coverage", "active_members", "daily_active_members", "revenue", "order_value")
DECIDED = ("met", "missed")
FINE = ("met", "on_track")


class Answer(Struct, frozen=True):
    """A question, how the answer looks at a glance, and the answer in sentences."""

    question: str
    mark: Mark
    lines: tuple[str, ...]


class Tile(Struct, frozen=True):
    title: str
    value: str
    change: str


class FigureView(Struct, frozen=True):
    title: str
    value: str
    before: str
    formula: str


def answers(
    found: Evaluation, goals: tuple[GoalView, ...], budget: BudgetView, reader: Reader
) -> tuple[Answer, ...]:
    return (_goals(goals, reader), _cost(found, budget, reader), _worked(found, reader))


def _goals(goals: tuple[GoalView, ...], reader: Reader) -> Answer:
    question = reader.say("q_goals")
    if not goals:
        return Answer(question, "open", (reader.say("no_goals"),))
    measured = [goal for goal in goals if goal.status != "not_measured"]
    fine = [goal for goal in measured if goal.status in FINE]
    lines = []
    if measured:
        over = all(goal.status in DECIDED for goal in measured)
        name = "goals_sum" if over else "goals_running"
        lines.append(reader.say(name, met=len(fine), all=len(measured)))
    lines += [
        reader.say("goal_short", title=goal.title, result=goal.result, target=goal.target)
        for goal in measured
        if goal.status not in FINE
    ]
    if len(measured) < len(goals):
        lines.append(reader.say("goal_outside", n=len(goals) - len(measured)))
    mark: Mark = "open" if not measured else "good" if len(fine) == len(measured) else "bad"
    return Answer(question, mark, tuple(lines))


def _cost(found: Evaluation, budget: BudgetView, reader: Reader) -> Answer:
    question = reader.say("q_cost")
    if not found.lines:
        return Answer(question, "open", (reader.say("no_budget"),))
    lines = [
        reader.say(
            "cost_sum",
            used=reader.round_money(found.used),
            budget=reader.round_money(found.budget),
            share=wording.share(found.used / found.budget if found.budget else None, 0),
            actual=reader.round_money(sum(line.actual for line in found.lines)),
            committed=reader.round_money(sum(line.committed for line in found.lines)),
        )
    ]
    if budget.per_participant:
        lines.append(reader.say("per_participant", cost=budget.per_participant))
    if budget.returned:
        lines.append(budget.returned)
    short = any(line.warning for line in budget.lines)
    return Answer(question, "bad" if short else "good", tuple(lines))


def _worked(found: Evaluation, reader: Reader) -> Answer:
    question = reader.say("q_worked")
    if found.holdout is None or found.main is None:
        name = "no_holdout" if not found.campaign.holdout else "not_begun"
        return Answer(question, "open", (reader.say(name),))
    lines = [sentence(found.main, reader.language, reader.campaign.currency)]
    if not found.holdout.ratio.sound:
        ratio = found.holdout.ratio
        share = wording.share(ratio.held_out / (ratio.inside + ratio.held_out))
        lines.insert(0, reader.say("ratio_wrong", share=share, expected=wording.share(ratio.expected)))
        return Answer(question, "bad", tuple(lines))
    marks: dict[str, Mark] = {"better": "good", "worse": "bad", "cannot_tell": "open"}
    return Answer(question, marks[found.main.verdict], tuple(lines))


def tiles(found: Evaluation, reader: Reader) -> tuple[Tile, ...]:
    made = []
    for id in TILES:
        now, before = found.figures[id]
        if now.value is None:
            continue
        change = ""
        if before is not None and before.value:
            change = reader.say("against_before", change=wording.change(now.value / before.value - 1))
        figure = FIGURES[id]
        made.append(Tile(reader.of(figure.title), reader.number(now, figure.unit), change))
    return tuple(made)


def figure_views(found: Evaluation, reader: Reader) -> tuple[FigureView, ...]:
    """Every figure that says something in this campaign, with its formula."""
    return tuple(
        FigureView(
            reader.of(FIGURES[id].title),
            reader.number(now, FIGURES[id].unit),
            reader.number(before, FIGURES[id].unit),
            reader.of(FIGURES[id].formula),
        )
        for id, (now, before) in found.figures.items()
        if now.value or (before is not None and before.value)
    )
