"""B10: a serving process needs no more memory after a million events than after ten thousand."""

from contextlib import ExitStack

from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.load import Load, Spec
from benchmarks.over_http import MANY, MANY_CONNECTIONS, Platform, platform
from benchmarks.plans import three_match
from benchmarks.rounds import Findings, Ratio, Tell
from benchmarks.serving import put_load
from festoon.base.clock import wall

GOAL = 1.1
MEGABYTE = 1024 * 1024


def memory(ground: Ground, effort: Effort, tell: Tell) -> Findings:
    """Resident memory of a process of one worker, early and late."""
    early, late = effort.memory
    with ExitStack() as stack:
        running = platform(ground, stack, effort, 1, three_match(wall().date()))
        tell(f"{early} events")
        _send(running, effort, early, "early")
        before = running.serving.memory
        tell(f"{late} events")
        load = _send(running, effort, late - early, "late")
        after = running.serving.memory
    ratio = Ratio(
        "B10", f"memory after {late:,} events", f"itself after {early:,}", "MB",
        (after / MEGABYTE,), (before / MEGABYTE,), GOAL, "at most",
    )  # fmt: skip
    return Findings([ratio], notes=[f"B10: the events came at {load.rate:.0f}/s"])


def _send(running: Platform, effort: Effort, events: int, prefix: str) -> Load:
    return put_load(
        Spec(
            running.serving.port, running.key, MANY_CONNECTIONS, 24 * 3600, prefix, wall().isoformat(), events=MANY,
            members=effort.members, requests=max(events // MANY, 1),
        )
    )  # fmt: skip
