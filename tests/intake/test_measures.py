"""What is measured many at once is what would have been measured one by one."""

import itertools

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from festoon.intake.measures import Gathered

BUCKETS = (0.001, 0.01, 0.1, 1)
SECONDS = st.sampled_from([0.0, 0.0005, 0.001, 0.002, 0.01, 0.5, 1, 1.5, 20])


@given(st.lists(st.lists(SECONDS, max_size=6), max_size=6))
def test_times_that_are_settled_together_are_counted_like_each_by_itself(batches: list[list[float]]) -> None:
    gathered = Gathered("seconds", "of a request", buckets=BUCKETS, registry=None)
    plain = Histogram("seconds", "of a request", buckets=BUCKETS, registry=None)
    for batch in batches:
        for seconds in batch:
            gathered.keep(seconds)
        gathered.settle()
    for seconds in itertools.chain(*batches):
        plain.observe(seconds)
    assert text(gathered) == text(plain)


def text(of: Histogram) -> list[str]:
    """What Prometheus reads, but for when it was made; sums are rounded, because they are added up in another order."""
    registry = CollectorRegistry()
    registry.register(of)
    lines = [
        line.rpartition(" ") for line in generate_latest(registry).decode().splitlines() if line[0] != "#"
    ]
    return [f"{name} {float(value):.6f}" for name, _, value in lines if "_created" not in name]
