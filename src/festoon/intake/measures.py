"""What a serving process counts, in the form Prometheus reads.

Processes that share a port are asked as one: each keeps its counts in a file of its own, and whichever answers sums
them up.
"""

import os
import tempfile
from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable in which the library looks for the folder of those files; it is read when a process starts."""


class Gathered(Histogram):
    """A histogram that keeps what it is told until somebody asks to settle it. With several processes, whatever it
    observes by itself is written to a file three times."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[float] = []
        self.keep = self._kept.append

    def settle(self) -> None:
        """Observe what was kept. Its sum and its counts by bucket are the library's own."""
        if self._kept:
            self._sum.inc(sum(self._kept))
            for place, times in Counts(bisect_left(self._upper_bounds, each) for each in self._kept).items():
                self._buckets[place].inc(times)
            self._kept.clear()


class Kinds:
    """A counter with one label that keeps what it is told until somebody asks to settle it, like a Gathered."""

    def __init__(self, counter: Counter) -> None:
        self._of = cache(counter.labels)
        self._kept: list[str] = []
        self.keep = self._kept.append
        self.keep_all = self._kept.extend

    def count(self, kind: str) -> None:
        """Count one at once."""
        self._of(kind).inc()

    def settle(self) -> None:
        """Count what was kept."""
        for kind, times in Counts(self._kept).items():
            self._of(kind).inc(times)
        self._kept.clear()


EVENTS = Kinds(Counter("festoon_events_total", "Events answered, by what came of them", ["kind"]))
UNKNOWN_TYPES = Counter(
    "festoon_unknown_types_total", "Events of a type nobody declared: recorded, without effect"
)
TURNED_AWAY = Counter("festoon_turned_away_total", "Events not taken, by code", ["code"])
STORE_FAILURES = Counter("festoon_store_failures_total", "Batches that lost their database connection")
QUEUED = Gauge("festoon_queued_events", "Events waiting for a batch", multiprocess_mode="livesum")
BATCH_SIZE = Histogram(
    "festoon_batch_events", "Events a batch", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
)
REQUEST_SECONDS = Gathered(
    "festoon_request_seconds",
    "Time from an event's request to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
TIMERS_FIRED = Counter("festoon_timer_wakes_total", "Members woken for timers that came due")
RELAY_ROWS = Gauge(
    "festoon_relay_waiting_events", "Events that are not in the facts yet", multiprocess_mode="livemostrecent"
)
RELAY_SECONDS = Gauge(
    "festoon_relay_lag_seconds",
    "How long ago the oldest of them was taken",
    multiprocess_mode="livemostrecent",
)
RELAY_RANGES = Gauge(
    "festoon_relay_waiting_ranges", "About how many files they will be", multiprocess_mode="livemostrecent"
)
RELAY_HELD = Gauge(
    "festoon_relay_held_back_seconds",
    "How long the oldest open transaction has held the relay back",
    multiprocess_mode="livemostrecent",
)


def measures() -> bytes:
    """All measures as text: of this process, or of all that share its port."""
    if TOGETHER not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


@contextmanager
def measured_together() -> Iterator[None]:
    """Processes started inside the block are measured as one."""
    with tempfile.TemporaryDirectory(prefix="festoon-measures-") as folder:
        os.environ[TOGETHER] = folder
        try:
            yield
        finally:
            del os.environ[TOGETHER]
