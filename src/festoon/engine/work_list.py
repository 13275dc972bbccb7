"""The tasks and risks of a campaign as they stand now: what the plan says, and what people have set since."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg
from msgspec import Struct

from festoon.base.calendar import WorkingCalendar
from festoon.base.errors import FestoonError
from festoon.base.times import end_of_day
from festoon.engine.campaign_list import campaign
from festoon.engine.published import written_for
from festoon.engine.reload import compile_version
from festoon.engine.work import Set, States, next_review, states
from festoon.plan.compiled import CompiledCampaign, Schedule
from festoon.plan.moments import begins, calendar_of, ends
from festoon.plan.parse import load_plan
from festoon.plan.running import Risk, Task
from festoon.plan.schema import Plan
from festoon.plan.values import texts

Words = Mapping[str, str]
"""A text in every language."""


class TaskNow(Struct, frozen=True):
    """A task. `within` is the task that it is a part of, or ""; `late`, that it should have been done by now; `set` is
    its state as somebody set it."""

    id: str
    title: Words
    team: Words
    person: str
    since: datetime | None
    until: datetime | None
    within: str
    after: list[str]
    state: str
    late: bool
    set: Set | None


class RunbookNow(Struct, frozen=True):
    """What is done when it happens."""

    trigger: Words
    steps: Sequence[Words]
    on_call: str
    pause: list[str]
    drilled: datetime | None


class RiskNow(Struct, frozen=True):
    """A risk. `review` is when it is looked at next; `response_late` says that its response should be there, `late`
    that this is so or that it should have been looked at again."""

    id: str
    title: Words
    impact: int
    likelihood: int
    score: int
    response: Words
    owner: str
    due: datetime | None
    rhythm: str
    state: str
    set: Set | None
    review: datetime | None
    response_late: bool
    late: bool
    runbook: RunbookNow | None


class Moments:
    """When something in a plan is, as instants; None for what cannot be told any more."""

    def __init__(self, plan: Plan, compiled: CompiledCampaign) -> None:
        self.schedule: Schedule = compiled.schedule
        self.zone: ZoneInfo = compiled.zone
        self.calendar: WorkingCalendar = calendar_of(plan.calendar)

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


def tasks_now(plan: Plan, moments: Moments, known: States, now: datetime) -> list[TaskNow]:
    """All tasks of a plan, sub-tasks under theirs, with what was set of them."""

    def rows(tasks: Mapping[str, Task], within: str) -> Iterator[TaskNow]:
        for id, task in tasks.items():
            until, set_ = moments.end(task.until), known.get((plan.campaign, id))
            state = set_.state if set_ else task.status
            late = until is not None and until <= now and state in ("planned", "doing")
            yield TaskNow(
                id, texts(task.title, id), texts(task.team), task.person, moments.begin(task.since), until, within,
                task.after, state, late, set_,
            )  # fmt: skip
            yield from rows(task.tasks, id)

    return list(rows(plan.work, ""))


def risks_now(plan: Plan, moments: Moments, known: States, now: datetime) -> list[RiskNow]:
    """All risks of a plan, the worst first, with what was set of them and when each is looked at again."""
    rows = [_risk(id, risk, moments, known.get((plan.campaign, id)), now) for id, risk in plan.risks.items()]
    return sorted(rows, key=lambda each: (each.state == "closed", -each.score))


def _risk(id: str, risk: Risk, moments: Moments, known: Set | None, now: datetime) -> RiskNow:
    state, due, book = known.state if known else "open", moments.end(risk.due), risk.runbook
    if state == "closed":
        review = None
    elif known and known.next_review:
        review = end_of_day(known.next_review, moments.zone)
    else:
        review = next_review(risk.review, known.at if known else moments.schedule.warm_up)
    response_late = due is not None and due <= now and state == "open"
    runbook = None
    if book is not None:
        steps, drilled = [texts(step) for step in book.steps], moments.begin(book.drilled)
        runbook = RunbookNow(texts(book.trigger), steps, book.on_call, book.pause, drilled)
    return RiskNow(
        id, texts(risk.title, id), risk.impact, risk.likelihood, risk.impact * risk.likelihood, texts(risk.response),
        risk.owner, due, risk.review, state, known, review, response_late,
        response_late or (review is not None and review <= now), runbook,
    )  # fmt: skip


async def tasks(connection: asyncpg.Connection, id: str, now: datetime) -> list[TaskNow]:
    """The tasks of a campaign's plan that runs, or of its newest. Raises NotFound."""
    plan, moments = await _read(connection, id)
    return tasks_now(plan, moments, await states(connection, "task", [id]), now)


async def risks(connection: asyncpg.Connection, id: str, now: datetime) -> list[RiskNow]:
    """The same of its risks. Raises NotFound."""
    plan, moments = await _read(connection, id)
    return risks_now(plan, moments, await states(connection, "risk", [id]), now)


async def _read(connection: asyncpg.Connection, id: str) -> tuple[Plan, Moments]:
    found = await campaign(connection, id)
    plan = load_plan(found.source, written_for=written_for(found.kinds))
    return plan, Moments(plan, compile_version(found.source, found.kinds, found.version))
