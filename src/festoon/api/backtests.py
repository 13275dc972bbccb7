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

from festoon.api.filters import body_of, choice, text
from festoon.api.members import NAME
from festoon.api.operation import Operation, Parameter
from festoon.api.paging import PAGED, after, cursor, cut, limit_of
from festoon.api.routes import actor_of, spoken, working
from festoon.base.errors import Invalid, NotFound, define
from festoon.engine.assumptions import WRONG_SHARE, Assumptions
from festoon.engine.engine import Engine
from festoon.engine.population import WRONG_RATE
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.backtests import asking, histories
from festoon.insight.backtests.asked import Asked, History, Seeds
from festoon.insight.backtests.difference import Difference, difference
from festoon.insight.backtests.histories import HistoryFile, kept
from festoon.insight.backtests.result import Result
from festoon.insight.jobs import jobs
from festoon.insight.jobs.jobs import NOT_OPEN, NOT_OVER, STATES, UNKNOWN, Job, State
from festoon.plan.problems import INVALID
from festoon.store.pool import lent

TAG = "Back-tests"
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
    """Back-tests, newest first. `worker` says whether anybody runs what waits."""

    backtests: list[BacktestAnswer]
    worker: bool
    next: str | None


class HistoryList(Struct, frozen=True):
    """The histories of an installation, by name."""

    histories: list[HistoryFile]


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
        async with working(request, self._pool) as connection:
            source = asked.source or await asking.version_text(connection, asked.campaign, asked.version)
            question = Asked(source, asked.version, asked.history, asked.seeds, asked.assumptions)
            number = await asking.ask_for_backtest(
                connection, question, actor_of(request), self._engine.now(), self._histories
            )
            return await self._one(connection, number, spoken(request))

    async def listed(self, request: Request) -> BacktestList:
        limit, state = limit_of(request), choice(request, "state", STATES)
        (before,) = after(request, int)
        async with lent(self._pool) as connection:
            rows = await jobs.listed(
                connection,
                kind=asking.KIND,
                campaign=text(request, "campaign"),
                state=state,
                before=before,
                limit=limit + 1,
            )
            works = await jobs.somebody_works(connection)
        found, last = cut(rows, limit)
        more = None if last is None else cursor(last.number)
        return BacktestList([_answer(each, spoken(request)) for each in found], works, more)

    async def one(self, request: Request) -> BacktestAnswer:
        async with lent(self._pool) as connection:
            return await self._one(connection, _number(request, "number"), spoken(request))

    async def cancel(self, request: Request) -> BacktestAnswer:
        number = _number(request, "number")
        async with working(request, self._pool) as connection:
            await jobs.job(connection, number, asking.KIND)
            await jobs.cancel(connection, number, actor_of(request), self._engine.now())
            return await self._one(connection, number, spoken(request))

    async def again(self, request: Request) -> BacktestAnswer:
        number = _number(request, "number")
        async with working(request, self._pool) as connection:
            await jobs.job(connection, number, asking.KIND)
            await jobs.again(connection, number, actor_of(request), self._engine.now())
            return await self._one(connection, number, spoken(request))

    async def against(self, request: Request) -> Difference:
        async with lent(self._pool) as connection:
            first = await asking.done(connection, _number(request, "number"))
            second = await asking.done(connection, _number(request, "other"))
        return difference(first, second)

    async def histories(self, request: Request) -> HistoryList:
        folder = self._histories
        return HistoryList([] if folder is None else await asyncio.to_thread(kept, folder))

    async def _one(self, connection: asyncpg.Connection, number: int, language: str) -> BacktestAnswer:
        found = await jobs.job(connection, number, asking.KIND)
        result = await asking.result(connection, number) if found.state == "done" else None
        return _answer(found, language, result)

    def operations(self) -> tuple[Operation, ...]:
        number, other = (
            Parameter(
                name, "The back-test's number.", {"type": "integer"}, "path", required=True, example=example
            )
            for name, example in (("number", 7), ("other", 8))
        )
        at, one = "/v1/backtests/{number}", (number,)
        asked = (
            INVALID,
            ONE_OF_BOTH,
            VERSION_UNKNOWN,
            asking.ONTO_NEEDS_SINCE,
            asking.DAYS_TURNED,
            histories.UNKNOWN,
            WRONG_RATE,
            WRONG_SHARE,
        )
        return (
            Operation("POST", "/v1/backtests", "Ask for a back-test of a plan; it waits until `festoon work` runs it.",
                      "plan:make", self.ask, BacktestAnswer, Question, problems=asked,
                      name="ask_for_backtest", tag=TAG, once=True),
            Operation("GET", "/v1/backtests", "Back-tests, newest first, without their results.",
                      "campaigns:read", self.listed, BacktestList, parameters=_FILTERS,
                      name="backtests", tag=TAG, pages="backtests"),
            Operation("GET", at, "A back-test: how far it is, and its result.",
                      "campaigns:read", self.one, BacktestAnswer, parameters=one, problems=(UNKNOWN,),
                      name="backtest", tag=TAG),
            Operation("POST", at + "/cancel", "Cancel a back-test that waits or runs.",
                      "plan:make", self.cancel, BacktestAnswer, parameters=one, problems=(UNKNOWN, NOT_OPEN),
                      name="cancel_backtest", tag=TAG, once=True),
            Operation("POST", at + "/again", "Start a back-test that failed or was cancelled once more.",
                      "plan:make", self.again, BacktestAnswer, parameters=one, problems=(UNKNOWN, NOT_OVER),
                      name="run_backtest_again", tag=TAG, once=True),
            Operation("GET", at + "/against/{other}", "Two back-tests side by side, figure by figure.",
                      "campaigns:read", self.against, Difference, parameters=(number, other),
                      problems=(UNKNOWN, asking.NOT_DONE), name="compare_backtests", tag=TAG),
            Operation("GET", "/v1/histories", "The files of past events that a plan can be tried on.",
                      "campaigns:read", self.histories, HistoryList, name="histories", tag=TAG),
        )  # fmt: skip


_FILTERS = (
    Parameter("campaign", "Only of this campaign.", NAME),
    Parameter("state", "Only in this state.", {"type": "string", "enum": list(STATES)}),
    *PAGED,
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


def _number(request: Request, name: str) -> int:
    """A number of the path. Raises NotFound for what none can be."""
    said = request.path_params[name]
    if not said.isascii() or not said.isdecimal() or len(said) > 15:
        raise NotFound(UNKNOWN, number=said)
    return int(said)
