"""What each tab of a campaign shows beside the plan itself."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from festoon.api.naming import Names
from festoon.api.rules_told import rules_of, say_in
from festoon.base.calendar import WorkingCalendar
from festoon.base.errors import FestoonError
from festoon.base.times import end_of_day
from festoon.console.asked import Asked
from festoon.console.bars import Stretch, chart
from festoon.console.campaigns.choosing import SHOWS, kept
from festoon.console.campaigns.reading import Shown
from festoon.console.campaigns.worth import worth
from festoon.console.texts import language
from festoon.engine.outside import outside_metrics
from festoon.engine.program import Program
from festoon.engine.work import RISK_STATES, STATUSES, Set, States, next_review, states
from festoon.insight.board.standing import standing
from festoon.plan.compiled import CompiledMechanic
from festoon.plan.goals import METRICS
from festoon.plan.moments import begins, calendar_of, ends
from festoon.plan.money import CURRENCIES
from festoon.plan.phases import transitions
from festoon.plan.running import Risk, Task
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


class Moments:
    """When something in a plan is, as instants; None for what cannot be told any more."""

    def __init__(self, found: Shown) -> None:
        assert found.plan is not None
        assert found.compiled is not None
        self.schedule, self.zone = found.compiled.schedule, found.compiled.zone
        self.calendar: WorkingCalendar = calendar_of(found.plan.calendar)

    def begin(self, moment: str | None) -> datetime | None:
        return self._at(begins, moment)

    def end(self, moment: str | None) -> datetime | None:
        return self._at(ends, moment)

    def _at(self, how: Callable[..., datetime], moment: str | None) -> datetime | None:
        if not moment:
            return None
        try:
            return how(moment, self.schedule, self.zone, self.calendar)
        except FestoonError:
            return None


def _plan(found: Shown) -> Plan:
    assert found.plan is not None
    return found.plan


def _goals(_request: Asked, found: Shown, _now: datetime) -> Context:
    moments = Moments(found)
    rows = [
        {
            "goal": goal,
            "title": metric_title(goal.metric, goal.outside),
            "unit": unit_of(goal.metric, goal.outside),
            "due": moments.end(goal.due),
            "window": goal.baseline if isinstance(goal.baseline, str) else "",
            "value": getattr(goal.baseline, "value", None),
            "source": getattr(goal.baseline, "source", ""),
        }
        for goal in _plan(found).goals
    ]
    return {"goals": rows, "outside": bool(outside_metrics(_plan(found)))}


def _schedule(_request: Asked, found: Shown, now: datetime) -> Context:
    assert found.compiled is not None
    steps = [(name, at, at <= now) for at, name in transitions(found.compiled.schedule)]
    return {"steps": steps, "calendar": _plan(found).calendar}


def _audience(_request: Asked, found: Shown, _now: datetime) -> Context:
    moments = Moments(found)
    rollout = _plan(found).rollout
    steps = [(moments.begin(step.since), step.share) for step in rollout.steps] if rollout else []
    return {"steps": steps, "experiments": _plan(found).experiments.items()}


class MechanicSheet(Struct, frozen=True):
    """A mechanic as its card shows it."""

    id: str
    title: str
    kind: str
    types: tuple[str, ...]
    when: str
    rules: list[str]
    paused: bool

    @property
    def dialog(self) -> str:
        return f"mechanic-{self.id}"


def _mechanics(request: Asked, found: Shown, _now: datetime) -> Context:
    campaign = found.compiled
    assert campaign is not None
    program: Program = request.bridge.inside.engine.program
    say = say_in(Names(program, language()), campaign)

    def one(each: CompiledMechanic) -> MechanicSheet:
        return MechanicSheet(
            each.id,
            each.title[language()],
            _plan(found).mechanics[each.id].kind,
            each.types,
            each.when.text if each.when else "",
            rules_of(each, campaign, say),
            each.id in found.campaign.paused,
        )

    by_id = {each.id: one(each) for each in (*campaign.mechanics, *campaign.modifiers)}
    order = [id for id in _plan(found).mechanics if id in by_id]
    return {"mechanics": [by_id[id] for id in order]}


def _rewards(request: Asked, found: Shown, _now: datetime) -> Context:
    plan = _plan(found)
    sections = [
        (section, [(id, titled(thing.title, id), thing) for id, thing in getattr(plan, section).items()])
        for section in ("coupons", "badges", "items", "gifts", "memberships", "assets")
    ]
    stocks = request.bridge.ask(standing, found.compiled).stocks if found.runs and found.compiled else []
    return {"sections": [each for each in sections if each[1]], "stocks": stocks}


def _promotion(_request: Asked, found: Shown, now: datetime) -> Context:
    moments, plan = Moments(found), _plan(found)
    rows = [
        (titled(each.title, id), each, moments.begin(each.since), moments.end(each.until))
        for id, each in plan.promotion.items()
    ]
    stretches = [Stretch(title, since, until) for title, _, since, until in rows if since and until]
    return {"placements": rows, "bars": chart(stretches, now), "competitors": plan.competitors}


class WorkRow(Struct, frozen=True):
    """A task as the list and the time line have it. `late` says that it should have been done by now; `set` is its
    state as somebody set it."""

    id: str
    title: str
    team: str
    task: Task
    since: datetime | None
    until: datetime | None
    below: bool
    late: bool
    status: str
    set: Set | None


def work_rows(found: Shown, now: datetime, states: States) -> list[WorkRow]:
    """All tasks of a plan, sub-tasks under theirs, with what was set of them."""
    moments = Moments(found)

    def rows(tasks: Mapping[str, Task], *, below: bool) -> Iterator[WorkRow]:
        for id, task in tasks.items():
            until = moments.end(task.until)
            known = states.get((found.campaign.id, id))
            status = known.state if known else task.status
            late = until is not None and until <= now and status in ("planned", "doing")
            title, since = titled(task.title, id), moments.begin(task.since)
            yield WorkRow(id, title, titled(task.team, ""), task, since, until, below, late, status, known)
            yield from rows(task.tasks, below=True)

    return list(rows(_plan(found).work, below=False))


def _doing(row: WorkRow) -> tuple[str, ...]:
    """Whose a task is: his who does it, of the team in any language, or who last said how far it is."""
    return row.task.person, *texts(row.task.team).values(), row.set.by if row.set else ""


def _work(request: Asked, found: Shown, now: datetime) -> Context:
    known = request.bridge.ask(states, "task", [found.campaign.id])
    rows = work_rows(found, now, known)
    chosen = kept(request, rows, _doing)
    stretches = [
        Stretch(
            row.title,
            row.since or row.until - DAY,
            row.until,
            "bad" if row.late else STATUS_TONES[row.status],
            row.below,
        )
        for row in rows
        if row.until
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
    """A risk as its card shows it. `late` says that it should have been looked at again, or its response be there."""

    id: str
    title: str
    risk: Risk
    response: str
    trigger: str
    steps: list[str]
    score: int
    tone: str
    due: datetime | None
    drilled: datetime | None
    state: str
    set: Set | None
    review: datetime | None
    response_late: bool
    late: bool


def risk_rows(found: Shown, now: datetime, states: States) -> list[RiskRow]:
    """All risks of a plan, the worst first, with what was set of them and when each is looked at again."""
    assert found.compiled is not None
    moments, zone = Moments(found), found.compiled.zone

    def row(id: str, risk: Risk) -> RiskRow:
        known = states.get((found.campaign.id, id))
        state, score = known.state if known else "open", risk.impact * risk.likelihood
        due = moments.end(risk.due)
        if state == "closed":
            review = None
        elif known and known.next_review:
            review = end_of_day(known.next_review, zone)
        else:
            review = next_review(risk.review, known.at if known else moments.schedule.warm_up)
        response_late = due is not None and due <= now and state == "open"
        tone = "bad" if score >= 15 else "warn" if score >= 8 else "quiet"
        drilled = moments.begin(risk.runbook.drilled) if risk.runbook else None
        late = response_late or (review is not None and review <= now)
        book = risk.runbook
        return RiskRow(
            id,
            titled(risk.title, id),
            risk,
            titled(risk.response, ""),
            titled(book.trigger, "") if book else "",
            [titled(step, "") for step in book.steps] if book else [],
            score,
            tone,
            due,
            drilled,
            state,
            known,
            review,
            response_late,
            late,
        )

    rows = [row(id, risk) for id, risk in _plan(found).risks.items()]
    return sorted(rows, key=lambda each: (each.state == "closed", -each.score))


def _risks(request: Asked, found: Shown, now: datetime) -> Context:
    rows = risk_rows(found, now, request.bridge.ask(states, "risk", [found.campaign.id]))
    chosen = kept(request, rows, lambda row: (row.risk.owner, row.set.by if row.set else ""))
    return {"risks": chosen, "any": bool(rows), "risk_states": RISK_STATES, "shows": SHOWS}


def _evaluation(_request: Asked, found: Shown, _now: datetime) -> Context:
    moments = Moments(found)
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
