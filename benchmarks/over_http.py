"""B1, B2 and B3: events over HTTP, durable, three mechanics match, everybody wants the same stock.

Against pgbench doing the same row writes by hand, and against the same rules as a view of Django's.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from msgspec import Struct

from benchmarks.django_side import django
from benchmarks.effort import Effort
from benchmarks.ground import Ground, new_key, put_up
from benchmarks.load import Load, Spec
from benchmarks.pgbench import Pgbench, make_members
from benchmarks.plans import three_match
from benchmarks.rounds import Check, Findings, Ratio, Side, Tell, in_turns
from benchmarks.serving import Serving, festoon, put_load, worked
from festoon.base.clock import wall

MANY = 500
"""Events of one request in B2."""
MANY_CONNECTIONS = 16
THREADS = 8
GOALS = {"B1": 5.0, "B2": 12.0, "B3": 30.0}
P99 = 60.0
"""Milliseconds, at 256 connections."""


class Platform(Struct, frozen=True):
    """A server with a database and a key of its own."""

    serving: Serving
    key: str
    dsn: str


class Loaded:
    """One way to put load on a server, round after round; keeps what came of each."""

    def __init__(
        self,
        ground: Ground,
        platform: Platform,
        effort: Effort,
        connections: int,
        events: int,
        name: str,
        type: str = "order.paid",
    ) -> None:
        self._ground = ground
        self._platform = platform
        self._effort = effort
        self._connections = connections
        self._events = events
        self._name = name
        self._type = type
        self._turns = 0
        self.loads: list[Load] = []
        self.costs: list[tuple[float, float, float]] = []

    def __call__(self, number: int) -> float:
        serving = self._platform.serving
        self._turns += 1
        spec = Spec(
            serving.port, self._platform.key, self._connections, self._effort.seconds, f"{self._name}-{self._turns}",
            wall().isoformat(), events=self._events, members=self._effort.members, seed=number, type=self._type,
        )  # fmt: skip
        server, store = serving.worked, worked(self._ground.processes())
        load = put_load(spec)
        self.loads.append(load)
        each = 1e6 / load.events
        spent = (
            serving.worked - server,
            max(worked(self._ground.processes()) - store, 0.0),
            load.worked,
        )
        self.costs.append((spent[0] * each, spent[1] * each, spent[2] * each))
        return load.rate

    def forget(self) -> None:
        """Count from here: what came before was to warm up."""
        self.loads.clear()
        self.costs.clear()

    def note(self, name: str) -> str:
        """Latency and processor time, over all rounds."""
        p50, p99 = median(load.p50 for load in self.loads), median(load.p99 for load in self.loads)
        server, store, load = (median(cost[part] for cost in self.costs) for part in range(3))
        return (
            f"{name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms; processor time per event: server {server:.0f} µs,"
            f" PostgreSQL {store:.0f} µs, load {load:.0f} µs"
        )


def platform(ground: Ground, stack: ExitStack, effort: Effort, workers: int, *plans: str) -> Platform:
    """Publish plans in a fresh database and serve it until the stack closes."""
    dsn = ground.database()
    asyncio.run(put_up(dsn, *plans))
    asyncio.run(make_members(dsn, effort.members))
    key = asyncio.run(new_key(dsn))
    return Platform(stack.enter_context(festoon(dsn, workers)), key, dsn)


def over_http(ground: Ground, effort: Effort, tell: Tell, wanted: frozenset[str]) -> Findings:
    """Measure those of B1, B2 and B3 that are wanted."""
    plan = three_match(wall().date())
    with ExitStack() as stack:
        tell("publishing and starting servers")
        loads: dict[str, Loaded] = {}
        for workers in effort.workers:
            running = platform(ground, stack, effort, workers, plan)
            name = f"{workers} process{'es' if workers > 1 else ''}"
            if wanted & {"B1", "B3"}:
                for connections in effort.connections:
                    title = f"B1, {connections} connections, {name}"
                    loads[title] = Loaded(ground, running, effort, connections, 1, f"one-{connections}")
            if "B2" in wanted:
                title = f"B2, {MANY} events a request, {name}"
                loads[title] = Loaded(ground, running, effort, MANY_CONNECTIONS, MANY, "many")
        sides: dict[str, Side] = dict(loads)
        dsn = ground.database()
        asyncio.run(put_up(dsn, plan))
        asyncio.run(make_members(dsn, effort.members))
        by_hand = Pgbench(dsn, effort.members)
        sides["pgbench"] = lambda _: by_hand.rate(effort.seconds)
        if "B3" in wanted:
            view = stack.enter_context(django(ground, effort.members))
            sides["Django"] = _asked(view, effort)
        for name, side in sides.items():
            tell(f"warming up: {name}")
            side(-1)
        for loaded in loads.values():
            loaded.forget()
        found = in_turns(effort.rounds, sides, tell, ground.settle)
    return _findings(found, loads, wanted)


def _asked(port: int, effort: Effort) -> Callable[[int], float]:
    """The same orders, put on the view by as many connections as it has threads."""

    def side(number: int) -> float:
        return put_load(
            Spec(
                port, "none", THREADS, effort.seconds, f"view-{number}", wall().isoformat(), members=effort.members,
                seed=number,
            )
        ).rate  # fmt: skip

    return side


def _findings(
    found: dict[str, tuple[float, ...]], loads: dict[str, Loaded], wanted: frozenset[str]
) -> Findings:
    findings = Findings()
    against = {"B1": ("pgbench", "pgbench, the same row writes, 8 clients"),
               "B2": ("pgbench", "pgbench, the same row writes, 8 clients"),
               "B3": ("Django", "a Django view with select_for_update, 8 threads")}  # fmt: skip
    for id in sorted(wanted):
        side, theirs = against[id]
        for name, rates in found.items():
            if name.startswith("B2" if id == "B2" else "B1"):
                work = name.partition(", ")[2]
                findings.ratios.append(Ratio(id, work, theirs, "events/s", rates, found[side], GOALS[id]))
    for name, loaded in loads.items():
        findings.notes.append(loaded.note(name))
        if "256 connections" in name and "B1" in wanted:
            p99 = median(load.p99 for load in loaded.loads)
            what, goal = f"p99, {name.partition(', ')[2]}", f"below {P99:.0f} ms"
            findings.checks.append(Check("B1", what, f"{p99:.0f} ms", goal, p99 < P99))
    return findings
