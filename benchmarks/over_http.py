"""B1, B2 and B3: events over HTTP, durable, three mechanics match, everybody wants the same stock.

Against pgbench doing the same row writes by hand, and against the same rules as a view of Django's; a round is theirs,
ours, ours, theirs, because such machines change within the half minute in which all of them could have a turn.
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from benchmarks.django_side import django
from benchmarks.effort import Effort
from benchmarks.ground import Ground, new_key, put_up
from benchmarks.load import Load, Spec
from benchmarks.pgbench import Pgbench, make_members
from benchmarks.plans import three_match
from benchmarks.rounds import Check, Findings, Ratio, Side, Tell, in_pairs, together
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


class Other(NamedTuple):
    """What we are compared with, by the name that it has in the table."""

    name: str
    side: Side


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
    """Measure those of B1, B2 and B3 that are wanted, each side by side with what it is compared with."""
    plan = three_match(wall().date())
    with ExitStack() as stack:
        tell("publishing and starting servers")
        one: dict[str, Loaded] = {}
        many: dict[str, Loaded] = {}
        for workers in effort.workers:
            running = platform(ground, stack, effort, workers, plan)
            name = counted(workers)
            if wanted & {"B1", "B3"}:
                for connections in effort.connections:
                    load = Loaded(ground, running, effort, connections, 1, f"one-{connections}")
                    one[f"{connections} connections, {name}"] = load
            if "B2" in wanted:
                load = Loaded(ground, running, effort, MANY_CONNECTIONS, MANY, "many")
                many[f"{MANY} events a request, {name}"] = load
        found = []
        if wanted & {"B1", "B2"}:
            by_hand = pgbench(ground, effort, plan)
        if "B1" in wanted:
            found += [compare("B1", one, by_hand, ground, effort, tell), _latencies(one)]
        if "B2" in wanted:
            found.append(compare("B2", many, by_hand, ground, effort, tell))
        if "B3" in wanted:
            view = _asked(stack.enter_context(django(ground, effort.members)), effort)
            found.append(compare("B3", one, view, ground, effort, tell))
    return together(found)


def counted(workers: int) -> str:
    """How many processes serve."""
    return f"{workers} process{'es' if workers > 1 else ''}"


def compare(
    id: str, loads: Mapping[str, Loaded], other: Other, ground: Ground, effort: Effort, tell: Tell
) -> Findings:
    """Each load side by side with another one."""
    findings = Findings()
    tell(f"warming up: {other.name}")
    other.side(-1)
    for name, load in loads.items():
        tell(f"warming up: {name}")
        load(-1)
        load.forget()
        ours, theirs = in_pairs(effort.rounds, f"{id}, {name}", load, other.side, tell, ground.settle)
        findings.ratios.append(Ratio(id, name, other.name, "events/s", ours, theirs, GOALS[id]))
        findings.notes.append(load.note(f"{id}, {name}"))
    return findings


def pgbench(ground: Ground, effort: Effort, plan: str) -> Other:
    """The same row writes by hand, in a database of their own with the same plan and members."""
    dsn = ground.database()
    asyncio.run(put_up(dsn, plan))
    asyncio.run(make_members(dsn, effort.members))
    by_hand = Pgbench(dsn, effort.members)
    return Other("pgbench, the same row writes, 8 clients", lambda _: by_hand.rate(effort.seconds))


def _latencies(loads: Mapping[str, Loaded]) -> Findings:
    """The slowest hundredth, where many come at once."""
    p99 = {name: median(each.p99 for each in load.loads) for name, load in loads.items() if "256" in name}
    return Findings(
        checks=[
            Check("B1", f"p99, {name}", f"{found:.0f} ms", f"below {P99:.0f} ms", found < P99)
            for name, found in p99.items()
        ]
    )


def _asked(port: int, effort: Effort) -> Other:
    """The same orders, put on the view by as many connections as it has threads."""

    def side(number: int) -> float:
        return put_load(
            Spec(
                port, "none", THREADS, effort.seconds, f"view-{number}", wall().isoformat(), members=effort.members,
                seed=number,
            )
        ).rate  # fmt: skip

    return Other("a Django view with select_for_update, 8 threads", side)
