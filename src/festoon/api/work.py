"""The work of a campaign over the API: its tasks and risks as they stand, and what people set of them."""

from datetime import date
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.requests import Request

from festoon.api.campaigns import CAMPAIGN
from festoon.api.filters import body_of
from festoon.api.operation import Operation, Parameter
from festoon.api.routes import actor_of, working
from festoon.engine.engine import Engine
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.engine.work import (
    LONGEST_NOTE,
    RISK_STATES,
    RISK_UNKNOWN,
    STATE_UNKNOWN,
    STATUSES,
    TASK_UNKNOWN,
    review_risk,
    set_task,
)
from festoon.engine.work_list import RiskNow, TaskNow, risks, tasks
from festoon.store.pool import lent

TAG = "Work and risks"
Note = Annotated[str, Meta(max_length=LONGEST_NOTE)]


class TasksAnswer(Struct, frozen=True):
    """The tasks of a plan in its order, sub-tasks under theirs."""

    tasks: list[TaskNow]


class RisksAnswer(Struct, frozen=True):
    """The risks of a plan, the worst first, and those that are closed last."""

    risks: list[RiskNow]


class TaskState(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a task is: `planned`, `doing`, `done` or `dropped`."""

    state: Annotated[str, Meta(extra_json_schema={"enum": list(STATUSES)})]
    note: Note = ""


class RiskState(Struct, frozen=True, forbid_unknown_fields=True):
    """What state a risk is in: `open`, `watched`, `happened` or `closed`; and when it is looked at next, where that is
    not by its rhythm."""

    state: Annotated[str, Meta(extra_json_schema={"enum": list(RISK_STATES)})]
    note: Note = ""
    next_review: date | None = None


class Work:
    """The endpoints, with what they need of the process."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        self._pool = pool
        self._engine = engine

    async def tasks(self, request: Request) -> TasksAnswer:
        async with lent(self._pool) as connection:
            return TasksAnswer(await tasks(connection, request.path_params["campaign"], self._engine.now()))

    async def risks(self, request: Request) -> RisksAnswer:
        async with lent(self._pool) as connection:
            return RisksAnswer(await risks(connection, request.path_params["campaign"], self._engine.now()))

    async def set_task(self, request: Request) -> TasksAnswer:
        asked, campaign = await body_of(request, TaskState), request.path_params["campaign"]
        async with working(request, self._pool) as connection:
            now = self._engine.now()
            await set_task(
                connection,
                campaign,
                request.path_params["task"],
                asked.state,
                actor_of(request),
                now,
                asked.note,
            )
            return TasksAnswer(await tasks(connection, campaign, now))

    async def set_risk(self, request: Request) -> RisksAnswer:
        asked, campaign = await body_of(request, RiskState), request.path_params["campaign"]
        async with working(request, self._pool) as connection:
            now = self._engine.now()
            await review_risk(
                connection, campaign, request.path_params["risk"], asked.state, actor_of(request), now, asked.note,
                asked.next_review,
            )  # fmt: skip
            return RisksAnswer(await risks(connection, campaign, now))

    def operations(self) -> tuple[Operation, ...]:
        at = "/v1/campaigns/{campaign}"
        task = Parameter(
            "task", "The task's name in the plan.", where="path", required=True, example="posters"
        )
        risk = Parameter("risk", "The risk's name in the plan.", where="path", required=True, example="crowd")
        return (
            Operation("GET", at + "/tasks", "The tasks of a campaign's plan, and how far each is.", "campaigns:read",
                      self.tasks, TasksAnswer, parameters=(CAMPAIGN,), problems=(VERSION_UNKNOWN,), name="tasks",
                      tag=TAG),
            Operation("POST", at + "/tasks/{task}", "Say how far a task is.", "work:update", self.set_task, TasksAnswer,
                      TaskState, (CAMPAIGN, task), (VERSION_UNKNOWN, TASK_UNKNOWN, STATE_UNKNOWN), name="set_task",
                      tag=TAG, once=True),
            Operation("GET", at + "/risks",
                      "The risks of a campaign's plan, in which state each is, and when it is looked at again.",
                      "campaigns:read", self.risks, RisksAnswer, parameters=(CAMPAIGN,),
                      problems=(VERSION_UNKNOWN,), name="risks", tag=TAG),
            Operation("POST", at + "/risks/{risk}", "Say that a risk was looked at, and what state it is in.",
                      "work:update", self.set_risk, RisksAnswer, RiskState, (CAMPAIGN, risk),
                      (VERSION_UNKNOWN, RISK_UNKNOWN, STATE_UNKNOWN), name="set_risk", tag=TAG, once=True),
        )  # fmt: skip
