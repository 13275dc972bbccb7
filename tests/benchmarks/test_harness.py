"""The benchmarks run from end to end, on figures too small to mean anything."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.__main__ import measure
from benchmarks.effort import Effort
from benchmarks.ground import Ground
from benchmarks.results import write
from benchmarks.rounds import in_pairs
from festoon.store.embedded import EmbeddedServer

TINY = Effort(
    seconds=0.3, rounds=1, workers=(1,), connections=(2,), members=50, draws=200, segments=(300, 6_000)
)


@pytest.fixture
def durable(server_room: Path) -> Iterator[EmbeddedServer]:
    """A server that waits for the disk, as the tests' own does not: nothing else is measured."""
    with EmbeddedServer.start(server_room / "pg") as server:
        yield server


def test_both_sides_work_and_what_came_of_it_is_written_down(durable: EmbeddedServer, tmp_path: Path) -> None:
    told: list[str] = []
    findings = measure(Ground(durable), TINY, frozenset({"B1", "B8", "B9"}), told.append)
    one, nine = findings.ratios
    assert (nine.id, nine.sense, len(nine.ratios)) == ("B9", "at most", 1)
    assert [check.met for check in findings.checks if check.id == "B9"] == [True]
    assert (one.id, one.work, len(one.ratios)) == ("B1", "2 connections, 1 process", 1)
    assert min(*one.ours, *one.theirs) > 0
    drawn = {check.what: check.found for check in findings.checks if check.id == "B8"}
    assert drawn["200 draws at 256 connections: decided"] == "200"
    assert drawn["the books balance"] == "yes"
    assert "round 1 of 1: B1, 2 connections, 1 process" in told

    page = tmp_path / "RESULTS.md"
    write(page, findings, TINY, {"processor": "one of ours"}, datetime(2027, 2, 10, tzinfo=UTC))
    assert "| B1 | 2 connections, 1 process | " in page.read_text(encoding="utf-8")


def test_two_sides_that_differ_little_are_compared_next_to_each_other() -> None:
    speed, order = 1_000.0, []

    def side(name: str) -> Callable[[int], float]:
        def work(number: int) -> float:
            nonlocal speed
            speed -= 50.0  # the machine gets busier all the time
            order.append((name, number))
            return speed

        return work

    ours, theirs = in_pairs(2, "alike", side("ours"), side("theirs"), lambda _: None)
    assert ours == theirs
    assert [name for name, _ in order] == ["theirs", "ours", "ours", "theirs"] * 2
    assert len(set(order)) == len(order)  # every turn has a number of its own, which members are drawn by
