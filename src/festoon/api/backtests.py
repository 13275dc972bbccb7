"""Back-tests over the API: asked for, watched, cancelled, started again, and two of them side by side.

They run in processes that `festoon work` starts; what serves only reads and writes their rows.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from msgspec import Struct
from starlette.requests import Request

from festoon.access.keys import Key
from festoon.api.routes import PARAMETER_INVALID, Operation, Parameter, body_of, spoken, text, whole
from festoon.base.errors import Invalid, NotFound, define
from festoon.engine.assumptions import Assumptions
from festoon.engine.engine import Engine
from festoon.insight.backtests import asking
from festoon.insight.backtests.asked import Asked, History, Seeds
from festoon.insight.backtests.difference import Difference, difference
from festoon.insight.backtests.histories import HistoryFile, kept
from festoon.insight.backtests.result import Result
from festoon.insight.jobs import jobs
from festoon.insight.jobs.jobs import MOST, STATES, UNKNOWN, Job, State
from festoon.store.pool import lent

ONE_OF_BOTH = define(
    "backtest.one_of_both",
    400,
    "give the text of a plan, or a campaign and its version",
    "请提供方案文本，或活动及其版本",
)


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A back-test to be run: of a plan's text (`source`), or of a `version` of a `campaign` that was submitted."""

    history: History
    source: str = ""
    campaign: str = ""
    version: int = 0
    seeds: Seeds = 5
    assumptions: Assumptions = Assumptions()


class BacktestAnswer(Struct, frozen=True):
    """A back-test as it stands. `progress` is in per cent; `error` and `todo` say in the reader's language why it
    failed; `result` is there when it is done and it was asked for alone."""

    number: int
    title: str
    campaign: str
    state: State
    progress: int
    actor: str
    asked: datetime
    started: datetime | None
    finished: datetime | None
    error: str = ""
    code: str = ""
    todo: str = ""
    result: Result | None = None


class BacktestList(Struct, frozen=True):
    """Back-tests, newest first; `next` is what to pass as `before`. `worker` says whether anybody runs what waits."""

    backtests: list[BacktestAnswer]
    worker: bool
    next: int | None = None


class Backtests:
    """The endpoints, with what they need of the process. `histories` is the folder of kept ones, or None."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine, histories: Path | None) -> None:
        self._pool = pool
        self._engine = engine
        self._histories = histories

    async def ask(self, request: Request) -> BacktestAnswer:
        asked = await body_of(request, Question)
        if bool(asked.source) == bool(asked.campaign):
            raise Invalid(ONE_OF_BOTH)
        async with lent(self._pool) as connection:
            source = asked.source or await asking.version_text(connection, asked.campaign, asked.version)
            question = Asked(source, asked.version, asked.history, asked.seeds, asked.assumptions)
            number = await asking.ask_for_backtest(
                connection, question, _actor(request), self._engine.now(), self._histories
            )
            return await self._one(connection, number, spoken(request))

    async def listed(self, request: Request) -> BacktestList:
        state, limit = text(request, "state"), whole(request, "limit", 50, 1, MOST) or 50
        if state is not None and state not in STATES:
            raise Invalid(PARAMETER_INVALID, "state", name="state", reason=", ".join(STATES))
        before = whole(request, "before", None, 1, 2**53)
        async with lent(self._pool) as connection:
            found = await jobs.listed(
                connection,
                kind=asking.KIND,
                campaign=text(request, "campaign"),
                state=state,
                before=before,
                limit=limit,
            )
            works = await jobs.somebody_works(connection)
        more = found[-1].number if len(found) == limit else None
        return BacktestList([_answer(each, spoken(request)) for each in found], works, more)

    async def one(self, request: Request) -> BacktestAnswer:
        async with lent(self._pool) as connection:
            return await self._one(connection, _number(request, "number"), spoken(request))

    async def cancel(self, request: Request) -> BacktestAnswer:
        number = _number(request, "number")
        async with lent(self._pool) as connection:
            await jobs.job(connection, number, asking.KIND)
            await jobs.cancel(connection, number, _actor(request), self._engine.now())
            return await self._one(connection, number, spoken(request))

    async def again(self, request: Request) -> BacktestAnswer:
        number = _number(request, "number")
        async with lent(self._pool) as connection:
            await jobs.job(connection, number, asking.KIND)
            await jobs.again(connection, number, _actor(request), self._engine.now())
            return await self._one(connection, number, spoken(request))

    async def against(self, request: Request) -> Difference:
        async with lent(self._pool) as connection:
            first = await asking.done(connection, _number(request, "number"))
            second = await asking.done(connection, _number(request, "other"))
        return difference(first, second)

    async def histories(self, request: Request) -> dict[str, list[HistoryFile]]:
        folder = self._histories
        return {"histories": [] if folder is None else await asyncio.to_thread(kept, folder)}

    async def _one(self, connection: asyncpg.Connection, number: int, language: str) -> BacktestAnswer:
        found = await jobs.job(connection, number, asking.KIND)
        result = await asking.result(connection, number) if found.state == "done" else None
        return _answer(found, language, result)

    def operations(self) -> tuple[Operation, ...]:
        number, other = (
            Parameter(name, "The back-test's number.", {"type": "integer"}, "path", required=True)
            for name in ("number", "other")
        )
        at, one = "/v1/backtests/{number}", (number,)
        return (
            Operation("POST", "/v1/backtests", "Ask for a back-test of a plan; it waits until `festoon work` runs it.",
                      "plan:make", self.ask, BacktestAnswer, Question, problems=(400, 404)),
            Operation("GET", "/v1/backtests", "Back-tests, newest first, without their results.",
                      "campaigns:read", self.listed, BacktestList, parameters=_FILTERS, problems=(400,)),
            Operation("GET", at, "A back-test: how far it is, and its result.",
                      "campaigns:read", self.one, BacktestAnswer, parameters=one, problems=(404,)),
            Operation("POST", at + "/cancel", "Cancel a back-test that waits or runs.",
                      "plan:make", self.cancel, BacktestAnswer, parameters=one, problems=(404, 409)),
            Operation("POST", at + "/again", "Start a back-test that failed or was cancelled once more.",
                      "plan:make", self.again, BacktestAnswer, parameters=one, problems=(404, 409)),
            Operation("GET", at + "/against/{other}", "Two back-tests side by side, figure by figure.",
                      "campaigns:read", self.against, Difference, parameters=(number, other), problems=(404, 409)),
            Operation("GET", "/v1/histories", "The files of past events that a plan can be tried on.",
                      "campaigns:read", self.histories, dict[str, list[HistoryFile]]),
        )  # fmt: skip


_FILTERS = (
    Parameter("campaign", "Only of this campaign."),
    Parameter("state", "Only in this state.", {"type": "string", "enum": list(STATES)}),
    Parameter(
        "before", "Only numbers below this: `next` of the page before.", {"type": "integer", "minimum": 1}
    ),
    Parameter("limit", "How many at the most.", {"type": "integer", "minimum": 1, "maximum": MOST}),
)


def _answer(found: Job, language: str, result: Result | None = None) -> BacktestAnswer:
    said: dict[str, Any] = {}
    if found.error is not None:
        said = {
            "error": found.error.text(language),
            "code": found.error.code,
            "todo": found.error.todo(language),
        }
    return BacktestAnswer(
        found.number,
        found.title,
        found.campaign,
        found.state,
        found.percent,
        found.actor,
        found.at,
        found.started,
        found.finished,
        **said,
        result=result,
    )


def _actor(request: Request) -> str:
    key: Key = request.state.key
    return key.actor


def _number(request: Request, name: str) -> int:
    """A number of the path. Raises NotFound for what none can be."""
    said = request.path_params[name]
    if not said.isascii() or not said.isdecimal() or len(said) > 15:
        raise NotFound(UNKNOWN, number=said)
    return int(said)
