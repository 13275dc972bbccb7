"""What is measured many at once is what would have been measured one by one."""

import itertools
from collections import Counter as Counts

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from festoon.intake.measures import Gathered, Kinds

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


@given(st.lists(st.lists(st.sampled_from(["new", "again", "refused"]), max_size=6), max_size=6))
def test_kinds_that_are_settled_together_are_counted_once_each(batches: list[list[str]]) -> None:
    counter = Counter("answers", "by kind", ["kind"], registry=None)
    kinds = Kinds(counter)
    for first, *others in filter(None, batches):
        kinds.keep(first)
        kinds.keep_all(others)
        kinds.settle()
        kinds.settle()
    kinds.count("new")
    counted = Counts([*itertools.chain(*batches), "new"])
    assert counted == {
        sample.labels["kind"]: sample.value
        for metric in counter.collect()
        for sample in metric.samples
        if sample.name == "answers_total"
    }


def text(of: Histogram) -> list[str]:
    """What Prometheus reads, but for when it was made; sums are rounded, because they are added up in another order."""
    registry = CollectorRegistry()
    registry.register(of)
    lines = [
        line.rpartition(" ") for line in generate_latest(registry).decode().splitlines() if line[0] != "#"
    ]
    return [f"{name} {float(value):.6f}" for name, _, value in lines if "_created" not in name]
