"""The work of a back-test that was asked for, in the process that was started for it."""

import asyncio
from pathlib import Path

import msgspec
from msgspec import Struct

from festoon.audience.lists import places
from festoon.base.scratch import scratch
from festoon.engine.backtest import Backtest, ParquetHistory, backtest
from festoon.engine.population import Population
from festoon.engine.segmenting import Lists
from festoon.insight.backtests.asked import Asked, Facts, File, MadeUp
from festoon.insight.backtests.histories import Written, write_facts, write_file
from festoon.insight.backtests.result import Result, result_of
from festoon.insight.jobs.task import Task
from festoon.intake.files import read_event_parquet
from festoon.plan.compile import compile_plan
from festoon.plan.compiled import CompiledCampaign
from festoon.plan.parse import read_plan
from festoon.store.pool import connect

_asked = msgspec.json.Decoder(Asked)


class Ready(Struct, frozen=True):
    """A history that can be run: what makes its events, how many there are about, and what was written of it."""

    events: ParquetHistory | Population
    expected: int
    written: Written | None = None


def backtest_job(task: Task) -> Result:
    """Run it. Raises PlanInvalid, NotFound, Invalid; Cancelled when nobody wants it any more."""
    asked = _asked.decode(task.asked)
    campaign = compile_plan(read_plan(asked.source))
    with scratch("back-test") as room:
        ready = _ready(task, asked, campaign, room)
        found = _run(task, asked, ready, asyncio.run(_lists(task.dsn, campaign, asked.history)))
    written = ready.written
    first, last = (written.first, written.last) if written else (None, None)
    return result_of(found, campaign, asked.version, first, last)


def _run(task: Task, asked: Asked, ready: Ready, lists: Lists) -> Backtest:
    expected = asked.seeds * ready.expected

    def heard(seed: int, events: int) -> None:
        task.tell(min((seed - 1) * ready.expected + events, expected), expected)

    return backtest(
        asked.source,
        ready.events,
        seeds=asked.seeds,
        assumptions=asked.assumptions,
        on_progress=heard,
        lists=lists,
    )


def _ready(task: Task, asked: Asked, campaign: CompiledCampaign, room: Path) -> Ready:
    history, target = asked.history, room / "history.parquet"
    if isinstance(history, MadeUp):
        made = Population.of(asked.source, history.members, history.days, history.rates, history.first)
        return Ready(made, made.expected)
    if isinstance(history, Facts):
        written = write_facts(task.dsn, task.folders.facts, history, campaign.zone, target)
    else:
        written = write_file(task.folders.histories, history, campaign.zone, target)
    events = ParquetHistory(str(target), read_event_parquet).for_plan(asked.source)
    return Ready(events, written.events, written)


async def _lists(dsn: str, campaign: CompiledCampaign, history: Facts | File | MadeUp) -> Lists:
    """The newest approved lists of the plan's segments. They name members, whom only the platform's own past knows."""
    listed = [segment.name for segment in campaign.segments if segment.listed]
    if not listed or not isinstance(history, Facts):
        return {}
    connection = await connect(dsn)
    try:
        found = {name: (await places(connection, campaign.campaign, name))[0] for name in listed}
    finally:
        await connection.close()
    return {
        name: tuple(str(member) for member in sorted(members, key=lambda each: members[each]))
        for name, members in found.items()
        if members
    }
