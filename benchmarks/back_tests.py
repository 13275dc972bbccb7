"""B5: back-tests on real purchases, against the live engine without HTTP on the same events: of the demo's plan, and of
the example plan for a new year, moved into the year of the purchases."""

import asyncio
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psutil

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.plans import example
from benchmarks.rounds import Findings, Ratio, Side, Tell, in_turns
from festoon.base.collector import calm, still
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
"""The first moment of the campaigns."""


def back_tests(ground: Ground, effort: Effort, tell: Tell, room: Path) -> Findings:
    """The year's first purchases within a campaign, with what members are assumed to do about them."""
    calm()  # as the commands that back-test, import and serve are
    tell("reading the history")
    history = _history(room, effort.history)
    plans = {"the demo's plan": plan_text(), "the example plan new-year": example("new-year", SINCE.date())}
    findings = [_one(name, plan, history, ground, effort, tell) for name, plan in plans.items()]
    return Findings(
        [ratio for each in findings for ratio in each.ratios], notes=[note for each in findings for note in each.notes]
    )  # fmt: skip


def _one(name: str, plan: str, history: list[Event], ground: Ground, effort: Effort, tell: Tell) -> Findings:
    told = _with_responses(plan, history)
    spent: list[float] = []

    def backtest(_: int) -> float:
        began, worked = time.perf_counter(), time.process_time()
        with still():  # as a back-test does
            run = run_seed(plan, history, 1, ASSUMED)[0]
        spent.append(1e6 * (time.process_time() - worked) / run.events)
        return run.events / (time.perf_counter() - began)

    def live(_: int) -> float:
        dsn = ground.database()
        asyncio.run(publish_in_rehearsal(dsn, plan))
        began = time.perf_counter()
        done = asyncio.run(rehearse(dsn, [told]))
        return done.events / (time.perf_counter() - began)

    backtest(-1)
    spent.clear()
    own = psutil.Process()
    allowed = own.cpu_affinity()
    own.cpu_affinity(allowed[:1])
    try:
        sides: dict[str, Side] = {f"the back-test of {name}": backtest, f"the live engine with {name}": live}
        ours, theirs = in_turns(effort.rounds, sides, tell).values()
    finally:
        own.cpu_affinity(allowed)
    ratio = Ratio(
        "B5", f"back-test of {name}, {len(told)} events, one core", "the live engine without HTTP, batches of 500",
        "events/s", ours, theirs, 8.0,
    )  # fmt: skip
    note = f"B5, {name}: the back-test takes {min(spent):.1f} µs of processor time per event at best"
    return Findings([ratio], notes=[note])


def _history(room: Path, most: int) -> list[Event]:
    """Real purchases of the campaign's first weeks, in order of time."""
    events = flat(read_event_parquet(prepare(room / "journey").events))
    return list(islice((event for event in events if event.time >= SINCE), most))


def _with_responses(plan: str, history: list[Event]) -> list[Event]:
    """What the live engine has to be sent to decide the same: the history and the members' responses."""
    replay = Replay(program_in_memory([compile_plan(read_plan(plan))], seed_bytes(1)))
    responses = Responses(replay.program, ASSUMED, seed_bytes(1))
    told = []
    for event, _, decided in replay.run(responses.merged(history)):
        if event.type != "timer.due":
            told.append(event)
        responses.react(event, decided)
    return told
