"""Ask for a back-test: everything that can be wrong with the question is said before it waits."""

import asyncio
from datetime import datetime
from pathlib import Path

import asyncpg
import msgspec
from msgspec import Struct

from festoon.base.errors import Conflict, Invalid, NotFound, define
from festoon.engine.population import Population
from festoon.engine.remarks import VERSION_UNKNOWN
from festoon.insight.backtests.asked import Asked, Facts, File, MadeUp
from festoon.insight.backtests.histories import find
from festoon.insight.backtests.result import Result
from festoon.insight.jobs import jobs
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

KIND = "backtest"
ONTO_NEEDS_SINCE = define(
    "backtest.onto_needs_since",
    400,
    "to move a history in time, say which day of it is to stand for {onto}",
    "要移动历史数据的时间，请说明其中哪一天对应 {onto}",
    todo="give since as well",
    todo_zh="请同时填写 since",
)
DAYS_TURNED = define(
    "backtest.days_turned",
    400,
    "the last day of the history, {until}, lies before its first, {since}",
    "历史数据的截止日期 {until} 早于起始日期 {since}",
)
NOT_DONE = define(
    "backtest.not_done",
    409,
    "the back-test {number} has no result: it is {state}",
    "回测{number}尚无结果，状态为{state}",
)
MOST_VERSIONS = 100
_result = msgspec.json.Decoder(Result)
_asked = msgspec.json.Decoder(Asked)


async def ask_for_backtest(
    connection: asyncpg.Connection, asked: Asked, actor: str, now: datetime, histories: Path | None = None
) -> int:
    """Put a back-test into the queue and return its number. `histories` is where kept histories are, when that can be
    seen from here. Raises PlanInvalid, Invalid and NotFound."""
    campaign = await asyncio.to_thread(_checked, asked, histories)
    title = f"{campaign}@{asked.version}" if asked.version else campaign
    return await jobs.ask(connection, KIND, campaign, title, asked, actor, now)


def _checked(asked: Asked, histories: Path | None) -> str:
    """The campaign of a question that can be answered."""
    campaign = compile_plan(read_plan(asked.source)).campaign
    _check(asked, histories)
    return campaign


def _check(asked: Asked, histories: Path | None) -> None:
    history = asked.history
    if isinstance(history, MadeUp):
        Population.of(asked.source, history.members, history.days, history.rates, history.first)
        return
    _check_days(history)
    if isinstance(history, File) and histories is not None:
        find(histories, history.name)


def _check_days(history: Facts | File) -> None:
    if history.onto is not None and history.since is None:
        raise Invalid(ONTO_NEEDS_SINCE, "since", onto=history.onto)
    if history.since is not None and history.until is not None and history.until < history.since:
        raise Invalid(DAYS_TURNED, "until", since=history.since, until=history.until)


async def version_text(connection: asyncpg.Connection, campaign: str, version: int) -> str:
    """The plan of a version that was submitted, to ask about it. Raises NotFound."""
    source: str | None = await connection.fetchval(
        "SELECT source FROM plan_version WHERE campaign = $1 AND version = $2", campaign, version
    )
    if source is None:
        raise NotFound(VERSION_UNKNOWN, campaign=campaign, version=version)
    return source


async def result(connection: asyncpg.Connection, number: int) -> Result | None:
    """What came of a back-test; None while there is nothing."""
    stored = await jobs.result_of(connection, number)
    return None if stored is None else _result.decode(stored)


async def done(connection: asyncpg.Connection, number: int) -> Result:
    """What came of a back-test that is done. Raises NotFound, and Conflict when it is not."""
    found = await jobs.job(connection, number, KIND)
    if (came := await result(connection, number)) is None:
        raise Conflict(NOT_DONE, number=number, state=found.state)
    return came


class Version(Struct, frozen=True):
    """A version of a plan that can be asked about."""

    campaign: str
    version: int
    status: str

    @property
    def name(self) -> str:
        return f"{self.campaign}@{self.version}"


async def versions(connection: asyncpg.Connection) -> list[Version]:
    """The versions that were submitted last, newest first."""
    rows = await connection.fetch(
        """SELECT campaign, version, status FROM plan_version WHERE status <> 'withdrawn'
           ORDER BY submitted DESC LIMIT $1""",
        MOST_VERSIONS,
    )
    return [Version(**row) for row in rows]


async def question(connection: asyncpg.Connection, number: int) -> Asked:
    """What a back-test was asked. Raises NotFound."""
    await jobs.job(connection, number, KIND)
    return _asked.decode(await jobs.asked_of(connection, number))
