"""B5: a back-test of the demo's plan on real purchases, against the live engine without HTTP on the same events."""

import asyncio
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psutil

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.rounds import Findings, Ratio, Tell, in_turns
from festoon.base.collector import calm
from festoon.base.events import Event
from festoon.demo.data import prepare
from festoon.demo.run import ASSUMED, flat, plan_text, publish_in_rehearsal
from festoon.engine.assumptions import Responses
from festoon.engine.backtest import run_seed, seed_bytes
from festoon.engine.replay import Replay, program_in_memory
from festoon.intake.files import read_event_parquet
from festoon.intake.rehearsal import rehearse
from festoon.plan.compile import compile_plan
from festoon.plan.parse import read_plan

SINCE = datetime(2017, 3, 1, 5, tzinfo=UTC)
"""The first moment of the campaign."""


def back_tests(ground: Ground, effort: Effort, tell: Tell, room: Path) -> Findings:
    """The year's first purchases within the campaign, with what members are assumed to do about them."""
    calm()  # as the commands that back-test, import and serve are
    tell("reading the history")
    history = _history(room, effort.history)
    told = _with_responses(history)
    spent: list[float] = []

    def backtest(_: int) -> float:
        began, worked = time.perf_counter(), time.process_time()
        run = run_seed(plan_text(), history, 1, ASSUMED)[0]
        spent.append(1e6 * (time.process_time() - worked) / run.events)
        return run.events / (time.perf_counter() - began)

    def live(_: int) -> float:
        dsn = ground.database()
        asyncio.run(publish_in_rehearsal(dsn))
        began = time.perf_counter()
        done = asyncio.run(rehearse(dsn, [told]))
        return done.events / (time.perf_counter() - began)

    backtest(-1)
    spent.clear()
    own = psutil.Process()
    allowed = own.cpu_affinity()
    own.cpu_affinity(allowed[:1])
    try:
        found = in_turns(effort.rounds, {"the back-test": backtest, "the live engine": live}, tell)
    finally:
        own.cpu_affinity(allowed)
    ratio = Ratio(
        "B5", f"back-test of the demo's plan, {len(told)} events, one core",
        "the live engine without HTTP, batches of 500", "events/s", found["the back-test"],
        found["the live engine"], 8.0,
    )  # fmt: skip
    note = f"B5: the back-test takes {min(spent):.1f} µs of processor time per event at best"
    return Findings([ratio], notes=[note])


def _history(room: Path, most: int) -> list[Event]:
    """Real purchases of the campaign's first weeks, in order of time."""
    events = flat(read_event_parquet(prepare(room / "journey").events))
    return list(islice((event for event in events if event.time >= SINCE), most))


def _with_responses(history: list[Event]) -> list[Event]:
    """What the live engine has to be sent to decide the same: the history and the members' responses."""
    replay = Replay(program_in_memory([compile_plan(read_plan(plan_text()))], seed_bytes(1)))
    responses = Responses(replay.program, ASSUMED, seed_bytes(1))
    told = []
    for event, _, decided in replay.run(responses.merged(history)):
        if event.type != "timer.due":
            told.append(event)
        responses.react(event, decided)
    return told
