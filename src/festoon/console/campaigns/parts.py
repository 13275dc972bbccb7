"""What each tab of a campaign shows beside the plan itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from festoon.api.naming import Names
from festoon.api.rules_told import rules_of, say_in
from festoon.console.asked import Asked
from festoon.console.bars import Stretch, chart
from festoon.console.campaigns.choosing import SHOWS, kept
from festoon.console.campaigns.reading import Shown
from festoon.console.campaigns.worth import worth
from festoon.console.texts import language, say
from festoon.engine.outside import outside_metrics
from festoon.engine.program import Program
from festoon.engine.work import RISK_STATES, STATUSES, States, states
from festoon.engine.work_list import Moments, RiskNow, TaskNow, risks_now, tasks_now
from festoon.insight.board.standing import standing
from festoon.plan.catalogue import Catalogue
from festoon.plan.compiled import CompiledCampaign, CompiledMechanic
from festoon.plan.goals import METRICS
from festoon.plan.money import CURRENCIES
from festoon.plan.phases import transitions
from festoon.plan.schema import Outside, Plan
from festoon.plan.values import Text, texts

Context = dict[str, Any]
DAY = timedelta(days=1)
STATUS_TONES = {"planned": "", "doing": "good", "done": "quiet", "dropped": "quiet"}


def titled(text: Text | None, fallback: str) -> str:
    """A text of the plan in the reader's language."""
    return texts(text, fallback)[language()]


def metric_title(id: str, outside: Outside | None) -> str:
    """What a metric is called: one of ours, or one that is measured elsewhere."""
    if outside is not None:
        return titled(outside.title, id)
    return texts(dict(METRICS[id].title))[language()] if id in METRICS else id  # type: ignore[arg-type]


def unit_of(id: str, outside: Outside | None) -> str:
    """`share`, `money` or anything else: how its numbers are written."""
    if outside is not None:
        return outside.unit
    return METRICS[id].unit if id in METRICS else "number"


def moments_of(found: Shown) -> Moments:
    """When things in a campaign's plan are."""
    assert found.plan is not None
    assert found.compiled is not None
    return Moments(found.plan, found.compiled)


def _plan(found: Shown) -> Plan:
    assert found.plan is not None
    return found.plan


def _goals(_request: Asked, found: Shown, _now: datetime) -> Context:
    moments = moments_of(found)
    rows = [
        {
            "goal": goal,
            "title": metric_title(goal.metric, goal.outside),
            "unit": unit_of(goal.metric, goal.outside),
            "due": moments.end(goal.due),
            "window": _window(goal.baseline) if isinstance(goal.baseline, str) else "",
            "value": getattr(goal.baseline, "value", None),
            "source": getattr(goal.baseline, "source", ""),
        }
        for goal in _plan(found).goals
    ]
    return {"goals": rows, "outside": bool(outside_metrics(_plan(found)))}


def _window(said: str) -> str:
    """`28 days before start` in the reader's words."""
    days, _, _, phase = said.split()
    return str(say(f"campaigns.window_{phase}", days=days))


def _schedule(_request: Asked, found: Shown, now: datetime) -> Context:
    assert found.compiled is not None
    steps = [(name, at, at <= now) for at, name in transitions(found.compiled.schedule)]
    return {"steps": steps, "calendar": _plan(found).calendar}


def _audience(_request: Asked, found: Shown, _now: datetime) -> Context:
    moments = moments_of(found)
    rollout = _plan(found).rollout
    steps = [(moments.begin(step.since), step.share) for step in rollout.steps] if rollout else []
    return {"steps": steps, "experiments": _plan(found).experiments.items()}


class MechanicSheet(Struct, frozen=True):
    """A mechanic as its card shows it."""

    id: str
    title: str
    kind: str
    types: list[tuple[str, str]]
    when: str
    rules: list[str]
    paused: bool

    @property
    def dialog(self) -> str:
        return f"mechanic-{self.id}"


def _names(campaign: CompiledCampaign) -> Names:
    """What this version calls its things, whether it runs or not."""
    return Names(Program(1, [campaign]), language())


def _mechanics(_request: Asked, found: Shown, _now: datetime) -> Context:
    campaign = found.compiled
    assert campaign is not None
    known = _names(campaign)
    spoken = say_in(known, campaign)

    def one(each: CompiledMechanic) -> MechanicSheet:
        return MechanicSheet(
            each.id,
            each.title[language()],
            _plan(found).mechanics[each.id].kind,
            [(type, known.event(type)) for type in each.types],
            each.when.text if each.when else "",
            rules_of(each, campaign, spoken),
            each.id in found.campaign.paused,
        )

    by_id = {each.id: one(each) for each in (*campaign.mechanics, *campaign.modifiers)}
    order = [id for id in _plan(found).mechanics if id in by_id]
    return {"mechanics": [by_id[id] for id in order]}


def _rewards(request: Asked, found: Shown, _now: datetime) -> Context:
    plan, campaign = _plan(found), found.compiled
    assert campaign is not None
    built_in = {code: asset.title[language()] for code, asset in campaign.assets.items()}
    lines = {name: line.title[language()] for name, line in campaign.lines.items()}

    def row(id: str, thing: Any) -> tuple[str, str, Any, str]:
        line = getattr(thing, "line", "")
        return id, titled(thing.title, built_in.get(id, id)), thing, lines.get(line, line)

    sections = [
        (section, [row(id, thing) for id, thing in getattr(plan, section).items()])
        for section in ("coupons", "badges", "items", "gifts", "memberships", "assets")
    ]
    stocks = request.bridge.ask(standing, campaign).stocks if found.runs else []
    spoken = say_in(_names(campaign), campaign)
    catalogue = Catalogue(plan)
    bundles = [(name, spoken.reward(catalogue.reward(name, f"rewards.{name}"))) for name in plan.rewards]
    return {"sections": [each for each in sections if each[1]], "stocks": stocks, "bundles": bundles}


def _promotion(_request: Asked, found: Shown, now: datetime) -> Context:
    moments, plan = moments_of(found), _plan(found)
    rows = [
        (titled(each.title, id), each, moments.begin(each.since), moments.end(each.until))
        for id, each in plan.promotion.items()
    ]
    stretches = [Stretch(title, since, until) for title, _, since, until in rows if since and until]
    return {"placements": rows, "bars": chart(stretches, now), "competitors": plan.competitors}


class WorkRow(Struct, frozen=True):
    """A task as the list and the time line have it, in the reader's language."""

    id: str
    title: str
    team: str
    task: TaskNow

    @property
    def late(self) -> bool:
        return self.task.late


def work_rows(found: Shown, now: datetime, states: States) -> list[WorkRow]:
    """All tasks of a plan, sub-tasks under theirs, with what was set of them."""
    return [
        WorkRow(task.id, task.title[language()], task.team[language()], task)
        for task in tasks_now(_plan(found), moments_of(found), states, now)
    ]


def _doing(row: WorkRow) -> tuple[str, ...]:
    """Whose a task is: his who does it, of the team in any language, or who last said how far it is."""
    task = row.task
    return task.person, *task.team.values(), task.set.by if task.set else ""


def _work(request: Asked, found: Shown, now: datetime) -> Context:
    known = request.bridge.ask(states, "task", [found.campaign.id])
    rows = work_rows(found, now, known)
    chosen = kept(request, rows, _doing)
    stretches = [
        Stretch(
            row.title,
            row.task.since or row.task.until - DAY,
            row.task.until,
            "bad" if row.late else STATUS_TONES[row.task.state],
            bool(row.task.within),
        )
        for row in rows
        if row.task.until
    ]
    return {
        "rows": chosen,
        "any": bool(rows),
        "bars": chart(stretches, now),
        "statuses": STATUSES,
        "shows": SHOWS,
    }


def _budget(request: Asked, found: Shown, _now: datetime) -> Context:
    assert found.compiled is not None
    plan, lines = _plan(found), found.compiled.lines.values()
    live = (
        {each.name: each for each in request.bridge.ask(standing, found.compiled).lines} if found.runs else {}
    )
    rows = [(line.title[language()], line, live.get(line.name)) for line in lines]
    sources = {name: getattr(line, "source", "own") for name, line in plan.budget.lines.items()}
    planned = sum((each.cost for each in plan.promotion.values()), Decimal(0))
    return {
        "rows": rows,
        "sources": sources,
        "currency": found.compiled.currency,
        "total": sum(line.amount for line in lines),
        "spent": sum(each.actual for each in live.values()),
        "left": sum(each.remaining for each in live.values()),
        "promotion": int(planned.scaleb(CURRENCIES.get(found.compiled.currency, 2))),
    }


class RiskRow(Struct, frozen=True):
    """A risk as its card shows it, in the reader's language."""

    id: str
    title: str
    risk: RiskNow
    response: str
    trigger: str
    steps: list[str]
    tone: str

    @property
    def late(self) -> bool:
        return self.risk.late


def risk_rows(found: Shown, now: datetime, states: States) -> list[RiskRow]:
    """All risks of a plan, the worst first, with what was set of them and when each is looked at again."""

    def row(risk: RiskNow) -> RiskRow:
        tone = "bad" if risk.score >= 15 else "warn" if risk.score >= 8 else "quiet"
        book, spoken = risk.runbook, language()
        trigger, steps = (book.trigger[spoken], [each[spoken] for each in book.steps]) if book else ("", [])
        return RiskRow(risk.id, risk.title[spoken], risk, risk.response[spoken], trigger, steps, tone)

    return [row(risk) for risk in risks_now(_plan(found), moments_of(found), states, now)]


def _risks(request: Asked, found: Shown, now: datetime) -> Context:
    rows = risk_rows(found, now, request.bridge.ask(states, "risk", [found.campaign.id]))
    chosen = kept(request, rows, lambda row: (row.risk.owner, row.risk.set.by if row.risk.set else ""))
    return {"risks": chosen, "any": bool(rows), "risk_states": RISK_STATES, "shows": SHOWS}


def _evaluation(_request: Asked, found: Shown, _now: datetime) -> Context:
    moments = moments_of(found)
    rows = [
        {
            "title": titled(each.title, "") or metric_title(each.metric, each.outside),
            "criterion": each,
            "unit": unit_of(each.metric, each.outside),
            "at": moments.end(each.at),
        }
        for each in _plan(found).evaluation.values()
    ]
    return {"criteria": rows}


PARTS: dict[str, Callable[[Asked, Shown, datetime], Context]] = {
    "goals": _goals,
    "schedule": _schedule,
    "audience": _audience,
    "mechanics": _mechanics,
    "rewards": _rewards,
    "promotion": _promotion,
    "work": _work,
    "budget": _budget,
    "risks": _risks,
    "evaluation": _evaluation,
    "benefits": worth,
}
"""By tab, what is shown of a version whose text reads."""
